"""From an environment to a client: find the cloud, choose the identity. Nothing is signed in before it must be."""

from __future__ import annotations

from collections.abc import Mapping

from provisioning.graph.client import GraphClient
from provisioning.graph.clouds import cloud_of
from provisioning.graph.pace import Pace
from provisioning.graph.patience import Clock, WallClock
from provisioning.graph.sign_in import SignIn
from provisioning.graph.transport import http_client


async def opened(
    environment: Mapping[str, str], clock: Clock | None = None, on_demand: Pace | None = None
) -> GraphClient:
    """Make a client for the cloud and identity that *environment* names: see :func:`provisioning.graph.connect`."""
    http = http_client(environment)
    try:
        cloud = await cloud_of(environment, http)
    except BaseException:
        # Also when nobody waits for it any more, who then will not close it.
        await http.aclose()
        raise
    # Tokens run out by the real clock, whoever waits by another one.
    return GraphClient(http, SignIn(environment, cloud, WallClock()), cloud.graph, clock, on_demand)
