"""Directory objects under the names of the old directory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from company import Company

from emulator.company.store import DEFAULT_ACCESS, Assignment, DirectoryObject, Kind
from emulator.engine.attributes import read, roles_of, text_of, without_external_mark
from tools.manual.parity import witness

ADA = DirectoryObject(
    Kind.USER,
    {
        "id": "1",
        "userPrincipalName": "ada@contoso.com",
        "businessPhones": ["+32 2 1", "+32 2 2"],
        "mobilePhone": "+32 470 1",
        "faxNumber": "+32 2 3",
        "officeLocation": "3/301",
        "accountEnabled": True,
        "surname": "",
        "otherMails": [],
        "proxyAddresses": ["SMTP:ada@contoso.com"],
        "onPremisesExtensionAttributes": {"extensionAttribute7": "seven"},
        "extension_0123_Floor": "3",
    },
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("objectId", "1"),
        ("userPrincipalName", "ada@contoso.com"),
        ("telephoneNumber", "+32 2 1"),
        ("mobile", "+32 470 1"),
        ("facsimileTelephoneNumber", "+32 2 3"),
        ("physicalDeliveryOfficeName", "3/301"),
        ("accountEnabled", "True"),
        ("surname", None),
        ("otherMails", None),
        ("proxyAddresses", ["SMTP:ada@contoso.com"]),
        ("extensionAttribute7", "seven"),
        ("extensionAttribute8", None),
        ("extension_0123_Floor", "3"),
        ("extension_0123_floor", None),
        ("department", None),
    ],
)
def test_an_attribute_is_read_under_its_old_name(name: str, value: object) -> None:
    assert read(ADA, [name]) == {name: value}


@pytest.mark.parametrize(
    ("raw", "flows"),
    [
        ("ada_fabrikam.com#EXT#@contoso.onmicrosoft.com", "ada@fabrikam.com"),
        ("ada_de_love_fabrikam.com#EXT#@contoso.onmicrosoft.com", "ada_de_love@fabrikam.com"),
        ("ada@contoso.com", "ada@contoso.com"),
    ],
)
def test_a_guest_is_named_as_at_home_and_the_raw_name_has_an_attribute_of_its_own(raw: str, flows: str) -> None:
    guest = DirectoryObject(Kind.USER, {"id": "2", "userPrincipalName": raw})

    found = read(guest, ["userPrincipalName", "originalUserPrincipalName"])

    assert found == {"userPrincipalName": flows, "originalUserPrincipalName": raw}
    assert without_external_mark(raw) == flows


@pytest.mark.parametrize(
    ("value", "text"), [(True, "True"), (False, "False"), (7, "7"), ("", None), (None, None), ([1], ["1"])]
)
def test_every_value_is_a_text_or_a_list_of_texts(value: Any, text: object) -> None:
    assert text_of(value) == text


def test_roles_are_named_and_default_access_too() -> None:
    role = {"id": "r", "displayName": "User", "value": "u"}
    app = DirectoryObject(Kind.SERVICE_PRINCIPAL, {"id": "s", "appRoles": [role]})
    since = datetime(2026, 1, 1, tzinfo=UTC)
    held = [Assignment(f"a-{held}", "1", "s", held, since) for held in ("r", DEFAULT_ACCESS)]

    roles = roles_of(held, app)

    assert roles == [
        {"id": "r", "value": "u", "displayName": "User"},
        {"id": DEFAULT_ACCESS, "value": None, "displayName": "Default Assignment"},
    ]


def test_without_roles_there_is_nothing() -> None:
    assert roles_of([], None) is None


@witness("Directory extensions are shown on $select, filtered by, mapped and used in scoping filters")
async def test_a_directory_extension_flows_and_is_filtered_by() -> None:
    name = "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup"
    contoso = Company()
    contoso.hire("ada", assigned=True, **{name: "A1"})
    contoso.hire("bob", assigned=True)
    schema = contoso.service.schema_of(contoso.job)
    attributes = schema["directories"][0]["objects"][0]["attributes"]
    attributes.append({**attributes[1], "name": name})
    contoso.service.replace_schema(contoso.job, schema)
    contoso.flow("title", expression=f"[{name}]")
    contoso.filter(name, "EQUALS", "A1")

    await contoso.cycle()

    assert {who: account["title"] for who, account in contoso.accounts.items()} == {"ada": "A1"}
