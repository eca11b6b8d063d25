from __future__ import annotations

from emulator.azuread.properties import Kind, Property, Role, declared, required, shown, texts

TABLE = (
    required("displayName"),
    *texts("costCenter=employeeOrgData.costCenter city"),
    Property("enabled", kind=Kind.FLAG, graph="accountEnabled", default=True),
    Property("mails", kind=Kind.SET, graph="otherMails"),
    Property("objectId", Role.OUTPUT, graph="id"),
    Property("secret", secret=True),
)


def test_what_graph_does_not_say_is_shown_as_empty() -> None:
    assert shown(TABLE, {"id": "1", "city": None}) == {
        "displayName": "",
        "costCenter": "",
        "city": "",
        "enabled": False,
        "mails": [],
        "objectId": "1",
    }


def test_what_graph_nests_is_found() -> None:
    assert shown(TABLE, {"employeeOrgData": {"costCenter": "42"}})["costCenter"] == "42"


def test_an_import_declares_what_differs_from_saying_nothing() -> None:
    state = shown(TABLE, {"id": "1", "displayName": "Ada", "accountEnabled": True, "city": "Paris"})

    assert declared(TABLE, state) == {"displayName": "Ada", "city": "Paris"}


def test_an_import_declares_that_a_flag_is_off_which_is_on_by_default() -> None:
    assert declared(TABLE, shown(TABLE, {"displayName": "Ada"})) == {"displayName": "Ada", "enabled": False}
