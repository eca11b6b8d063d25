"""What a reader asks to see of a page: the parameters of its address, while it is drawn for them.

A part is drawn without arguments, for whoever looks; one that is not the same for all of them asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Protocol, runtime_checkable

_ASKED: ContextVar[Mapping[str, str]] = ContextVar("asked", default=MappingProxyType({}))


@runtime_checkable
class ByView(Protocol):
    """A place whose parts depend on the reader's address."""

    async def prepare(self) -> None:
        """Look at what this reader wants to see, before it is drawn for the first time."""

    def followed(self) -> AbstractContextManager[None]:
        """Look again at what this reader wants to see whenever something changes, until the block ends."""


MOST_DIGITS = 12
"""Of a number in an address: more than anybody counts, and fewer than Python refuses to read."""


def is_number(written: str) -> bool:
    """Tell whether a parameter of an address is a number that can be counted with."""
    return written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS


def seen_with(parameters: Mapping[str, str]) -> None:
    """Draw for a reader whose address has these parameters, in this task and what it starts."""
    _ASKED.set(MappingProxyType(dict(parameters)))


def asked(name: str) -> str:
    """Give a parameter of the reader's address; empty when it has none of this name."""
    return _ASKED.get().get(name, "")
