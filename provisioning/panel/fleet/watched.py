"""What is known of many tenants, and who of them somebody has to look at first."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provisioning.errors import GraphError, ProvisioningError
from provisioning.operations.deployed import NoJobError
from provisioning.operations.status import State, StatusReport
from provisioning.panel.aside import Aside
from provisioning.panel.stack.place import StackPlace

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

TROUBLE, NO_JOB, UNASKED = "not reached", "no job yet", "not asked yet"

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""An object's, by which alone the same trouble of two tenants would be told apart; the page of each has it."""

FIRST = (
    TROUBLE,
    *(state.value for state in (State.GIVEN_UP, State.QUARANTINE, State.STOPPED, State.NOT_CONFIGURED, State.OFF)),
    NO_JOB,
    State.FIRST_CYCLE.value,
    State.RUNNING.value,
    UNASKED,
)
"""Who is shown before whom: those first at whom somebody has to look."""


class Tenants(Protocol):
    """The rows of a file, and how to ask about each."""

    @property
    def file(self) -> Path:
        """Where they are declared; it is watched."""

    def read(self) -> Sequence[str]:
        """Read the file, and give their names.

        :raises ConfigurationError: with every mistake in it.
        """

    def ask(self, name: str) -> StatusReport:
        """Ask how one is, in whichever thread.

        :raises ProvisioningError: when nobody can tell.
        """

    async def open(self, name: str, aside: Aside) -> StackPlace:
        """Sign in for one, and make its place; what holds a thread up is done *aside*.

        :raises ProvisioningError: when that cannot be done, or it has no job.
        """

    async def close(self) -> None:
        """Hang up for all who were opened."""


@dataclass(frozen=True, slots=True)
class Row:
    """One tenant."""

    name: str
    report: StatusReport | None = None
    """What was heard last."""
    at: datetime | None = None
    """When."""
    trouble: ProvisioningError | None = None
    """Why nothing was heard since."""

    @property
    def state(self) -> str:
        """How it is, in a word or two."""
        if self.trouble:
            return NO_JOB if isinstance(self.trouble, NoJobError) else TROUBLE
        return self.report.state.value if self.report else UNASKED

    @property
    def why(self) -> str:
        """Say what is wrong and what to do, as for others in the same trouble; empty when it is well."""
        if self.trouble:
            return ID.sub("…", f"{self.trouble.message} {self.trouble.hint}".rstrip())
        return f"{self.report.sentence} {self.report.what_to_do}" if self.report and self.report.what_to_do else ""

    @property
    def place(self) -> tuple[int, bool, str, str]:
        """By which it is put in order: of those that run, the ones in whose last cycle somebody failed come first.

        Whoever is in the same trouble stands together.
        """
        has_failed = bool(self.report and self.report.last_cycle and self.report.last_cycle.failed)
        return FIRST.index(self.state), not has_failed, self.why, self.name.casefold()

    def tells_the_same_as(self, other: Row) -> bool:
        """Tell whether nothing but when it was heard is different."""
        return (self.report, str(self.trouble or "")) == (other.report, str(other.trouble or ""))


@dataclass(slots=True)
class WatchedFleet:
    """All of them."""

    tenants: Tenants
    clock: Clock
    rows: dict[str, Row] = field(default_factory=dict)
    trouble: ProvisioningError | None = None
    """What is wrong with the file; the rows are as they were before."""
    version: int = 0
    """Counts what was heard that is new."""
    awaited: int = 0
    """How many are still to be asked, of the look that is under way."""
    at: datetime | None = None
    """When a look at everybody ended last."""

    @property
    def counts(self) -> Sequence[tuple[str, int]]:
        """How many are how."""
        counted = Counter(row.state for row in self.rows.values())
        return [(state, counted[state]) for state in FIRST if counted[state]]

    @property
    def rest(self) -> float:
        """How long Graph asked to wait, whomever it was asked about; in seconds."""
        troubles = [row.trouble for row in self.rows.values()]
        return max((each.retry_after or 0.0 for each in troubles if isinstance(each, GraphError)), default=0.0)

    def found(self, words: str) -> Sequence[Row]:
        """Give those in whose name or state each word is."""
        asked = words.casefold().split()
        rows = [
            row for row in self.rows.values() if all(word in f"{row.name} {row.state}".casefold() for word in asked)
        ]
        return sorted(rows, key=lambda row: row.place)

    def read(self) -> None:
        """Read the file anew. What is known of those who are still in it is kept."""
        self.version += 1
        try:
            self.rows = {name: self.rows.get(name, Row(name)) for name in self.tenants.read()}
            self.trouble = None
        except ProvisioningError as error:
            self.trouble = error

    async def look(self, aside: Aside, changed: Callable[[], None]) -> None:
        """Ask how each is, as many at once as *aside* has threads; one that cannot be asked is told as that."""

        async def asked(name: str) -> None:
            try:
                row = Row(name, await aside.do(lambda: self.tenants.ask(name)), self.clock.now())
            except ProvisioningError as error:
                before = self.rows.get(name, Row(name))
                row = Row(name, before.report, before.at, error)
            self.awaited -= 1
            if name in self.rows:
                self.version += not row.tells_the_same_as(self.rows[name])
                self.rows[name] = row
            changed()

        self.awaited = len(self.rows)
        try:
            await asyncio.gather(*(asked(name) for name in list(self.rows)))
        finally:
            self.awaited = 0
        self.at = self.clock.now()
        changed()
