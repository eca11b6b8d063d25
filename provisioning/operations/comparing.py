"""The target's own list of accounts beside what Entra knows: who has none, and which ones nobody manages. Pure.

What is kept of an account is little, since there may be 100,000: its name, whether it is active, and by what it is
found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from provisioning.errors import ConfigurationError, EvaluationError
from provisioning.model.account import Account
from provisioning.model.person import Person
from provisioning.operations.standing import AccountState, PersonStanding, Standing
from provisioning.planning.configuration import Rules
from provisioning.planning.values import Evaluator, evaluator_of, settled


class Listed(Protocol):
    """The target, as far as its list is read. :class:`provisioning.target.accounts.Accounts` has it."""

    def each(self, attributes: Collection[str]) -> AsyncIterator[Account]:
        """Give every account, with its values of some attributes."""


class _Held(NamedTuple):
    user_name: str
    is_active: bool


BY_ELIUM: Mapping[tuple[Standing, AccountState], Standing] = {
    (Standing.PROVISIONED, AccountState.NONE): Standing.NO_ACCOUNT,
    (Standing.QUIET, AccountState.NONE): Standing.NO_ACCOUNT,
    (Standing.EXCLUDED, AccountState.ACTIVE): Standing.UNMANAGED,
    (Standing.LEFT, AccountState.ACTIVE): Standing.UNMANAGED,
    (Standing.LEAVING, AccountState.INACTIVE): Standing.LEFT,
    (Standing.LEAVING, AccountState.NONE): Standing.LEFT,
}
"""How somebody stands by the target, where Entra's log says otherwise; whoever waits or fails may have an account or
none."""


@dataclass(slots=True)
class Comparison:
    """The target's accounts, and which of them were found to be somebody's."""

    matching: tuple[tuple[str, Evaluator], ...]
    """By which attributes, in their order, and what computes them of a person."""
    held: dict[str, _Held] = field(default_factory=dict)
    """By id."""
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """By attribute and value, without case as SCIM compares user names (RFC 7643, 4.1.1)."""
    taken: set[str] = field(default_factory=set)

    @classmethod
    def by(cls, rules: Rules, now: datetime) -> Comparison:
        """Compare by the attributes that the job matches by.

        :raises ConfigurationError: when one of them cannot be computed here, so that every account would be nobody's.
        """
        unread = next((one.target for one in rules.matching if one.source is None), "")
        if unread or not rules.matching:
            raise ConfigurationError(
                f"By what people are matched cannot be computed here{f': {unread}' if unread else ''}, so that the "
                "target's accounts cannot be compared with them.",
                hint="Leave the target's token out, and Entra alone is asked.",
            )
        return cls(tuple((one.target, evaluator_of(one, now)) for one in rules.matching))

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is read of every account."""
        return tuple(target for target, _ in self.matching)

    def add(self, account: Account) -> None:
        """Hold an account. Of several with one value an active one is found, as that is what would be left behind."""
        self.held[account.id] = _Held(account.user_name, account.is_active)
        for attribute, value in account.values.items():
            key = (attribute, value.casefold())
            other = self.held.get(self.ids.get(key, ""))
            if other is None or account.is_active:
                self.ids[key] = account.id

    def told(self, one: PersonStanding, person: Person | None) -> PersonStanding:
        """Say what the target has of somebody; *person* is ``None`` for one of whom only the log knows.

        Where neither id nor value is known the target could not be asked, and nothing is said.
        """
        values = tuple(self._keys_of(person)) if person else ()
        if not (one.target_id or values):
            return one
        found = one.target_id if one.target_id in self.held else next(filter(None, map(self.ids.get, values)), "")
        self.taken.add(found)
        state = _state_of(self.held.get(found))
        standing = BY_ELIUM.get((one.standing, state), one.standing)
        return replace(one, standing=standing, account=state, target_id=found or one.target_id)

    def unmanaged(self) -> Iterator[PersonStanding]:
        """Give the active accounts that are nobody's; closed ones are of people who left."""
        for identifier, (name, is_active) in self.held.items():
            if is_active and identifier not in self.taken:
                known = ("", name, Standing.UNMANAGED, "", None, "", "", identifier)
                yield PersonStanding(*known, AccountState.ACTIVE)

    def _keys_of(self, person: Person) -> Iterator[tuple[str, str]]:
        for attribute, evaluate in self.matching:
            try:
                value = settled(evaluate(person.attributes))
            except EvaluationError:
                continue
            if isinstance(value, str):
                yield attribute, value.casefold()


def _state_of(held: _Held | None) -> AccountState:
    if held is None:
        return AccountState.NONE
    return AccountState.ACTIVE if held.is_active else AccountState.INACTIVE
