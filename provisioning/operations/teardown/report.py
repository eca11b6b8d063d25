"""What a teardown is going to do, or did: each person with the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from provisioning.model.assignment import PrincipalKind
from provisioning.operations.reporting.gathering import Rename
from provisioning.operations.teardown.journal import Journal
from provisioning.operations.teardown.leaver import Evidence, Leaver, Way
from provisioning.operations.teardown.plan import Accounts, Obstacle, Plan, Step


class State(Enum):
    """How far a teardown is."""

    REFUSED = "refused"
    """Something stands in the way; nothing was done."""
    PLANNED = "planned"
    """Nothing was done yet."""
    UNFINISHED = "unfinished"
    """Something was done; the same command goes on."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One person, or one group."""

    id: str
    """The object id."""
    name: str
    kind: PrincipalKind
    way: Way
    """How the account is closed."""
    why: str
    """Why this way; empty for somebody who is simply in scope."""
    target_id: str
    """The account's id at the target, where it is known."""
    is_closed: bool
    """Whether the evidence is enough."""
    evidence: tuple[Evidence, ...]
    """What shows it, the strongest first."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step."""

    step: Step
    at: datetime | None
    """When it was done; ``null`` when it was not."""


@dataclass(frozen=True, slots=True)
class TeardownReport:
    """A teardown."""

    stack: str
    service_principal_id: str
    job_id: str
    state: State
    checksum: str
    """What ``--doit`` takes."""
    accounts: Accounts
    force_deletes: bool
    purge: bool
    assignments: tuple[str, ...]
    """What is taken away, by name."""
    people: tuple[PersonReport, ...]
    obstacles: tuple[Obstacle, ...]
    """What must be different first, each with its way on."""
    notes: tuple[str, ...]
    takes_at_least: timedelta
    """In seconds."""
    takes_at_most: timedelta
    """In seconds."""
    began: datetime | None
    finished: datetime | None
    steps: tuple[StepReport, ...]


def report_of(plan: Plan, journal: Journal | None = None) -> TeardownReport:
    """Report a plan, and what was done of it."""
    return TeardownReport(
        plan.stack,
        plan.service_principal_id,
        plan.job_id,
        _state_of(plan, journal),
        plan.checksum,
        plan.options.accounts,
        plan.options.forces_deletes,
        plan.options.purges,
        tuple(f"{one.kind.value} {one.name}" for one in plan.assignments),
        tuple(map(_person, plan.people)),
        plan.obstacles,
        (*plan.notes, *(journal.notes if journal else ())),
        plan.takes_at_least,
        plan.takes_at_most,
        journal.began if journal else None,
        journal.finished if journal else None,
        tuple(StepReport(step, _done_at(step, journal)) for step in plan.steps),
    )


def renamed(report: TeardownReport, names: Rename) -> TeardownReport:
    """Give the same with other names and ids. What is told in sentences is left out, since it names people."""
    people = (
        replace(
            one,
            id=names.id(one.id),
            name=names.text(one.name),
            target_id="",
            evidence=tuple(replace(each, reference="") for each in one.evidence),
        )
        for one in report.people
    )
    parts = (one.partition(" ") for one in report.assignments)
    return replace(
        report,
        service_principal_id="",
        job_id="",
        people=tuple(sorted(people, key=lambda one: (one.name.casefold(), one.id))),
        assignments=tuple(f"{kind} {names.text(name)}" for kind, _, name in parts),
        obstacles=(),
        notes=(),
    )


def _state_of(plan: Plan, journal: Journal | None) -> State:
    if journal and journal.finished:
        return State.FINISHED
    if plan.obstacles:
        return State.REFUSED
    return State.UNFINISHED if journal else State.PLANNED


def _done_at(step: Step, journal: Journal | None) -> datetime | None:
    done = (one.at for one in journal.done if one.step is step) if journal else iter(())
    return next(done, None)


def _person(leaver: Leaver) -> PersonReport:
    told = (leaver.why, leaver.target_id, leaver.is_closed, leaver.evidence)
    return PersonReport(leaver.id, leaver.name, leaver.kind, leaver.way, *told)
