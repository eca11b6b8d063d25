"""With the real ``pulumi`` command: each program of ``docs/twelve-programs.md``, as it stands there.

The emulator's addresses take the place of those that the page makes up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from acts import Teller, told_in
from portal import made_in_the_portal
from pulumi_stack import ROOT

from emulator import Emulator
from emulator.company.store import Kind
from emulator.elium.server import EliumTenant

pytestmark = pytest.mark.engine

PAGE = ROOT / "docs" / "twelve-programs.md"
CODE = re.compile(
    r"^## (?P<number>\d+)\. [^\n]+\n(?:(?!^## ).)*?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
PROGRAMS = {int(found["number"]): found["code"] for found in CODE.finditer(PAGE.read_text(encoding="utf-8"))}

MADE_UP = {
    r"https://(databricks|intranet)\.example\.com/scim/v2": "{origin}/elium/fabrikam/scim/v2",
    r"https://(acme|\{name\})\.elium\.com": "{origin}/elium/contoso",
}
"""Addresses of the page, and where they are served."""


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    with told_in(tmp_path) as teller:
        yield teller


def accounts(teller: Teller, site: str = "contoso") -> set[str]:
    """Let a cycle pass, and give who is at a SCIM server."""
    teller.cycle()
    return {str(user["userName"]).partition("@")[0] for user in _site(teller, site).users}


def write(teller: Teller, code: str) -> None:
    """Put a program into the stack, with the emulator's addresses."""
    for made_up, served in MADE_UP.items():
        code = re.sub(made_up, served.format(origin=teller.served.origin), code)
    (teller.stack.folder / "__main__.py").write_text(code, encoding="utf-8")


def variables(teller: Teller, **more: str) -> None:
    """Give the program the variables that it reads."""
    teller.stack = replace(teller.stack, variables={**teller.stack.variables, **more})


def elium_is_provisioned(teller: Teller) -> None:
    assert len(accounts(teller)) == 10
    assert teller.stack.outputs().keys() >= {"applicationId", "servicePrincipalId", "jobId", "jobStatus", "portalUrl"}


def engineers_are_at_databricks(teller: Teller) -> None:
    assert "barbara.liskov" in accounts(teller, "fabrikam")
    assert accounts(teller) == set()


def ada_is_in_the_intranet(teller: Teller) -> None:
    assert accounts(teller, "fabrikam") == {"ada.byron"}
    (ada,) = _site(teller, "fabrikam").users
    assert (ada["title"], ada["nickName"]) == ("Knowledge Manager", "ada.byron")


def both_groups_are_assigned(teller: Teller) -> None:
    assert len(accounts(teller)) == 10
    assert {"Readers of Elium", "Elium users"} <= {_name(teller, each.principal_id) for each in teller.assignments()}
    assert "elium-assignment-readers" in str(teller.stack.state())


def the_token_is_not_in_the_state(teller: Teller) -> None:
    assert accounts(teller) == set()
    assert teller.stack.variables["ELIUM_SECRET_TOKEN"] not in str(teller.stack.state())


def each_environment_has_its_people(teller: Teller) -> None:
    assert len(accounts(teller)) == 10 + 3
    assert list(teller.world().jobs.values()) == [True, True]


def it_is_protected(teller: Teller) -> None:
    said = teller.stack.run("destroy", "--yes", succeeds=False)

    assert "protect" in said
    assert len(accounts(teller)) == 10


def it_stays_paused(teller: Teller) -> None:
    (job,) = teller.world().jobs
    principal = next(key for key, held in teller.tenant.synchronization.items() if held.jobs)
    teller.ask("POST", f"/servicePrincipals/{principal}/synchronization/jobs/{job}/pause")
    teller.stack.run("refresh", "--yes")

    teller.stack.up()

    assert teller.world().jobs == {job: False}
    write(teller, PROGRAMS[9].replace("groups=[", 'mappings={"users": {"title": "[department]"}}, groups=['))
    told = teller.stack.run("preview", "--diff")
    assert told.count("status: off → on") == 1
    assert "what is done is this plan" in told
    teller.stack.up()
    assert teller.world().jobs == {job: False}


def others_are_told(teller: Teller) -> None:
    group = teller.named(Kind.GROUP, "Operators of Elium")
    assert group.properties["description"].startswith("https://")
    assert teller.stack.outputs()["jobId"].startswith("elium.")


def the_title_is_sent(teller: Teller) -> None:
    teller.cycle()
    titles = {user["userName"].partition("@")[0]: user.get("title") for user in _site(teller, "contoso").users}
    assert titles["ada.byron"] == "Knowledge Manager"


THEN: Mapping[int, Callable[[Teller], None]] = {
    1: elium_is_provisioned,
    2: engineers_are_at_databricks,
    3: ada_is_in_the_intranet,
    4: both_groups_are_assigned,
    5: the_token_is_not_in_the_state,
    6: each_environment_has_its_people,
    8: it_is_protected,
    9: it_stays_paused,
    11: others_are_told,
    12: the_title_is_sent,
}


@pytest.mark.parametrize("number", THEN)
def test_a_program_does_what_the_page_says_and_finds_nothing_to_do_afterwards(number: int, teller: Teller) -> None:
    token, other = teller.stack.variables["ELIUM_SECRET_TOKEN"], _site(teller, "fabrikam").tokens.first
    variables(teller, TEST_TOKEN=token, PRODUCTION_TOKEN=token, DATABRICKS_TOKEN=other, INTRANET_TOKEN=other)
    if number == 5:
        teller.stack.run("config", "set", "host", f"{teller.served.origin.removeprefix('https://')}/elium/contoso")
        teller.stack.run("config", "set", "--secret", "token", token)
    if number == 12:
        portal = made_in_the_portal(teller.served, teller.ask, "Elium by hand")
        portal.assign(teller.named(Kind.GROUP, "Elium users").id)
    write(teller, PROGRAMS[number])

    teller.stack.up()

    teller.stack.run("preview", "--expect-no-changes")
    THEN[number](teller)


def test_one_program_serves_two_tenants(teller: Teller) -> None:
    with Emulator().serve() as other:
        for name, served in {"CONTOSO": teller.served, "FABRIKAM": other}.items():
            told = served.environment
            named = {f"{name}_{key}": told[f"ARM_{key}"] for key in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")}
            host = {f"{name}_METADATA_HOST": told["ARM_METADATA_HOSTNAME"], f"{name}_TOKEN": told["ELIUM_SECRET_TOKEN"]}
            variables(teller, **named, **host, **{f"{name}_URL": told["ELIUM_TENANT_URL"]})
        both = teller.stack.folder / "both.pem"
        both.write_text("".join(Path(each.ca_file).read_text() for each in (teller.served, other)))
        variables(teller, SSL_CERT_FILE=str(both), REQUESTS_CA_BUNDLE=str(both))
        code = PROGRAMS[7].replace('f"https://{name}.elium.com"', 'os.environ[f"{name.upper()}_URL"]')
        write(teller, code)

        teller.stack.up()

        teller.stack.run("preview", "--expect-no-changes")
        directories = (each.emulator.world.tenant(each.environment["ARM_TENANT_ID"]) for each in (teller.served, other))
        assert [len(each.synchronization) for each in directories] == [1, 1]


def test_what_moves_below_a_component_of_ones_own_is_not_made_anew(teller: Teller) -> None:
    write(teller, PROGRAMS[8].replace("protect=True", "protect=False"))
    teller.stack.up()
    teller.cycle()
    before = teller.world()
    write(teller, PROGRAMS[10])

    said = teller.stack.up()

    assert "replaced" not in said
    assert "deleted" not in said
    assert teller.world() == before
    assert "acme:index:Workplace$elium:index:EliumProvisioning$entrasync" in str(teller.stack.state())


def test_there_are_twelve() -> None:
    assert list(PROGRAMS) == list(range(1, 13))


def _site(teller: Teller, name: str) -> EliumTenant:
    return teller.served.emulator.elium.tenant(name)


def _name(teller: Teller, identifier: str) -> str:
    return str(teller.tenant.directory.get(identifier).properties["displayName"])
