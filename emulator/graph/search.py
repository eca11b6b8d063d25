"""``$search`` on directory objects: words that a property begins with (Learn: search-query-parameter).

``"displayName:ada" AND "mail:contoso"``: each part is quoted, names a property, and is found where one of the words of
the property begins with it. ``AND`` binds tighter than ``OR``. Which properties there are is not decided here;
:class:`Search` tells what was named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.graph.odata import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PART = r'"(\w+):([^"]*)"'
_WHOLE = re.compile(rf"^\s*{_PART}(?:\s+(?:AND|OR)\s+{_PART})*\s*$")
_BREAKS = re.compile(r"[^\w']+")


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was understood."""

    admits: Callable[[Mapping[str, Any]], bool]
    """Tells whether an object passes."""
    properties: tuple[str, ...]
    """What it names, such as ``displayName``."""


def parse(text: str) -> Search:
    """Read a search. :raises Refusal: 400 when it makes no sense."""
    if not _WHOLE.match(text):
        raise Refusal(400, "Request_BadRequest", f"Syntax error: character '{text[:1]}' is not valid at position 0.")
    alternatives = [re.findall(_PART, either) for either in re.split(r"\s+OR\s+", text)]
    return Search(
        admits=lambda candidate: any(all(_found(candidate, *part) for part in parts) for parts in alternatives),
        properties=tuple(name for parts in alternatives for name, _ in parts),
    )


def _found(candidate: Mapping[str, Any], name: str, wanted: str) -> bool:
    value = str(follow(candidate, (name,)) or "").casefold()
    start = wanted.casefold()
    return value.startswith(start) or any(word.startswith(start) for word in _BREAKS.split(value))
