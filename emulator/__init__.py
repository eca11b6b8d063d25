"""A pretend Microsoft Entra ID and a pretend Elium, served on loopback, that tell the truth about their interfaces.

``from emulator import Emulator`` gives a test fixture, ``Fleet`` many at once; ``python -m emulator`` serves on a port.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.company.clock import RunningClock, StandingClock
    from emulator.company.seed import Seed
    from emulator.fleet import Fleet
    from emulator.moods.knobs import Knobs
    from emulator.running import Emulator

__all__ = ["Emulator", "Fleet", "Knobs", "RunningClock", "Seed", "StandingClock"]

_HOMES = {
    "Emulator": "emulator.running",
    "Fleet": "emulator.fleet",
    "Knobs": "emulator.moods.knobs",
    "RunningClock": "emulator.company.clock",
    "Seed": "emulator.company.seed",
    "StandingClock": "emulator.company.clock",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the stand-in plugin lives here too and needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
