"""Serving on loopback."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from provisioning.panel.serving import serving


async def test_whoever_comes_as_soon_as_the_address_is_told_is_not_turned_away() -> None:
    async with serving([], port=0, key="k") as address:
        where = urlsplit(address)
        with socket.create_connection((where.hostname or "", where.port or 0), timeout=5) as visitor:
            assert visitor.getpeername()[1] == where.port
