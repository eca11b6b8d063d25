"""The pretend Entra without a socket."""

from __future__ import annotations

import pytest

from emulator import Emulator, Seed
from emulator.company import seed as seeds


@pytest.fixture(scope="session")
def seed() -> Seed:
    """Give the made-up company Contoso."""
    return seeds.read()


@pytest.fixture
def emulator(seed: Seed) -> Emulator:
    """Give a fresh emulator."""
    return Emulator(seed=seed)
