"""Accidental-deletion prevention: how many may leave in one cycle (Learn: accidental-deletions)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulator.company.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.moods.knobs import Knobs

SETTING = "QuarantineTooManyDeletesThreshold"
"""The job setting that holds the number (graph: synchronizationjob-get)."""


def threshold(secrets: Mapping[str, str], settings: Mapping[str, str]) -> int | None:
    """Read the threshold; ``None`` when the prevention is off, as it is by default.

    It is switched on in the secret ``SyncNotificationSettings``, a JSON text. The number stands there as
    ``DeleteThresholdValue``, else in the job setting; how it is written through Graph is not documented.
    """
    try:
        told = json.loads(secrets.get("SyncNotificationSettings") or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not told.get("DeleteThresholdEnabled"):
        return None
    return whole_number(str(told.get("DeleteThresholdValue", settings.get(SETTING))))


def are_held(leavers: int, limit: int | None, knobs: Knobs) -> bool:
    """Tell whether this many disablings and deletions of one cycle are held."""
    if limit is None:
        return False
    return leavers > limit if knobs.threshold_counts == "above" else leavers >= limit > 0
