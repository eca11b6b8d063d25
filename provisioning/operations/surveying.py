"""Asking how everybody stands: the log first, as little of it as is needed, then people as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from provisioning.model.assignment import Assignment
from provisioning.model.connection import Connection, Scope
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.observed import Observed
from provisioning.model.person import Person
from provisioning.model.provisioning_log import LogQuestion
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.comparing import Comparison, Listed
from provisioning.operations.explanation import NO_ROLE
from provisioning.operations.logs import LogReader
from provisioning.operations.standing import Last, PersonStanding, standing_of, standing_of_one_who_is_gone
from provisioning.operations.status import status_and_others
from provisioning.operations.watching import StackJob, Watched
from provisioning.planning.configuration import Configuration, Rules
from provisioning.words import counted

PERSON = "User"

NEVER = datetime.max.replace(tzinfo=UTC)

EACH = 1_000
"""After how many lines of the log something is told."""


class Surveyed(Watched, Protocol):
    """What surveying needs of Graph besides."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to."""

    def each_person(
        self, principals: Sequence[Assignment], *, attributes: Collection[str], everybody: bool
    ) -> AsyncIterator[Person]:
        """Give whom principals bring along, and everybody else where that is asked, each once."""


@dataclass(frozen=True, slots=True)
class Hears:
    """Who hears of each person besides, as they are read."""

    attributes: frozenset[str] = frozenset()
    """What is read for it as well, by the names of mappings."""
    hear: Callable[[Person], None] = lambda _: None
    """Hears of everybody in Entra, once the log is read."""


async def survey(  # noqa: PLR0913 - each is a source, or somebody who hears
    graph: Surveyed,
    meant: StackJob,
    log: LogReader,
    *,
    since: datetime,
    tell: Callable[[str], None],
    target: Listed | None = None,
    hears: Hears | None = None,
) -> AsyncIterator[PersonStanding]:
    """Give how everybody stands, one by one: those in Entra as they are read, then those whom only the log knows.

    With the *target* its own accounts are compared, and those that nobody manages come last. What is kept is an index
    of the log by object id, one of the accounts, and the ids of those who were given. *tell* hears how far it is.

    :raises UnavailableError: before anybody is given, when the target's list of accounts is not whole.
    """
    address = meant.address
    status, _ = await status_and_others(graph, address)
    schema = await graph.schema(address)
    connection = Connection(await graph.secrets(address.service_principal))
    assignments = await graph.assignments(address.service_principal)
    observed = Observed(status.job, connection=connection, schema=schema, assignments=assignments)
    rules = Configuration.of(observed).rules
    lasts = await _lasts(log, LogQuestion(address.job, since=since), tell)
    is_whole = status.steady_since is None or status.steady_since > since
    comparison = await _comparison(target, Comparison.by(rules, log.clock.now()), tell) if target else None
    # Whoever has a role by one way is not told by another that has none; of several ways the earliest is told.
    first = sorted(assignments, key=lambda each: (each.role == NO_ROLE, each.created or NEVER))
    everybody = connection.scope is Scope.ALL
    also = hears or Hears()
    read = _read_by(rules, with_matching=comparison is not None) | also.attributes
    async for person in graph.each_person(first, attributes=read, everybody=everybody):
        also.hear(person)
        one = standing_of(person, rules, lasts.pop(person.id, None), is_whole=is_whole)
        yield comparison.told(one, person) if comparison else one
    for person_id, last in lasts.items():
        if gone := standing_of_one_who_is_gone(person_id, last):
            yield comparison.told(gone, None) if comparison else gone
    for unmanaged in comparison.unmanaged() if comparison else ():
        yield unmanaged


async def _comparison(target: Listed, comparison: Comparison, tell: Callable[[str], None]) -> Comparison:
    """Read the target's accounts, all of them before anybody is judged by them."""
    async for account in target.each(comparison.attributes):
        comparison.add(account)
        if len(comparison.held) % EACH == 0:
            tell(f"{counted(len(comparison.held), 'account')} of the target are read")
    return comparison


async def _lasts(log: LogReader, question: LogQuestion, tell: Callable[[str], None]) -> dict[str, Last]:
    """Index the last line about each person. Repeated texts are kept once."""
    found: dict[str, Last] = {}
    kept: dict[str, str] = {}
    read = 0
    async for entry in log.read(question):
        read += 1
        if read % EACH == 0:
            tell(f"{counted(read, 'line')} of the log are read")
        if entry.kind != PERSON:
            continue
        last = found.get(entry.source_id)
        found[entry.source_id] = last.before(entry) if last else Last.of(entry, kept)
    return found


def _read_by(rules: Rules, *, with_matching: bool) -> frozenset[str]:
    """Tell which attributes of people are read: those of the filter, and what they are matched by where needed."""
    matching = (one.source.attributes for one in rules.matching if one.source and with_matching)
    return frozenset().union(rules.filter.attributes if rules.filter else (), *matching)
