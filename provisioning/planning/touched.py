"""Whom a change touches, as a value: how many of each sort, and the first of them by name."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from provisioning.planning.values import Settled

MOST_NAMES = 10
"""How many people are named; the others are counted."""

MOST_EXAMPLES = 3
"""How many values of one attribute are shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many, and the first of them by name."""

    count: int = 0
    names: tuple[str, ...] = ()
    mark: str = field(default="", compare=False)
    """Tells whether two groups are the same people, also those who are not named and whatever their order."""

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Example:
    """What one person's attribute was and would be."""

    name: str
    before: Settled
    after: Settled


@dataclass(frozen=True, slots=True)
class ChangedAttribute:
    """One target attribute of which people would get another value."""

    target: str
    people: Group
    examples: tuple[Example, ...] = ()
    only_in_case: int = 0
    """For how many more the values differ in case alone, which is not sent."""


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom a change touches."""

    judged: int = 0
    is_complete: bool = True
    """Whether everybody was judged; if not, it was the first ones."""
    in_scope_before: int = 0
    in_scope_after: int = 0
    leaving: Group = Group()
    """In scope before, and no longer; or still in scope and disabled by the ``active`` mapping."""
    entering: Group = Group()
    """Not in scope before; or in scope and disabled by the ``active`` mapping, which enables them now."""
    in_between: Group = Group()
    """In scope neither before nor afterwards, and yet while a run carries the change out."""
    changed: Group = Group()
    """Still in scope, with another value of at least one attribute."""
    attributes: tuple[ChangedAttribute, ...] = ()
    failing: Group = Group()
    """Those for whom an expression fails that did not: Entra would fail the person as a whole."""
    recovering: Group = Group()
    """Those for whom an expression failed that no longer does."""
    still_failing: Group = Group()
    unmatched: Group = Group()
    """Those who would have no value for any matching attribute, and so be skipped (Learn: concept-provisioning-logs,
    ``ImportSkipped``)."""
    rematched: Group = Group()
    """Those who would be looked for at the app by another value."""
    colliding: Group = Group()
    """Those who would be looked for by the same value as somebody else (``DuplicateSourceEntries``)."""
    unreadable: tuple[str, ...] = ()
    """Attributes that the changes use and nobody could read."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Tell who is touched, and how."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self))
        marked = ((name, group) for name, group in named if isinstance(group, Group) and group)
        values = (f"{each.target} {each.people.count} {each.people.mark}" for each in self.attributes if each.people)
        return (*(f"{name} {group.count} {group.mark}" for name, group in marked), *values)
