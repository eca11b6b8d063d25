"""Dynamic groups: their members follow from a rule whenever a person or a rule changes.

In Entra that takes minutes, mostly; here it is done before the next answer, so that a test sees what it will be, or
after the lag that is set (Learn: groups-dynamic-membership). Like every change, a membership is in the directory's
journal.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from emulator.company.membership_rules import Person, Rule, RuleError, parse
from emulator.company.store import Kind

if TYPE_CHECKING:
    from emulator.company.store import Directory, DirectoryObject

_ROUNDS = 10
"""How often memberships may follow from memberships; rules that go in a circle end there."""


def rule_of(group: DirectoryObject) -> Rule | None:
    """Give the rule that fills a group now; ``None`` when it is filled by hand, or its rule rests."""
    properties = group.properties
    is_dynamic = "DynamicMembership" in (properties.get("groupTypes") or ())
    if not is_dynamic or properties.get("membershipRuleProcessingState") != "On":
        return None
    try:
        return parse(str(properties.get("membershipRule") or ""))
    except RuleError:
        return None


@dataclass(slots=True)
class DynamicGroups:
    """Keeps the dynamic groups of one directory filled."""

    directory: Directory
    lag: timedelta = timedelta()
    """How long a change goes unnoticed."""
    _rules: dict[str, Rule] = field(default_factory=dict)
    """The groups that are filled by a rule."""
    _read: int = 0
    """How far the journal was read."""
    _noted: int = 0
    """How far it was looked at, for the moments of its lines."""
    _waiting: deque[tuple[datetime, int]] = field(default_factory=deque)
    """When the journal may be read how far."""

    def update(self, now: datetime) -> None:
        """Bring all members up to date with what changed since the last time, and longer than the lag ago."""
        for _ in range(_ROUNDS):
            self._note(now)
            if not self._catch_up(self._readable(now)):
                return

    def _note(self, now: datetime) -> None:
        if len(self.directory.journal) > self._noted:
            self._noted = len(self.directory.journal)
            self._waiting.append((now + self.lag, self._noted))

    def _readable(self, now: datetime) -> int:
        until = self._read
        while self._waiting and self._waiting[0][0] <= now:
            until = self._waiting.popleft()[1]
        return until

    def _catch_up(self, until: int) -> bool:
        """Read the journal up to a line, and tell whether there was anything to do."""
        if until == self._read:
            return False
        changed = dict.fromkeys(change.object_id for change in self.directory.journal[self._read : until])
        self._read = until
        self._fill_anew([one for one in changed if self._has_another_rule(one)])
        if self._rules:
            for object_id in changed:
                found = self.directory.find(object_id, Kind.USER)
                if found is not None:
                    self._place(found, self._rules)
        return True

    def _has_another_rule(self, object_id: str) -> bool:
        group = self.directory.find(object_id, Kind.GROUP)
        rule = rule_of(group) if group else None
        if rule is self._rules.get(object_id):
            return False
        if rule is None:
            del self._rules[object_id]
            return False
        self._rules[object_id] = rule
        return True

    def _fill_anew(self, group_ids: list[str]) -> None:
        if group_ids:
            rules = {group_id: self._rules[group_id] for group_id in group_ids}
            for group_id in group_ids:
                for member in self.directory.members_of(group_id):
                    if member.kind is not Kind.USER:
                        self.directory.remove_member(group_id, member.id)
            for user in list(self.directory.all(Kind.USER)):
                self._place(user, rules)

    def _place(self, user: DirectoryObject, rules: dict[str, Rule]) -> None:
        """Put a user into the groups whose rules admit them, and take them out of the others."""
        manager = self.directory.manager_of(user.id)
        groups = frozenset(group.id for group in self.directory.groups_of(user.id))
        person = Person(user.properties, manager.id if manager else None, groups)
        for group_id, rule in rules.items():
            admitted, is_in = rule.admits(person), self.directory.is_member(group_id, user.id)
            if admitted and not is_in:
                self.directory.add_member(group_id, user.id)
            elif is_in and not admitted:
                self.directory.remove_member(group_id, user.id)
