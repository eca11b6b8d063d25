"""How long it took from entering the scope to the account, as far as anybody can know. Pure.

When the account was made is known: the log's line of a ``create`` that went well. When somebody came into scope no
field of Graph's says, so it is worked out, and a moment is taken at which it was not yet, or just then. What is told is
therefore how long it took *at most*:

- Whoever is assigned in person came into scope when that assignment was made (graph: approleassignment,
  ``createdDateTime``), or when the person was made in Entra (graph: user, ``createdDateTime``), whichever was later.
- Of a group Graph tells when *it* was assigned, and not when somebody joined it. Where everybody is in scope, nobody is
  assigned. There the same two moments are taken, as far as there are both; but only where the later one lies within the
  time that the log was read for. Of an old group and an old person it is not known, and told to be so.

A filter may have kept somebody out for longer, and a person who was disabled first came later: then it took less, too.
An assignment that was taken away and made again is the later one; where it is later than the account, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.person import Person

CREATED = "createdDateTime"
"""What is read of people for it."""

ENDS: tuple[timedelta | None, ...] = (
    *(timedelta(minutes=number) for number in (5, 20, 40)),
    *(timedelta(hours=number) for number in (1, 2, 4, 12)),
    *(timedelta(days=number) for number in (1, 2, 7)),
    None,
)
"""Of the bins. A cycle comes every forty minutes."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Many times in few numbers; zero where there is nobody."""

    people: int = 0
    median: timedelta = timedelta()
    """In seconds."""
    nine_of_ten: timedelta = timedelta()
    """Within which nine of ten people had their account, in seconds."""
    longest: timedelta = timedelta()
    """In seconds."""

    @classmethod
    def of(cls, times: Iterable[timedelta]) -> Spread:
        """Take them; of a number that is not whole, the next person counts (nearest rank)."""
        ordered = sorted(times)
        if not ordered:
            return cls()
        return cls(len(ordered), _ranked(ordered, 50), _ranked(ordered, 90), ordered[-1])


@dataclass(frozen=True, slots=True)
class Bin:
    """How many people had their account within a time, and not within the one of the bin before."""

    up_to: timedelta | None
    """In seconds; null for more than the others."""
    themselves: int
    otherwise: int


@dataclass(frozen=True, slots=True)
class Waits:
    """How long it took from entering the scope to the account, at most."""

    bins: tuple[Bin, ...]
    themselves: Spread
    """Of those who are assigned in person."""
    otherwise: Spread
    """Of those who come by a group, or because everybody is in scope."""
    unknown: int
    """Whose account was made in this time, and of whom it is not known when they came into scope."""


@dataclass(slots=True)
class Entering:
    """Hears of people as they are read, and keeps times alone."""

    made: Mapping[str, datetime]
    """By object id: when the account was made."""
    since: datetime
    """How far the log was read back."""
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    """By the principal; the first of several."""
    themselves: list[timedelta] = field(default_factory=list)
    otherwise: list[timedelta] = field(default_factory=list)

    def hear(self, person: Person) -> None:
        """Take somebody whose account was made in this time."""
        made = self.made.get(person.id)
        if made is None:
            return
        ways = [self.assignments[each] for each in person.through if each in self.assignments]
        own = [each for each in ways if each.kind is PrincipalKind.USER]
        entered = _entered(own or ways, person)
        if entered is None or entered > made or (not own and entered < self.since):
            return
        (self.themselves if own else self.otherwise).append(made - entered)

    @property
    def waits(self) -> Waits:
        """Give what came of it."""
        bins = zip(ENDS, _counted(self.themselves), _counted(self.otherwise), strict=True)
        known = len(self.themselves) + len(self.otherwise)
        return Waits(
            tuple(Bin(*each) for each in bins),
            Spread.of(self.themselves),
            Spread.of(self.otherwise),
            len(self.made) - known,
        )


def bins_together(several: Sequence[Waits]) -> tuple[Bin, ...]:
    """Add up the bins of several jobs."""
    return tuple(
        replace(each[0], themselves=sum(one.themselves for one in each), otherwise=sum(one.otherwise for one in each))
        for each in zip(*(waits.bins for waits in several), strict=True)
    )


def _entered(ways: Sequence[Assignment], person: Person) -> datetime | None:
    """Give the earliest moment at which somebody can have been in scope; ``None`` where that is not known."""
    assigned = [each.created for each in ways]
    born = _moment(person.attributes.get(CREATED))
    if born is None or None in assigned:
        return None
    return max(born, min((each for each in assigned if each), default=born))


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _counted(times: Iterable[timedelta]) -> list[int]:
    counts = [0] * len(ENDS)
    for time in times:
        counts[next(number for number, end in enumerate(ENDS) if end is None or time <= end)] += 1
    return counts


def _ranked(ordered: Sequence[timedelta], percent: int) -> timedelta:
    return ordered[-(-len(ordered) * percent // 100) - 1]
