"""Functions that make a text out of a text. Nothing in, nothing out, unless the reference says otherwise."""

from __future__ import annotations

import base64
import re

from provisioning.errors import EvaluationError
from provisioning.language.functions.casing import lowered, raised
from provisioning.language.values import Value, shortened, text_of, texts_of

COMPARISONS = ("vbBinaryCompare", "vbTextCompare")
"""How ``InStr`` compares: with case, which is the default, or without."""


def append(source: str | None, suffix: str | None) -> str | None:
    """``Append``: concatenation."""
    return None if source is None else source + (suffix or "")


def prepend(prefix: str | None, source: str | None) -> str | None:
    """``Prepend``: concatenation the other way round."""
    return None if source is None else (prefix or "") + source


def to_lower(source: str | None, culture: str | None = None) -> str | None:
    """``ToLower``: by the invariant culture unless one is given."""
    return None if source is None else lowered(source, culture)


def to_upper(source: str | None, culture: str | None = None) -> str | None:
    """``ToUpper``: by the invariant culture unless one is given."""
    return None if source is None else raised(source, culture)


def left(source: str | None, length: int) -> str:
    """``Left``: null gives an empty text, a negative length the whole text (Learn: functions#left)."""
    if source is None:
        return ""
    return source if length < 0 else source[:length]


def mid(source: str | None, start: int, length: int) -> str | None:
    """``Mid``: the first character has index 1; what would end outside is cut (Learn: functions#mid)."""
    if start < 1:
        raise EvaluationError(f"The start of Mid counts from 1, and is {start}.")
    if length < 0:
        raise EvaluationError(f"The length of Mid cannot be negative, and is {length}.")
    return None if source is None else source[start - 1 : start - 1 + length]


def word(source: str | None, number: int, delimiters: str | None) -> str:
    """``Word``: the n-th run between any of the delimiters, else an empty text (Learn: functions#word)."""
    if source is None or number < 1:
        return ""
    pattern = f"[{re.escape(delimiters)}]" if delimiters else r"(?!)"
    words = [run for run in re.split(pattern, source) if run]
    return words[number - 1] if number <= len(words) else ""


def strip_spaces(source: str | None) -> str | None:
    """``StripSpaces``: U+0020 and no other white space."""
    return None if source is None else source.replace(" ", "")


def trim(source: Value) -> Value:
    """``Trim``: white space at both ends, in each value (Learn: cloud-sync/reference-expressions#trim)."""
    if isinstance(source, str):
        return source.strip()
    return None if source is None else [text.strip() for text in texts_of(source)]


def to_text(value: Value) -> str | None:
    """``CStr``: everything is a text here, so this only insists on a single one."""
    return text_of(value)


def to_base64(source: str | None) -> str | None:
    """``ConvertToBase64``: of UTF-16, little endian, without a mark (Learn: functions#converttobase64)."""
    return None if source is None else base64.b64encode(_utf16(source)).decode("ascii")


def to_utf8_hex(source: str | None) -> str | None:
    """``ConvertToUTF8Hex``: two upper-case digits a byte."""
    return None if source is None else _utf16(source).decode("utf-16-le", "replace").encode().hex().upper()


def index_of(text: str | None, sought: str | None, start: int | None = None, compare: str | None = None) -> str:
    """``InStr``: the position counted from 1, and 0 when absent (Learn: cloud-sync/reference-expressions#instr)."""
    start = 1 if start is None else start
    if start < 1:
        raise EvaluationError(f"The start of InStr counts from 1, and is {start}.")
    if compare is not None:
        check_comparison(compare)
    text, sought = text or "", sought or ""
    if compare == "vbTextCompare":
        text, sought = lowered(text), lowered(sought)
    return str(text.find(sought, start - 1) + 1)


def check_comparison(compare: str) -> None:
    """Refuse what is not a way to compare.

    :raises EvaluationError: when it is not one.
    """
    if compare not in COMPARISONS:
        raise EvaluationError(f"InStr compares by {' or '.join(COMPARISONS)}, not by “{shortened(compare)}”.")


def redact(value: Value) -> Value:
    """``Redact``: the value flows unchanged; it is the provisioning log that shows ``[Redact]`` instead."""
    return value


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
