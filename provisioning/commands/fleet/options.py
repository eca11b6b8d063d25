"""The options that the verbs over many tenants share, declared once: a verb says only what it has of its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from provisioning.commands.surroundings import Surroundings

FILE = "tenants.yaml"

Tenants: TypeAlias = Annotated[
    Path, typer.Option("--tenants", metavar="FILE", help="The file of tenants, YAML or CSV.", show_default=FILE)
]

Only: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME|LABEL=VALUE", help="Only this tenant, or those with this label; repeatable."),
]

AtOnce: TypeAlias = Annotated[
    int, typer.Option("--at-once", metavar="N", min=1, help="On how many this process works at a time.")
]

Markdown: TypeAlias = Annotated[bool, typer.Option("--markdown", help="Write Markdown, for a pull request.")]

JUnit: TypeAlias = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit's XML as well, which pipelines show.")
]

Lines: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON, a line for each tenant; errors too.")]

Folder: TypeAlias = Annotated[
    Path | None, typer.Option("--cwd", "-C", metavar="FOLDER", help="The Pulumi project's folder, if not this one.")
]

DEFAULT = Path(FILE)

TWENTY = 20
"""At once, where most of the time is waiting for Entra."""

FOUR = 4
"""At once; more gains nothing on two cores (bench/fleet.py)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tenants, and on how many at a time."""

    tenants: Path
    only: tuple[str, ...]
    at_once: int
    folder: Path
    """The Pulumi project's."""


@dataclass(frozen=True, slots=True)
class Form:
    """In which form it is told what came of them."""

    is_json: bool = False
    markdown: bool = False
    junit: Path | None = None


Act: TypeAlias = Callable[..., None]
"""What a verb does with surroundings, a :class:`Selection`, a :class:`Form`, and options of its own."""


def over_tenants(act: Act) -> Act:
    """Make a verb of an act: whatever chooses tenants, and says how it is told of them, are its options as well."""
    return _with_options_of(act, at_once=FOUR)


def over_many_tenants(act: Act) -> Act:
    """Make a verb of an act that mostly waits."""
    return _with_options_of(act, at_once=TWENTY)


def _with_options_of(act: Act, *, at_once: int) -> Act:
    first, last = _parameters_of(_choosing), _parameters_of(_telling)
    first["at_once"] = first["at_once"].replace(default=at_once)
    own = {name: one for name, one in _parameters_of(act).items() if one.kind is inspect.Parameter.KEYWORD_ONLY}

    @functools.wraps(act)
    def verb(context: typer.Context, **given: Any) -> None:  # noqa: ANN401 - options
        surroundings: Surroundings = context.obj
        chosen, told = ({name: given.pop(name) for name in names} for names in (first, last))
        folder = chosen["cwd"] or surroundings.folder
        selection = Selection(chosen["tenants"], tuple(chosen["only"] or ()), chosen["at_once"], folder)
        act(surroundings, selection, Form(told["json"], told["markdown"], told["junit"]), **given)

    parameters = _parameters_of(_called) | first | own | last
    parameters["cwd"] = parameters.pop("cwd")
    verb.__annotations__ = {name: one.annotation for name, one in parameters.items()}
    verb.__dict__["__signature__"] = inspect.Signature([*parameters.values()])
    return verb


def _parameters_of(function: Callable[..., None]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function, eval_str=True).parameters)


def _called(context: typer.Context) -> None: ...


def _choosing(*, tenants: Tenants = DEFAULT, only: Only = None, at_once: AtOnce = FOUR, cwd: Folder = None) -> None: ...


def _telling(*, markdown: Markdown = False, junit: JUnit = None, json: Lines = False) -> None: ...
