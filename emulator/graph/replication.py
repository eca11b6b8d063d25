"""That a new object is not everywhere at once: reads that miss it, and lists that lag behind.

It is counted in reads, not in seconds, so that a test that waits is over when it should be, the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from emulator.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_T = TypeVar("_T")


@dataclass(slots=True)
class Replication:
    """How far new objects have come."""

    reads: int = 0
    """How many reads of a new object answer 404 before it is found."""
    lists: int = 0
    """How many lists leave a new object out before they have it."""
    _unread: dict[str, int] = field(default_factory=dict)
    _unlisted: dict[str, int] = field(default_factory=dict)

    def set(self, *, reads: int, lists: int) -> None:
        """Let objects that are made from now on lag behind."""
        self.reads, self.lists = reads, lists
        self._unread.clear()
        self._unlisted.clear()

    def born(self, object_id: str) -> None:
        """Note that an object was made."""
        if self.reads:
            self._unread[object_id] = self.reads
        if self.lists:
            self._unlisted[object_id] = self.lists

    def read(self, object_id: str) -> None:
        """Note that an object is read. :raises Refusal: 404 while it has not arrived."""
        if self._missed(self._unread, object_id):
            raise Refusal.not_found(object_id)

    def has_arrived(self, object_id: str) -> bool:
        """Tell whether an object can be referred to, without counting that as a read."""
        return object_id not in self._unread

    def listed(self, objects: Iterable[_T], id_of: Callable[[_T], str]) -> Iterable[_T]:
        """Leave out what has not arrived, and count that as one list."""
        if not self._unlisted:
            return objects
        return [each for each in objects if not self._missed(self._unlisted, id_of(each))]

    def _missed(self, left: dict[str, int], object_id: str) -> bool:
        if object_id not in left:
            return False
        left[object_id] -= 1
        if left[object_id] == 0:
            del left[object_id]
        return True
