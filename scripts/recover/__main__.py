"""``python -m scripts.recover STACK``: say what a run that was cut has left, and with ``--yes`` put it right."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from provisioning.errors import ProvisioningError
from scripts.recover.commands import script
from scripts.recover.engine import Engine
from scripts.recover.looking import look
from tools.environment import environment as pulumi_environment
from tools.errors import SetUpError, StackError
from tools.places import this_clone
from tools.setup.commands import run
from tools.stack import Project, demand_stack

ROUNDS = 3
"""What was found may show more: with the app come its assignments."""

progress = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def recover(
    stack: Annotated[str, typer.Argument(help="The stack whose run was cut.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it, instead of printing how.")] = False,
) -> None:
    """Find what was made in Entra and is not in the stack's state. Nothing is deleted."""
    try:
        root = this_clone().root
        environment = {**os.environ, **pulumi_environment(this_clone(), os.environ, keep_backend=True)}
        demand_stack(stack, os.environ, Project(root, run, environment))
        engine = Engine(root, environment, stack)
        for _ in range(ROUNDS if yes else 1):
            if not _round(engine, yes=yes):
                break
    except StackError as error:
        progress.print(str(error))
        raise typer.Exit(2) from None
    except SetUpError as error:
        progress.print(str(error))
        raise typer.Exit(1) from None
    except ProvisioningError as error:
        progress.print(error.message, style="red")
        progress.print(error.hint)
        raise typer.Exit(error.exit_code) from None


def _round(engine: Engine, *, yes: bool) -> bool:
    """Look once, and tell whether something was done, after which looking again is worth it."""
    progress.print(f"Comparing the state of {engine.stack} with Entra …")
    preview = engine.preview()
    seen = asyncio.run(look(engine, preview))
    if preview.is_refused:
        progress.print("The preview is refused, so that what would come after is not looked at.")
    sys.stdout.write(script(seen.found, seen.lines, engine.stack, yes=yes))
    sys.stdout.flush()
    for line in seen.lines if yes else ():
        engine.carry_out(line)
    return yes and bool(seen.lines)


if __name__ == "__main__":
    typer.run(recover)
