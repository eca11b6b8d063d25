"""The options that the verbs over many tenants share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

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
