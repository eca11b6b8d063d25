"""Names of people from everywhere: one that is written from right to left stays to itself. Pure."""

from __future__ import annotations

import re
import unicodedata

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows (Unicode: UAX 9). No name needs one; a hostile name uses them."""

FROM_RIGHT = frozenset({"R", "AL", "AN"})
"""Classes of letters that are written from right to left."""


UNSEEN = frozenset("CZ")
"""Main categories of characters that leave no mark: controls, formats, spaces (Unicode: UAX 44)."""

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that leave none all the same (Unicode: Default_Ignorable_Code_Point, and blank Braille)."""


def plain(text: str) -> str:
    """Leave out what would turn the text around a name.

    >>> plain("Ada \u202elive")
    'Ada live'
    """
    return TURNING.sub("", text)


def visible(text: str) -> str:
    """Give a name as it is; empty where nobody would see anything of it, such as spaces of no width.

    >>> visible("\u200b"), visible("Ada")
    ('', 'Ada')
    """
    return text if any(unicodedata.category(letter)[0] not in UNSEEN and letter not in BLANK for letter in text) else ""


def isolated(text: str) -> str:
    """Keep a name to itself, where it is one of several in a line (UAX 9: isolates)."""
    name = plain(text)
    turns = not name.isascii() and any(unicodedata.bidirectional(letter) in FROM_RIGHT for letter in name)
    return f"\u2068{name}\u2069" if turns else name
