"""Whom a change touches: who would leave, who would enter, who would get another value, and for whom nothing works.

Theory of operation. Everybody is judged twice, by the rules before and after, with the same two languages that Entra
evaluates. What did not change is not evaluated. The estimate says what the service will do with people as they are
now; what the target holds is taken to be what the mappings before gave.

What flows and what does not: a value that becomes empty leaves the old one in place (Learn: known-issues#null); a
mapping that is removed does too; a mapping *only during creation* touches no account that is there
(Learn: customize-application-attributes); and where the target attribute ignores case, a difference in case alone is
not sent (Learn: functions-for-customizing-application-data#tolower).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

from provisioning.errors import EvaluationError
from provisioning.language import Attributes, TooSlowError, Value
from provisioning.model.mapping import AttributeMapping, FlowType
from provisioning.model.person import People, Person
from provisioning.planning.active import ACTIVE, COMPUTED
from provisioning.planning.configuration import Rules, changed_targets, is_matching_changed, loses_updates
from provisioning.planning.scope import is_deprovisioned, is_in_scope, is_same_scope, too_slow
from provisioning.planning.touched import MOST_EXAMPLES, MOST_NAMES, ChangedAttribute, Example, Group, Impact
from provisioning.planning.values import Evaluator, Settled, difference_between, evaluator_of, settled

Key: TypeAlias = tuple[str, Settled]
"""A matching attribute, and the value by which the target is asked for it."""


def impact_of(before: Rules, after: Rules, people: People, *, now: datetime, has_run: bool = True) -> Impact:
    """Judge *people* by both rules. *now* is the moment for expressions that ask for it.

    Where the job has not run, nobody was provisioned before, and everybody in scope is new.

    :raises ConfigurationError: when a regular expression takes too long for somebody.
    """
    judge = _Judge.between(before, after, now, has_run=has_run)
    for person in people.persons:
        judge.judge(person)
    return judge.impact(people)


@dataclass(slots=True)
class _Tally:
    """Counts people, and keeps the first names."""

    count: int = 0
    names: list[str] = field(default_factory=list)
    mark: int = 0

    def add(self, person: Person) -> None:
        self.count += 1
        self.mark ^= int.from_bytes(hashlib.sha256(person.id.encode()).digest()[:8])
        if self.count <= MOST_NAMES:
            self.names.append(person.name)

    @property
    def group(self) -> Group:
        return Group(self.count, tuple(self.names), f"{self.mark:016x}")


@dataclass(slots=True)
class _Comparison:
    """One target attribute whose mapping changed."""

    target: str
    before: Evaluator
    after: Evaluator
    flows: FlowType | None
    """When the new value reaches an account that is there; ``None`` when it never does."""
    is_exact: bool
    is_single: bool
    tally: _Tally = field(default_factory=_Tally)
    examples: list[Example] = field(default_factory=list)
    only_in_case: int = 0

    @classmethod
    def of(cls, target: str, before: Rules, after: Rules, now: datetime) -> _Comparison:
        earlier, mapping = before.mappings.get(target), after.mappings.get(target)
        definition = after.definitions.get(target)
        is_written = (
            mapping is not None
            and mapping.source is not None
            and mapping.flow_type is not FlowType.OBJECT_ADD_ONLY
            and not loses_updates(before.actions, after.actions)
        )
        return cls(
            target=target,
            before=evaluator_of(None if _is_kept_no_longer(target, earlier, mapping) else earlier, now),
            after=evaluator_of(mapping, now),
            flows=mapping.flow_type if mapping and is_written else None,
            is_exact=definition is not None and (definition.case_exact or definition.type == "Boolean"),
            is_single=definition is not None and not definition.multivalued,
        )

    def note(self, person: Person, before: Settled, after: Settled) -> bool:
        """Compare two values, and tell whether the account gets the new one."""
        if after is None or self.flows is None or (self.flows is FlowType.ATTRIBUTE_ADD_ONLY and before is not None):
            return False
        match difference_between(before, after):
            case "none":
                return False
            case "case" if not self.is_exact:
                self.only_in_case += 1
                return False
            case _:
                self.tally.add(person)
                if len(self.examples) < MOST_EXAMPLES:
                    self.examples.append(Example(person.name, before, after))
                return True

    @property
    def attribute(self) -> ChangedAttribute:
        return ChangedAttribute(self.target, self.tally.group, tuple(self.examples), self.only_in_case)


@dataclass(slots=True)
class _Matching:
    """By which attributes and values people are looked for, in their order."""

    attributes: Sequence[tuple[str, Evaluator]]

    @classmethod
    def of(cls, rules: Rules, now: datetime) -> _Matching:
        return cls([(mapping.target, evaluator_of(mapping, now)) for mapping in rules.matching])

    def keys(self, attributes: Attributes) -> tuple[Key, ...]:
        """Give what the service would ask the target for, one question after the other; what fails asks nothing."""
        values = ((target, _attempt(evaluate, attributes, set(), "")) for target, evaluate in self.attributes)
        return tuple((target, value) for target, value in values if value is not None)


class _Sought(NamedTuple):
    """Somebody in scope afterwards, and by what the target is asked for them."""

    person: Person
    is_new: bool
    before: tuple[Key, ...]
    """Nothing, when they are new."""
    after: tuple[Key, ...]


class _Turn(Enum):
    """What a new mapping of ``active`` makes of the account of somebody in scope."""

    NONE = "none"
    ENABLED = "enabled"
    DISABLED = "disabled"


_TALLIES: tuple[str, ...] = (
    *("leaving", "entering", "in_between", "changed", "failing", "recovering", "still_failing"),
    *("unmatched", "rematched", "colliding"),
)


@dataclass(slots=True)
class _Judge:
    """Both rules made ready, and what was found so far."""

    before: Rules
    after: Rules
    comparisons: list[_Comparison]
    matching: tuple[_Matching, _Matching] | None
    """``None`` when nobody can be new and matching does not change, which spares evaluating it."""
    computes: bool
    """Whether an expression asks for what is computed."""
    has_run: bool = True
    on_the_way: tuple[Rules, ...] = ()
    """What holds while a run carries the change out."""
    tallies: Mapping[str, _Tally] = field(default_factory=lambda: {name: _Tally() for name in _TALLIES})
    judged: list[int] = field(default_factory=lambda: [0, 0])
    """How many are in scope before and after."""
    sought: list[_Sought] = field(default_factory=list)

    @classmethod
    def between(cls, before: Rules, after: Rules, now: datetime, *, has_run: bool) -> _Judge:
        targets = [target for target in changed_targets(before, after) if _source_differs(target, before, after)]
        matching = (_Matching.of(before, now), _Matching.of(after, now))
        read = {name for rules in (before, after) for name in _read_by(rules, targets)}
        is_looked_for = not has_run or is_matching_changed(before, after) or not is_same_scope(before, after)
        return cls(
            before,
            after,
            [_Comparison.of(target, before, after, now) for target in targets],
            matching if is_looked_for else None,
            computes=bool(read & COMPUTED),
            has_run=has_run,
            on_the_way=_on_the_way(before, after) if has_run else (),
        )

    def judge(self, person: Person) -> None:
        was = self.has_run and is_in_scope(self.before, person)
        is_same = self.has_run and is_same_scope(self.before, self.after)
        will_be = was if is_same else is_in_scope(self.after, person)
        self.judged[0] += was
        self.judged[1] += will_be
        if will_be:
            turn = self._evaluated(person, is_new=not was)
            if not was or turn is _Turn.ENABLED:
                self.tallies["entering"].add(person)
            elif turn is _Turn.DISABLED:
                self.tallies["leaving"].add(person)
        elif was and is_deprovisioned(self.after, person):
            self.tallies["leaving"].add(person)
        elif not was and any(is_in_scope(each, person) for each in self.on_the_way):
            self.tallies["in_between"].add(person)

    def _evaluated(self, person: Person, *, is_new: bool) -> _Turn:
        try:
            return self._evaluate(person, is_new=is_new)
        except TooSlowError as error:
            raise too_slow(error, person) from error

    def _evaluate(self, person: Person, *, is_new: bool) -> _Turn:
        """Compare the values of someone who is in scope afterwards; tell what ``active`` makes of the account."""
        if not self.comparisons and self.matching is None:
            return _Turn.NONE
        before, after = self._attributes(person, self.before), self._attributes(person, self.after)
        if self.matching is not None:
            earlier, later = self.matching
            self.sought.append(_Sought(person, is_new, () if is_new else earlier.keys(before), later.keys(after)))
        failed: set[str] = set()
        is_changed, turn = False, _Turn.NONE
        for comparison in self.comparisons:
            one = _attempt(comparison.before, before, failed, "before")
            other = _attempt(comparison.after, after, failed, "after")
            if comparison.is_single and isinstance(other, frozenset):
                # Learn: concept-provisioning-logs, SchemaPropertyCanOnlyAcceptValue.
                failed.add("after")
            elif not is_new and comparison.note(person, one, other):
                is_changed = True
            if comparison.target == ACTIVE and _is_false(other) is not _is_false(one) and other is not None:
                turn = _Turn.DISABLED if _is_false(other) else _Turn.ENABLED
        self._count(person, failed, is_changed=is_changed)
        return turn

    def _count(self, person: Person, failed: set[str], *, is_changed: bool) -> None:
        if is_changed:
            self.tallies["changed"].add(person)
        if failed:
            name = "still_failing" if len(failed) > 1 else {"before": "recovering", "after": "failing"}[min(failed)]
            self.tallies[name].add(person)

    def _attributes(self, person: Person, rules: Rules) -> Attributes:
        if not self.computes:
            return person.attributes
        roles = rules.roles_of(person.through)
        return {**person.attributes, "IsSoftDeleted": "False", "appRoleAssignments": roles or None}

    def impact(self, people: People) -> Impact:
        self._look_for_pairs()
        targets = [comparison.target for comparison in self.comparisons]
        read = {name for rules in (self.before, self.after) for name in _read_by(rules, targets)}
        return Impact(
            judged=len(people),
            is_complete=people.is_complete,
            in_scope_before=self.judged[0],
            in_scope_after=self.judged[1],
            attributes=tuple(comparison.attribute for comparison in self.comparisons),
            unreadable=tuple(sorted(read & people.unreadable)),
            **{name: tally.group for name, tally in self.tallies.items()},
        )

    def _look_for_pairs(self) -> None:
        """Find those who would be looked for in another way, by nothing, or by the same value as somebody else.

        Every matching attribute counts, whatever its turn: who is not found by the first is looked for by the second,
        and finds somebody else's account where the value is shared (``DuplicateSourceEntries``).
        """
        held = Counter(key for each in self.sought for key in each.before)
        shared = Counter(key for each in self.sought for key in each.after)
        for each in self.sought:
            if not each.after:
                # Where nothing at all is known to match by, as before there is a schema, that is not about a person.
                if each.before or (each.is_new and self.after.matching):
                    self.tallies["unmatched"].add(each.person)
            elif any(shared[key] > 1 and (key not in each.before or held[key] == 1) for key in each.after):
                self.tallies["colliding"].add(each.person)
            elif each.before and each.before[0] != each.after[0]:
                self.tallies["rematched"].add(each.person)


def _on_the_way(before: Rules, after: Rules) -> tuple[Rules, ...]:
    """List the rules that hold while a run carries a change out; none where they bring in nobody else.

    The engine has azuread assign before the job is asked, and take assignments away after it; of the job, the schema is
    saved before the scope.
    """
    moves = (before.scope, before.held.keys()) != (after.scope, after.held.keys())
    if not moves or (before.filter, before.is_enabled) == (after.filter, after.is_enabled):
        return ()
    both = {**before.held, **after.held}
    saved = replace(after, held=both)
    return (replace(before, held=both), replace(saved, scope=before.scope), saved)


def _source_differs(target: str, before: Rules, after: Rules) -> bool:
    one, other = before.mappings.get(target), after.mappings.get(target)
    return (one and one.source) != (other and other.source) or _is_kept_no_longer(target, one, other)


def _is_kept_no_longer(target: str, one: AttributeMapping | None, other: AttributeMapping | None) -> bool:
    """Tell whether ``active`` is written to accounts that are there and was not: what they have may be anything."""
    sides = [each.flow_type is FlowType.OBJECT_ADD_ONLY for each in (one, other) if each]
    return target == ACTIVE and sides == [True, False]


def _read_by(rules: Rules, targets: Sequence[str]) -> Iterator[str]:
    """List the source attributes that the changed mappings and the matching ones read."""
    mappings: list[AttributeMapping] = [rules.mappings[target] for target in targets if target in rules.mappings]
    for mapping in (*mappings, *rules.matching):
        yield from mapping.source.attributes if mapping.source else ()


def _attempt(evaluate: Evaluator, attributes: Attributes, failed: set[str], when: str) -> Settled:
    """Evaluate; what has no value gives nothing, and *when* is put among those that *failed*."""
    try:
        value: Value = evaluate(attributes)
    except TooSlowError:
        raise
    except EvaluationError:
        failed.add(when)
        return None
    return settled(value)


def _is_false(value: Settled) -> bool:
    return isinstance(value, str) and value.casefold() == "false"
