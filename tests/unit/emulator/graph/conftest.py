"""A client of the pretend Graph that may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import graph_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from emulator import Emulator


@pytest.fixture
async def graph(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open Graph v1.0 as the deployer."""
    async with graph_of(emulator) as client:
        yield client


@pytest.fixture
async def beta(emulator: Emulator) -> AsyncIterator[httpx2.AsyncClient]:
    """Open Graph beta as the deployer."""
    async with graph_of(emulator, version="beta") as client:
        yield client
