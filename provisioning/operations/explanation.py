"""Why somebody is, or is not, in scope, from everything that was read about them. Pure.

The order is the service's: active, assigned, role, filter, matching (Learn: how-provisioning-works#scoping).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from provisioning.errors import EvaluationError
from provisioning.language import BY_THE_REFERENCE, Attributes
from provisioning.language.clauses import Clause
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.person import GUEST, Person
from provisioning.model.provisioning_log import LogEntry
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.log_codes import words_of
from provisioning.operations.status import MEANINGS, State, state_of
from provisioning.planning.configuration import Rules
from provisioning.planning.values import evaluator_of, settled

NO_ROLE = "00000000-0000-0000-0000-000000000000"
"""*Default Access*: who holds it alone is not provisioned (Learn: elium-provisioning-tutorial), or is, by any set-up
made since 2020 (Learn: application-provisioning-config-problem-no-users-provisioned): so it is told as a doubt."""


class Check(Enum):
    """What the service asks, in its order; the job comes first, since nothing is asked while it does not run."""

    JOB = "job"
    ACTIVE = "active"
    ASSIGNED = "assigned"
    ROLE = "role"
    FILTER = "filter"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: Check
    holds: bool | None
    """``null`` when it is not known."""
    sentence: str
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class ClauseFinding:
    """One clause of the scoping filter. All clauses of a group must hold, for one group."""

    group: str
    """The title of its group, or its number."""
    clause: str
    """Such as ``department EQUALS Sales``."""
    value: str
    """What the person has there; empty for nothing."""
    holds: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A value that the next change would send."""

    target: str
    """The attribute at the target."""
    value: str
    source: str
    """The expression that computes it."""
    fails: bool
    """Whether the expression has no value for this person, so that the whole person fails."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody is, or is not, provisioned."""

    stack: str
    person_id: str
    person: str
    is_guest: bool
    is_in_scope: bool | None
    """``null`` when a check could not be made."""
    conclusion: str
    """All of it in a sentence."""
    findings: tuple[Finding, ...]
    clauses: tuple[ClauseFinding, ...]
    roles: tuple[str, ...]
    """The app roles that the person holds, by name where it is known."""
    sends: tuple[Sent, ...]
    """What would be sent; empty for somebody who is out of scope."""
    log: tuple[LogEntry, ...]
    """The last lines of the log about this person, newest first."""
    notes: tuple[str, ...]
    """What was left out, and why."""


@dataclass(frozen=True, slots=True)
class Nested:
    """An assigned group that the person is in, but only through other groups."""

    id: str
    name: str
    inside: tuple[str, ...] = ()
    """The groups inside it that bring the person there, by name; empty where that was not looked at."""
    is_direct: bool = False
    """Whether the person is a direct member of those; otherwise more groups lie in between."""

    def __str__(self) -> str:
        named = " and ".join(self.inside)
        if not named:
            return f"a group inside {self.name}"
        return f"{named}, inside {self.name}" if self.is_direct else f"a group inside {named}, inside {self.name}"


@dataclass(frozen=True, slots=True)
class Membership:
    """Which assignments bring the person along, and which only seem to."""

    brings: tuple[Assignment, ...] = ()
    nested: tuple[Nested, ...] = ()
    not_for_security: tuple[str, ...] = ()
    """Names of assigned groups that are not security-enabled."""
    is_complete: bool = True


SHORTEST_LOG = timedelta(days=7)
"""How far the log reaches back without a licence (Learn: concept-provisioning-logs)."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that was read."""

    stack: str
    status: SynchronizationStatus
    rules: Rules
    person: Person
    membership: Membership
    log: tuple[LogEntry, ...]
    now: datetime

    @property
    def attributes(self) -> Attributes:
        """What expressions and filters see, computed ones included."""
        roles = self.rules.roles_of(self.person.through)
        return {**self.person.attributes, "IsSoftDeleted": "False", "appRoleAssignments": roles or None}


def explained(case: Case, notes: tuple[str, ...]) -> Explanation:
    """Judge everything that was read."""
    clauses = tuple(_clauses_of(case))
    findings = tuple(_findings_of(case, clauses))
    failed = [finding for finding in findings if finding.check is not Check.JOB and finding.holds is not True]
    is_in_scope = None if any(finding.holds is None for finding in failed) else not failed
    roles = tuple(str(role.get("displayName") or role["id"]) for role in case.rules.roles_of(case.person.through))
    return Explanation(
        stack=case.stack,
        person_id=case.person.id,
        person=case.person.name,
        is_guest=GUEST in case.person.name,
        is_in_scope=is_in_scope,
        conclusion=_conclusion(case, findings),
        findings=findings,
        clauses=clauses,
        roles=roles,
        sends=tuple(_sends(case)) if is_in_scope else (),
        log=case.log,
        notes=notes,
    )


def _findings_of(case: Case, clauses: Sequence[ClauseFinding]) -> Iterator[Finding]:
    yield _job(case)
    yield _active(case)
    yield _assigned(case)
    if case.membership.brings and case.rules.scope is not Scope.ALL:
        yield _role(case)
    yield _filter(case, clauses)
    yield _matching(case)


def _job(case: Case) -> Finding:
    state = state_of(case.status, now=case.now)
    if state in MEANINGS:
        meant = MEANINGS[state]
        is_well = state in (State.RUNNING, State.FIRST_CYCLE)
        return Finding(Check.JOB, is_well, meant.sentence, meant.what_to_do.format(stack=case.stack))
    return _fails(Check.JOB, "The job is in quarantine.", f"elium status {case.stack}")


def _active(case: Case) -> Finding:
    if not case.rules.is_enabled:
        return _fails(Check.ACTIVE, "Users are not provisioned by this job.", "Look at elium:objects.")
    if case.person.is_enabled:
        return _holds_as(Check.ACTIVE, "The account is enabled.")
    sentence = "The account is disabled in Entra: it is never created at the target, and disabled if it is there."
    return _fails(Check.ACTIVE, sentence, "Enable it in Entra.")


def _assigned(case: Case) -> Finding:
    membership = case.membership
    if case.rules.scope is Scope.ALL:
        return _holds_as(Check.ASSIGNED, "Everybody is considered: the scope is all.")
    if membership.brings:
        ways = [_way(each) for each in membership.brings]
        return _holds_as(Check.ASSIGNED, f"Assigned {', and '.join(dict.fromkeys(ways))}.")
    remedy = "Assign the person, or a group that they are a direct member of."
    if membership.not_for_security:
        names = ", ".join(membership.not_for_security)
        return _fails(Check.ASSIGNED, f"Only through {names}, which is not security-enabled.", remedy)
    if membership.nested:
        chains = "; through ".join(map(str, membership.nested))
        sentence = f"Only through {chains}: members of nested groups are not provisioned."
        holds = False if membership.is_complete else None
        return Finding(Check.ASSIGNED, holds, sentence, remedy)
    return _fails(Check.ASSIGNED, "Not assigned to the app, in no way.", remedy)


def _holds_as(check: Check, sentence: str) -> Finding:
    return Finding(check, holds=True, sentence=sentence)


def _fails(check: Check, sentence: str, what_to_do: str) -> Finding:
    return Finding(check, holds=False, sentence=sentence, what_to_do=what_to_do)


def _way(assignment: Assignment) -> str:
    return f"through the group {assignment.name}" if assignment.kind is PrincipalKind.GROUP else "directly"


def _role(case: Case) -> Finding:
    held = [each.role for each in case.membership.brings]
    if all(role == NO_ROLE for role in held):
        sentence = (
            "Assigned with Default Access alone: the tutorial says that such people are not provisioned, a later page "
            "that they are."
        )
        return Finding(Check.ROLE, None, sentence, "Assign a role of the app, such as User.")
    names = [str(role.get("displayName") or role["id"]) for role in case.rules.roles_of(case.person.through)]
    return _holds_as(Check.ROLE, f"Holds {' and '.join(names)}.")


def _filter(case: Case, clauses: Sequence[ClauseFinding]) -> Finding:
    if case.rules.filter is None:
        return _holds_as(Check.FILTER, "There is no scoping filter.")
    try:
        verdict = case.rules.filter.admits(case.attributes)
    except EvaluationError as error:
        return Finding(Check.FILTER, None, f"The filter cannot be asked: {error.problem}", "Correct it.")
    if verdict.admitted:
        return _holds_as(Check.FILTER, f"Passes the filter: {verdict.group or 'everybody does'}.")
    failed = {str(clause) for clause in verdict.clauses}
    told = [f"{each.clause} is not true of {each.value or 'nothing'}" for each in clauses if each.clause in failed]
    sentence = f"Does not pass the filter: {'; '.join(dict.fromkeys(told)) or ', '.join(failed)}."
    return _fails(Check.FILTER, sentence, "Change the value, or the filter.")


def _matching(case: Case) -> Finding:
    """Tell whether there is a value to match by; without one nothing else is even looked at (ImportSkipped)."""
    matching = case.rules.matching
    values = [(each.target, _value_of(case, each.target)) for each in matching]
    found = [f"{target} {value!r}" for target, value in values if value]
    if found or not matching:
        sentence = f"Matched by {', then '.join(found)}." if found else "Nothing is matched by."
        return Finding(Check.MATCHING, bool(found), sentence, "" if found else "Give a mapping a match.")
    named = ", ".join(f"{each.target} = {each.written}" for each in matching)
    return _fails(Check.MATCHING, f"There is nothing to match by: {named} is empty.", "Fill it in.")


def _value_of(case: Case, target: str) -> str | None:
    """Work out what a target attribute would get; ``None`` for nothing, and where the expression has no value."""
    try:
        value = settled(evaluator_of(case.rules.mappings.get(target), case.now)(case.attributes))
    except EvaluationError:
        return None
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else value


def _clauses_of(case: Case) -> Iterator[ClauseFinding]:
    for number, group in enumerate(case.rules.filter.groups if case.rules.filter else (), 1):
        for clause in group.clauses:
            value = settled(case.attributes.get(clause.attribute))
            shown = ", ".join(sorted(value)) if isinstance(value, frozenset) else value or ""
            yield ClauseFinding(group.name or str(number), str(clause), shown, _holds(clause, case))


def _holds(clause: Clause, case: Case) -> bool:
    try:
        return clause.judge(BY_THE_REFERENCE)(case.attributes)
    except EvaluationError:
        return False


def _sends(case: Case) -> Iterator[Sent]:
    for target, mapping in case.rules.mappings.items():
        try:
            value = settled(evaluator_of(mapping, case.now)(case.attributes))
        except EvaluationError:
            yield Sent(target, "", mapping.written, fails=True)
            continue
        if value:
            shown = ", ".join(sorted(value)) if isinstance(value, frozenset) else value
            yield Sent(target, shown, mapping.written, fails=False)


def _conclusion(case: Case, findings: Sequence[Finding]) -> str:
    """Say all of it in a sentence: the first check that does not hold, or what the log says of who is in scope."""
    name = case.person.name
    asked = [finding for finding in findings if finding.check is not Check.JOB]
    failed = next((finding for finding in asked if finding.holds is not True), None)
    if failed:
        is_unknown = "It is not known whether they are in scope" if failed.holds is None else "Not in scope"
        return f"{name}: {is_unknown}. {failed.sentence}"
    stopped = next((finding for finding in findings if finding.check is Check.JOB and not finding.holds), None)
    if stopped:
        return f"{name}: In scope, but nothing happens. {stopped.sentence}"
    if not case.log:
        steady = case.status.steady_since
        if steady is not None and case.now - steady >= SHORTEST_LOG:
            return (
                f"{name}: In scope, and nothing is in the log, which does not reach back to the first cycles: most "
                "likely provisioned long ago. If they are new, the next cycle, or its log entry, is still to come."
            )
        return f"{name}: In scope, and nothing is in the log yet: the next cycle, or its log entry, is still to come."
    last = case.log[0]
    words = words_of(last.code)
    why = f" ({words.meaning})" if words else f" ({last.code})" if last.code else ""
    if last.result == "failure":
        return f"{name}: In scope, and failing{why}."
    return f"{name}: In scope; last in the log: {last.action}, {last.result}{why}."
