"""Markdown line by line, and where the site reads it otherwise than those who show the clone's files do."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_NUMBER = re.compile(r"\d+\. +")

_INDENT = 4
"""Spaces by which Python-Markdown, which writes the site, knows what belongs to an item of a list. CommonMark takes as
many as the item's own mark is wide: three for ``1. ``."""


def lines_of(text: str) -> Iterator[tuple[str, bool]]:
    """Give every line, and whether it is text rather than code or what fences it off."""
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        yield line, not fence and not mark
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]


def in_the_sites_dialect(text: str) -> str:
    """Write a page so that a numbered item keeps what belongs to it, and ends where the next one begins."""
    lines: list[str] = []
    width = 0
    for line, is_text in lines_of(text):
        number = _NUMBER.match(line) if is_text else None
        if number:
            if lines and width and lines[-1].strip():
                lines.append("\n")
            width = len(number[0])
        elif is_text and line.strip() and not line.startswith(" "):
            width = 0
        inside = width and line.startswith(" " * width)
        lines.append(" " * (_INDENT - width) + line if inside else line)
    return "".join(lines)
