"""Scoping filters: who is provisioned at all (Learn: define-conditional-rules-for-provisioning-user-accounts)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias, final

from provisioning.errors import ParseError
from provisioning.language.choices import BY_THE_REFERENCE, Choices
from provisioning.language.clauses import Clause
from provisioning.language.dotnet.backtracking import can_take_for_ever
from provisioning.language.graph_form import Json
from provisioning.language.judging import ClauseGroup, FilterSet, Judge, Verdict, numbered, objects_in
from provisioning.language.operands import refusal_of
from provisioning.language.operators import operators_for
from provisioning.language.values import Attributes

Readable: TypeAlias = "Sequence[str] | Sequence[Sequence[str]] | Mapping[str, Sequence[str]]"
"""A filter as people write it: clauses that must all hold; or several such lists, of which one must hold, with or
without a title each."""

_FORMS = "Write a list of clauses, or a list of such lists."


@dataclass(frozen=True, slots=True)
class RefusedOperand:
    """A clause on an attribute by which Entra does not filter."""

    clause: Clause
    reason: str
    """Why, as in ``it has several values``."""

    def __str__(self) -> str:
        return f"{self.clause.attribute} cannot be filtered by: {self.reason}."


@dataclass(frozen=True, slots=True)
class Misfit:
    """A clause whose operator is not for the type of its attribute, so that nobody satisfies it as it is meant."""

    clause: Clause
    type: str
    """The type of the attribute, such as ``Boolean``."""

    @property
    def is_disputed(self) -> bool:
        """Whether Microsoft's pages contradict each other on it."""
        return self.type in self.clause.operator.disputed

    @property
    def hint(self) -> str:
        """What can be asked of such an attribute instead."""
        names = [operator.name for operator in operators_for(self.type)]
        return (
            f"Write one of {', '.join(names)}."
            if names
            else f"Entra does not filter by attributes of type {self.type}."
        )

    def __str__(self) -> str:
        return f"{self.clause.operator.name} is not for {self.clause.attribute}, whose type is {self.type}."


@final
class ScopingFilter:
    """Who is provisioned: those for whom every clause of at least one group holds.

    >>> sales = ScopingFilter.parse(["department EQUALS Sales", "mail IS NOT NULL"])
    >>> str(sales.admits({"department": "Sales"}))
    'out of scope: not mail IS NOT NULL'

    Two filters are equal when their clauses are, whatever the titles.
    """

    __slots__ = ("_judge", "attributes", "category_groups", "groups", "input_groups")

    groups: tuple[ClauseGroup, ...]
    """The alternatives. Without any, everyone is in scope."""

    category_groups: tuple[ClauseGroup, ...]
    input_groups: tuple[ClauseGroup, ...]
    """Experimental in Graph, and not written by people, but asked before ``groups``: see :mod:`judging`."""

    attributes: frozenset[str]
    """The source attributes that it looks at, such as ``{"department", "mail"}``."""

    def __init__(
        self,
        groups: Iterable[ClauseGroup] = (),
        *,
        category_groups: Iterable[ClauseGroup] = (),
        input_groups: Iterable[ClauseGroup] = (),
    ) -> None:
        self.groups = tuple(groups)
        self.category_groups = tuple(category_groups)
        self.input_groups = tuple(input_groups)
        self.attributes = frozenset(clause.attribute for clause in self.clauses)
        self._judge: Judge | None = None

    @classmethod
    def parse(cls, readable: Readable) -> Self:
        """Read the form that people write. Which attributes the source has is not asked here: a schema knows.

        :raises ParseError: when it is not a filter, or when Entra would not take it.
        """
        return cls(ClauseGroup(tuple(map(_parsed, clauses)), name) for name, clauses in _named(readable))

    @classmethod
    def from_graph(cls, scope: Mapping[str, object] | None) -> Self:
        """Read the ``scope`` of an ``objectMapping``; ``None`` means that there is no filter.

        What the service holds is read even where Entra would refuse it today: see :meth:`refused_operands`.

        :raises ParseError: when an operator is unknown.
        """
        scope = scope or {}
        groups, category, entry = (
            [ClauseGroup.from_graph(group) for group in objects_in(scope.get(key))]
            for key in ("groups", "categoryFilterGroups", "inputFilterGroups")
        )
        return cls(groups, category_groups=category, input_groups=entry)

    def to_graph(self) -> dict[str, Json] | None:
        """Write it as the ``scope`` of an ``objectMapping``."""
        if not (self.groups or self.category_groups or self.input_groups):
            return None
        return {
            "categoryFilterGroups": [group.to_graph() for group in self.category_groups],
            "groups": [group.to_graph() for group in self.groups],
            "inputFilterGroups": [group.to_graph() for group in self.input_groups],
        }

    @property
    def readable(self) -> list[str] | list[list[str]] | dict[str, list[str]]:
        """The form that people write: with titles when there are any that say something."""
        lists = [[str(clause) for clause in group.clauses] for group in self.groups]
        names = [group.name or "" for group in self.groups]
        if all(names) and len(set(names)) == len(names) and any(group.is_titled for group in self.groups):
            return dict(zip(names, lists, strict=True))
        return lists[0] if len(lists) == 1 and lists[0] else lists

    @property
    def declared(self) -> ScopingFilter | None:
        """The part that people write, for comparing with what they wrote; ``None`` when that lets everyone in."""
        return ScopingFilter(self.groups) if self.groups else None

    def admits(self, attributes: Attributes, *, choices: Choices = BY_THE_REFERENCE) -> Verdict:
        """Tell whether a person or group with these *attributes* is in scope.

        :raises EvaluationError: when a regular expression of the filter cannot be used.
        """
        if self._judge is None or self._judge.choices is not choices:
            self._judge = Judge.of(self._sets(), choices)
        return self._judge.verdict(attributes)

    def refused_operands(
        self, *, several: Collection[str] = (), dates: Collection[str] = ()
    ) -> tuple[RefusedOperand, ...]:
        """List the clauses on attributes by which Entra does not filter.

        Besides those that are known by name, the caller may say which attributes of the directory have *several*
        values and which are *dates*.
        """
        reasons = {**dict.fromkeys(dates, "it is a date"), **dict.fromkeys(several, "it has several values")}
        refused = ((clause, refusal_of(clause.attribute) or reasons.get(clause.attribute)) for clause in self.clauses)
        return tuple(RefusedOperand(clause, reason) for clause, reason in refused if reason)

    def misfits(self, types: Mapping[str, str]) -> tuple[Misfit, ...]:
        """List the clauses whose operator is not for the type that *types* gives for their attribute.

        Types are Graph's, such as ``{"accountEnabled": "Boolean"}``; of an attribute that is not there nothing is said.
        """
        known = ((clause, types[clause.attribute]) for clause in self.clauses if clause.attribute in types)
        return tuple(Misfit(clause, type_) for clause, type_ in known if type_ not in clause.operator.fits)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses of all sets, in the order in which they are asked."""
        return tuple(clause for groups in self._parts() for group in groups for clause in group.clauses)

    @property
    def slow_patterns(self) -> tuple[str, ...]:
        """The regular expressions in it that can take for ever on some texts, as they are written."""
        patterns = (value for clause in self.clauses if clause.operator.takes_pattern for value in clause.values)
        return tuple(pattern for pattern in patterns if can_take_for_ever(pattern))

    def __str__(self) -> str:
        return (
            " OR ".join(f"({group})" for group in self.groups)
            if len(self.groups) > 1
            else "".join(map(str, self.groups))
        )

    def __repr__(self) -> str:
        return f"ScopingFilter.parse({self.readable!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScopingFilter) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __reduce__(self) -> tuple[object, tuple[Json]]:
        return ScopingFilter.from_graph, (self.to_graph(),)

    def _sets(self) -> Mapping[FilterSet, tuple[ClauseGroup, ...]]:
        return {
            "inputFilterGroups": self.input_groups,
            "categoryFilterGroups": self.category_groups,
            "groups": self.groups,
        }

    def _parts(self) -> tuple[tuple[ClauseGroup, ...], ...]:
        return tuple(self._sets().values())


def _named(readable: Readable) -> Iterator[tuple[str, Sequence[str]]]:
    """Take the groups apart, each with its title."""
    named = readable.items() if isinstance(readable, Mapping) else _numbered(readable)
    for name, clauses in named:
        if isinstance(clauses, str):
            raise ParseError("Clauses and lists of clauses are mixed.", hint=_FORMS)
        if not _are_texts(clauses):
            raise ParseError(f"{name} is not a list of clauses.", hint=_FORMS)
        if not clauses:
            raise ParseError(f"{name} has no clause, so it would let everyone in.")
        yield name, clauses


def _are_texts(written: object) -> bool:
    """Tell whether *written* is a list of texts: what people write comes from files, where anything may stand."""
    return isinstance(written, Sequence) and all(isinstance(each, str) for each in written)


def _numbered(readable: Sequence[str] | Sequence[Sequence[str]]) -> Iterator[tuple[str, str | Sequence[str]]]:
    clauses = [clause for clause in readable if isinstance(clause, str)]
    if clauses and len(clauses) == len(readable):
        yield numbered(1), clauses
    else:
        yield from ((numbered(number), group) for number, group in enumerate(readable, start=1))


def _parsed(text: str) -> Clause:
    clause = Clause.parse(text)
    if reason := refusal_of(clause.attribute):
        position = text.index(clause.attribute)
        raise ParseError(f"{clause.attribute} cannot be filtered by: {reason}.", text=text, position=position)
    return clause


__all__ = ["ClauseGroup", "Misfit", "RefusedOperand", "ScopingFilter", "Verdict"]
