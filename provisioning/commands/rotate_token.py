"""``elium rotate-token``: give Entra a new token of the app, without a gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask, run_command
from provisioning.commands.consent import consent_or_document
from provisioning.commands.options import Cwd, DoIt, Json, Stack, Yes
from provisioning.commands.surroundings import Surroundings
from provisioning.commands.token_option import ASK, NEW_TOKEN, NewToken, token_from
from provisioning.commands.wording import lines_of_rotation
from provisioning.errors import CredentialsRejectedError, UnavailableError
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.operations.configured_token import ConfiguredToken
from provisioning.operations.rotating import Rotating, Tokens, report_of, try_new
from provisioning.operations.rotation import Rotation, rotation_of
from provisioning.operations.stack_configuration import stack_file

PERSON = "Who is provisioned as a probe, if not the first in scope."


def rotate_token(  # noqa: PLR0913 - each is an option of the command
    context: typer.Context,
    stack: Stack,
    *,
    new_token: NewToken = ASK,
    person: Annotated[str, typer.Option(metavar="PERSON", help=PERSON)] = "",
    yes: Yes = False,
    doit: DoIt = "",
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Give Entra a new token of the app."""
    surroundings: Surroundings = context.obj
    run, folder = surroundings.run or run_command, cwd or surroundings.folder
    new = token_from(new_token, surroundings, option=NEW_TOKEN, folder=folder, is_json=json)
    configured = ConfiguredToken.of(stack_file(stack, folder), surroundings.environment, run)
    if configured.token:
        surroundings.screen = surroundings.screen.hiding(configured.token.reveal())

    async def rotated(asked: Asked) -> None:
        rotation = await rotation_of(asked.graph, asked.meant, person)
        await _try_from_here(asked, rotation, new, surroundings.environment)
        await try_new(asked.graph, rotation, new)
        asked.screen.tell("Entra can use the new token.")
        consent_or_document(
            asked.screen, rotation, lambda: report_of(rotation, None, new, configured), yes=yes, doit=doit, is_json=json
        )
        tokens = Tokens(new, await _old_at_hand(rotation, new, configured, surroundings.environment))
        done = await Rotating(asked.graph, rotation, tokens, asked.clock, asked.screen.tell).all()
        report = report_of(rotation, done, new, configured)
        if json:
            asked.screen.document(report)
            return
        for line in lines_of_rotation(report):
            asked.screen.show(line)

    ask(context, stack, cwd, rotated)


async def _try_from_here(asked: Asked, rotation: Rotation, new: SecretToken, environment: Mapping[str, str]) -> None:
    """Ask the app itself. Where it cannot be reached from here, Entra's answer counts alone."""
    from provisioning.target.probe import probe  # noqa: PLC0415 - it imports httpx2, which takes its time

    try:
        await probe(Credentials(rotation.connection.address, new), environment)
    except UnavailableError as error:
        asked.screen.tell(f"{error.message} Whether the app takes the token is left to Entra.")


async def _old_at_hand(
    rotation: Rotation, new: SecretToken, configured: ConfiguredToken, environment: Mapping[str, str]
) -> SecretToken | None:
    """Give the token to go back to: the configuration's, where it is another one and the app takes it."""
    from provisioning.target.probe import probe  # noqa: PLC0415 - as above

    if configured.token is None or configured.has(new):
        return None
    try:
        await probe(Credentials(rotation.connection.address, configured.token), environment)
    except (CredentialsRejectedError, UnavailableError):
        return None
    return configured.token
