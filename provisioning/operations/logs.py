"""Reading the provisioning log: one question at the service, pages at the pace that it allows, each entry once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from provisioning.errors import ConfigurationError
from provisioning.graph.pace import Pace
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.operations.spans import span_of
from provisioning.operations.watching import Watched

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

SECONDS_BETWEEN = 15.0
"""How often is looked for new entries."""

OVERLAP = timedelta(minutes=5)
"""Entries may come into the log later than others that happened after them; so long is looked back for them."""

REMEMBERED = 10_000
"""Entries by which others are known to be told already."""


@dataclass(frozen=True, slots=True)
class LogReport:
    """Entries of the provisioning log."""

    stack: str
    entries: tuple[LogEntry, ...]
    """Oldest first."""
    is_complete: bool
    """Whether there are no more that answer the question."""


@dataclass(slots=True)
class LogReader:
    """Reads the log of one job."""

    graph: Watched
    clock: Clock
    pace: Pace
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _looked_to: datetime | None = None
    """Since when :meth:`news` looks the next time."""

    async def read(self, question: LogQuestion, *, at_most: int | None = None) -> AsyncIterator[LogEntry]:
        """Give the entries, newest first, each once. Pages may overlap, when entries come while they are read."""
        page, given = "", 0
        while True:
            await self.pace.turn()
            answer = await self.graph.log_page(question, page)
            for entry in answer.entries:
                if self._is_new(entry):
                    yield entry
                    given += 1
                if given == at_most:
                    return
            page = answer.next
            if not page:
                return

    async def follow(self, question: LogQuestion) -> AsyncIterator[LogEntry]:
        """Give new entries as they come, oldest first, for ever."""
        while True:
            for entry in await self.news(question):
                yield entry
            await self.clock.sleep(SECONDS_BETWEEN)

    async def news(self, question: LogQuestion, *, at_most: int | None = None) -> list[LogEntry]:
        """Give what has come since this was asked the last time, oldest first; the first time since the question says.

        When it cannot be read to its end, whoever asks again gets all of it.
        """
        asked_at = self.clock.now()
        since = self._looked_to or question.since or asked_at
        found: list[LogEntry] = []
        try:
            async for entry in self.read(replace(question, since=since), at_most=at_most):
                found.append(entry)  # noqa: PERF401 - a comprehension would lose what was read before an error
        except BaseException:
            for entry in found:
                self._seen.pop(entry.id, None)
            raise
        self._looked_to = max(since, asked_at - OVERLAP)
        return found[::-1]

    def _is_new(self, entry: LogEntry) -> bool:
        if entry.id in self._seen:
            return False
        self._seen[entry.id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True


async def id_of(graph: Watched, person: str) -> str:
    """Find the object id of somebody; an object id is one already, so that people who are gone can be asked for.

    :raises ConfigurationError: when there is nobody of that name.
    """
    found = await graph.user_id(person)
    if found or is_object_id(person):
        return found or person
    raise ConfigurationError(
        f"There is no user {person!r} in this tenant.",
        hint="Write a user principal name, or the object id: a user who was deleted is known by that alone.",
    )


def is_object_id(text: str) -> bool:
    """Tell whether a text has the form of an object id."""
    return [len(part) for part in text.split("-")] == [8, 4, 4, 4, 12]


def since_of(now: datetime, text: str) -> datetime:
    """Read how far to look back: ``90m``, ``24h``, ``7d``, or a moment as ISO 8601, in UTC unless it says otherwise.

    :raises ConfigurationError: when it is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now - span_of(text, option="--since")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
