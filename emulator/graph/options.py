"""The query options of a request: which there are, and what no resource would understand (Learn: query-parameters).

The sentences are those of Microsoft's OData library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from emulator.company.numbers import whole_number
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN = frozenset({"count", "expand", "filter", "format", "orderby", "search", "select", "skip", "skiptoken", "top"})


def check(query_text: str) -> None:
    """Refuse an option that does not exist, one that is there twice, and what is neither a number nor a truth.

    :raises Refusal: 400 with the first of them.
    """
    for sentence in _mistakes(parse_qsl(query_text, keep_blank_values=True)):
        raise Refusal(400, "BadRequest", sentence)


def _mistakes(pairs: list[tuple[str, str]]) -> Iterator[str]:
    seen: set[str] = set()
    for key, value in pairs:
        name = key.removeprefix("$").lower()
        if key.startswith("$") and name not in _KNOWN:
            yield f"The query parameter '{key}' is not supported."
        if name in _KNOWN and name in seen:
            yield f"Query option '${name}' was specified more than once, but it must be specified at most once."
        if name == "count" and value not in {"true", "false"}:
            yield f"Invalid value '{value}' for $count query option found. Valid values are 'true, false'."
        if name == "skip" and whole_number(value) is None:
            yield (
                f"Invalid value '{value}' for $skip query option found. "
                "The $skip query option requires a non-negative integer value."
            )
        seen.add(name)
