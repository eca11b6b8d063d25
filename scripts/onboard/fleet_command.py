"""``elium fleet`` in the environment of this clone; what it says is kept in a folder that the pipeline takes along."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from provisioning.commands.elium import run
from provisioning.commands.fleet.options import Selection
from provisioning.commands.fleet.working import chosen
from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from tools.environment import environment
from tools.places import this_clone

RESULTS = "results.xml"
"""JUnit's XML, of whichever verb came last."""


class Both(io.StringIO):
    """What is written to stderr, so that it is seen at once, and is kept."""

    def write(self, text: str, /) -> int:
        """Write to both."""
        sys.stderr.write(text)
        sys.stderr.flush()
        return super().write(text)


@dataclass(frozen=True, slots=True)
class FleetCommand:
    """The tenants of this clone, and the folder of one job's results."""

    root: Path
    """The project's folder."""
    into: Path
    """The folder of the results."""

    def names(self, tenants: str, only: Sequence[str] | None) -> tuple[str, ...]:
        """Name the tenants that are chosen; none where the file is wrong, which the verb itself then says."""
        selection = Selection(Path(tenants), tuple(one.strip() for one in only or () if one.strip()), 1, self.root)
        try:
            return tuple(tenant.name for tenant in chosen(selection).tenants)
        except ConfigurationError:
            return ()

    @classmethod
    def of_this_clone(cls, into: Path) -> FleetCommand:
        """Take this clone's Pulumi, and the user's backend and passphrase where there are any.

        :raises SetUpError: before ``make setup`` has run.
        """
        clone = this_clone()
        # Of this process, since the engine is a child of it.
        os.environ.update(environment(clone, os.environ, keep_backend=True))
        into.mkdir(parents=True, exist_ok=True)
        return cls(clone.root, into.resolve())

    def elium(self, verb: str, *options: str) -> int:
        """Run a verb, keep its Markdown as ``VERB.md`` and its JUnit, and give its exit code."""
        out, err = io.StringIO(), Both()
        screen = replace(Screen.real(os.environ), stdout=out, stderr=err)
        words = ("fleet", verb, *options, "--markdown", "--junit", str(self.into / RESULTS))
        code = run(words, Surroundings(os.environ, self.root, screen))
        self.page(verb).write_text(out.getvalue() or as_code(err.getvalue()), encoding="utf-8")
        return code

    def page(self, verb: str) -> Path:
        """Give the file with what a verb said, in Markdown."""
        return self.into / f"{verb}.md"

    def checksums(self, verb: str) -> Path:
        """Give the file with the checksums of what a verb showed."""
        return self.into / f"{verb}.json"

    def new_checksums(self, verb: str) -> Path:
        """Give the same file for a verb that is going to show something: what it showed before counts no more."""
        self.checksums(verb).unlink(missing_ok=True)
        return self.checksums(verb)


def checksums_in(file: Path) -> dict[str, Any]:
    """Read what ``--out`` kept; empty where nothing could be shown."""
    try:
        read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ConfigurationError(f"{file} is not what elium fleet wrote.", hint="Let it be written anew.") from error
    return read


def only_of(chosen: Sequence[str] | None) -> list[str]:
    """Write the choice of tenants as options; an empty one, which a matrix with one row has, chooses all."""
    return [word for one in chosen or () if one.strip() for word in ("--only", one.strip())]


def as_code(text: str) -> str:
    """Write text so that Markdown reads nothing into it, whatever it holds."""
    return "".join(f"    {line}\n" for line in text.splitlines())
