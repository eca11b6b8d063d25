"""A second provisioning engine, from the documents: simple, slow, and without a line of the emulator's own.

It looks at everybody in every cycle and keeps what it believes to be at the target in dictionaries. What it shares with
the emulator is the directory and the language of expressions and filters. The chapters are those of How provisioning
works, of the page on attribute mappings, and of Known issues.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from emulator.company.store import Aspect, Kind
from provisioning.language import Expression, ScopingFilter

if TYPE_CHECKING:
    from company import Company

    from emulator.company.store import DirectoryObject

_REFERENCES = ("members", "manager")


@dataclass
class Account:
    """What the engine believes of one user or group at the target."""

    values: dict[str, str] = field(default_factory=dict)
    """By path, such as ``name.givenName``."""
    manager: Account | None = None
    members: list[Account] = field(default_factory=list)


@dataclass
class Memory:
    """What the engine remembers of one object of the directory."""

    account: Account
    managed: bool = True
    """Whether what happens to it is still sent: it is in scope, or nothing was sent of its leaving."""
    was_in_scope: bool = True
    """What the last look found."""
    manager: str | None = None
    members: set[str] = field(default_factory=set)


class NaiveEngine:
    """One job."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.accounts: list[Account] = []
        self.teams: list[Account] = []
        self.memory: dict[str, Memory] = {}
        self.full, self.forced, self.sync_all = True, False, False
        self.staged: set[str] = set()
        self.read = 0

    # What an administrator does

    def restart(self, *scopes: str) -> None:
        """Forget what a restart with these scopes forgets; without any, as the portal's button."""
        if {"Full", "ConnectorDataStore"} & {*scopes}:
            self.memory = {}
            self.staged = set()
        if {"Full", "Watermark"} & {*scopes} or not scopes:
            self.full = True
        self.forced = self.forced or "ForceDeletes" in scopes

    # A cycle

    def cycle(self) -> None:
        """Look at everybody, then at every group, then at the references between them."""
        touched, memberships = self._news()
        full, self.full = self.full, False
        if full:
            self.sync_all = self._secret("SyncAll") == "True"
        ids = [*dict.fromkeys([*self._directory_ids(), *self.memory])]
        kinds = {one: self._kind_of(one) for one in ids}
        verdicts = {one: self._verdict(one, kinds[one]) for one in ids if kinds[one]}
        leaving = [one for one in verdicts if self._would_remove(one, kinds[one], verdicts[one])]
        limit = self._limit()
        held = {*leaving} if limit is not None and len(leaving) > limit and not self.forced else set[str]()
        looked = {one for one in verdicts if full or one in touched or one in self.staged}
        looked |= {one for one in verdicts if (one in self.memory and self.memory[one].was_in_scope) != verdicts[one]}
        self.forced, self.staged = False, held
        fresh: set[str] = set()
        for kind in ("User", "Group"):
            for one in [each for each in verdicts if kinds[each] == kind and each not in held]:
                self._provision(one, kind, fresh) if verdicts[one] else self._leave(one, kind, verdicts[one])
        for one in self.memory.keys() & looked:
            self.memory[one].was_in_scope = bool(verdicts[one])
        for one in [each for each in looked if verdicts[each] and each in self.memory and each not in held]:
            if kinds[one] == "User":
                self._manager(one)
            else:
                self._members(one, everyone=full or one in fresh, changed=memberships.get(one, set()))

    def _news(self) -> tuple[set[str], dict[str, set[str]]]:
        """Tell who changed since the last cycle, and whose membership of which group did."""
        news = self._directory.journal[self.read :]
        self.read = len(self._directory.journal)
        touched = {change.object_id for change in news if change.aspect is not Aspect.ASSIGNMENTS}
        pairs = [change.object_id for change in news if change.aspect is Aspect.MEMBERS]
        memberships: dict[str, set[str]] = {}
        for group, member in zip(pairs[::2], pairs[1::2], strict=True):
            memberships.setdefault(group, set()).add(member)
        assigned = {change.object_id for change in news if change.aspect is Aspect.ASSIGNMENTS}
        return touched | {one for one in assigned if self._kind_of(one) == "Group"}, memberships

    # Scope

    def _verdict(self, one: str, kind: str) -> bool | None:
        """Tell whether an object is in scope; ``None`` when a filter hides it, so that nothing becomes of it."""
        source = self._directory.objects.get(one) or self._directory.deleted.get(one)
        if source is None:
            return False
        said = ScopingFilter.from_graph(self._mapping(kind).get("scope")).admits(self._attributes(source))
        if not said.admitted and not said.deprovisions:
            return None
        active = source.deleted is None and source.properties.get("accountEnabled", True)
        return bool(active and said.admitted and (self.sync_all or self._is_assigned(source)))

    def _is_assigned(self, source: DirectoryObject) -> bool:
        holders = [source, *(self._directory.groups_of(source.id) if source.kind is Kind.USER else ())]
        app = self.company.app.id
        return any(held.resource_id == app for one in holders for held in self._directory.assignments_of(one.id))

    # Those in scope

    def _provision(self, one: str, kind: str, fresh: set[str]) -> None:
        source, flows = self._directory.objects[one], self._flows(kind)
        attributes = {**self._attributes(source), "IsSoftDeleted": "False"}
        pool = self.accounts if kind == "User" else self.teams
        known = self.memory.get(one)
        account = known.account if known else self._match(pool, flows, attributes)
        if account is None:
            if self._does("Add", kind):
                made = {flow["targetAttributeName"]: self._value(flow, attributes, default=True) for flow in flows}
                account = Account({path: value for path, value in made.items() if value is not None})
                pool.append(account)
                self.memory[one] = Memory(account)
                fresh.add(one)
            return
        if known is None:
            known = self.memory[one] = Memory(account)
        known.managed = True
        if self._does("Update", kind):
            self._update(account, flows, attributes, kind)

    def _match(self, pool: list[Account], flows: list[dict[str, Any]], attributes: dict[str, Any]) -> Account | None:
        for flow in sorted(
            (flow for flow in flows if flow["matchingPriority"]), key=lambda flow: flow["matchingPriority"]
        ):
            path, wanted = flow["targetAttributeName"], self._value(flow, attributes)
            for account in pool:
                if wanted is not None and account.values.get(path, "").casefold() == wanted.casefold():
                    return account
        return None

    def _update(self, account: Account, flows: list[dict[str, Any]], attributes: dict[str, Any], kind: str) -> None:
        """Send what differs from what the target has; what became empty does not flow (Learn: known-issues)."""
        for flow in flows:
            path = flow["targetAttributeName"]
            before, value = account.values.get(path), self._value(flow, attributes)
            if value is None and not flow.get("source") and before is None:
                value = flow.get("defaultValue")
            add_only = flow["flowType"] == "ObjectAddOnly" or (flow["flowType"] == "AttributeAddOnly" and before)
            if value is None or add_only:
                continue
            exact = next(one for one in self._definitions(kind) if one["name"] == path)["caseExact"]
            is_same = before is not None and (before == value if exact else before.casefold() == value.casefold())
            if not is_same or flow.get("flowBehavior") == "FlowAlways":
                account.values[path] = value

    def _value(self, flow: dict[str, Any], attributes: dict[str, Any], *, default: bool = False) -> str | None:
        source = flow.get("source")
        value = None
        if source:
            now, chance = self.company.clock.now(), Random(0)
            value = Expression.from_graph(source).evaluate(attributes, now=now, random=chance, default_domain="")
        return str(value) if value else (flow.get("defaultValue") if default else None)

    # Those who leave

    def _would_remove(self, one: str, kind: str, verdict: bool | None) -> bool:  # noqa: FBT001 - three answers
        known = self.memory.get(one)
        if known is None or verdict is not False:
            return False
        if kind == "Group" or self._is_purged(one):
            return self._does("Delete", kind)
        leaving = any(_reads(flow, "IsSoftDeleted") for flow in self._flows(kind))
        skipped = self._secret("SkipOutOfScopeDeletions") == "True"
        return known.managed and leaving and not skipped and self._does("Update", kind)

    def _leave(self, one: str, kind: str, verdict: bool | None) -> None:  # noqa: FBT001 - three answers
        if not self._would_remove(one, kind, verdict):
            return
        known = self.memory[one]
        if kind == "Group" or self._is_purged(one):
            pool = self.accounts if kind == "User" else self.teams
            pool[:] = [account for account in pool if account is not known.account]
            del self.memory[one]
            return
        source = self._directory.objects.get(one) or self._directory.deleted[one]
        attributes = {**self._attributes(source), "IsSoftDeleted": "True"}
        flows = [flow for flow in self._flows(kind) if _reads(flow, "IsSoftDeleted")]
        self._update(known.account, flows, attributes, kind)
        known.managed = False

    def _is_purged(self, one: str) -> bool:
        return one not in self._directory.objects and one not in self._directory.deleted

    # References: set when both ends are there; to somebody out of scope, not until the next look

    def _manager(self, one: str) -> None:
        known, manager = self.memory[one], self._directory.manager_of(one)
        if manager is None:
            if known.manager in self.memory:
                known.account.manager = None
            known.manager = None
        elif manager.id in self.memory and self.memory[manager.id].managed:
            known.account.manager, known.manager = self.memory[manager.id].account, manager.id

    def _members(self, one: str, *, everyone: bool, changed: set[str]) -> None:
        known, members = self.memory[one], {member.id for member in self._directory.members_of(one)}
        at_hand = {*known.members, *members} if everyone else changed
        for gone in [each for each in at_hand if each in known.members and not self._directory.is_member(one, each)]:
            known.members.discard(gone)
            if gone in self.memory:
                account = self.memory[gone].account
                known.account.members = [each for each in known.account.members if each is not account]
        for each in at_hand & members:
            member = self.memory.get(each)
            if member is not None and member.managed:
                known.members.add(each)
                if not any(account is member.account for account in known.account.members):
                    known.account.members.append(member.account)

    # What is configured

    @property
    def _directory(self) -> Any:
        return self.company.directory

    def _directory_ids(self) -> list[str]:
        return [*self._directory.objects, *self._directory.deleted]

    def _kind_of(self, one: str) -> str:
        source = self._directory.objects.get(one) or self._directory.deleted.get(one)
        if source is not None:
            return {Kind.USER: "User", Kind.GROUP: "Group"}.get(source.kind, "")
        known = self.memory.get(one)
        return "" if known is None else "User" if "userName" in known.account.values else "Group"

    def _mapping(self, kind: str) -> dict[str, Any]:
        mappings = self.company.job.schema["synchronizationRules"][0]["objectMappings"]
        found: dict[str, Any] = next(one for one in mappings if one["sourceObjectName"] == kind)
        return found

    def _flows(self, kind: str) -> list[dict[str, Any]]:
        flows = self._mapping(kind)["attributeMappings"]
        return [flow for flow in flows if flow["targetAttributeName"].rpartition(":")[2] not in _REFERENCES]

    def _definitions(self, kind: str) -> list[dict[str, Any]]:
        named = self._mapping(kind)["targetObjectName"]
        things = self.company.job.schema["directories"][1]["objects"]
        found: list[dict[str, Any]] = next(one for one in things if one["name"] == named)["attributes"]
        return found

    def _does(self, action: str, kind: str) -> bool:
        return action in self._mapping(kind)["flowTypes"]

    def _secret(self, key: str) -> str:
        return self.company.tenant.synchronization_of(self.company.app.id).secrets.get(key, "")

    def _limit(self) -> int | None:
        told = json.loads(self._secret("SyncNotificationSettings") or "{}")
        return told.get("DeleteThresholdValue") if told.get("DeleteThresholdEnabled") else None

    def _attributes(self, source: DirectoryObject) -> dict[str, Any]:
        """Read an object as texts, under the names of the old directory; an empty text is nothing."""
        texts = {name: str(value) for name, value in source.properties.items() if value not in {None, ""}}
        return {**texts, "objectId": source.id, "accountEnabled": str(source.properties.get("accountEnabled", True))}


def _reads(flow: dict[str, Any], name: str) -> bool:
    source = flow.get("source")
    return source is not None and name in Expression.from_graph(source).attributes
