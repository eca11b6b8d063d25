"""Durations as people and Graph write them, such as ``PT40M`` and ``P28D`` (ISO 8601)."""

from __future__ import annotations

import re
from datetime import timedelta

from emulator.company.refusal import Refusal

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)


def duration_in(text: str) -> timedelta:
    """Read a duration. :raises Refusal: 400 when it is not one."""
    found = _DURATION.fullmatch(text)
    parts = {name: float(value) for name, value in found.groupdict().items() if value} if found else {}
    if not parts:
        raise Refusal.bad_request(f"'{text:.40}' is not a duration such as PT40M or P28D.")
    try:
        return timedelta(**parts)
    except OverflowError:
        raise Refusal.bad_request(f"'{text:.40}' is longer than anything that can be reckoned with.") from None
