"""Numbers in sentences."""

from __future__ import annotations


def counted(count: int, one: str, several: str = "") -> str:
    """Write a number with what is counted, and with its verb where there is one.

    >>> counted(1, "group"), counted(2_000, "person", "people"), counted(1, "person is", "people are")
    ('1 group', '2,000 people', '1 person is')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
