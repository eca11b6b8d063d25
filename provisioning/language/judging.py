"""Who is in scope by a filter, and why: each clause as a function of the person, made ready once for everyone.

A filter has three sets of groups (graph: filter). Of each set that is not empty one group must hold: of
``inputFilterGroups``, which are asked when an object is read; of ``categoryFilterGroups``, which say whether it belongs
to the mapping; and of ``groups``, the ones that people write. They differ in what becomes of who no longer satisfies
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias

from provisioning.language.choices import Choices
from provisioning.language.clauses import Clause, Holds
from provisioning.language.graph_form import Json
from provisioning.language.values import Attributes

FilterSet: TypeAlias = Literal["inputFilterGroups", "categoryFilterGroups", "groups"]
"""A set of groups, by the name that Graph gives it; in the order in which they are asked."""


_NUMBERED = re.compile(r"Filter [0-9]+")


def numbered(number: int) -> str:
    """Give the title of a group to which nobody gave one, as the portal asks for a title."""
    return f"Filter {number}"


@dataclass(frozen=True, slots=True)
class ClauseGroup:
    """Clauses that must all hold. The portal calls this a scoping filter, and asks a title for it."""

    clauses: tuple[Clause, ...]

    name: str | None = field(default=None, compare=False)
    """Its title, which decides nothing."""

    @property
    def is_titled(self) -> bool:
        """Tell whether somebody gave it a title: the number that we give says nothing."""
        return bool(self.name) and not _NUMBERED.fullmatch(self.name or "")

    @classmethod
    def from_graph(cls, group: Mapping[str, object]) -> Self:
        """Read a ``filterGroup``."""
        name, clauses = group.get("name"), group.get("clauses")
        return cls(
            tuple(Clause.from_graph(clause) for clause in objects_in(clauses)), name if isinstance(name, str) else None
        )

    def to_graph(self) -> dict[str, Json]:
        """Write it as a ``filterGroup``."""
        return {"name": self.name, "clauses": [clause.to_graph() for clause in self.clauses]}

    def __str__(self) -> str:
        return " AND ".join(map(str, self.clauses))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether someone is in scope, and why. True when they are."""

    admitted: bool

    group: ClauseGroup | None
    """The group that admitted them; ``None`` when none did, or when there is no filter."""

    clauses: tuple[Clause, ...]
    """What decided: the clauses that all held, or in each group the first that did not."""

    decided_by: FilterSet = "groups"
    """The set of groups that had the last word."""

    deprovisions: bool = True
    """Of who is not admitted: whether an account that they have is closed, rather than left as it is."""

    def __bool__(self) -> bool:
        return self.admitted

    def __str__(self) -> str:
        if self.admitted:
            return f"in scope: {self.group}" if self.group else "in scope: there is no filter"
        because = "; ".join(f"not {clause}" for clause in self.clauses)
        return f"out of scope: {because}" if self.deprovisions else f"out of scope, and left as it is: {because}"


NO_FILTER = Verdict(admitted=True, group=None, clauses=())


@dataclass(frozen=True, slots=True)
class _Set:
    """One set of groups made ready."""

    name: FilterSet
    deprovisions: bool
    groups: tuple[tuple[tuple[tuple[Holds, Clause], ...], Verdict], ...]

    @classmethod
    def of(cls, name: FilterSet, groups: Iterable[ClauseGroup], choices: Choices) -> Self:
        return cls(
            name,
            name == "groups" or (name == "categoryFilterGroups" and choices.leaving_the_category == "deprovisions"),
            tuple(
                (
                    tuple((clause.judge(choices), clause) for clause in group.clauses),
                    Verdict(admitted=True, group=group, clauses=group.clauses, decided_by=name),
                )
                for group in groups
            ),
        )

    def verdict(self, attributes: Attributes) -> Verdict:
        failed: list[Clause] = []
        for clauses, admitted in self.groups:
            for holds, clause in clauses:
                if not holds(attributes):
                    failed.append(clause)
                    break
            else:
                return admitted
        return Verdict(
            admitted=False, group=None, clauses=tuple(failed), decided_by=self.name, deprovisions=self.deprovisions
        )


@dataclass(frozen=True, slots=True)
class Judge:
    """A filter made ready to judge many: each clause as a function, each verdict that can be known made ahead."""

    choices: Choices
    sets: tuple[_Set, ...]

    @classmethod
    def of(cls, sets: Mapping[FilterSet, Iterable[ClauseGroup]], choices: Choices) -> Self:
        """Make the *sets* ready, in the order in which they are asked."""
        asked = [name for name in sets if name == "groups" or choices.experimental_groups == "decide"]
        return cls(choices, tuple(_Set.of(name, sets[name], choices) for name in asked if sets[name]))

    def verdict(self, attributes: Attributes) -> Verdict:
        """Judge one by their *attributes*: the first set that does not admit them has the last word."""
        verdict = NO_FILTER
        for each in self.sets:
            verdict = each.verdict(attributes)
            if not verdict.admitted:
                return verdict
        return verdict


def objects_in(value: object) -> list[Mapping[str, object]]:
    """List the objects in a list of Graph; nothing when it is not a list."""
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []
