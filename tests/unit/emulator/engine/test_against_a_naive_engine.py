"""Random histories of a company, told to two engines: what the target has in the end must be the same."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from abuse import ROUNDS
from company import Company
from naive_engine import Account, NaiveEngine

from emulator.engine.job import ResetScope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emulator.company.store import DirectoryObject

HISTORIES, DAYS = 40, 12
SEEN = ("userName", "displayName", "title", "active", "externalId", "name.givenName", "name.formatted")
DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
SCOPES = (
    ("Full",),
    ("ConnectorDataStore", "Watermark"),
    ("Watermark",),
    ("Escrows",),
    ("ForceDeletes",),
    (),
)


def clause(attribute: str, operator: str, *values: str) -> dict[str, Any]:
    return {"sourceOperandName": attribute, "operatorName": operator, "targetOperand": {"values": [*values]}}


def groups(*clauses: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": f"{number}", "clauses": [one]} for number, one in enumerate(clauses)]


SALES, IT = clause("department", "EQUALS", "Sales"), clause("department", "EQUALS", "IT")
FILTERS: tuple[dict[str, Any] | None, ...] = (
    None,
    {"groups": groups(SALES)},
    {"groups": groups(SALES, IT)},
    {"groups": [{"name": "both", "clauses": [SALES, clause("jobTitle", "IS NOT NULL")]}]},
    {"groups": groups(clause("jobTitle", "NOT EQUALS", "Lead")), "inputFilterGroups": groups(SALES, IT)},
    {"groups": [], "categoryFilterGroups": groups(SALES, IT)},
)
TITLES: tuple[dict[str, Any], ...] = (
    {"flowType": "Always"},
    {"flowType": "ObjectAddOnly"},
    {"flowType": "AttributeAddOnly"},
    {"flowBehavior": "FlowAlways"},
    {"flowBehavior": "FlowWhenChanged"},
    {"defaultValue": "Nobody"},
    {"expression": "[jobTitle]"},
    {"expression": 'Switch([department], "None", "Sales", "Seller", "IT", [jobTitle])'},
    {"expression": 'IIF([jobTitle]="Lead", Join(" ", "The", [jobTitle]), "")'},
    {"expression": None, "defaultValue": "Fixed"},
)
ACTIVES = (
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "Not([IsSoftDeleted])",
    "[accountEnabled]",
)


class History:
    """A company, its two engines, and what happened so far."""

    def __init__(self, number: int) -> None:
        self.random, self.told = Random(number), list[str]()
        self.contoso = Company()
        self.naive = NaiveEngine(self.contoso)
        self.people = [self.contoso.hire(name, assigned=number % 2 == 0) for name in ("ada", "bob", "cem", "dot")]
        self.teams = [self.contoso.group("red", *self.people, assigned=True), self.contoso.group("blue")]
        self.hired = 0

    async def day(self) -> None:
        """Let some things happen, and both engines run."""
        for event in self.random.choices(EVENTS, k=self.random.randint(0, 4)):
            event(self)
            self.told.append(event.__name__)
        await self.contoso.cycle()
        self.naive.cycle()

    def person(self) -> DirectoryObject:
        return self.random.choice(self.people)

    def team(self) -> DirectoryObject:
        return self.random.choice(self.teams)

    # People

    def hire(self) -> None:
        self.hired += 1
        name = f"new{self.hired}"
        self.people.append(self.contoso.hire(name, assigned=self.random.random() < 0.5, department="Sales"))

    def disable_or_enable(self) -> None:
        one = self.person()
        if one.deleted is None:
            self.contoso.change(one, accountEnabled=not one.properties["accountEnabled"])

    def delete_or_restore(self) -> None:
        one, directory = self.person(), self.contoso.directory
        if one.deleted is None:
            directory.delete(one.id)
        else:
            directory.restore(one.id)

    def purge(self) -> None:
        one = self.person()
        if one.deleted is not None and len(self.people) > 2:
            self.contoso.directory.purge(one.id)
            self.people.remove(one)

    def change(self) -> None:
        choices: dict[str, Sequence[Any]] = {
            "jobTitle": ("Lead", "lead", "Engineer", "", None),
            "department": ("Sales", "IT", "sales", None),
            "givenName": ("Zoë", "zoë", None),
            "displayName": ("One", "Two"),
        }
        name = self.random.choice(sorted(choices))
        one = self.person()
        if one.deleted is None:
            self.contoso.change(one, **{name: self.random.choice(choices[name])})

    def marry(self) -> None:
        one = self.person()
        if one.deleted is None:
            self.hired += 1
            self.contoso.change(one, userPrincipalName=f"married{self.hired}@contoso.com")

    def manage(self) -> None:
        one, other = self.person(), self.person()
        manager = other.id if other is not one and other.deleted is None else None
        self.contoso.directory.set_manager(one.id, manager)

    # Groups and assignments

    def assign_or_unassign(self) -> None:
        one = self.person() if self.random.random() < 0.5 else self.team()
        if self.contoso.directory.assignments_of(one.id):
            self.contoso.unassign(one)
        else:
            self.contoso.assign(one)

    def assign_elsewhere(self) -> None:
        self.contoso.assign_elsewhere(self.person())

    def join_or_leave(self) -> None:
        one, team, directory = self.person(), self.team(), self.contoso.directory
        if directory.is_member(team.id, one.id):
            directory.remove_member(team.id, one.id)
        else:
            directory.add_member(team.id, one.id)

    def form(self) -> None:
        self.hired += 1
        members = self.random.sample(self.people, k=min(2, len(self.people)))
        self.teams.append(self.contoso.group(f"team{self.hired}", *members, assigned=self.random.random() < 0.7))

    def rename_a_group(self) -> None:
        self.hired += 1
        self.contoso.change(self.team(), displayName=f"renamed{self.hired}")

    def dissolve(self) -> None:
        team = self.team()
        if len(self.teams) > 1:
            self.contoso.directory.delete(team.id)
            self.contoso.directory.purge(team.id)
            self.teams.remove(team)

    # The job

    def filter(self) -> None:
        self.contoso.map(scope=self.random.choice(FILTERS))
        self.naive.full = True

    def map(self) -> None:
        self.contoso.flow("title", **self.random.choice(TITLES))
        self.naive.full = True

    def map_active(self) -> None:
        self.contoso.flow("active", expression=self.random.choice(ACTIVES))
        self.naive.full = True

    def mind_the_case(self) -> None:
        self.contoso.define("title", caseExact=self.random.random() < 0.5)
        self.naive.full = True

    def allow(self) -> None:
        kind = self.random.choice(["User", "Group"])
        actions = ("Add,Update,Delete", "Add,Update", "Add", "Update", "Add,Delete", "Add,Update,Delete")
        self.contoso.map(kind, flowTypes=self.random.choice(actions))
        self.naive.full = True

    def save(self) -> None:
        told = {"DeleteThresholdEnabled": self.random.random() < 0.5, "DeleteThresholdValue": 1}
        choices = (
            {"SyncAll": self.random.choice(["True", "False"])},
            {"SkipOutOfScopeDeletions": self.random.choice(["True", "False"])},
            {"SyncNotificationSettings": json.dumps(told)},
        )
        self.contoso.save(**self.random.choice(choices))
        # Secrets do not change anybody: whom they concern is looked at when something else happens, or all at once.
        self._restart()

    def restart(self) -> None:
        self._restart(*self.random.choice(SCOPES))

    def _restart(self, *scopes: str) -> None:
        self.contoso.service.restart(self.contoso.job, frozenset(ResetScope(scope) for scope in scopes))
        self.naive.restart(*scopes)


EVENTS: Sequence[Callable[[History], None]] = (
    *(History.hire, History.disable_or_enable, History.delete_or_restore, History.purge, History.change) * 3,
    *(History.assign_or_unassign, History.join_or_leave, History.manage) * 3,
    *(History.marry, History.assign_elsewhere, History.form, History.rename_a_group, History.dissolve),
    *(History.filter, History.map, History.map_active, History.mind_the_case, History.allow, History.save),
    History.restart,
)


def found(account: dict[str, Any], path: str) -> str | None:
    """Read an attribute of a SCIM resource as a text."""
    if path == DEPARTMENT:
        value = account.get(DEPARTMENT.rpartition(":")[0], {}).get("department")
    else:
        first, _, rest = path.partition(".")
        value = (account.get(first) or {}).get(rest) if rest else account.get(first)
    return None if value is None else str(value)


def at_the_target(contoso: Company) -> dict[str, Any]:
    """Tell what Elium has: accounts with their managers, groups with their members, without ids."""
    names = {account["id"]: account["userName"] for account in contoso.elium.users}
    enterprise = DEPARTMENT.rpartition(":")[0]
    accounts = {}
    for account in contoso.elium.users:
        manager = (account.get(enterprise) or {}).get("manager") or {}
        values = {path: found(account, path) for path in (*SEEN, DEPARTMENT)}
        accounts[account["userName"]] = {**values, "manager": names.get(str(manager.get("value")))}
    teams = {
        team["displayName"]: sorted(names[one["value"]] for one in team.get("members") or () if one["value"] in names)
        for team in contoso.elium.groups
    }
    return {"accounts": accounts, "teams": teams}


def as_believed(naive: NaiveEngine) -> dict[str, Any]:
    """Tell the same of what the naive engine believes."""
    there = {id(account): account.values["userName"] for account in naive.accounts}

    def shown(account: Account) -> dict[str, Any]:
        values = {path: account.values.get(path) for path in (*SEEN, DEPARTMENT)}
        return {**values, "manager": there.get(id(account.manager))}

    return {
        "accounts": {account.values["userName"]: shown(account) for account in naive.accounts},
        "teams": {
            team.values["displayName"]: sorted(there[id(one)] for one in team.members if id(one) in there)
            for team in naive.teams
        },
    }


@pytest.mark.parametrize("part", range(ROUNDS))
async def test_both_engines_leave_the_same_at_the_target(part: int) -> None:
    for number in range(part * HISTORIES, (part + 1) * HISTORIES):
        history = History(number)
        for day in range(DAYS):
            await history.day()

            told = f"history {number}, day {day}: {', '.join(history.told)}"
            assert history.contoso.job.escrows == {}, told
            assert as_believed(history.naive) == at_the_target(history.contoso), told
