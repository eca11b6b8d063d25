"""Two SCIM test suites that nobody here wrote judge the target in Elium's place, which nobody here wrote either."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from scim_sanity.probe.runner import run_probe_api  # type: ignore[import-untyped]  # it ships without types

from emulator.elium import STRICT, TOLERANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from identities import Contract

    from emulator.elium import EliumTenant

FINE = Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE

NOT_SCIM_CORE = {"Agent CRUD Lifecycle", "AgenticApplication CRUD Lifecycle", "Agent Rapid Lifecycle"}
"""Drafts for agents, which the target does not announce; the suite skips them."""

WANTS_A_BODY = {
    "PATCH /Users/{id}",
    "PATCH /Groups/{id}",
    "PATCH /Groups/{id} add member",
    "PATCH /Groups/{id} remove members",
}
"""scim-sanity wants 200 and the resource; the target answers 204, which RFC 7644 3.5.2 allows just as well."""


@pytest.fixture(params=[TOLERANT, STRICT], ids=["tolerant", "strict"])
def tenant(contract: Contract, request: pytest.FixtureRequest) -> Iterator[EliumTenant]:
    """Let the target be tolerant of Entra's ways, and strict."""
    site = contract.served.emulator.seed.elium[0]
    tenant = contract.served.emulator.elium.tenant(site.name)
    tenant.behaviour = request.param
    yield tenant
    tenant.behaviour = TOLERANT


def told_by_scim_sanity(contract: Contract) -> dict[str, set[str]]:
    """Run scim-sanity and list its checks by what became of them."""
    variables = contract.served.environment
    address, token = f"{variables['ELIUM_TENANT_URL']}/scim/v2", variables["ELIUM_SECRET_TOKEN"]
    told = run_probe_api(address, token=token, ca_bundle=contract.served.ca_file)
    by_status: dict[str, set[str]] = {"pass": set()}
    for result in told["results"]:
        by_status.setdefault(result["status"], set()).add(result["name"])
    return by_status


@pytest.mark.usefixtures("tenant")
def test_scim2_tester_finds_nothing(contract: Contract) -> None:
    variables = contract.served.environment
    trust = ssl.create_default_context(cafile=contract.served.ca_file)
    headers = {"Authorization": f"Bearer {variables['ELIUM_SECRET_TOKEN']}"}
    address = f"{variables['ELIUM_TENANT_URL']}/scim/v2"
    with httpx2.Client(base_url=address, verify=trust, headers=headers) as http:
        results = check_server(SyncSCIMClient(http))
    assert len(results) > 100
    assert [(one.title, one.reason) for one in results if one.status not in FINE] == []


@pytest.mark.usefixtures("tenant")
def test_scim_sanity_finds_nothing_but_answers_without_a_body(contract: Contract) -> None:
    told = told_by_scim_sanity(contract)
    assert told.pop("pass")
    assert told == {"fail": WANTS_A_BODY, "skip": NOT_SCIM_CORE}


def test_scim_sanity_finds_nothing_when_a_patch_has_an_answer(contract: Contract, tenant: EliumTenant) -> None:
    tenant.behaviour = replace(tenant.behaviour, answers_patch_with_body=True)
    told = told_by_scim_sanity(contract)
    assert told.pop("pass") >= WANTS_A_BODY
    assert told == {"skip": NOT_SCIM_CORE}
