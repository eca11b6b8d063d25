"""Whole numbers in texts that others have written."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]{1,9}")
"""No number that means anything is longer; ``²`` is a digit for Python and not a number for anybody."""


def whole_number(text: str) -> int | None:
    """Read a number that is not negative; ``None`` when the text is not one."""
    return int(text) if _DIGITS.fullmatch(text) else None


def integer(text: str) -> int | None:
    """Read a number with or without a minus; ``None`` when the text is not one."""
    found = whole_number(text.removeprefix("-"))
    return -found if found is not None and text.startswith("-") else found
