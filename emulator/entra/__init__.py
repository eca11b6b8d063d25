"""The pretend Entra as a whole: a world, the service that provisions from it, time that passes, and what was asked."""

from __future__ import annotations

from emulator.entra.entra import Entra

__all__ = ["Entra"]
