"""That a new object is not everywhere at once: reads that miss it, and lists that lag behind.

It is counted in reads and lists, so that a test that waits is over when it should be, the same every time; or in
seconds of the company's clock, for clients that ask by several ways before they go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from emulator.company.clock import Clock

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far new objects lag behind."""

    reads: int = 0
    """How many reads of a new object answer 404 before it is found."""
    lists: int = 0
    """How many lists leave a new object out before they have it."""
    seconds: float = 0
    """How long a new object is missed by both, by the company's clock."""


NONE = Lag()


@dataclass(slots=True)
class Replication:
    """How far new objects have come."""

    clock: Clock
    lag: Lag = NONE
    _born: dict[str, datetime] = field(default_factory=dict)
    _unread: dict[str, int] = field(default_factory=dict)
    _unlisted: dict[str, int] = field(default_factory=dict)

    def set(self, lag: Lag = NONE) -> None:
        """Let objects that are made from now on lag behind."""
        self.lag = lag
        self._born.clear()
        self._unread.clear()
        self._unlisted.clear()

    def born(self, object_id: str) -> None:
        """Note that an object was made."""
        if self.lag.seconds:
            self._born[object_id] = self.clock.now()
        if self.lag.reads:
            self._unread[object_id] = self.lag.reads
        if self.lag.lists:
            self._unlisted[object_id] = self.lag.lists

    def read(self, object_id: str) -> None:
        """Note that an object is read. :raises Refusal: 404 while it has not arrived."""
        if self._is_young(object_id) or self._missed(self._unread, object_id):
            raise Refusal.not_found(object_id)

    def has_arrived(self, object_id: str) -> bool:
        """Tell whether an object can be referred to, without counting that as a read."""
        return object_id not in self._unread and not self._is_young(object_id)

    def listed(self, objects: Iterable[_T], id_of: Callable[[_T], str]) -> Iterable[_T]:
        """Leave out what has not arrived, and count that as one list."""
        if not self._unlisted and not self._born:
            return objects
        return [each for each in objects if not self._is_missed_by_lists(id_of(each))]

    def _is_missed_by_lists(self, object_id: str) -> bool:
        return self._is_young(object_id) or self._missed(self._unlisted, object_id)

    def _is_young(self, object_id: str) -> bool:
        born = self._born.get(object_id)
        if born is None:
            return False
        if self.clock.now() - born < timedelta(seconds=self.lag.seconds):
            return True
        del self._born[object_id]
        return False

    def _missed(self, left: dict[str, int], object_id: str) -> bool:
        if object_id not in left:
            return False
        left[object_id] -= 1
        if left[object_id] == 0:
            del left[object_id]
        return True
