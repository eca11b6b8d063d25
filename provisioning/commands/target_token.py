"""The target's token, from wherever the operator has it; never from the command line, which everybody may read."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from provisioning.commands.asking import run_command
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import TokenSource, resolve

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
    screen = surroundings.screen
    surroundings.screen = replace(screen, secrets=(*screen.secrets, token.reveal()))
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
        return _told_by(shlex.split(where.removeprefix(COMMAND)), surroundings)
    source = TokenSource.parse(where)
    if source is None:
        # What was written may be the token itself, so it is not repeated.
        raise ConfigurationError(
            "--target-token does not say where the token is found.",
            hint="Write ask, env:NAME, file:/path or command:LINE; never the token itself.",
        )
    return resolve(source, surroundings.environment, lambda path: Path(path).read_text(encoding="utf-8"))


def _told_by(command: list[str], surroundings: Surroundings) -> SecretToken:
    """Run a command, and take the line that it writes."""
    try:
        ended = (surroundings.run or run_command)(command, surroundings.folder)
    except (OSError, IndexError) as error:
        raise ConfigurationError("--target-token: the command cannot be run.", hint="Look at its path.") from error
    if ended.code:
        raise ConfigurationError(
            f"--target-token: the command ended with {ended.code}.", hint="Run it by hand; what it said is not shown."
        )
    return secret_token_of(ended.stdout.rstrip("\r\n"))
