"""Taking secrets out of sentences that somebody else wrote: Graph hands on what the target answered, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

SHORTEST = 8
"""A shorter secret is not looked for: it could be any word of the sentence, and hiding it would show that it is one."""

HIDDEN = "***"


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Hide the *secrets* in a text, as they are and as an address holds them.

    One that consists of letters alone is hidden where it is a word of its own, so that no other word loses a part.
    """
    for secret in secrets:
        for form in {secret, quote(secret, safe="")} if len(secret) >= SHORTEST else ():
            text = _pattern(form).sub(HIDDEN, text)
    return text


def _pattern(secret: str) -> re.Pattern[str]:
    return re.compile(rf"\b{secret}\b" if secret.isalpha() else re.escape(secret))
