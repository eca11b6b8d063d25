"""Gathering what a report tells: how everybody stands, what is configured, and what the log says of the time before."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from provisioning.model.assignment import Assignment
from provisioning.model.connection import SETTINGS, Connection, Scope
from provisioning.model.identifiers import JobAddress
from provisioning.model.mapping import AttributeMapping, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.doctor.chart import Drift
from provisioning.operations.logs import LogReader
from provisioning.operations.reporting.history import Cause, CycleTally, History, causes_of
from provisioning.operations.reporting.waits import CREATED, Entering, Waits
from provisioning.operations.standing import PersonStanding, Standing
from provisioning.operations.status import StatusReport, status_and_others, status_of
from provisioning.operations.surveying import Hears, Surveyed, survey
from provisioning.operations.watching import StackJob

OPEN = frozenset({Standing.PROVISIONED, Standing.QUIET, Standing.LEAVING})
"""Standings of people whose account is open; of those who fail the log's lines tell it, cycle by cycle."""


NAMING = frozenset({"baseAddress", "notification"})
"""Settings that name a person, or whose tenant it is."""


@dataclass(frozen=True, slots=True)
class Drifting:
    """What the last ``up`` left, and what tells how Entra differs from it."""

    tells: Drift
    declared: Mapping[str, Any]
    """The job's inputs in the stack's state; empty where there is none."""

    async def of(self, graph: Surveyed, address: JobAddress, observed: Observed) -> tuple[str, ...] | None:
        """Tell it; ``None`` where no state says how it was. Of what was *observed* only the job is missing."""
        if not self.declared:
            return None
        status, _ = await status_and_others(graph, address)
        return tuple(self.tells(address, replace(observed, job=status.job), self.declared))


class Rename(Protocol):
    """Gives other names, the same for the same each time; a :class:`MadeUpNames` does."""

    def text(self, text: str) -> str:
        """Replace a name or an address."""

    def id(self, identifier: str) -> str:
        """Replace an object id."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that is configured, as Entra has it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class StackReport:
    """One stack at one moment."""

    stack: str
    at: datetime
    """When it was asked, in UTC."""
    since: datetime
    """How far the log was read back."""
    status: StatusReport
    settings: tuple[Setting, ...]
    """What is configured: the tutorial's steps."""
    assigned: tuple[str, ...]
    """The groups and users that are assigned, by name."""
    mappings: tuple[Setting, ...]
    """Each attribute of the app, and what computes it."""
    people: tuple[PersonStanding, ...]
    """How everybody stands, by name."""
    counts: Mapping[str, int]
    """How many people stand how."""
    cycles: tuple[CycleTally, ...]
    """What happened, oldest first."""
    causes: tuple[Cause, ...]
    """Why people fail, the most frequent first."""
    waits: Waits
    """How long it took from entering the scope to the account."""
    drift: tuple[str, ...] | None
    """What is otherwise in Entra than the last ``up`` left it, a clause each; null where no state says how that was."""


@dataclass(slots=True)
class _HeardLog(LogReader):
    """A log of which each line is counted as it is read."""

    history: History = field(default_factory=History)

    async def read(self, question: LogQuestion, *, at_most: int | None = None) -> AsyncIterator[LogEntry]:
        async for entry in LogReader.read(self, question, at_most=at_most):
            self.history.take(entry)
            yield entry


async def gather(
    graph: Surveyed,
    meant: StackJob,
    log: LogReader,
    *,
    since: datetime,
    tell: Callable[[str], None],
    drifting: Drifting | None = None,
) -> StackReport:
    """Ask for everything that a report tells. *tell* hears how far it is; *drifting* says what the last ``up`` left.

    :raises NotFoundError: when the job, or its app, is gone.
    """
    address, now = meant.address, log.clock.now()
    status = await status_of(graph, meant, now=now)
    schema = await graph.schema(address)
    connection = Connection(await graph.secrets(address.service_principal))
    assignments = await graph.assignments(address.service_principal)
    heard = _HeardLog(log.graph, log.clock, log.pace)
    entering = Entering(heard.history.made, since, _counting(connection, assignments))
    hears = Hears(frozenset({CREATED}), entering.hear)
    found = [one async for one in survey(graph, meant, heard, since=since, tell=tell, hears=hears)]
    people = tuple(sorted(found, key=_by_name))
    counts = Counter(one.standing for one in people)
    of_entra = Observed(None, connection=connection, schema=schema, assignments=assignments)
    return StackReport(
        stack=meant.stack,
        at=now,
        since=since,
        status=status,
        settings=tuple(_settings(connection, schema)),
        assigned=tuple(sorted(f"{each.kind.value} {each.name}" for each in _each_once(assignments))),
        mappings=tuple(_mappings(schema)),
        people=people,
        counts={each.value: counts[each] for each in Standing if counts[each]},
        cycles=heard.history.cycles(open_now=sum(counts[each] for each in OPEN)),
        causes=causes_of(people),
        waits=entering.waits,
        drift=await drifting.of(graph, address, of_entra) if drifting else None,
    )


def renamed(report: StackReport, names: Rename) -> StackReport:
    """Give the same with other names and ids, of everybody and of what is assigned; addresses are left out."""
    people = tuple(
        replace(one, person=names.text(one.person), person_id=names.id(one.person_id), target_id="")
        for one in report.people
    )
    return replace(
        report,
        settings=tuple(replace(each, value="left out") if each.name in NAMING else each for each in report.settings),
        assigned=tuple(
            f"{kind} {names.text(name)}" for kind, _, name in (each.partition(" ") for each in report.assigned)
        ),
        status=_unnamed(report.status),
        people=tuple(sorted(people, key=_by_name)),
        causes=causes_of(people),
        # What differs is told with its values.
        drift=None,
    )


def _unnamed(status: StatusReport) -> StatusReport:
    """Leave out ids, whom Entra writes to, and the service's own words, which may have an address in them."""
    quarantine = replace(status.quarantine, message="") if status.quarantine else None
    return replace(
        status, notification_email="", service_principal_id="", job_id="", other_jobs=(), quarantine=quarantine
    )


def _by_name(one: PersonStanding) -> tuple[str, str]:
    return one.person.casefold(), one.person_id


def _counting(connection: Connection, assignments: Sequence[Assignment]) -> Mapping[str, Assignment]:
    """Give the assignments that bring people into scope, by principal; none where everybody is in scope."""
    return {} if connection.scope is Scope.ALL else {each.principal: each for each in reversed(assignments)}


def _each_once(assignments: Sequence[Assignment]) -> list[Assignment]:
    return list({each.principal: each for each in assignments}.values())


def _settings(connection: Connection, schema: SynchronizationSchema) -> Iterator[Setting]:
    for setting in SETTINGS:
        yield Setting(setting.place, setting.shown(connection))
    yield Setting("secretToken", "saved" if connection.has_token else "nothing")
    for kind in ObjectKind:
        mapping = schema.of(kind)
        if mapping.is_there:
            yield Setting(f"objects.{kind.value}", "on" if mapping.is_enabled else "off")
            yield Setting(f"filters.{kind.value}", str(mapping.filter) if mapping.filter else "nothing")


def _mappings(schema: SynchronizationSchema) -> Iterator[Setting]:
    for kind in ObjectKind:
        if schema.of(kind).is_there:
            for target, mapping in schema.of(kind).mappings.items():
                yield Setting(f"{kind.value}.{target}", _mapped(mapping))


def _mapped(mapping: AttributeMapping) -> str:
    parts = [mapping.written or "nothing"]
    parts += [f"matches, turn {mapping.match}"] if mapping.match else []
    parts += [f'default "{mapping.default}"'] if mapping.default is not None else []
    return ", ".join(parts)
