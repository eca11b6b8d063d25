"""``NormalizeDiacritics``: Latin letters without their marks."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart (Learn: functions#normalizediacritics). The page lists œ with a macron only;
# that the bare letter is treated alike is assumed.
_LETTERS = {
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "oe", "Ø": "OE",
    "ß": "ss", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "ł": "l", "Ł": "L",
}  # fmt: skip


def normalize_diacritics(source: str | None) -> str | None:
    """Replace every letter with a diacritical mark by the letter without it.

    Only Latin letters lose their marks, as in the table of the page: in other scripts a mark often makes another
    letter, as in Japanese.
    """
    if source is None or source.isascii():
        return source
    kept, after_latin = [], False
    for character in unicodedata.normalize("NFD", source):
        if unicodedata.combining(character):
            if not after_latin:
                kept.append(character)
            continue
        plain = _LETTERS.get(character, character)
        after_latin = plain.isascii() and plain.isalpha()
        kept.append(plain)
    return unicodedata.normalize("NFC", "".join(kept))
