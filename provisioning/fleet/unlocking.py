"""A lock that a run has left whose end nobody here can see: it is named, and released only when a person says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from provisioning.errors import ProvisioningError
from provisioning.fleet.acts import Acts, TenantOutcome, Verdict
from provisioning.fleet.locks import Holder
from provisioning.fleet.tenant import Tenant

NOT_LOCKED = "not locked"


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds a lock, as it is told."""

    user: str
    host: str
    pid: int
    since: datetime
    is_alive: bool | None
    """Whether it is at work; ``None`` where only its own machine knows."""

    @classmethod
    def of(cls, holder: Holder) -> Self:
        """Look whether it is at work."""
        is_alive = holder.is_alive if holder.is_here else None
        return cls(holder.user, holder.host, holder.pid, holder.since, is_alive)


@dataclass(frozen=True, slots=True)
class LockOutcome(TenantOutcome):
    """What came of a tenant's locks; ``CHANGES`` when they can be released."""

    holders: tuple[LockHolder, ...] = ()


@dataclass(frozen=True, slots=True)
class Locked:
    """How a tenant's stack is locked."""

    tenant: Tenant
    outcome: LockOutcome
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Releasing:
    """Which locks are going to be released."""

    locked: tuple[Locked, ...]
    is_severe: bool = True
    """Two runs of one stack at once undo each other's state, and nobody notices for a while."""

    @classmethod
    def of(cls, found: Iterable[Locked]) -> Releasing:
        """Take those that can be."""
        return cls(tuple(one for one in found if one.outcome.verdict is Verdict.CHANGES))

    @property
    def stack(self) -> str:
        """What is typed to accept it."""
        return self.locked[0].tenant.name if len(self.locked) == 1 else "fleet"

    @property
    def lines(self) -> Sequence[str]:
        """What comes of it, a sentence each."""
        names = ", ".join(one.tenant.name for one in self.locked)
        meaning = "which stops nobody: if a holder is still at work, two runs change one stack at once"
        return [f"The locks of {names} are taken away, {meaning}."]

    @property
    def checksum(self) -> str:
        """Whose locks they are, in one word."""
        held = [(one.tenant.name, *_as_text(holder)) for one in self.locked for holder in one.holders]
        return hashlib.sha256(json.dumps(sorted(held)).encode()).hexdigest()[:8]


def locked(acts: Acts, tenant: Tenant) -> Locked:
    """See who holds a tenant's stack."""
    outcome = LockOutcome(tenant.name, Verdict.UNCHANGED, state=NOT_LOCKED)
    try:
        environment = tenant.environment(acts.here)
        holders = acts.engine.command.holders(tenant.name, acts.folder_of(tenant), environment)
    except ProvisioningError as error:
        return Locked(tenant, outcome.failed(error))
    return Locked(tenant, _told(outcome, holders, acts.clock.now()), holders)


def released(acts: Acts, held: Locked) -> LockOutcome:
    """Release exactly the locks that were shown, and put right what the run has left that held them."""
    tenant, outcome = held.tenant, held.outcome
    try:
        environment, folder = tenant.environment(acts.here), acts.folder_of(tenant)
        acts.engine.command.release(tenant.name, folder, environment, shown=held.holders)
        outcome = replace(outcome, verdict=Verdict.DONE, state="released")
        acts.mend(acts.stack_of(tenant, environment), environment)
    except ProvisioningError as error:
        return outcome.failed(error)
    return outcome


def _told(outcome: LockOutcome, holders: Sequence[Holder], now: datetime) -> LockOutcome:
    if not holders:
        return outcome
    outcome = replace(outcome, holders=tuple(map(LockHolder.of, holders)))
    by = " ".join(holder.standing(now) for holder in holders)
    alive = [str(holder.pid) for holder in holders if holder.is_alive]
    if alive:
        way_on = f"Wait for it, or let it finish what it is at, and end: kill -INT {' '.join(alive)}"
        return replace(outcome, verdict=Verdict.REFUSED, state="locked", reason=by, what_to_do=way_on)
    return replace(outcome, verdict=Verdict.CHANGES, changes=len(holders), state=by)


def _as_text(holder: Holder) -> tuple[str, str, str, str]:
    return holder.user, holder.host, str(holder.pid), holder.since.isoformat()
