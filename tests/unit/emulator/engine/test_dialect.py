"""Both dialects of PATCH, from the conformance file; and which one is spoken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from company import Company

from emulator.engine.dialect import Dialect, Scribe, Verb, dialect_of
from emulator.engine.flow import Change
from emulator.engine.paths import TargetPath
from emulator.engine.plan import Flow
from emulator.moods.knobs import Knobs
from provisioning.language import Expression

FILE = json.loads((Path(__file__).parents[3] / "conformance" / "patch-dialects.json").read_text("utf-8"))
DIALECTS = {"legacy": Dialect.LEGACY, "standard": Dialect.STANDARD}


def a_change(told: dict[str, Any]) -> Change:
    flow = Flow(TargetPath.parse(told["target"]), Expression.parse("[a]"), "a", "[a]", type=told.get("type", "String"))
    return Change(flow, told["before"], told["after"])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_changes_are_written_as_documented(case: dict[str, Any], dialect: str) -> None:
    body = Scribe(DIALECTS[dialect], Knobs()).update([a_change(one) for one in case["changes"]])

    assert body["Operations"] == case[dialect]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", FILE["members"], ids=lambda case: case["name"])
def test_members_are_written_as_documented(case: dict[str, Any], dialect: str) -> None:
    body = Scribe(DIALECTS[dialect], Knobs()).members(Verb(case["verb"]), case["ids"])

    assert body["Operations"] == case[dialect]


@pytest.mark.parametrize(
    ("flags", "knob", "spoken"),
    [
        ("", "from-url", Dialect.LEGACY),
        ("?aadOptscim062020", "from-url", Dialect.STANDARD),
        ("?AADOPTSCIM062020", "from-url", Dialect.STANDARD),
        ("?AzureAdScimPatch2017", "from-url", Dialect.LEGACY),
        ("?aadOptscim062020", "legacy", Dialect.LEGACY),
        ("", "aadOptscim062020", Dialect.STANDARD),
    ],
)
def test_the_flag_in_the_tenant_url_or_the_knob_chooses(flags: str, knob: Any, spoken: Dialect) -> None:
    assert dialect_of(flags, Knobs(patch_dialect=knob)) is spoken


async def test_with_the_flag_a_leaver_is_disabled_by_a_boolean_and_the_flag_stays_out_of_the_urls() -> None:
    contoso = Company(url_flags="?aadOptscim062020")
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.unassign(ada)
    await contoso.cycle()

    assert contoso.bodies[0]["Operations"] == [{"op": "replace", "path": "active", "value": False}]
    assert contoso.sent == ["GET /Users/ada", "PATCH /Users/ada"]


async def test_the_flag_in_the_urls_is_a_knob() -> None:
    contoso = Company(url_flags="?aadOptscim062020", send_url_flags=True)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert "POST /Users?aadOptscim062020" in contoso.sent


async def test_a_new_group_names_microsofts_schema_unless_the_knob_says_otherwise() -> None:
    contoso, other = Company(), Company(group_schema_uri=False)
    for one in (contoso, other):
        one.group("Team", assigned=True)
        await one.cycle()

    assert len(contoso.bodies[0]["schemas"]) == 2
    assert other.bodies[0]["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:Group"]


async def test_a_lean_new_user_is_made_of_knobs() -> None:
    contoso = Company(enterprise_schema_always=False, empty_roles_in_post=False, primary_work_email=False)
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    body = contoso.bodies[0]
    assert body["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"]
    assert "roles" not in body
    assert body["emails"] == [{"type": "work", "value": "ada@contoso.com"}]
