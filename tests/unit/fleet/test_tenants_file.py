"""A file of tenants: what it declares, and every mistake with its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fleets import here

from provisioning.errors import ConfigurationError
from provisioning.fleet.file import fleet_in
from provisioning.fleet.tenants_csv import csv_of
from provisioning.fleet.tenants_file import Fleet, labels_of
from provisioning.operations.deployed import Ended
from provisioning.operations.token_reference import Here

GOOD = """\
defaults:
  groups: [Elium users]
  notificationEmail: it@contoso.com
  labels: {ring: rest}
  entra: {clientId: 11111111-1111-4111-8111-111111111111}
tenants:
  - name: acme
    tenantUrl: https://acme.elium.com
    secretToken: env:ACME_ELIUM_TOKEN
    labels: {region: eu}
    filters: {users: [department IS NOT NULL]}
  - name: bolt
    tenantUrl: https://bolt.elium.com
    secretToken: file:/run/secrets/bolt
    groups: [Bolt people, Bolt guests]
    labels: {ring: first}
    entra: {tenantId: bolt.example, clientSecret: env:BOLT_SECRET}
"""


def read(folder: Path, text: str, name: str = "tenants.yaml") -> Fleet:
    (folder / name).write_text(text, encoding="utf-8")
    return fleet_in(folder / name)


def mistakes_in(folder: Path, text: str, name: str = "tenants.yaml") -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        read(folder, text, name)
    return [reason.removeprefix(f"{name}:") for reason in raised.value.reasons]


def row(*lines: str, name: str = "acme") -> str:
    said = {line.partition(":")[0] for line in lines}
    base = ("tenantUrl: https://acme.elium.com", "secretToken: env:TOKEN")
    kept = [line for line in base if line.partition(":")[0] not in said]
    return "\n    ".join(["tenants:\n  - name: " + name, *kept, *lines]) + "\n"


def test_what_the_defaults_say_holds_where_a_row_is_silent(tmp_path: Path) -> None:
    acme, bolt = read(tmp_path, GOOD).tenants

    assert acme.written["groups"] == ["Elium users"]
    assert bolt.written["groups"] == ["Bolt people", "Bolt guests"]
    assert acme.labels == {"ring": "rest", "region": "eu"}
    assert bolt.labels == {"ring": "first"}
    assert bolt.entra["clientId"] == acme.entra["clientId"]


def test_tenants_are_chosen_by_label_and_by_name(tmp_path: Path) -> None:
    fleet = read(tmp_path, GOOD)

    assert [tenant.name for tenant in fleet.only(labels_of(["region=eu"])).tenants] == ["acme"]
    assert [tenant.name for tenant in fleet.only({}, ["bolt"]).tenants] == ["bolt"]
    with pytest.raises(ConfigurationError, match="no tenant bold"):
        fleet.only({}, ["bold"])
    with pytest.raises(ConfigurationError, match="No tenant has region=us"):
        fleet.only({"region": "us"})


def test_its_environment_is_its_own(tmp_path: Path) -> None:
    _, bolt = read(tmp_path, GOOD.replace("file:/run/secrets/bolt", "env:BOLT_TOKEN")).tenants
    around = {
        "BOLT_TOKEN": "token-of-bolt",
        "BOLT_SECRET": "secret-of-bolt",
        "PATH": "/bin",
        "ELIUM_TENANT_URL": "https://other.elium.com",
        "ARM_TENANT_ID": "other",
        "ARM_CLIENT_SECRET": "other",
    }

    found = bolt.environment(here(around))

    assert found["ELIUM_SECRET_TOKEN"] == "token-of-bolt"
    assert found["ARM_CLIENT_SECRET"] == "secret-of-bolt"
    assert found["ARM_TENANT_ID"] == "bolt.example"
    assert "ELIUM_TENANT_URL" not in found
    assert bolt.settings(found).tenant_url == "https://bolt.elium.com/scim/v2"


def test_a_token_may_come_from_a_command(tmp_path: Path) -> None:
    (acme,) = read(tmp_path, row("secretToken: command:vault read acme")).tenants

    def vault(command: Sequence[str], folder: Path) -> Ended:
        return Ended(0, f"token-of-{command[-1]}\n", "") if folder == tmp_path else Ended(1, "", "")

    assert acme.token(Here({}, tmp_path, vault)).reveal() == "token-of-acme"


def test_labels_change_nothing_so_they_do_not_make_another_declaration(tmp_path: Path) -> None:
    before = read(tmp_path, GOOD).tenants
    after = read(tmp_path, GOOD.replace("region: eu", "region: us").replace("it@", "identity@")).tenants

    assert read(tmp_path, GOOD.replace("region: eu", "region: us")).tenants[0].digest == before[0].digest
    assert after[0].digest != before[0].digest


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("rolle: User",), "5:5: acme: rolle: there is no such name here; did you mean role."),
        (("scope: alle",), "5:5: acme: scope: must be 'assigned' or 'all'."),
        (("filters: {users: [department EQUAL]}",), "5:23: acme: filters.users.0: There is no operator EQUAL."),
        (("mappings: {users: {title: 'Join('}}",), "5:24: acme: mappings.users.title.source: Expected a closing"),
        (("labels: [eu]",), "5:5: labels: must be a table of names and values."),
        (("entra: {tenant: x}",), "5:5: acme: entra: tenant is not a name of the provider's configuration"),
        (("secretToken: 'env:'",), "4:5: acme: secretToken: nothing stands behind env:."),
        (("deleteThreshold: 5",), "5:5: acme: deleteThreshold: above it, Entra asks by e-mail"),
        (("role: User", "role: Admin"), "6:5: role stands in this table already, at 5:5."),
    ],
)
def test_a_mistake_is_told_where_it_was_written(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    assert any(mistake.startswith(told) for mistake in mistakes_in(tmp_path, row(*lines))), mistakes_in(
        tmp_path, row(*lines)
    )


@pytest.mark.parametrize("name", ["ac me", "../../etc", "-x"])
def test_a_name_that_no_stack_can_have_is_told(tmp_path: Path, name: str) -> None:
    assert mistakes_in(tmp_path, row(name=name)) == [
        f"2:5: name: {name!r} cannot be a stack's name. Write letters, digits, -, _ and ."
    ]


@pytest.mark.parametrize("place", ["secretToken: {}", "entra: {{clientSecret: {}}}"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, place: str) -> None:
    (told,) = mistakes_in(tmp_path, row(place.format("hunter2-hunter2-hunter2")))

    assert "does not say where the token is found" in told
    assert "hunter2" not in told


def test_all_mistakes_are_told_at_once_and_those_of_the_defaults_once(tmp_path: Path) -> None:
    text = GOOD.replace("it@contoso.com", "it@contoso").replace("https://bolt", "http://bolt").replace("env:ACME", "4")

    told = mistakes_in(tmp_path, text)

    assert [mistake.partition(": ")[0] for mistake in told] == ["3:3", "9:5", "13:5"]
    assert told[0].startswith("3:3: defaults: notificationEmail: is not an e-mail address")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", ("acme", "ACME")),
        ("tenantUrl", ("https://acme.elium.com", "https://acme.elium.com/scim/v2")),
        ("tenantUrl", ("https://acme.elium.com", "https://acme.elium.com:443/")),
        ("tenantUrl", ("https://acme.elium.com:443/scim", "https://acme.elium.com/scim/v2?aadOptscim062020")),
        ("secretToken", ("env:A", "env:A")),
        ("secretToken", ("env:A", "ENV: A")),
    ],
)
def test_rows_that_would_act_on_one_another_are_refused(tmp_path: Path, name: str, values: tuple[str, str]) -> None:
    rows = [
        {"name": f"t{n}", "tenantUrl": f"https://t{n}.elium.com", "secretToken": f"env:T{n}", name: value}
        for n, value in enumerate(values)
    ]
    text = "tenants:\n" + "".join(f"  - {each}\n" for each in rows)

    (told,) = mistakes_in(tmp_path, text)

    assert f": {name}: is " in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: tenants: must be a list"),
        ("tenants: {acme: {}}", "1:1: tenants: must be a list"),
        ("tenants: [1]", "1:11: a row: must be a table"),
        ("tenants:\n  - name: a\n   x: 1\n", "3:4: cannot be read as YAML"),
        ("teants: []", "1:1: teants: there is no such name here; did you mean tenants."),
    ],
)
def test_what_is_not_a_file_of_tenants_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert any(mistake.startswith(told) for mistake in mistakes_in(tmp_path, text)), mistakes_in(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        fleet_in(tmp_path / "tenants.yaml")


def test_csv_says_the_same_as_yaml(tmp_path: Path) -> None:
    fleet = read(tmp_path, GOOD)

    again = read(tmp_path, csv_of(fleet.tenants), "tenants.csv")

    assert again == fleet


def test_a_mistake_in_csv_is_told_with_its_cell(tmp_path: Path) -> None:
    text = "name,tenantUrl,secretToken,scope,mappings\nacme,https://acme.elium.com,env:A,alle,{\n"

    assert mistakes_in(tmp_path, text, "tenants.csv") == [
        "2:4: acme: scope: must be 'assigned' or 'all'.",
        "2:5: mappings: begins like JSON, and is none.",
    ]


def test_a_spreadsheet_s_csv_is_read(tmp_path: Path) -> None:
    heads, cells = "name,tenantUrl,secretToken,groups,labels.ring", "acme,https://a.elium.com,env:A,One; Two,first"
    text = f"\ufeff{heads}\r\n{cells}\r\n,,,,\r\n"

    (acme,) = read(tmp_path, text, "tenants.csv").tenants

    assert acme.written["groups"] == ["One", "Two"]
    assert acme.labels == {"ring": "first"}
