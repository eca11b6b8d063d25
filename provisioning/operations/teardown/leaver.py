"""Somebody whose account is to be closed: how, and what shows that it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from provisioning.model.assignment import PrincipalKind


class Way(Enum):
    """How an account is closed."""

    ON_DEMAND = "on-demand"
    """By a call of its own, at once."""
    CYCLE = "cycle"
    """By the job's next cycle."""
    NONE = "none"
    """Not at all: it is closed already, is kept, or nobody knows of one."""


class Source(Enum):
    """Who says that an account is closed, the strongest first."""

    TARGET = "target"
    """The target itself, over SCIM."""
    ON_DEMAND = "on-demand"
    """Entra's answer to the call that closed it."""
    LOG = "log"
    """Entra's provisioning log."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that an account is closed."""

    source: Source
    says: str
    """Such as ``active is false``, or ``disable``."""
    at: datetime
    """When it was said; of the log, when it happened."""
    reference: str = ""
    """By which it is found again: the account's id, or a change of the log."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """A person, or a group, who loses the account."""

    id: str
    """The object id."""
    name: str
    """Such as ``Ada Byron (ada.byron@contoso.com)``."""
    kind: PrincipalKind
    way: Way
    why: str
    """Why this way, or why none, in a few words; empty for somebody who is simply in scope."""
    match_attribute: str = ""
    """The target's attribute by which the account is found, such as ``userName``; empty when it is not known."""
    match_value: str = ""
    target_id: str = ""
    """The account's id at the target, where the log names it."""
    was_open: bool | None = None
    """Whether the account was open by the log when this was planned; ``None`` where the log says nothing."""
    seen: datetime | None = None
    """The newest line of the log then."""
    evidence: tuple[Evidence, ...] = ()
    is_closed: bool = False
    """Whether that is enough."""

    def is_closed_before(self, moment: datetime) -> bool:
        """Tell whether this was shown to be closed, and nothing of *moment* or later showed it."""
        return self.is_closed and all(one.at < moment for one in self.evidence)

    @property
    def is_person(self) -> bool:
        """Tell a person from a group: a group has no account that anybody could use."""
        return self.kind is PrincipalKind.USER

    @property
    def match(self) -> tuple[str, str] | None:
        """By which attribute and value the account is found at the target."""
        return (self.match_attribute, self.match_value) if self.match_value else None

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be closed."""
        return self.way is not Way.NONE and not self.is_closed

    def is_shown_by(self, source: Source) -> bool:
        """Tell whether a source has said so."""
        return any(one.source is source for one in self.evidence)

    def shown(self, evidence: Evidence, *, is_enough: bool) -> Leaver:
        """Add evidence; what a source says again replaces what it said before."""
        others = [one for one in self.evidence if one.source is not evidence.source]
        strongest_first = sorted((*others, evidence), key=lambda one: list(Source).index(one.source))
        return replace(self, evidence=tuple(strongest_first), is_closed=self.is_closed or is_enough)


def names_of(leavers: Iterable[Leaver], most: int = 10) -> str:
    """Name some people."""
    named = [one.name for one in leavers]
    more = f", and {len(named) - most:,} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more
