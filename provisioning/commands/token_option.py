"""A token that an option asks for: what is written there is where it lies, never the token itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from provisioning.commands.asking import run_command
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken
from provisioning.operations.token_reference import FORMS, Here, TokenReference, checked

ASK = "ask"

TARGET_TOKEN, NEW_TOKEN = "--target-token", "--new-token"

TargetToken: TypeAlias = Annotated[
    str,
    typer.Option(
        TARGET_TOKEN,
        metavar="WHERE",
        help=f"Where Elium's token is found, so that Elium itself is asked: ask, {FORMS}.",
    ),
]

NewToken: TypeAlias = Annotated[
    str, typer.Option(NEW_TOKEN, metavar="WHERE", help=f"Where the new token is found: ask, {FORMS}.")
]


def target_token_from(where: str, surroundings: Surroundings, *, folder: Path, is_json: bool) -> SecretToken | None:
    """Get the token with which the target itself is asked; ``None`` when none is given. See :func:`token_from`."""
    if not where:
        return None
    return token_from(where, surroundings, option=TARGET_TOKEN, folder=folder, is_json=is_json)


def token_from(where: str, surroundings: Surroundings, *, option: str, folder: Path, is_json: bool) -> SecretToken:
    """Get the token, and see to it that it is never written. For a program nobody is asked.

    :raises ConfigurationError: when it is not found there, or is written down itself.
    """
    token = (
        _asked(surroundings, option, is_json=is_json) if where == ASK else _found(where, surroundings, option, folder)
    )
    surroundings.screen = surroundings.screen.hiding(token.reveal())
    return token


def _asked(surroundings: Surroundings, option: str, *, is_json: bool) -> SecretToken:
    ask = surroundings.screen.ask_hidden
    if ask is None or is_json:
        raise ConfigurationError(
            f"{option}: nobody can be asked for the token.", hint=f"Say where it is found: {option} {FORMS}."
        )
    what = "The new token" if option == NEW_TOKEN else "Elium's token"
    return checked(f"{option}: what was typed", ask(f"{what} (it is not shown): "))


def _found(where: str, surroundings: Surroundings, option: str, folder: Path) -> SecretToken:
    here = Here(surroundings.environment, folder, surroundings.run or run_command)
    return TokenReference.parse(where, written=option).token(here)
