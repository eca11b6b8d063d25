"""What a teardown does, as a value: to whom, how, and what must be different first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from provisioning.model.assignment import Assignment
from provisioning.operations.teardown.leaver import Leaver, Way


class Accounts(Enum):
    """What becomes of the accounts."""

    DISABLE = "disable"
    """They are closed before the job goes."""
    DELETE = "delete"
    """They are closed, and then deleted at the target; where the connector's actions say that it supports that."""
    RETAIN = "retain"
    """They stay as they are, and nobody manages them any more."""


class Step(Enum):
    """What is done, in this order; each may be repeated."""

    NARROW = "narrow-scope"
    """Save that only those assigned are in scope: where everybody is, an assignment counts for nothing."""
    UNASSIGN = "unassign"
    CLOSE = "close-accounts"
    DELETE_ACCOUNTS = "delete-accounts"
    """At the target itself: Entra deletes nobody who is only unassigned (Learn: how-provisioning-works)."""
    PAUSE = "pause-job"
    DELETE = "delete-job"
    DESTROY = "destroy-stack"
    PURGE = "purge-app"


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator wants."""

    accounts: Accounts = Accounts.DISABLE
    forces_deletes: bool = False
    """Whether the deletion threshold is put aside for one cycle."""
    purges: bool = False
    """Whether app and service principal are deleted for good."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a teardown is refused, and the way on."""

    sentence: str
    way_on: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a teardown does."""

    stack: str
    service_principal_id: str
    job_id: str
    options: Options
    people: tuple[Leaver, ...]
    """Everybody whose account the job may have made, and the groups that it made; by name."""
    assignments: tuple[Assignment, ...]
    """What is taken away."""
    narrows: bool = False
    """Whether everybody is in scope now."""
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()
    """What is good to know."""
    takes_at_least: timedelta = timedelta()
    takes_at_most: timedelta = timedelta()
    log_until: datetime | None = None
    """The newest line of the log; ``None`` where it is empty, or cannot be read."""
    reads_log: bool = True
    """Whether this identity may read the log."""
    log_is_whole: bool = False
    """Whether it reaches back to the first cycles, so that whoever is in no line of it never had an account."""
    has_returned: bool = False
    """Whether somebody was assigned again after assignments had been taken away, so that a cycle may have begun that
    gives back accounts which are shown to be closed."""
    bin_ids: tuple[str, ...] = ()
    """Application and service principal, by object id: what a purge deletes for good."""

    @property
    def closes(self) -> bool:
        """Tell whether accounts are closed at all."""
        return self.options.accounts is not Accounts.RETAIN

    @property
    def closing(self) -> tuple[Leaver, ...]:
        """Give those who are closed."""
        return tuple(one for one in self.people if one.way is not Way.NONE)

    @property
    def open_people(self) -> tuple[Leaver, ...]:
        """Give people who are still to be closed; groups are not waited for."""
        return tuple(one for one in self.people if one.is_open and one.is_person)

    @property
    def awaits_cycle(self) -> bool:
        """Tell whether a cycle is waited for even when everybody who is known is closed.

        Where the log does not reach back to the first cycles, somebody may have been taken out a moment ago of whom it
        has no line: the next cycle closes that account, and once the job is gone nobody would. So it is where somebody
        came back on the way.
        """
        return self.closes and (self.has_returned or not self.log_is_whole)

    @property
    def unproven(self) -> tuple[Leaver, ...]:
        """Give people of whom nothing shows whether they have an account, and nothing will."""
        none = (one for one in self.people if one.way is Way.NONE and one.is_person)
        return tuple(one for one in none if not one.is_closed and self.closes)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give what is done, in order."""
        return tuple(self._steps())

    @property
    def checksum(self) -> str:
        """What this is accepted by: over what is done to whom; not over times, order, or what was proven meanwhile."""
        whom = sorted(f"{one.id} {one.way is Way.NONE}" for one in self.people)
        taken = sorted(one.id for one in self.assignments)
        options = (self.options.accounts.value, str(self.options.forces_deletes), str(self.options.purges))
        text = "\0".join((self.stack, self.job_id, *options, *whom, *taken))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def having(self, changed: Leaver) -> Plan:
        """Give the same with what is newly known of somebody."""
        return replace(self, people=tuple(changed if one.id == changed.id else one for one in self.people))

    def _steps(self) -> Iterator[Step]:
        if self.closes:
            if self.narrows:
                yield Step.NARROW
            yield from (Step.UNASSIGN, Step.CLOSE)
        if self.options.accounts is Accounts.DELETE:
            yield Step.DELETE_ACCOUNTS
        yield from (Step.PAUSE, Step.DELETE, Step.DESTROY)
        if self.options.purges:
            yield Step.PURGE
