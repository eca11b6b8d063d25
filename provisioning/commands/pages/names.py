"""Names of people from everywhere: one that is written from right to left stays to itself. Pure."""

from __future__ import annotations

import unicodedata

TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Characters that turn the direction of what follows (Unicode: UAX 9). No name needs one; a hostile name uses them."""

FROM_RIGHT = frozenset({"R", "AL", "AN"})
"""Classes of letters that are written from right to left."""


def plain(text: str) -> str:
    """Leave out what would turn the text around a name.

    >>> plain("Ada \u202elive")
    'Ada live'
    """
    return text if text.isascii() else text.translate(TURNING)


def isolated(text: str) -> str:
    """Keep a name to itself, where it is one of several in a line (UAX 9: isolates)."""
    name = plain(text)
    turns = not name.isascii() and any(unicodedata.bidirectional(letter) in FROM_RIGHT for letter in name)
    return f"\u2068{name}\u2069" if turns else name
