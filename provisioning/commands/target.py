"""The way to the target itself, for a verb that is given its token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from provisioning.commands.surroundings import Surroundings
from provisioning.errors import NotFoundError
from provisioning.model.base_address import shown_address
from provisioning.model.connection import Connection
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import ServicePrincipalId

if TYPE_CHECKING:
    from provisioning.graph.client import GraphClient
    from provisioning.target.accounts import Accounts


@asynccontextmanager
async def target_of(
    graph: GraphClient, principal: ServicePrincipalId, token: SecretToken | None, surroundings: Surroundings
) -> AsyncIterator[Accounts | None]:
    """Open the way to the target, at the address that Entra itself uses; ``None`` without a token, or an address.

    :raises CredentialsRejectedError: when the target does not take the token.
    """
    if token is None:
        yield None
        return
    from provisioning.graph.transport import http_client  # noqa: PLC0415 - only who asks the target needs it
    from provisioning.target.accounts import Accounts  # noqa: PLC0415 - the same
    from provisioning.target.probe import probe  # noqa: PLC0415 - the same

    try:
        base = Connection(await graph.secrets(principal)).address
    except NotFoundError:
        yield None
        return
    surroundings.screen.tell(f"Elium is asked at {shown_address(base)}")
    credentials = Credentials(base, token)
    # Before anything is relied upon, or a token that is wrong is saved at Entra.
    await probe(credentials, surroundings.environment)
    accounts = Accounts(http_client(surroundings.environment), credentials, graph.clock)
    try:
        yield accounts
    finally:
        await accounts.close()
