"""The emulator on a port, for clients that nobody here wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from identities import Contract, equipped

from emulator import Emulator
from emulator import seed as seeds

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    """Serve a company whose deployer has a secret, a certificate and a federated subject."""
    folder = tmp_path_factory.mktemp("identity")
    seed = seeds.read()
    identity = equipped(seed, folder)
    with Emulator(seed=seed).serve(state=folder / "state") as served:
        yield Contract(served, identity)
