"""Upper and lower case as .NET has it: one character becomes one character, and Turkish only when asked for."""

from __future__ import annotations

import re
import unicodedata

from provisioning.errors import EvaluationError

_CULTURE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)

_DOTTED = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
# The invariant culture leaves these alone, though Unicode has another case for them.
_INVARIANT = frozenset({_DOTTED, _DOTLESS, "\N{LATIN SMALL LETTER LONG S}"})
_TURKIC_LOWER = str.maketrans({"I": _DOTLESS, _DOTTED: "i"})
_TURKIC_UPPER = str.maketrans({"i": _DOTTED, _DOTLESS: "I"})

_WORD_SEPARATORS = frozenset(
    {"Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"}
)
"""The categories at which .NET's ``ToTitleCase`` ends a word (Learn: functions#pcase)."""


def lowered(text: str, culture: str | None = None) -> str:
    """Put *text* in lower case."""
    if _is_turkic(culture):
        text = text.translate(_TURKIC_LOWER)
    return text.lower() if text.isascii() else "".join(_one(character, character.lower()) for character in text)


def raised(text: str, culture: str | None = None) -> str:
    """Put *text* in upper case."""
    if _is_turkic(culture):
        text = text.translate(_TURKIC_UPPER)
    return text.upper() if text.isascii() else "".join(_one(character, character.upper()) for character in text)


def proper_case(source: str | None, separators: str | None = None) -> str | None:
    """``PCase``: words begin with a capital, all else is lower case.

    Words end at the *separators* that are given, else where .NET's ``ToTitleCase`` ends them: an apostrophe and a
    digit do not end a word, but a word begins at the first letter after a digit that stands outside of one.
    """
    if source is None:
        return None
    text = lowered(source)
    return _split_at(separators, text) if separators else _title(text)


def _split_at(separators: str, text: str) -> str:
    cased, at_start = [], True
    for character in text:
        cased.append(raised(character) if at_start else character)
        at_start = character in separators
    return "".join(cased)


def _title(text: str) -> str:
    cased, in_word = [], False
    for character in text:
        category = unicodedata.category(character)
        starts_word = not in_word and category.startswith("L")
        cased.append(_one(character, character.title()) if starts_word else character)
        in_word = starts_word or (in_word and (character == "'" or category not in _WORD_SEPARATORS))
    return "".join(cased)


def _one(character: str, cased: str) -> str:
    return cased if len(cased) == 1 and character not in _INVARIANT else character


def _is_turkic(culture: str | None) -> bool:
    return bool(culture) and language_of(culture or "") in {"tr", "az"}


def language_of(culture: str) -> str:
    """Answer the language of *culture*, such as ``tr`` for ``tr-TR``.

    :raises EvaluationError: when it is not one.
    """
    if not _CULTURE.fullmatch(culture):
        raise EvaluationError(f"“{culture}” is not a culture.", hint="Write a name such as en-US or tr-TR.")
    return culture.partition("-")[0].lower()
