"""Three hundred people, their accounts at stake: what a plan says of them, what it asks, and what then happens.

The client and the provisioning engine are real, the latter the emulator's; only Pulumi's engine is played. What was
asked is read off the emulator's log, and what became of people off Elium.
"""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from played import Played

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.seed import ClientSeed
from emulator.company.store import Kind
from provisioning.errors import UnsafeChangeError

if TYPE_CHECKING:
    from emulator.company.store import Directory

BY_THEMSELVES, IN_A_GROUP, NOT_ASSIGNED = 40, 210, 50
DEPARTMENTS = ("Sales", "Knowledge", "Engineering", "Finance", "Marketing")
SALES: dict[str, Any] = {"filters": {"users": ["department NOT EQUALS Sales"]}}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[department]"}}}
LOOKING = {"GET jobs": 1, "GET secrets": 1, "GET schema": 1, "GET appRoleAssignedTo": 1}
"""What a plan is made of, without people."""
BLIND = ClientSeed(
    display_name="elium-blind",
    app_id="e11ed000-0000-4000-8000-00000000000b",
    secret="made up for this",
    roles=["Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"],
)
"""An identity that may configure everything and look at nobody."""
SHORT_SIGHTED = BLIND.model_copy(
    update={
        "display_name": "elium-short-sighted",
        "app_id": "e11ed000-0000-4000-8000-00000000000c",
        "roles": [*BLIND.roles, "Application.Read.All", "GroupMember.Read.All"],
    }
)
"""One that reads who is in a group, and is shown nothing else of them."""


class Company:
    """Three hundred employees of whom 250 are assigned, and a stack of the program in front of them."""

    def __init__(self) -> None:
        seed = seeds.read()
        clients = [*seed.clients, BLIND, SHORT_SIGHTED]
        elium = [site.model_copy(update={"token": "made-up-t0ken"}) for site in seed.elium]
        self.emulator = Emulator(
            seed=seed.model_copy(update={"people": [], "groups": [], "clients": clients, "elium": elium})
        )
        self.stack: Played
        self.declared: dict[str, Any]

    async def open(self) -> None:
        """Hire everybody, make the app, assign, bring the stack up, and let the initial cycle run."""
        people = [self._hire(number) for number in range(BY_THEMSELVES + IN_A_GROUP + NOT_ASSIGNED)]
        group = self.directory.add(Kind.GROUP, {"id": str(uuid4()), "displayName": "Staff", "securityEnabled": True})
        for person in people[BY_THEMSELVES : BY_THEMSELVES + IN_A_GROUP]:
            self.directory.add_member(group.id, person)
        self.stack = await Played.of(self.emulator)
        by_themselves = [{"principalId": person, "kind": "user"} for person in people[:BY_THEMSELVES]]
        self.declared = {"assignments": [*self.stack.group("Staff"), *by_themselves], "role": "User"}
        await self.up()
        await self.emulator.run_due()

    def again(self) -> Company:
        """Give the same company once more, with nothing in common."""
        other = Company()
        other.emulator.restore(self.emulator.snapshot())
        other.stack = Played(other.emulator, self.stack.principal, self.stack.role)
        other.declared = self.declared
        other.stack.kept, other.stack.plan = copy.deepcopy((self.stack.kept, self.stack.plan))
        return other

    def _hire(self, number: int) -> str:
        name = f"person{number}"
        known = {"userPrincipalName": f"{name}@contoso.com", "mailNickname": name, "accountEnabled": True}
        shown = {"displayName": f"Person {number}", "jobTitle": "Clerk", "department": DEPARTMENTS[number % 5]}
        return self.directory.add(Kind.USER, {"id": str(uuid4()), **known, **shown}).id

    @property
    def directory(self) -> Directory:
        return self.emulator.world.tenant(self.emulator.seed.tenant.id).directory

    async def up(self, *, preview: bool = False, **written: Any) -> Counter[str]:
        """Run the program, and count what was asked of Graph."""
        await self.stack.run(preview=preview, **self.declared | written)
        return self.asked

    @property
    def asked(self) -> Counter[str]:
        return Counter(self.stack.calls.made)

    def accounts(self) -> Counter[bool]:
        """Count the accounts at Elium by whether they are active."""
        return Counter(user["active"] for user in self.emulator.elium.tenant(self.emulator.seed.elium[0].name).users)


@pytest.fixture(scope="module")
def opened() -> Company:
    company = Company()
    asyncio.run(company.open())
    return company


@pytest.fixture
def company(opened: Company) -> Company:
    return opened.again()


async def test_those_who_leave_by_the_plan_are_those_who_are_disabled(company: Company) -> None:
    assert company.accounts() == {True: 250}

    await company.up(preview=True, acceptLeavers=50, **SALES)
    await company.up(acceptLeavers=50, **SALES)
    await company.emulator.run_cycle(company.stack.state["jobId"])

    assert "250 people in scope now, 200 people afterwards." in company.stack.said()
    assert company.accounts() == {True: 200, False: 50}


async def test_without_the_number_it_is_refused_in_the_preview_and_again_in_the_update(company: Company) -> None:
    for preview in (True, False):
        with pytest.raises(UnsafeChangeError) as refusal:
            await company.up(preview=preview, **SALES)

        assert refusal.value.message.startswith("50 of 250 people in scope would leave; the limit is 12,")
        assert [asked for asked in company.asked if not asked.startswith("GET")] == []


async def test_a_preview_reads_people_by_group_and_fifteen_at_a_time(company: Company) -> None:
    asked = await company.up(preview=True, **TITLE)

    assert asked == LOOKING | {
        "GET groups": 1,
        "GET microsoft.graph.user": 1,
        "GET microsoft.graph.group": 1,
        "GET users": 3,
    }
    assert "title: 250 people would get another value\n    Person 40 (person40@contoso.com): " in company.stack.said()
    assert "\n    and 247 more\n" in company.stack.said()


async def test_a_harmless_mapping_reads_nobody(company: Company) -> None:
    assert await company.up(**TITLE) == LOOKING | {"PUT schema": 1}


async def test_a_mapping_of_groups_reads_nobody(company: Company) -> None:
    asked = await company.up(preview=True, mappings={"groups": {"externalId": "[displayName]"}})

    assert asked == LOOKING


async def test_nothing_to_do_looks_at_the_job_once(company: Company) -> None:
    assert await company.up() == {"GET jobs": 1}


async def test_a_dangerous_change_looks_twice_at_the_schema(company: Company) -> None:
    asked = await company.up(acceptLeavers=50, **SALES)

    assert (asked["GET schema"], asked["PUT schema"], asked["GET secrets"]) == (2, 1, 1)


async def test_everybody_is_read_when_the_scope_becomes_all(company: Company) -> None:
    asked = await company.up(preview=True, scope="all", acceptEntrants=50)

    assert asked["GET users"] == 4
    assert "50 would enter: Person 250 (person250@contoso.com), " in company.stack.said()


@pytest.mark.parametrize("scope", ["assigned", "all"])
async def test_all_who_come_in_are_too_many(company: Company, scope: str) -> None:
    others = [person.id for person in company.directory.all(Kind.USER)][-NOT_ASSIGNED:]
    more = [{"principalId": person, "kind": "user"} for person in others] if scope == "assigned" else []

    with pytest.raises(UnsafeChangeError, match=r"^50 people would enter, beside 250 in scope now") as refusal:
        await company.up(scope=scope, assignments=[*company.declared["assignments"], *more])

    assert refusal.value.hint == "If that is meant, set this, spelled as your other settings are: acceptEntrants: 50"
    assert len(company.directory.assigned_to(company.stack.principal)) == BY_THEMSELVES + 1


async def test_a_group_that_is_left_out_takes_along_those_who_are_in_no_other(company: Company) -> None:
    with pytest.raises(UnsafeChangeError, match=r"^210 of 250 people in scope would leave"):
        await company.up(assignments=company.declared["assignments"][1:])

    assert len(company.directory.assigned_to(company.stack.principal)) == BY_THEMSELVES + 1


async def test_a_group_whose_people_are_assigned_by_themselves_takes_nobody_along(company: Company) -> None:
    staff = company.declared["assignments"][0]["principalId"]
    themselves = [{"principalId": each.id, "kind": "user"} for each in company.directory.members_of(staff)]

    await company.up(assignments=[*company.declared["assignments"][1:], *themselves])
    await company.emulator.run_cycle(company.stack.job.id)

    assert "250 people in scope now, 250 people afterwards." in company.stack.said()
    assert company.accounts() == {True: 250}


async def test_an_estimate_covers_as_many_as_the_limit_says(company: Company) -> None:
    await company.up(preview=True, impactLimit=100, **TITLE)

    assert "100 people in scope now, 100 people afterwards; this covers the first 100 people." in company.stack.said()


async def test_an_identity_that_may_not_read_people_plans_without_counts(company: Company) -> None:
    company.stack.identity = BLIND.display_name

    await company.up(preview=True, **TITLE)

    sentence = (
        "This identity may not read people: grant it User.Read.All, GroupMember.Read.All and Application.Read.All."
    )
    assert sentence in company.stack.said().splitlines()


@pytest.mark.parametrize("identity", [BLIND, SHORT_SIGHTED], ids=["nobody", "groups alone"])
async def test_and_its_dangerous_changes_are_refused_until_somebody_stands_for_a_number(
    company: Company, identity: ClientSeed
) -> None:
    company.stack.identity = identity.display_name

    with pytest.raises(UnsafeChangeError, match="How many people this takes away from is not known"):
        await company.up(preview=True, **SALES)
    await company.up(acceptLeavers=60, **SALES)

    assert company.asked["PUT schema"] == 1
