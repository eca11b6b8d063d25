"""The bearer tokens of one tenant of Elium: several at a time, made and revoked by its administrator.

How many tokens a real Elium has, and how they are replaced, is not published; two at a time is what a rotation needs
that nobody notices.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = "1"
"""What the token of the seed is called; later ones are counted on."""


@dataclass(slots=True)
class Tokens:
    """Tokens by number."""

    first: str = field(repr=False)
    new: Callable[[], str] = field(repr=False)
    """Where fresh tokens come from."""
    _held: dict[str, str] = field(init=False, repr=False)
    _made: int = field(init=False, default=1)
    _off: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._held = {FIRST: self.first}

    @property
    def numbers(self) -> list[str]:
        """The numbers of the tokens that open the tenant now, oldest first."""
        return list(self._held)

    def is_on(self, number: str) -> bool:
        """Tell whether a token opens the tenant."""
        return number in self._held and number not in self._off

    def switch(self, number: str, *, enabled: bool) -> None:
        """Let a token open nothing for a while, or again. :raises Refusal: 404 when there is none of this number."""
        if number not in self._held:
            raise Refusal.not_found(number)
        (self._off.discard if enabled else self._off.add)(number)

    def make(self) -> tuple[str, str]:
        """Make one more token; the others stay. Give its number and the token, which is shown this once."""
        self._made += 1
        number, token = str(self._made), self.new()
        self._held[number] = token
        return number, token

    def revoke(self, number: str) -> None:
        """Let a token open nothing any more. :raises Refusal: 404 when there is none of this number."""
        if self._held.pop(number, None) is None:
            raise Refusal.not_found(number)
        self._off.discard(number)

    def open_with(self, given: bytes) -> bool:
        """Tell whether one of them was given, in constant time: a wrong one does not tell how wrong it is."""
        held = self._held.items()
        return any([hmac.compare_digest(given, token.encode()) & self.is_on(number) for number, token in held])  # noqa: C419 - all are compared
