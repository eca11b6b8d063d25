"""Three hundred people, their accounts at stake: what a plan says of them, what it asks, and what then happens.

The client and the provisioning engine are real, the latter the emulator's; only Pulumi's engine is played. What was
asked is read off the emulator's log, and what became of people off Elium.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2
import pytest
from asking import elium_app, graph_of, token_of
from pulumi_engine import Engine

from emulator import Emulator
from emulator import seed as seeds
from emulator.seed import ClientSeed
from emulator.store import Assignment, Kind
from provisioning.errors import UnsafeChangeError
from provisioning.graph.client import GraphClient

if TYPE_CHECKING:
    from emulator.store import Directory

BY_THEMSELVES, IN_A_GROUP, NOT_ASSIGNED = 40, 210, 50
DEPARTMENTS = ("Sales", "Knowledge", "Engineering", "Finance", "Marketing")
SALES: dict[str, Any] = {"filters": {"users": ["department NOT EQUALS Sales"]}}
TITLE: dict[str, Any] = {"mappings": {"users": {"title": "[department]"}}}
BLIND = ClientSeed(
    display_name="elium-blind",
    app_id="e11ed000-0000-4000-8000-00000000000b",
    secret="made up for this",
    roles=["Application.ReadWrite.OwnedBy", "Synchronization.ReadWrite.All"],
)
"""An identity that may configure everything and look at nobody."""


class Company:
    """A stack that is up, in front of three hundred employees of whom 250 are assigned."""

    def __init__(self) -> None:
        seed = seeds.read()
        self.emulator = Emulator(
            seed=seed.model_copy(update={"people": [], "groups": [], "clients": [*seed.clients, BLIND]})
        )
        self.identity = "elium-deployer"

    async def open(self) -> None:
        """Hire everybody, make the app, assign, and bring the stack up."""
        async with graph_of(self.emulator) as graph:
            app = (await elium_app(graph))["servicePrincipal"]
        people = [self._hire(number) for number in range(BY_THEMSELVES + IN_A_GROUP + NOT_ASSIGNED)]
        group = self.directory.add(Kind.GROUP, {"id": str(uuid4()), "displayName": "Staff", "securityEnabled": True})
        for person in people[BY_THEMSELVES : BY_THEMSELVES + IN_A_GROUP]:
            self.directory.add_member(group.id, person)
        for principal in (*people[:BY_THEMSELVES], group.id):
            role, moment = app["appRoles"][0]["id"], self.emulator.clock.now()
            self.directory.assign(Assignment(str(uuid4()), principal, app["id"], role, moment))
        site = self.emulator.seed.elium[0]
        address = f"{self.emulator.origin}/elium/{site.name}"
        least = {"servicePrincipalId": app["id"], "baseAddress": address, "secretToken": site.token}
        self.pulumi = Engine(self.connect, least)
        await self.up()

    def _hire(self, number: int) -> str:
        name = f"person{number}"
        known = {"userPrincipalName": f"{name}@contoso.com", "mailNickname": name, "accountEnabled": True}
        shown = {"displayName": f"Person {number}", "jobTitle": "Clerk", "department": DEPARTMENTS[number % 5]}
        return self.directory.add(Kind.USER, {"id": str(uuid4()), **known, **shown}).id

    @property
    def directory(self) -> Directory:
        return self.emulator.world.tenant(self.emulator.seed.tenant.id).directory

    async def connect(self) -> GraphClient:
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.emulator.app))
        signed_in = SignedIn(token_of(self.emulator, self.identity))
        return GraphClient(http, signed_in, self.emulator.origin)

    async def up(self, *, preview: bool = False, **written: Any) -> Counter[str]:
        """Run the program, and count what was asked of Graph."""
        before = len(self.emulator.entra.requests.of("graph"))
        try:
            await self.pulumi.up(preview=preview, **written)
        finally:
            asked = self.emulator.entra.requests.of("graph")[before:]
            self.asked = Counter(f"{call.method} {call.path.rpartition('/')[2]}" for call in asked)
        return self.asked

    def said(self) -> str:
        return "\n".join(notice.text for notice in self.pulumi.told)

    def accounts(self) -> Counter[bool]:
        """Count the accounts at Elium by whether they are active."""
        return Counter(user["active"] for user in self.emulator.elium.tenant(self.emulator.seed.elium[0].name).users)


class SignedIn:
    """Gives the one token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    def forget(self) -> None:
        """Keep it: there is no other."""


@pytest.fixture
async def company() -> Company:
    company = Company()
    await company.open()
    return company


async def test_those_who_leave_by_the_plan_are_those_who_are_disabled(company: Company) -> None:
    await company.emulator.run_due()
    assert company.accounts() == {True: 250}

    await company.up(preview=True, acceptLeavers=50, **SALES)
    await company.up(acceptLeavers=50, **SALES)
    await company.emulator.run_cycle(company.pulumi.state["jobId"])

    assert "250 people in scope now, 200 people afterwards." in company.said()
    assert company.accounts() == {True: 200, False: 50}


async def test_without_the_number_it_is_refused_in_the_preview_and_again_in_the_update(company: Company) -> None:
    for preview in (True, False):
        with pytest.raises(UnsafeChangeError) as refusal:
            await company.up(preview=preview, **SALES)

        assert refusal.value.message.startswith("50 of 250 people in scope would leave; the limit is 12,")
        assert [asked for asked in company.asked if not asked.startswith("GET")] == []


async def test_a_preview_reads_people_by_group_and_fifteen_at_a_time(company: Company) -> None:
    asked = await company.up(preview=True, **TITLE)

    assert asked == {
        "GET secrets": 1,
        "GET schema": 1,
        "GET appRoleAssignedTo": 1,
        "GET groups": 1,
        "GET microsoft.graph.user": 1,
        "GET microsoft.graph.group": 1,
        "GET users": 3,
    }
    assert "250 would get another value: Person 40 (person40@contoso.com), " in company.said()
    assert ", and 240 more\n" in company.said()


async def test_a_harmless_mapping_takes_two_calls(company: Company) -> None:
    assert await company.up(**TITLE) == {"GET schema": 1, "PUT schema": 1}


async def test_a_mapping_of_groups_reads_nobody(company: Company) -> None:
    asked = await company.up(preview=True, mappings={"groups": {"externalId": "[displayName]"}})

    assert asked == {"GET secrets": 1, "GET schema": 1}


async def test_nothing_to_do_takes_no_call(company: Company) -> None:
    assert await company.up() == {}


async def test_a_dangerous_change_looks_twice_at_the_schema(company: Company) -> None:
    asked = await company.up(acceptLeavers=50, **SALES)

    assert (asked["GET schema"], asked["PUT schema"], asked["GET secrets"]) == (2, 1, 1)


async def test_everybody_is_read_when_the_scope_becomes_all(company: Company) -> None:
    asked = await company.up(preview=True, scope="all")

    assert asked["GET users"] == 4
    assert "50 would enter: Person 250 (person250@contoso.com), " in company.said()


async def test_an_estimate_covers_as_many_as_the_limit_says(company: Company) -> None:
    await company.up(preview=True, impactLimit=100, **TITLE)

    assert "100 people in scope now, 100 people afterwards; this covers the first 100 people." in company.said()


async def test_an_identity_that_may_not_read_people_plans_without_counts(company: Company) -> None:
    company.identity = BLIND.display_name
    company.pulumi = company.pulumi.again(company.connect)

    await company.up(preview=True, **TITLE)

    sentence = (
        "This identity may not read people: grant it User.Read.All, GroupMember.Read.All and Application.Read.All."
    )
    assert sentence in company.said().splitlines()


async def test_and_its_dangerous_changes_are_refused_until_somebody_stands_for_a_number(company: Company) -> None:
    company.identity = BLIND.display_name
    company.pulumi = company.pulumi.again(company.connect)

    with pytest.raises(UnsafeChangeError, match="How many people this takes away from is not known"):
        await company.up(preview=True, **SALES)
    await company.up(acceptLeavers=60, **SALES)

    assert company.asked["PUT schema"] == 1
