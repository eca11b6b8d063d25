"""How bytes travel: one client for everything, trust from the environment, and what counts as a failed journey."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import Mapping

NetworkError = (httpx2.HTTPError, ssl.SSLError)
"""No answer came, or it was no answer."""

USER_AGENT = "elium-provisioning"

CONNECT_SECONDS = 10
READ_SECONDS = 100
"""Graph gives up on a request itself after that time; validateCredentials calls Elium meanwhile."""


def http_client(environment: Mapping[str, str]) -> httpx2.AsyncClient:
    """Make the client. It trusts the system's authorities, or those in ``SSL_CERT_FILE``."""
    authorities = environment.get("SSL_CERT_FILE")
    return httpx2.AsyncClient(
        verify=ssl.create_default_context(cafile=authorities or None),
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        headers={"User-Agent": USER_AGENT},
    )
