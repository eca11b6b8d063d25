"""Elium's place: SCIM targets that nobody here wrote, behind a bearer token, with switches for their moods.

Accounts come and go over SCIM only. What a real Elium understands is not published; here stands ``scim2-server``.
"""

from __future__ import annotations

from emulator.elium.behaviour import LEGACY, QUIRKY, STRICT, TOLERANT, Behaviour, Fault
from emulator.elium.server import Elium, EliumTenant
from emulator.elium.traffic import Received

__all__ = [
    "LEGACY",
    "QUIRKY",
    "STRICT",
    "TOLERANT",
    "Behaviour",
    "Elium",
    "EliumTenant",
    "Fault",
    "Received",
]
