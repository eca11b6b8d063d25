"""The sources of a toolchain, in the order they are tried, and the choice among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.errors import SetUpError, UnavailableError
from tools.setup.lock import locked
from tools.setup.toolchain.built import built_toolchain
from tools.setup.toolchain.cached import cached_toolchain
from tools.setup.toolchain.installed import installed_toolchain
from tools.setup.toolchain.released import released_toolchain
from tools.versions import LEAST_GO, LEAST_PULUMI, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tools.setup.context import Context
    from tools.setup.progress import Outcome


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a toolchain may come from."""

    what: str
    """What is tried, for the reader."""

    takes: str | None
    """How long it may take, for the reader; ``None`` when it is only looked whether it is there."""

    folder: Callable[[Context], Path]
    """Returns the folder with the programs, or raises :class:`UnavailableError`."""


INSTALLED = Source("Pulumi on PATH", None, installed_toolchain)
CACHED = Source("Pulumi in the user's cache", None, cached_toolchain)
RELEASED = Source("Pulumi's official release", "seconds without a network, else up to 5 min", released_toolchain)
BUILT = Source("Pulumi built from Go modules", "5 to 15 min, once", built_toolchain)

AT_HAND: Sequence[Source] = (INSTALLED, CACHED)
"""They cost nothing and change nothing."""

TO_BE_MADE: Sequence[Source] = (RELEASED, BUILT)
"""They fill the user's cache."""


def toolchain(context: Context) -> Path:
    """Return the folder of the toolchain, and remember it for the environment.

    :raises SetUpError: when no source has one.
    """
    folder = _first_of(AT_HAND, context) or _made(context)
    if folder is None:
        raise SetUpError(
            f"There is no Pulumi yet: install Pulumi {spelled(LEAST_PULUMI)} or newer "
            f"(https://www.pulumi.com/docs/install), or Go {spelled(LEAST_GO)} or newer (https://go.dev/dl) "
            "to have it built here, and run `make setup` again."
        )
    record = context.clone.toolchain_record
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps({"bin": str(folder)}), encoding="utf-8")
    return folder


def _made(context: Context) -> Path | None:
    waited: list[str] = []

    def announce() -> None:
        context.progress.say("Another set-up is filling the user's cache; waiting for it.")
        waited.append("yes")

    with locked(context.cache, when_waiting=announce):
        return (_first_of([CACHED], context) if waited else None) or _first_of(TO_BE_MADE, context)


def _first_of(sources: Sequence[Source], context: Context) -> Path | None:
    for source in sources:
        try:
            with _line_of(source, context) as outcome:
                folder = source.folder(context)
                outcome.text = str(folder)
                return folder
        except UnavailableError:
            continue
    return None


def _line_of(source: Source, context: Context) -> AbstractContextManager[Outcome]:
    progress = context.progress
    return progress.check(source.what) if source.takes is None else progress.step(source.what, source.takes)
