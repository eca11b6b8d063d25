"""Who is in scope by the rules of a job, and whether somebody who is not is disabled. What flows is not asked here."""

from __future__ import annotations

from dataclasses import replace

from provisioning.errors import ConfigurationError, EvaluationError
from provisioning.language import TooSlowError
from provisioning.model.connection import Scope
from provisioning.model.person import People, Person
from provisioning.planning.configuration import Rules
from provisioning.planning.touched import MOST_NAMES, Group


class SlowForSomebodyError(ConfigurationError):
    """A regular expression takes too long for somebody, so that nobody is judged any further."""

    def __init__(self, pattern: str, limit: float, person: Person) -> None:
        super().__init__(
            f"The regular expression {pattern} takes longer than {limit:g} s for {person.name}.",
            hint="Write it without a repetition inside of a repetition, so that it can fail quickly.",
        )
        self.pattern = pattern
        """The regular expression, as it was written."""


def is_in_scope(rules: Rules, person: Person) -> bool:
    """Judge in the documented order: active, assigned, filter (Learn: how-provisioning-works#scoping)."""
    if not (rules.is_enabled and person.is_enabled and (rules.scope is Scope.ALL or rules.brings(person.through))):
        return False
    if rules.filter is None:
        return True
    try:
        return rules.filter.admits(person.attributes).admitted
    except TooSlowError as error:
        raise too_slow(error, person) from error
    except EvaluationError:
        return False


def is_deprovisioned(rules: Rules, person: Person) -> bool:
    """Tell whether somebody who is out of scope is disabled: one set of filters leaves people as they are.

    Graph: filter (``inputFilterGroups``).
    """
    if rules.filter is None or not is_in_scope(replace(rules, filter=None), person):
        return True
    try:
        return rules.filter.admits(person.attributes).deprovisions
    except TooSlowError as error:
        raise too_slow(error, person) from error
    except EvaluationError:
        return True


def people_in_scope(rules: Rules, people: People) -> Group:
    """Count those whom a job provisions now, as far as Entra can tell: what the target holds is not looked at."""
    names = [person.name for person in people.persons if is_in_scope(rules, person)]
    return Group(len(names), tuple(names[:MOST_NAMES]))


def managers_out_of_scope(rules: Rules, people: People) -> tuple[str, ...]:
    """Name the managers of people in scope who are not in scope themselves; nobody, when not all people were read."""
    if not people.is_complete:
        return ()
    inside = [person for person in people.persons if is_in_scope(rules, person)]
    ids = {person.id for person in inside}
    return tuple(sorted({person.manager.name for person in inside if person.manager and person.manager.id not in ids}))


def is_same_scope(before: Rules, after: Rules) -> bool:
    """Tell whether the same people are in scope."""
    if (before.scope, before.filter, before.is_enabled) != (after.scope, after.filter, after.is_enabled):
        return False
    return after.scope is Scope.ALL or before.held.keys() == after.held.keys()


def too_slow(error: TooSlowError, person: Person) -> SlowForSomebodyError:
    """Say whom a pattern takes too long for. One such person ends the judging: there may be thousands."""
    return SlowForSomebodyError(error.pattern, error.limit, person)
