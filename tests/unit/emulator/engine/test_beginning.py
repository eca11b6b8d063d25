"""A company may begin with an application that is provisioned already: app, assignments, connection, job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from asking import graph_of

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.seed import SeedError

if TYPE_CHECKING:
    from pathlib import Path

ADA, ALL, APP, PRINCIPAL, ROLE = (f"{number}0000000-0000-4000-8000-000000000000" for number in range(1, 6))
EXTENSION = "extension_0123456789abcdef0123456789abcdef_team"


def company(**application: Any) -> dict[str, Any]:
    """Write a company of two people, one of whom its application is assigned to."""
    return {
        "tenant": {"id": "c0ffee00-1234-4abc-8def-0123456789ac", "displayName": "Small", "domain": "small.example"},
        "people": [
            {
                "id": ADA,
                "userPrincipalName": "ada@small.example",
                "displayName": "Ada",
                "mailNickname": None,
                "properties": {EXTENSION: "Blue", "displayName": None},
            },
            {"userPrincipalName": "bob@small.example", "displayName": "Bob"},
        ],
        "groups": [
            {
                "id": ALL,
                "key": ALL,
                "displayName": "All",
                "members": ["ada@small.example"],
                "properties": {"visibility": "Private"},
            }
        ],
        "clients": [{"displayName": "elium-deployer", "appId": "x", "roles": ["Directory.ReadWrite.All"]}],
        "elium": [{"name": "small"}],
        "extensions": [{"name": EXTENSION}],
        "gallery": [
            {
                "id": "gallery-1",
                "displayName": "Elium",
                "publisher": "Elium",
                "homePageUrl": "https://elium.com",
                "key": "elium",
                "synchronizationTemplate": "Elium.OfItsOwn",
            }
        ],
        "applications": [
            {
                "gallery": "gallery-1",
                "displayName": "Elium (dev)",
                "servicePrincipalId": PRINCIPAL,
                "appRoles": [{"id": ROLE, "displayName": "User"}],
                "assignments": [{"principal": ALL, "role": ROLE}],
                "connection": {"BaseAddress": "https://localhost/elium/small/scim/v2", "SyncAll": "false"},
                "jobs": [{"templateId": "Elium.OfItsOwn", "id": "elium.job", "on": True}],
                **application,
            }
        ],
    }


async def test_its_job_provisions_whom_it_is_assigned_to_as_soon_as_time_passes() -> None:
    emulator = Emulator(seed=seeds.parse(company()))
    await emulator.run_due()

    site = emulator.elium.tenant("small")
    assert [one["userName"] for one in site.users] == ["ada@small.example"]
    assert [one["displayName"] for one in site.groups] == ["All"]
    assert [job.id for job in emulator.entra.jobs()] == ["elium.job"]


async def test_it_is_there_again_after_a_reset() -> None:
    emulator = Emulator(seed=seeds.parse(company()))
    await emulator.run_due()
    emulator.reset()
    await emulator.run_due()

    assert len(emulator.elium.tenant("small").users) == 1


async def test_graph_shows_what_the_file_says_of_properties_and_extensions() -> None:
    async with graph_of(Emulator(seed=seeds.parse(company()))) as graph:
        ada = (await graph.get(f"/users/{ADA}?$select=displayName,mailNickname,{EXTENSION}")).json()
        group = (await graph.get(f"/groups/{ALL}?$select=visibility")).json()

    assert (ada["displayName"], ada["mailNickname"], ada[EXTENSION]) == (None, "ada", "Blue")
    assert group["visibility"] == "Private"


def test_a_schema_that_cannot_be_is_told_with_its_place() -> None:
    wrong = company(jobs=[{"templateId": "Elium.OfItsOwn", "schema": {"synchronizationRules": []}}])

    with pytest.raises(SeedError, match=r"^applications\[0\]: The schema cannot be saved"):
        Emulator(seed=seeds.parse(wrong))


def test_every_reference_to_nothing_is_told_with_its_place() -> None:
    wrong = company(assignments=[{"principal": "nobody", "role": "none"}], jobs=[{"templateId": "other"}])
    with pytest.raises(SeedError) as refused:
        seeds.parse(wrong)
    with pytest.raises(SeedError) as without:
        seeds.parse(company(gallery="gallery-2"))

    assert [reason.partition(":")[0] for reason in (*refused.value.reasons, *without.value.reasons)] == [
        "applications[0].assignments[0].principal",
        "applications[0].assignments[0].role",
        "applications[0].jobs[0].templateId",
        "applications[0].gallery",
    ]


def test_a_seed_may_be_json(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(company()))

    assert [person.display_name for person in seeds.read(file).people] == ["Ada", "Bob"]


def test_what_begins_like_json_and_is_not_is_read_as_yaml(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text("{tenant: {id: x}}")

    with pytest.raises(SeedError, match=r"tenant\.id"):
        seeds.read(file)
