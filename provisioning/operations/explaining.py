"""Asking what decides about one person: in eight calls at most, whatever the tenant's size."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from provisioning.errors import ConfigurationError, GraphError, MissingPermissionError
from provisioning.graph.attributes import unknown_among
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.connection import Connection, Scope
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, Person
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.explanation import NO_ROLE, Case, Explanation, Membership, Nested, explained
from provisioning.operations.status import status_and_others
from provisioning.operations.watching import StackJob, Watched
from provisioning.planning.configuration import Configuration, Rules

_Answer = TypeVar("_Answer")

MOST_CALLS = 8

LOG_LINES = 5


class Explained(Watched, Protocol):
    """What explaining needs of Graph besides."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to."""

    async def app_roles(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> tuple[AppRole, ...]:
        """Read the roles that the app declares."""

    async def person(self, named: str, *, attributes: frozenset[str]) -> Person | None:
        """Read one user with the source attributes named."""

    async def groups_around(self, user: str) -> frozenset[str]:
        """List the ids of all groups that a user is in, through other groups too."""

    async def groups_in(self, group: str) -> tuple[AssignedGroup, ...]:
        """List the groups that are direct members of a group, a page of them."""

    async def direct_groups(self, user: str, page: str = "") -> tuple[tuple[AssignedGroup, ...], str]:
        """List the groups that a user is a direct member of, page by page."""


async def explain(graph: Explained, meant: StackJob, named: str, *, now: datetime) -> Explanation:
    """Ask what decides about one person.

    :raises ConfigurationError: when there is no such person, or the service holds a filter that cannot be read.
    """
    return await _Asking(graph, meant, now).explain(named)


@dataclass(slots=True)
class _Asking:
    graph: Explained
    meant: StackJob
    now: datetime
    made: int = 0
    notes: tuple[str, ...] = ()
    above: frozenset[str] = frozenset()
    """The ids of all groups that the person is in, through others too."""
    direct: frozenset[str] = frozenset()
    """Of those that were listed as the person's own."""

    async def explain(self, named: str) -> Explanation:
        address = self.meant.address
        self.made = 4
        status, _ = await status_and_others(self.graph, address)
        schema = await self.graph.schema(address)
        assignments = await self.graph.assignments(address.service_principal)
        observed = Observed(status.job, schema=schema, assignments=assignments)
        person = await self._person(named, Configuration.of(observed).rules)
        membership = await self._membership(person, assignments)
        connection = await self._connection(membership)
        observed = replace(observed, connection=connection)
        if not (membership.brings or membership.not_for_security) and connection.scope is not Scope.ALL:
            membership = replace(membership, nested=await self._chains(membership.nested))
        log = await self._log(person)
        observed = replace(observed, roles=await self._roles(membership))
        rules = Configuration.of(observed).rules
        person = replace(person, through=frozenset(each.principal for each in membership.brings))
        return explained(Case(self.meant.stack, status, rules, person, membership, log, self.now), self.notes)

    async def _person(self, named: str, rules: Rules) -> Person:
        read = {*(rules.filter.attributes if rules.filter else ())}
        for mapping in rules.mappings.values():
            read |= mapping.source.attributes if mapping.source else set()
        # Where the tenant may not have an attribute, it may take a second request.
        self.made += bool(unknown_among(read))
        person = await self.graph.person(named, attributes=frozenset(read))
        if person is None:
            raise ConfigurationError(
                f"There is no user {named!r} in this tenant.",
                hint="Write a user principal name or an object id. Somebody who was deleted is disabled by the next "
                f"cycle; what was done says: elium logs {self.meant.stack} --person <object id>",
            )
        return person

    async def _membership(self, person: Person, assignments: Sequence[Assignment]) -> Membership:
        """Find which assignments count: the person's own, and those of groups that they are a direct member of."""
        own = tuple(each for each in assignments if each.principal == person.id)
        groups = {each.principal for each in assignments if each.kind is PrincipalKind.GROUP}
        above = await self._counted(self.graph.groups_around(person.id)) if groups else frozenset[str]()
        around = groups & above
        if not around:
            return Membership(own)
        self.above = above
        direct, is_complete = await self._direct(person, around)
        self.direct = frozenset(group.id for group in direct)
        direct = [group for group in direct if group.id in around]
        brought = {group.id for group in direct if group.is_security_enabled}
        names = {each.principal: each.name for each in assignments}
        unfit = tuple(group.name for group in direct if not group.is_security_enabled)
        hidden = sorted(around - self.direct, key=lambda group: names[group])
        nested = tuple(Nested(group, names[group]) for group in hidden)
        through = tuple(each for each in assignments if each.principal in brought)
        return Membership((*own, *through), nested, unfit, is_complete=is_complete)

    async def _direct(self, person: Person, around: AbstractSet[str]) -> tuple[list[AssignedGroup], bool]:
        """List the groups that somebody is a direct member of, until all of the assigned groups *around* are found.

        One call is kept for the connection, which decides for whoever is not assigned at all.
        """
        found: list[AssignedGroup] = []
        page = ""
        while self.made < MOST_CALLS - 1:
            groups, page = await self._counted(self.graph.direct_groups(person.id, page))
            found += groups
            if not page or around <= {group.id for group in found}:
                return found, True
        self.notes += ("The person is in more groups than were looked at.",)
        return found, False

    async def _chains(self, nested: Sequence[Nested]) -> tuple[Nested, ...]:
        """Name the groups in between, as far as calls are left: of those inside, the ones that the person is in.

        It goes before the log, which could only say that the person was left out.
        """
        named = []
        for one in nested:
            if self.made >= MOST_CALLS:
                named.append(one)
                continue
            inside = [group for group in await self._counted(self.graph.groups_in(one.id)) if group.id in self.above]
            own = [group for group in inside if group.id in self.direct]
            named.append(replace(one, inside=tuple(group.name for group in own or inside), is_direct=bool(own)))
        return tuple(named)

    async def _connection(self, membership: Membership) -> Connection:
        """Read the scope where it decides: for whoever is not assigned, or with Default Access alone."""
        if any(each.role != NO_ROLE for each in membership.brings):
            return Connection()
        return Connection(await self._counted(self.graph.secrets(self.meant.address.service_principal)))

    async def _log(self, person: Person) -> tuple[LogEntry, ...]:
        if self.made >= MOST_CALLS:
            self.notes += (f"The log was not read: elium logs {self.meant.stack} --person {person.id}",)
            return ()
        question = LogQuestion(self.meant.address.job, source_id=person.id)
        try:
            page = await self._counted(self.graph.log_page(question, at_most=LOG_LINES))
        except MissingPermissionError as error:
            self.notes += (f"The log could not be read. {error.hint}",)
            return ()
        return page.entries[:LOG_LINES]

    async def _roles(self, membership: Membership) -> tuple[AppRole, ...]:
        """Read the names of the roles, which are told and which expressions may ask for."""
        if not membership.brings or self.made >= MOST_CALLS:
            return ()
        try:
            return await self._counted(self.graph.app_roles(self.meant.address.service_principal, may_be_new=False))
        except GraphError:
            return ()

    async def _counted(self, call: Awaitable[_Answer]) -> _Answer:
        self.made += 1
        return await call
