from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import timedelta

import httpx2
import pytest
from asking import SCOPE
from fleets import here, tenants_in

from emulator import Fleet
from emulator.company import seed as seeds
from emulator.company.fleet import Company
from emulator.web.fleet import ServedFleet
from emulator.web.tenants_file import secrets_of, tenants_file

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("entra_tenants", [1, 3])
def test_the_file_is_read_by_the_fleet_and_every_token_of_it_opens_its_platform(entra_tenants: int) -> None:
    with Fleet(7, entra_tenants=entra_tenants).serve() as served:
        tenants = tenants_in(served.tenants)
        with httpx2.Client(verify=ssl.create_default_context(cafile=served.served[0].ca_file)) as http:
            answers = [
                http.get(
                    f"{tenant.written['tenantUrl']}/scim/v2/Users",
                    headers={"authorization": f"Bearer {tenant.token(here(served.environment)).reveal()}"},
                ).status_code
                for tenant in tenants
            ]

    assert [tenant.name for tenant in tenants] == sorted(tenant.name for tenant in tenants)
    assert answers == [200] * 7


def test_every_row_names_the_identity_for_its_entra_tenant_where_there_are_several() -> None:
    with Fleet(6, entra_tenants=3).serve() as served:
        signed_in = [
            signs_in(served, tenant.environment(here(served.environment))) for tenant in tenants_in(served.tenants)
        ]

    assert signed_in == [200] * 6


def signs_in(served: ServedFleet, identity: Mapping[str, str]) -> int:
    """Sign in as an identity, and look for the group; give the status."""
    origin = f"https://{identity['ARM_METADATA_HOSTNAME']}"
    form = {
        "grant_type": "client_credentials",
        "client_id": identity["ARM_CLIENT_ID"],
        "client_secret": identity["ARM_CLIENT_SECRET"],
        "scope": SCOPE,
    }
    with httpx2.Client(verify=ssl.create_default_context(cafile=served.served[0].ca_file), base_url=origin) as http:
        token = http.post(f"/{identity['ARM_TENANT_ID']}/oauth2/v2.0/token", data=form).json()["access_token"]
        return http.get("/v1.0/groups", headers={"authorization": f"Bearer {token}"}).status_code


def test_secrets_stand_in_the_environment_and_not_in_the_file() -> None:
    fleet = Fleet(6, entra_tenants=2)
    secrets = secrets_of(fleet.companies)
    text = tenants_file(fleet.companies, ["https://127.0.0.1:1", "https://127.0.0.1:2"])

    assert len(secrets) == 8
    assert [name for name, secret in secrets.items() if secret in text or f"env:{name}" not in text] == []


def test_a_company_as_it_is_has_no_file() -> None:
    company = Company(seeds.read(), ())

    assert (tenants_file([company], ["https://127.0.0.1:1"]), secrets_of([company])) == ("", {})


def test_time_passes_for_every_company() -> None:
    fleet = Fleet(4, entra_tenants=2)
    with fleet.serve() as served:
        before = [emulator.clock.now() for emulator in fleet.emulators]
        ran = served.advance(HOUR)
        after = [emulator.clock.now() for emulator in fleet.emulators]

    assert (ran, [now - then for then, now in zip(before, after, strict=True)]) == (0, [HOUR, HOUR])
