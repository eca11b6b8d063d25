"""The target's token, from wherever the operator has it; never from the command line, which everybody may read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from provisioning.commands.asking import run_command
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import TokenSource, resolve
from provisioning.operations.new_token import output_of

TargetToken: TypeAlias = Annotated[
    str,
    typer.Option(
        "--target-token",
        metavar="WHERE",
        help="Where Elium's token is found, so that Elium itself is asked: ask, env:NAME, file:/path or command:LINE.",
    ),
]

ASK, COMMAND = "ask", "command:"


def token_from(where: str, surroundings: Surroundings) -> SecretToken | None:
    """Read the token, and see to it that it is never written; ``None`` when none is given.

    :raises ConfigurationError: when it is not found there, or is written down itself.
    """
    if not where:
        return None
    token = _read(where, surroundings)
    surroundings.screen = surroundings.screen.hiding(token.reveal())
    return token


def _read(where: str, surroundings: Surroundings) -> SecretToken:
    if where == ASK:
        ask = surroundings.screen.ask_hidden
        if ask is None:
            raise ConfigurationError(
                "--target-token ask: nobody can be asked.", hint="Name a variable, a file or a command."
            )
        return secret_token_of(ask("Elium's token: "))
    if where.startswith(COMMAND):
        command, run = where.removeprefix(COMMAND), surroundings.run or run_command
        return secret_token_of(output_of(command, surroundings.folder, run, option="--target-token"))
    source = TokenSource.parse(where)
    if source is None:
        # What was written may be the token itself, so it is not repeated.
        raise ConfigurationError(
            "--target-token does not say where the token is found.",
            hint="Write ask, env:NAME, file:/path or command:LINE; never the token itself.",
        )
    return resolve(source, surroundings.environment, lambda path: Path(path).read_text(encoding="utf-8"))
