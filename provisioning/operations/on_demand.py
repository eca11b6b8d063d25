"""Provisioning people and groups at once, and what the answers mean: only one of them says that something was done."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from provisioning.errors import ConfigurationError, GraphError, MissingPermissionError
from provisioning.graph.pace import ON_DEMAND_PACE
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, ServicePrincipalId
from provisioning.model.mapping import ObjectKind
from provisioning.model.on_demand import MEMBERS_AT_ONCE, OnDemandAnswer, Result, Subject
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.log_codes import words_of
from provisioning.operations.logs import is_object_id
from provisioning.operations.watching import StackJob
from provisioning.planning.configuration import Configuration, rules_of
from provisioning.planning.rules.counting import FEW
from provisioning.planning.scope import is_in_scope
from provisioning.planning.touched import MOST_NAMES
from provisioning.words import counted

EACH = timedelta(seconds=ON_DEMAND_PACE[1] / ON_DEMAND_PACE[0])
"""How long a call takes, at the pace that the service allows."""

UP_TO_DATE, NOT_ENTITLED = "redundantexport", "noteffectivelyentitled"

CLOSING = frozenset({"disable", "delete"})

MOST_MEMBERS = 1_000
"""Of a group; more take over half an hour, and a cycle has them all at once."""

MOST_ASSIGNED = 100_000
"""So many people are read in order to see who of those who are named is in scope."""


class Outcome(Enum):
    """What became of somebody (operating facts: the answers of provisionOnDemand)."""

    DONE = "done"
    """Something was sent to the target, and it took it."""
    UP_TO_DATE = "up-to-date"
    """In scope, and nothing was to be done."""
    NOT_IN_SCOPE = "not-in-scope"
    """Out of scope, and not linked to an account or closed already. Which of these, only the target says."""
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProvisionedRow:
    """What came of one call."""

    name: str
    """Such as ``Ada Byron (ada.byron@contoso.com)``, or a group and which of its members came along."""
    object_id: str
    outcome: Outcome
    action: str
    """What was done: ``create``, ``update``, ``disable``, ``delete`` or ``other``; empty where nobody says."""
    code: str
    """Why it was skipped or failed; empty when it was done."""
    meaning: str
    """The code in plain words; the service's own where it is not known."""
    what_to_do: str
    change_id: str
    """By which the provisioning log knows it."""
    target_id: str
    """The account's id at the target, where the service says so."""


@dataclass(frozen=True, slots=True)
class ProvisionReport:
    """What came of provisioning on demand."""

    stack: str
    rows: tuple[ProvisionedRow, ...]
    """In the order of the calls; empty when nothing was done."""
    is_done: bool
    """False when nothing accepted it."""
    calls: int
    """How many calls it takes."""
    takes: timedelta
    """In seconds, at the pace that the service allows."""
    closing: tuple[str, ...]
    """Who is not in scope any more, and so is disabled by it where an account is open; looked at where many are named.
    """
    checksum: str
    """What ``--doit`` takes."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: whom it is about, and what they are called."""

    name: str
    subject: Subject

    @property
    def people(self) -> tuple[str, ...]:
        """The object ids of the people whom it provisions."""
        return (self.subject.id,) if self.subject.kind is PrincipalKind.USER else self.subject.members


@dataclass(frozen=True, slots=True)
class Provisioning:
    """What is going to be provisioned, as it is shown before."""

    stack: str
    rule: str
    calls: tuple[Call, ...]
    closing: tuple[str, ...] = ()
    """Who is not in scope any more, by name, as far as that was looked at, see :func:`_closing`."""

    @property
    def is_severe(self) -> bool:
        """Tell whether more people would lose their accounts than may without a word that names them."""
        return len(self.closing) > FEW

    @property
    def takes(self) -> timedelta:
        """How long it takes."""
        return len(self.calls) * EACH

    @property
    def lines(self) -> tuple[str, ...]:
        """Whom, and what may come of it."""
        calls = counted(len(self.calls), "call, which takes", "calls, which take")
        return (
            f"Provisioned at once: {', '.join(call.name for call in self.calls)}.",
            f"{self._fate}; a deletion threshold does not hold it back.",
            f"{calls} about {int(self.takes.total_seconds())} s.",
        )

    @property
    def checksum(self) -> str:
        """What this is accepted by."""
        named = sorted(f"{call.subject.id} {' '.join(call.subject.members)}" for call in self.calls)
        return hashlib.sha256("\0".join((self.stack, *named, *self.closing)).encode()).hexdigest()[:8]

    @property
    def _fate(self) -> str:
        if not self.closing:
            return "Whoever is not in scope any more is disabled by that"
        more = len(self.closing) - MOST_NAMES
        others = f", and {more:,} more" if more > 0 else ""
        who = counted(len(self.closing), "person is", "people are")
        return (
            f"{who} not in scope any more, and disabled by that where their account is open: "
            f"{', '.join(self.closing[:MOST_NAMES])}{others}"
        )


class Provisions(Protocol):
    """What provisioning on demand needs of Graph."""

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets."""

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users who are assigned."""

    async def person(self, named: str, *, attributes: Collection[str]) -> Person | None:
        """Read one user."""

    async def groups_named(self, name: str) -> list[AssignedGroup]:
        """Find the groups of a display name."""

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom groups and users bring along."""

    async def provision_on_demand(self, address: JobAddress, rule: str, subject: Subject) -> OnDemandAnswer:
        """Provision a person or a group at once, at the pace that the service allows."""


async def provisioning_of(
    graph: Provisions, meant: StackJob, persons: Sequence[str], groups: Sequence[str]
) -> Provisioning:
    """Look who is meant, by user principal name, name of a group, or object id.

    :raises ConfigurationError: when there is nobody of a name, several groups, or too many members.
    """
    schema = await graph.schema(meant.address)
    calls = [await _person_call(graph, named) for named in persons]
    has_groups = schema.of(ObjectKind.GROUPS).is_enabled
    for named in groups:
        calls += await _group_calls(graph, named, has_groups=has_groups)
    people = dict.fromkeys(each for call in calls for each in call.people)
    closing = await _closing(graph, meant, schema, people) if len(people) > FEW else ()
    return Provisioning(meant.stack, schema.rule, tuple(calls), closing)


async def provision(graph: Provisions, meant: StackJob, planned: Provisioning) -> AsyncIterator[ProvisionedRow]:
    """Make the calls, and give what came of each. One that Graph refuses does not end the others."""
    for call in planned.calls:
        try:
            answer = await graph.provision_on_demand(meant.address, planned.rule, call.subject)
        except GraphError as error:
            answer = OnDemandAnswer(Result.FAILURE, code=error.code or str(error.status), reason=error.message)
        yield row_of(call, answer)


def outcome_of(answer: OnDemandAnswer) -> Outcome:
    """Classify an answer. That somebody was skipped proves nothing about the account."""
    match answer.result, answer.code.lower():
        case Result.SUCCESS, _:
            return Outcome.DONE
        case Result.FAILURE, _:
            return Outcome.FAILED
        case Result.SKIPPED, code if code == UP_TO_DATE:
            return Outcome.UP_TO_DATE
        case Result.SKIPPED, code if code == NOT_ENTITLED:
            return Outcome.NOT_IN_SCOPE
        case _:
            return Outcome.SKIPPED


def is_closed_by(answer: OnDemandAnswer) -> bool:
    """Tell whether an answer says that the account was disabled or deleted by this call."""
    return answer.result is Result.SUCCESS and answer.action in CLOSING


def row_of(call: Call, answer: OnDemandAnswer) -> ProvisionedRow:
    """Say what came of a call in plain words."""
    outcome, words = outcome_of(answer), words_of(answer.code)
    meaning = words.meaning if words else answer.reason
    return ProvisionedRow(
        call.name,
        call.subject.id,
        outcome,
        answer.action,
        answer.code,
        "" if outcome is Outcome.DONE else meaning,
        words.remedy if words and outcome is not Outcome.DONE else "",
        answer.change_id,
        answer.target_id,
    )


async def _closing(
    graph: Provisions, meant: StackJob, schema: SynchronizationSchema, named: Collection[str]
) -> tuple[str, ...]:
    """Name who is not in scope any more: provisioned on demand, they are disabled, and no threshold holds it back.

    Whoever is disabled in Entra is left out: on demand nothing is sent about them (operating facts 1.4). Where nobody
    can see who is in scope, it may be anybody.
    """
    principal = meant.address.service_principal
    users = [Assignment(each, PrincipalKind.USER, "", "") for each in named]
    try:
        connection, assignments = Connection(await graph.secrets(principal)), await graph.assignments(principal)
    except MissingPermissionError:
        connection, assignments = Connection(), ()
    rules = rules_of(Configuration(schema, connection, assignments=assignments))
    attributes = rules.filter.attributes if rules and rules.filter else ()
    found = await graph.people(
        (*assignments, *users), attributes=attributes, everybody=False, at_most=MOST_ASSIGNED + len(users)
    )
    people = [each for each in found.persons if each.id in named and each.is_enabled]
    return tuple(sorted(each.name for each in people if rules is None or not is_in_scope(rules, each)))


async def _person_call(graph: Provisions, named: str) -> Call:
    person = await graph.person(named, attributes=())
    if person is not None:
        return Call(person.name, Subject(person.id))
    if is_object_id(named):
        return Call(named, Subject(named))
    raise ConfigurationError(
        f"There is no user {named!r} in this tenant.", hint="Write a user principal name, or the object id."
    )


async def _group_calls(graph: Provisions, named: str, *, has_groups: bool) -> list[Call]:
    """Split a group into calls; where the job provisions no groups, into its members."""
    group = await _group_of(graph, named)
    assigned = Assignment(group.id, PrincipalKind.GROUP, group.name, "")
    people = await graph.people([assigned], attributes=(), everybody=False, at_most=MOST_MEMBERS)
    if not people.is_complete:
        raise ConfigurationError(
            f"The group {group.name} has more than {MOST_MEMBERS:,} members.", hint="Wait for a cycle: elium wait."
        )
    if not has_groups:
        return [Call(person.name, Subject(person.id)) for person in people.persons]
    return list(_batches(group, people.persons))


def _batches(group: AssignedGroup, members: Sequence[Person]) -> Iterator[Call]:
    for start in range(0, max(len(members), 1), MEMBERS_AT_ONCE):
        some = members[start : start + MEMBERS_AT_ONCE]
        told = f"{group.name} with {', '.join(person.name for person in some)}" if some else group.name
        yield Call(told, Subject(group.id, PrincipalKind.GROUP, tuple(person.id for person in some)))


async def _group_of(graph: Provisions, named: str) -> AssignedGroup:
    found = await graph.groups_named(named)
    if len(found) == 1:
        return found[0]
    wrong = (
        f"{counted(len(found), 'group is', 'groups are')} called {named!r}."
        if found
        else f"There is no group {named!r} in this tenant."
    )
    hint = "Give one of them another name." if found else "Write its display name as the portal shows it."
    raise ConfigurationError(wrong, hint=hint)
