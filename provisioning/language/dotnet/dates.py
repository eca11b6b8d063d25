"""Dates as .NET reads and writes them, in the invariant culture. The service's own time zone is taken to be UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from provisioning.errors import EvaluationError
from provisioning.language.values import shortened

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MONTH_NAME = rf"(?P<name>{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in MONTHS)})\.?"
_WEEKDAY = rf"(?:(?:{'|'.join(f'{day[:3]}(?:{day[3:]})?' for day in DAYS)}),?\s+)?"
_TIME = (
    r"(?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AP]M))?)?"
)
_ZONE = r"\s*(?P<zone>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?"

# What .NET's DateTime.Parse understands and people write; the first two are in the samples of the reference.
_WAYS = tuple(
    re.compile(rf"\s*{day}{_TIME}{_ZONE}\s*", re.ASCII | re.IGNORECASE)
    for day in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -]{_MONTH_NAME}[ -](?P<year>\d{{4}})",
        rf"{_WEEKDAY}{_MONTH_NAME} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
    )
)


def date_of(text: str) -> datetime:
    """Read a date in any of the usual ways, and answer it in UTC. Without a time zone it is taken as UTC.

    :raises EvaluationError: when *text* is not a date, or one outside the years 1 to 9999.
    """
    for way in _WAYS:
        match = way.fullmatch(text)
        if match:
            try:
                return _moment(match.groupdict())
            except (ValueError, OverflowError):
                break
    raise EvaluationError(f"“{shortened(text)}” is not a date.", hint="Write it like 2026-01-31T08:30:00+01:00.")


def written(moment: datetime) -> str:
    """Write *moment* as ``M/d/yyyy h:mm:ss tt``, the form in which dates travel (Learn: functions#cdate)."""
    hour = (moment.hour + 11) % 12 + 1
    half = "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon
    return f"{moment.month}/{moment.day}/{moment.year:04} {hour}:{moment.minute:02}:{moment.second:02} {half}"


def offset_of(zone: str) -> timezone:
    """Read a zone such as ``Z``, ``+02:00`` or ``-8``.

    :raises ValueError: when it is further than 14 hours away, which .NET refuses.
    """
    if not zone.startswith(("+", "-")):
        return UTC
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("00") else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(hours=14):
        raise ValueError(zone)
    return timezone(-offset if zone.startswith("-") else offset)


def month_number(name: str) -> int:
    """Answer the number of the month whose name begins like *name*, such as 2 for ``feb``."""
    return [month[:3].casefold() for month in MONTHS].index(name[:3].casefold()) + 1


def hour_of(hour: int, half: str | None) -> int:
    """Turn an hour of the 12-hour clock into one of the 24-hour clock.

    :raises ValueError: when there is no such hour.
    """
    if half is None:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - the hours on a clock
        raise ValueError(hour)
    return hour % 12 + (12 if half.upper().startswith("P") else 0)


def _moment(found: dict[str, str | None]) -> datetime:
    month = found.get("month") or str(month_number(found["name"] or ""))
    local = datetime(
        int(found["year"] or 0),
        int(month),
        int(found["day"] or 0),
        hour_of(int(found["hour"] or 0), found["half"]),
        int(found["minute"] or 0),
        int(found["second"] or 0),
        int((found["fraction"] or "0").ljust(6, "0")[:6]),
        tzinfo=offset_of(found["zone"] or "Z"),
    )
    return local.astimezone(UTC)
