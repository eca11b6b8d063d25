"""The provisioning log of a stack as it comes: the newest lines, kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from provisioning.errors import ProvisioningError
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.operations.log_codes import Words, words_of
from provisioning.operations.logs import LogReader
from provisioning.panel.stack.watched import WatchedStack

READ = 1_000
"""How many entries are read at first, in two requests, and at most in each look."""

KEPT, KEPT_SKIPPED = 200, 50
"""Where many are out of scope, most lines say that somebody was skipped; they must not push out what failed."""

SKIPPED = "skipped"

LOOKED_BACK = timedelta(days=7)
"""How far, at first; the log of a tenant without a licence reaches back no further."""


class Line(NamedTuple):
    """An entry, and its code in plain words where that is known."""

    entry: LogEntry
    words: Words | None


class WatchedLog:
    """What is in the log, the newest first."""

    def __init__(self, stack: WatchedStack, reader: LogReader) -> None:
        """Have read nothing yet."""
        self._reader = reader
        self._clock = stack.clock
        self._question = LogQuestion(stack.meant.address.job, since=self._clock.now() - LOOKED_BACK)
        self.heard = Entries()

    async def look(self) -> bool:
        """Read what is new, and tell whether anything is."""
        before = self.heard
        try:
            news = await self._reader.news(self._question, at_most=READ)
        except ProvisioningError as error:
            self.heard = Entries(before.entries, before.at, error)
            return str(before.trouble or "") != str(error)
        self.heard = Entries(kept((*before.entries, *news)), self._clock.now())
        return bool(news) or before.at is None or before.trouble is not None


@dataclass(frozen=True, slots=True)
class Entries:
    """What was read last, and when."""

    entries: tuple[LogEntry, ...] = ()
    at: datetime | None = None
    """``None`` before the first answer."""
    trouble: ProvisioningError | None = None
    """Why there was no answer since."""

    @property
    def lines(self) -> Iterator[Line]:
        """Give each entry with its words."""
        return lines_of(self.entries)


def kept(entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    """Give those that are kept, the newest first."""
    room = {True: KEPT_SKIPPED, False: KEPT}
    found = []
    for entry in sorted(entries, key=lambda entry: entry.at, reverse=True):
        is_skipped = entry.result == SKIPPED
        room[is_skipped] -= 1
        if room[is_skipped] >= 0:
            found.append(entry)
    return tuple(found)


def lines_of(entries: Iterable[LogEntry]) -> Iterator[Line]:
    """Give entries with the words for their codes."""
    return (Line(entry, words_of(entry.code)) for entry in entries)
