"""Functions on dates. A date travels as a text: always in UTC, written as ``M/d/yyyy h:mm:ss tt``."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from provisioning.errors import EvaluationError
from provisioning.language.dotnet.date_formats import formatted, parsed
from provisioning.language.dotnet.dates import date_of, written
from provisioning.language.functions.surroundings import Surroundings
from provisioning.language.values import shortened

_FILETIME_BEGINS = datetime(1601, 1, 1, tzinfo=UTC)
_TICKS_IN_A_MICROSECOND = 10

_STEPS = {
    "d": timedelta(days=1),
    "ww": timedelta(weeks=1),
    "h": timedelta(hours=1),
    "n": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_MONTHS = {"yyyy": 12, "m": 1}

INTERVALS = (*_MONTHS, *_STEPS)
"""The first argument of ``DateAdd`` and ``DateDiff`` (Learn: functions#dateadd)."""

_WHITE_SPACE_STYLES = {
    "AllowLeadingWhite": frozenset({"leading"}),
    "AllowTrailingWhite": frozenset({"trailing"}),
    "AllowInnerWhite": frozenset({"inner"}),
    "AllowWhiteSpaces": frozenset({"leading", "trailing", "inner"}),
}
# The service's own time zone is taken to be UTC, so these change nothing.
_OTHER_STYLES = frozenset(
    {"None", "RoundtripKind", "AdjustToUniversal", "AssumeLocal", "AssumeUniversal", "NoCurrentDateDefault"}
)


def now(surroundings: Surroundings) -> str:
    """``Now``: the present moment in UTC."""
    return written(surroundings.moment("Now"))


def to_date(text: str | None) -> str | None:
    """``CDate``: the moment that *text* means, in UTC (Learn: functions#cdate)."""
    return None if text is None else written(date_of(text))


def date_add(interval: str | None, number: int, date: str | None) -> str | None:
    """``DateAdd``: a day that the month does not have becomes its last day."""
    unit = known_interval(interval)
    if date is None:
        return None
    begin = date_of(date)
    try:
        months = _MONTHS.get(unit)
        return written(_months_later(begin, months * number) if months else begin + _STEPS[unit] * number)
    except (OverflowError, ValueError):
        raise EvaluationError("The result of DateAdd is outside the years 1 to 9999.") from None


def date_diff(interval: str | None, first: str | None, second: str | None) -> str | None:
    """``DateDiff``: positive when the second date is later, counted as Visual Basic counts.

    Years and months by the calendar, weeks by the Sundays between, the rest in whole units cut toward zero: the only
    reading that gives every number in the table of the page (Learn: functions#datediff).
    """
    unit = known_interval(interval)
    if first is None or second is None:
        return None
    begin, end = date_of(first), date_of(second)
    if unit == "yyyy":
        return str(end.year - begin.year)
    if unit == "m":
        return str((end.year - begin.year) * 12 + end.month - begin.month)
    if unit == "ww":
        return str(_weeks(end) - _weeks(begin))
    whole, step = abs(end - begin) // _STEPS[unit], 1 if end >= begin else -1
    return str(whole * step)


def date_from_number(filetime: int) -> str:
    """``DateFromNum``: from the 100-nanosecond steps since 1601 of Active Directory."""
    try:
        return written(_FILETIME_BEGINS + timedelta(microseconds=filetime // _TICKS_IN_A_MICROSECOND))
    except OverflowError:
        raise EvaluationError(f"{filetime} is outside the dates of Active Directory.") from None


def number_from_date(text: str | None) -> str | None:
    """``NumFromDate``: to the 100-nanosecond steps since 1601 of Active Directory."""
    if text is None:
        return None
    since = date_of(text) - _FILETIME_BEGINS
    return str(since // timedelta(microseconds=1) * _TICKS_IN_A_MICROSECOND)


def format_date_time(surroundings: Surroundings, source: str | None, *rest: str | None) -> str | None:
    """``FormatDateTime``: read by one .NET format, written by another.

    The styles may be left out, with their comma or, as Graph lists the function, without.
    """
    styles, pattern, output = rest if len(rest) == len(("styles", "input", "output")) else (None, *rest)
    if source is None:
        return None
    if not pattern or not output:
        raise EvaluationError("FormatDateTime needs a format to read and a format to write.")
    moment = parsed(source, pattern, white=white_space(styles), today=surroundings.now)
    return formatted(moment, output)


def white_space(styles: str | None) -> frozenset[str]:
    """Answer where *styles* allow white space. By default: at both ends (Learn: functions#formatdatetime)."""
    if not styles:
        return frozenset({"leading", "trailing"})
    allowed: frozenset[str] = frozenset()
    for style in (name.strip().removeprefix("DateTimeStyles.") for name in styles.replace("|", ",").split(",")):
        if style not in _OTHER_STYLES and style not in _WHITE_SPACE_STYLES:
            raise EvaluationError(
                f"“{shortened(style)}” is not a style of dates.",
                hint="Leave the second argument of FormatDateTime blank.",
            )
        allowed |= _WHITE_SPACE_STYLES.get(style, frozenset())
    return allowed


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _weeks(moment: datetime) -> int:
    """Answer the number of the week of *moment*; a new one begins each Sunday."""
    return moment.toordinal() // 7


def known_interval(interval: str | None) -> str:
    """Answer *interval*, which is one of the :data:`INTERVALS`.

    :raises EvaluationError: when it is not one.
    """
    if interval is None or interval not in INTERVALS:
        raise EvaluationError(
            f"There is no interval “{shortened(interval or '')}”.", hint=f"Write one of {', '.join(INTERVALS)}."
        )
    return interval
