"""Spans of time as people write them: ``90m``, ``24h``, ``7d``."""

from __future__ import annotations

from datetime import timedelta

from provisioning.errors import ConfigurationError

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

MOST_DIGITS = 5
"""A hundred thousand days are enough, and arithmetic with moments ends somewhere."""


def span_of(text: str, *, option: str) -> timedelta:
    """Read a span.

    :raises ConfigurationError: when it is none; *option* is where it was written.
    """
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS or not (number.isascii() and number.isdecimal()) or len(number) > MOST_DIGITS:
        raise ConfigurationError(f"{option}: {text!r} is not a span of time.", hint="Write 90m, 24h or 7d.")
    return int(number) * UNITS[unit]
