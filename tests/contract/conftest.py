"""The emulator on a port, for clients that nobody here wrote; and the switch that points at a real tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from identities import Contract, equipped

from emulator import Emulator
from emulator.company import seed as seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

LIVE = "--live"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch; it is known when this folder is named: ``pytest tests/contract --live``."""
    text = "hold the contract against the tenant of ARM_…, ELIUM_… and ELIUM_TEST_SERVICE_PRINCIPAL_ID"
    parser.addoption(LIVE, action="store_true", default=False, help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark."""
    config.addinivalue_line("markers", "live: needs a real tenant, and the switch --live")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave a real tenant alone, unless told."""
    if config.getoption(LIVE, default=False):
        return
    for item in items:
        if item.get_closest_marker("live"):
            item.add_marker(pytest.mark.skip(reason="needs a real tenant: --live"))


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    """Serve a company whose deployer has a secret, a certificate and a federated subject."""
    folder = tmp_path_factory.mktemp("identity")
    seed = seeds.read()
    identity = equipped(seed, folder)
    with Emulator(seed=seed).serve(state=folder / "state") as served:
        yield Contract(served, identity)
