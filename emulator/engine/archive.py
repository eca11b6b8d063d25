"""The entries of a provisioning log, packed: a million of them would weigh half a gigabyte, and few are ever read."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, overload

from emulator.engine.entry import Entry

if TYPE_CHECKING:
    from datetime import datetime

_TOGETHER = 1_000
"""How many entries are packed as one: what they have in common is kept once, and reading one unpacks all of them."""
_QUICKLY = 1
_FIELDS = attrgetter(*(field.name for field in fields(Entry)))


class Archive(Sequence[Entry]):
    """Entries, oldest first. Those that are read are copies: what is kept was finished before."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._open: list[Entry] = []
        self._latest: datetime | None = None
        self.is_in_order = True
        """Whether no entry is older than the one before: one that took long may be, when time passes by itself."""
        self._gone = 0
        """How many of the first block were dropped."""
        self._unpacked: tuple[bytes, list[Entry]] = (b"", [])
        """The block that was read last: whoever reads one entry reads its neighbour next."""

    def append(self, entry: Entry) -> None:
        """Keep an entry."""
        self.is_in_order = self.is_in_order and (self._latest is None or self._latest <= entry.at)
        self._latest = entry.at
        self._open.append(entry)
        if len(self._open) == _TOGETHER:
            self._packed.append(_packed(self._open))
            self._open = []

    def drop_before(self, moment: datetime) -> None:
        """Forget the entries at the beginning that are older than *moment*."""
        while len(self) and self[0].at < moment:
            self._gone += 1
            if self._gone == _TOGETHER:
                del self._packed[0]
                self._gone = 0

    def __len__(self) -> int:
        return len(self._packed) * _TOGETHER + len(self._open) - self._gone

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[each] for each in range(len(self))[index]]
        block, place = divmod(range(len(self))[index] + self._gone, _TOGETHER)
        return (self._entries_of(self._packed[block]) if block < len(self._packed) else self._open)[place]

    def _entries_of(self, packed: bytes) -> list[Entry]:
        if self._unpacked[0] is not packed:
            # Packed by this very process a moment ago.
            rows = pickle.loads(zlib.decompress(packed))  # noqa: S301 - from nowhere else
            self._unpacked = packed, [Entry(*row) for row in rows]
        return self._unpacked[1]


def _packed(entries: list[Entry]) -> bytes:
    return zlib.compress(pickle.dumps([_FIELDS(entry) for entry in entries], pickle.HIGHEST_PROTOCOL), _QUICKLY)
