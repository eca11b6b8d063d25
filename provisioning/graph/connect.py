"""The way in, which costs nothing until something is asked: importing this imports neither HTTP nor azure-identity.

A plugin must answer its engine at once, and a preview of an unchanged program asks Graph for nothing. So what takes
its time (httpx2, azure-identity with msal and requests: half a second) is imported by who needs it first, in a thread,
so that the loop goes on; :func:`warm` does it beforehand.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.graph.client import GraphClient
    from provisioning.graph.pace import Pace
    from provisioning.graph.patience import Clock

TO_ASK = ("provisioning.graph.opening", "httpcore2")
"""What is imported when Graph is asked for the first time; httpx2 itself waits with the last for a client."""

TO_SIGN_IN = ("provisioning.graph.credentials", "msal", "requests")
"""What is imported when a token is needed for the first time; azure-identity itself waits with the last two."""


async def connect(
    environment: Mapping[str, str], clock: Clock | None = None, on_demand: Pace | None = None
) -> GraphClient:
    """Make a client for the cloud and identity that *environment* names, in azuread's words (``ARM_…``).

    It waits by the *clock*, or by the real one, and keeps to the pace *on_demand* of those who sign in alike.

    :raises ConfigurationError: when the cloud's name is unknown, or a file of authorities cannot be used.
    :raises UnavailableError: when a metadata host does not answer.
    """
    await _imported(*TO_ASK)
    from provisioning.graph.opening import opened  # noqa: PLC0415 - see the module's docstring

    return await opened(environment, clock, on_demand)


async def warm(environment: Mapping[str, str]) -> None:
    """Import what connecting and signing in as *environment* says will need, in a thread; nobody is asked by that."""
    await _imported(*TO_ASK)
    from provisioning.errors import NoCredentialError  # noqa: PLC0415 - see the module's docstring
    from provisioning.graph.ways import source_of  # noqa: PLC0415 - the same

    try:
        source_of(environment)
    except NoCredentialError:
        return
    await _imported(*TO_SIGN_IN)


async def _imported(*names: str) -> None:
    import asyncio  # noqa: PLC0415 - whoever awaits this has it already, and who only imports this module may not

    for name in names:
        await asyncio.to_thread(import_module, name)
