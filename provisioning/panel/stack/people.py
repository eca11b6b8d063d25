"""How everybody of a stack stands: asked for once, kept, and searched without asking again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from provisioning.errors import ProvisioningError
from provisioning.operations.logs import LogReader
from provisioning.operations.standing import PersonStanding, Standing
from provisioning.operations.surveying import Surveyed, survey
from provisioning.panel.stack.watched import WatchedStack
from provisioning.panel.view import is_number
from provisioning.words import counted

LOOKED_BACK = timedelta(days=30)
"""How far the log is read; it reaches back no further (Learn: concept-provisioning-logs)."""

A_PAGE = 50

EACH = 500
"""After how many people something is told."""

FIRST = (
    Standing.FAILING,
    Standing.NO_ACCOUNT,
    Standing.UNMANAGED,
    Standing.WAITING,
    Standing.LEAVING,
    Standing.QUIET,
    Standing.EXCLUDED,
    Standing.LEFT,
    Standing.PROVISIONED,
)
"""Who is shown before whom: those first at whom somebody has to look."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, as they stood at a moment."""

    rows: tuple[PersonStanding, ...] = ()
    at: datetime | None = None
    """``None`` before they were asked for."""
    counts: Mapping[Standing, int] = field(default_factory=dict)
    _searched: tuple[str, ...] = ()
    """What each is found by, in the order of the rows."""

    @classmethod
    def of(cls, rows: Sequence[PersonStanding], at: datetime) -> People:
        """Put them in order."""
        place = {standing: number for number, standing in enumerate(FIRST)}
        ordered = tuple(sorted(rows, key=lambda one: (place[one.standing], one.person.casefold())))
        found_by = tuple(f"{one.person}\n{one.person_id}\n{one.code}".casefold() for one in ordered)
        return cls(ordered, at, Counter(one.standing for one in rows), found_by)

    def found(self, asked: Search) -> Found:
        """Give a page of those who are asked for."""
        found = [place for place, one in enumerate(self.rows) if asked.standing in (None, one.standing)]
        for word in asked.words.casefold().split():
            found = [place for place in found if word in self._searched[place]]
        pages = max(1, -(-len(found) // A_PAGE))
        page = min(asked.page, pages)
        shown = found[(page - 1) * A_PAGE : page * A_PAGE]
        return Found(tuple(self.rows[place] for place in shown), len(found), page, pages)


@dataclass(frozen=True, slots=True)
class Search:
    """Who is looked for."""

    words: str = ""
    """Each of which has to be in the name, the object id or the code."""
    standing: Standing | None = None
    page: int = 1
    """Counted from one."""

    @classmethod
    def parse(cls, written: Mapping[str, str]) -> Search:
        """Read it of an address; what makes no sense asks for nothing."""
        known = {standing.value: standing for standing in Standing}
        page = written.get("page", "")
        number = int(page) if is_number(page) else 1
        return cls(written.get("q", "")[:200], known.get(written.get("standing", "")), max(1, number))

    def at(self, page: int) -> str:
        """Write it into an address, with another page."""
        fields = {"q": self.words, "standing": self.standing.value if self.standing else "", "page": str(page)}
        return urlencode({name: text for name, text in fields.items() if text})


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people."""

    rows: tuple[PersonStanding, ...]
    total: int
    """On all pages."""
    page: int
    pages: int


class WatchedPeople:
    """How everybody stood when somebody looked the last time."""

    def __init__(
        self, graph: Surveyed, stack: WatchedStack, reader: Callable[[], LogReader], changed: Callable[[], None]
    ) -> None:
        """Know nobody yet; *changed* is called when there is something else to show."""
        self.people = People()
        self.trouble: ProvisioningError | None = None
        self.is_under_way = True
        self.told = ""
        """How far the look is that is under way."""
        self._graph = graph
        self._stack = stack
        self._reader = reader
        self._changed = changed

    @property
    def counts(self) -> list[tuple[Standing, int]]:
        """How many stand how, those first at whom somebody has to look."""
        return [(each, self.people.counts[each]) for each in FIRST if self.people.counts.get(each)]

    async def look(self) -> None:
        """Ask how everybody stands; what was known stays until all of it is there."""
        self.is_under_way, self.told = True, ""
        self._changed()
        asked_at = self._stack.clock.now()
        rows: list[PersonStanding] = []
        log, since = self._reader(), asked_at - LOOKED_BACK
        try:
            async for one in survey(self._graph, self._stack.meant, log, since=since, tell=self._tell):
                rows.append(one)
                if len(rows) % EACH == 0:
                    self._tell(f"{counted(len(rows), 'person', 'people')} so far")
        except ProvisioningError as error:
            self.trouble = error
        else:
            self.people, self.trouble = People.of(rows, asked_at), None
        self.is_under_way = False
        self._changed()

    def _tell(self, sentence: str) -> None:
        self.told = sentence
        self._changed()
