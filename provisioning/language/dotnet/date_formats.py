"""Custom date formats of .NET, such as ``yyyy-MM-ddTHH:mm:ss.fzzz``: reading by them, and writing by them.

Learn: dotnet/standard/base-types/custom-date-and-time-format-strings
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

from provisioning.errors import EvaluationError
from provisioning.language.dotnet.dates import DAYS, MONTHS, hour_of, month_number, offset_of
from provisioning.language.values import shortened

Fields: TypeAlias = dict[str, str]
"""What was read, such as ``{"y": "2026", "M": "1"}``; see :func:`_field`."""


@dataclass(frozen=True, slots=True)
class Specifier:
    """How one specifier is read and written."""

    pattern: str
    """The regular expression of what it reads."""

    write: Callable[[datetime], str]
    """What it writes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a format: a specifier, or text that stands for itself."""

    text: str
    specifier: Specifier | None = None


def parsed(text: str, pattern: str, *, white: Collection[str], today: datetime | None) -> datetime:
    """Read *text*, which is written by the format *pattern*.

    What has a time zone comes back in UTC; what has none stays without. A date that *pattern* does not mention is
    that of *today*, as in .NET.

    :raises EvaluationError: when *text* is not written so, or *pattern* is not a format.
    """
    match = _reader(pattern, frozenset(white)).fullmatch(text)
    if match:
        try:
            fields = {_field(group): value for group, value in match.groupdict().items() if value}
            return _assembled(fields, today)
        except (ValueError, OverflowError):
            pass
    raise EvaluationError(f"“{shortened(text)}” is not a date written as {pattern}.")


def formatted(moment: datetime, pattern: str) -> str:
    """Write *moment* by the format *pattern*.

    :raises EvaluationError: when *pattern* is not a format.
    """
    return "".join(piece.specifier.write(moment) if piece.specifier else piece.text for piece in pieces_of(pattern))


def _fraction(digits: int, *, trimmed: bool) -> Specifier:
    def write(moment: datetime) -> str:
        fraction = f"{moment.microsecond:06}0"[:digits]
        return fraction.rstrip("0") if trimmed else fraction

    return Specifier(rf"\d{{0,{digits}}}" if trimmed else rf"\d{{{digits}}}", write)


def _half(moment: datetime) -> str:
    return "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon


def _hour12(moment: datetime) -> int:
    return (moment.hour + 11) % 12 + 1


def _zone(moment: datetime) -> str:
    return "Z" if moment.tzinfo else ""


def _names(names: tuple[str, ...], length: int | None = None) -> str:
    return "|".join(name[:length] for name in names)


SPECIFIERS: Mapping[str, Specifier] = {
    "d": Specifier(r"\d{1,2}", lambda moment: f"{moment.day}"),
    "dd": Specifier(r"\d{2}", lambda moment: f"{moment.day:02}"),
    "ddd": Specifier(_names(DAYS, 3), lambda moment: DAYS[moment.weekday()][:3]),
    "dddd": Specifier(_names(DAYS), lambda moment: DAYS[moment.weekday()]),
    "M": Specifier(r"\d{1,2}", lambda moment: f"{moment.month}"),
    "MM": Specifier(r"\d{2}", lambda moment: f"{moment.month:02}"),
    "MMM": Specifier(_names(MONTHS, 3), lambda moment: MONTHS[moment.month - 1][:3]),
    "MMMM": Specifier(_names(MONTHS), lambda moment: MONTHS[moment.month - 1]),
    "y": Specifier(r"\d{1,2}", lambda moment: f"{moment.year % 100}"),
    "yy": Specifier(r"\d{2}", lambda moment: f"{moment.year % 100:02}"),
    "yyy": Specifier(r"\d{3,5}", lambda moment: f"{moment.year:03}"),
    "yyyy": Specifier(r"\d{4}", lambda moment: f"{moment.year:04}"),
    "yyyyy": Specifier(r"\d{5}", lambda moment: f"{moment.year:05}"),
    "h": Specifier(r"\d{1,2}", lambda moment: f"{_hour12(moment)}"),
    "hh": Specifier(r"\d{2}", lambda moment: f"{_hour12(moment):02}"),
    "H": Specifier(r"\d{1,2}", lambda moment: f"{moment.hour}"),
    "HH": Specifier(r"\d{2}", lambda moment: f"{moment.hour:02}"),
    "m": Specifier(r"\d{1,2}", lambda moment: f"{moment.minute}"),
    "mm": Specifier(r"\d{2}", lambda moment: f"{moment.minute:02}"),
    "s": Specifier(r"\d{1,2}", lambda moment: f"{moment.second}"),
    "ss": Specifier(r"\d{2}", lambda moment: f"{moment.second:02}"),
    "t": Specifier("[AP]", lambda moment: _half(moment)[0]),
    "tt": Specifier("[AP]M", _half),
    "z": Specifier(r"[+-]\d{1,2}", lambda _: "+0"),
    "zz": Specifier(r"[+-]\d{2}", lambda _: "+00"),
    "zzz": Specifier(r"[+-]\d{2}:\d{2}", lambda _: "+00:00"),
    "K": Specifier(r"(?:Z|[+-]\d{2}:\d{2})?", _zone),
    "g": Specifier(r"A\.D\.", lambda _: "A.D."),
    **{"f" * digits: _fraction(digits, trimmed=False) for digits in range(1, 8)},
    **{"F" * digits: _fraction(digits, trimmed=True) for digits in range(1, 8)},
}

STANDARD: Mapping[str, str] = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
"""One letter alone is a standard format; here is each in the invariant culture."""

_PIECE = re.compile(r"([dMyhHmsfFtzg])\1*|K|'[^']*'|\"[^\"]*\"|\\(?:.)|%(?=.)|.", re.DOTALL)
_TWO_DIGIT_YEARS_END = 2049


@lru_cache(maxsize=256)
def pieces_of(pattern: str) -> tuple[Piece, ...]:
    """Take the format *pattern* apart.

    :raises EvaluationError: when it is not one.
    """
    if len(pattern) == 1:
        if pattern not in STANDARD:
            raise EvaluationError(f"“{pattern}” is not a standard format of .NET.")
        pattern = STANDARD[pattern]
    return tuple(_piece(match[0], pattern) for match in _PIECE.finditer(pattern) if match[0] != "%")


def _piece(text: str, pattern: str) -> Piece:
    if text[0] in "dMyhHmsfFtzgK":
        return Piece(text, _specifier(text, pattern))
    if text in {"'", '"', "\\", "%"}:
        raise EvaluationError(f"The format {shortened(pattern)} is not complete: {text} stands alone.")
    if text[0] in "'\"":
        return Piece(text[1:-1])
    return Piece(text.removeprefix("\\"))


def _specifier(text: str, pattern: str) -> Specifier:
    # Beyond the longest, .NET takes the longest: ddddd is dddd, and zzzz is zzz. Only fractions are refused.
    longest = max((name for name in SPECIFIERS if name[0] == text[0]), key=len)
    if text[0] in "fF" and len(text) > len(longest):
        raise EvaluationError(f"The format {shortened(pattern)} has more than {len(longest)} digits of a second.")
    return SPECIFIERS[text if len(text) <= len(longest) else longest]


@lru_cache(maxsize=256)
def _reader(pattern: str, white: frozenset[str]) -> re.Pattern[str]:
    parts = [
        f"(?P<{piece.text}_{index}>{piece.specifier.pattern})" if piece.specifier else re.escape(piece.text)
        for index, piece in enumerate(pieces_of(pattern))
    ]
    between = r"\s*" if "inner" in white else ""
    before, after = (r"\s*" if side in white else "" for side in ("leading", "trailing"))
    return re.compile(before + between.join(parts) + after, re.ASCII | re.IGNORECASE)


def _assembled(fields: Fields, today: datetime | None) -> datetime:
    """Put a moment together. What the text does not say is midnight, and the date of today.

    :raises ValueError: when there is no such moment.
    """
    year, month, day = _date(fields, today)
    zone = fields.get("z") or fields.get("K")
    moment = datetime(
        year,
        month,
        day,
        hour_of(int(fields.get("h") or fields.get("H") or 0), fields.get("t")),
        int(fields.get("m", 0)),
        int(fields.get("s", 0)),
        int((fields.get("f") or fields.get("F") or "0").ljust(6, "0")[:6]),
        tzinfo=offset_of(zone) if zone else None,
    )
    if "ddd" in fields and not DAYS[moment.weekday()].casefold().startswith(fields["ddd"].casefold()):
        raise ValueError(fields["ddd"])
    return moment.astimezone(UTC) if zone else moment


def _date(fields: Fields, today: datetime | None) -> tuple[int, int, int]:
    known = fields.keys() & {"y", "M", "d"}
    if "y" not in known and today is None:
        raise EvaluationError("The format has no year, so the present one is needed.", hint="Pass it: now=…")
    year = _year(fields["y"]) if "y" in known or today is None else today.year
    if not known and today is not None:
        return today.year, today.month, today.day
    month = fields.get("M", "1")
    return year, int(month) if month.isdecimal() else month_number(month), int(fields.get("d", "1"))


def _year(digits: str) -> int:
    if len(digits) > len("99"):
        return int(digits)
    year = 2000 + int(digits)
    return year if year <= _TWO_DIGIT_YEARS_END else year - 100


def _field(group: str) -> str:
    """Name the field that a group of the reading expression stands for: ``ddd`` for names of days, else a letter."""
    return "ddd" if group.startswith("ddd") else group[0]
