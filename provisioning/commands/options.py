"""The arguments and options that verbs share, each with its words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

STACK = "The stack, such as dev; where it has several apps, dev@databricks; or a job: <servicePrincipalId>/<jobId>."

Stack: TypeAlias = Annotated[str, typer.Argument(metavar="STACK", help=STACK)]

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON to stdout, errors too.")]

Cwd: TypeAlias = Annotated[
    Path | None, typer.Option("--cwd", "-C", metavar="FOLDER", help="The Pulumi project's folder, if not this one.")
]

Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

DoIt: TypeAlias = Annotated[
    str,
    typer.Option("--doit", metavar="CHECKSUM", help="Do exactly what was shown under this checksum, without asking."),
]
