"""How everybody stands: who is provisioned, failing or waiting, and who has left. Decided one by one. Pure.

The log reaches back 30 days, or 7 without a licence (Learn: concept-provisioning-logs): whoever was provisioned before
and has not changed since is in none of its lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from provisioning.model.person import Person
from provisioning.model.provisioning_log import LogEntry
from provisioning.operations.explanation import NO_ROLE
from provisioning.operations.log_codes import words_of
from provisioning.planning.configuration import Rules
from provisioning.planning.scope import is_in_scope

UP_TO_DATE = "RedundantExport"

CLOSED = frozenset({"disable", "delete"})

WELL = frozenset({"success", "warning"})


class Standing(Enum):
    """How somebody stands."""

    PROVISIONED = "provisioned"
    """In scope, and the last line of the log went well."""
    FAILING = "failing"
    """In scope, and the last line of the log is a failure."""
    WAITING = "waiting"
    """In scope, and no cycle has brought them to the target yet."""
    QUIET = "quiet"
    """In scope, and nothing is in the log, which does not reach back to the first cycles."""
    EXCLUDED = "excluded"
    """Assigned, but disabled, without a role, or kept out by the filter."""
    LEAVING = "leaving"
    """No longer in scope, and the account is open: the next cycle closes it."""
    LEFT = "left"
    """No longer in scope, and the account was closed."""
    NO_ACCOUNT = "no-account"
    """In scope and not waiting, and the target has no account; only where it was asked."""
    UNMANAGED = "unmanaged"
    """An active account that no cycle will close or change; only where the target was asked."""


SAYS: Mapping[Standing, str] = {
    Standing.WAITING: "no cycle has brought them to the target yet",
    Standing.QUIET: "nothing is in the log, which does not reach back to the first cycles: most likely provisioned",
    Standing.EXCLUDED: "assigned, but disabled, without a role, or kept out by the filter",
    Standing.LEAVING: "no longer in scope, and the account is open: the next cycle closes it",
    Standing.LEFT: "no longer in scope, and the account was closed",
    Standing.NO_ACCOUNT: "in scope, and the target has no account",
    Standing.UNMANAGED: "no cycle will close or change the account",
}
"""Why somebody stands so, where no line of the log says it better."""


class AccountState(Enum):
    """What the target says of an account."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NONE = "none"


class Last(NamedTuple):
    """The last line of the log about somebody, as little as is needed of it: there may be 100,000."""

    name: str
    action: str
    result: str
    code: str
    at: datetime
    target_id: str
    is_open: bool | None
    """Whether the account is open, by the last line that touched it; ``None`` while none has."""

    @classmethod
    def of(cls, entry: LogEntry, kept: dict[str, str]) -> Last:
        """Take it of an entry. What repeats is *kept* once."""
        action, result, code = (kept.setdefault(text, text) for text in (entry.action, entry.result, entry.code))
        return cls(entry.name, action, result, code, entry.at, entry.target_id, is_open(entry))

    def before(self, entry: LogEntry) -> Last:
        """Learn from an earlier entry whether the account is open: later ones may only say that nothing was done."""
        return self if self.is_open is not None else self._replace(is_open=is_open(entry))


def is_open(entry: LogEntry) -> bool | None:
    """Tell whether an entry leaves an open account behind, or a closed one; ``None`` when it touched none."""
    if entry.code == UP_TO_DATE:
        return True
    return entry.action not in CLOSED if entry.result in WELL else None


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """How one person stands."""

    person_id: str
    person: str
    standing: Standing
    action: str
    """What the last line of the log tells; empty when there is none."""
    at: datetime | None
    code: str
    meaning: str
    """The code in plain words; empty for one that is not known."""
    target_id: str
    """The account's id at the target, where the log names it or the target was asked."""
    account: AccountState | None = None
    """What the target says of the account; null where it was not asked, or not by what."""


def why_of(one: PersonStanding) -> str:
    """Say why somebody stands so: in the log's words, or in ours; nothing of whoever is provisioned."""
    if one.standing is Standing.PROVISIONED:
        return ""
    return one.meaning or one.code or SAYS.get(one.standing, "")


def standing_of(person: Person, rules: Rules, last: Last | None, *, is_whole: bool) -> PersonStanding:
    """Tell how somebody stands who is in Entra and considered; *is_whole*: the log has every cycle of the job."""
    # Whether Default Access counts is documented both ways; where the log shows an account, it did.
    if is_in_scope(rules, person) and (not has_no_role(person, rules) or (last is not None and last.is_open)):
        return _told(person.id, person.name, _inside(last, is_whole=is_whole), last)
    return _told(person.id, person.name, _outside(last) or Standing.EXCLUDED, last)


def standing_of_one_who_is_gone(person_id: str, last: Last) -> PersonStanding | None:
    """Tell how somebody stands who is only in the log; ``None`` when they never had an account, as far as it tells."""
    standing = _outside(last)
    return _told(person_id, last.name, standing, last) if standing else None


def counts_of(counted: Mapping[Standing, int]) -> str:
    """Say how many stand how.

    >>> counts_of({Standing.LEFT: 1, Standing.PROVISIONED: 10})
    '10 provisioned, 1 left'
    """
    told = [f"{counted[each]} {each.value}" for each in Standing if counted.get(each)]
    return ", ".join(told) or "nobody"


def _inside(last: Last | None, *, is_whole: bool) -> Standing:
    if last is None:
        return Standing.WAITING if is_whole else Standing.QUIET
    if last.result == "failure":
        return Standing.FAILING
    return Standing.PROVISIONED if last.is_open else Standing.WAITING


def _outside(last: Last | None) -> Standing | None:
    """Tell what became of the account; ``None`` where the log knows of none."""
    if last is None or last.is_open is None:
        return None
    return Standing.LEAVING if last.is_open else Standing.LEFT


def has_no_role(person: Person, rules: Rules) -> bool:
    """Tell whether all that brings somebody along is Default Access; where everybody is considered, no role counts."""
    roles = rules.roles_of(person.through)
    return bool(roles) and all(role["id"] == NO_ROLE for role in roles)


def _told(person_id: str, name: str, standing: Standing, last: Last | None) -> PersonStanding:
    if last is None:
        return PersonStanding(person_id, name, standing, "", None, "", "", "")
    words = words_of(last.code) if standing is not Standing.PROVISIONED else None
    meaning = words.meaning if words else ""
    return PersonStanding(person_id, name, standing, last.action, last.at, last.code, meaning, last.target_id)
