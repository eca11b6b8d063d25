from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.azuread.differences import differences
from emulator.azuread.properties import Kind, Property, Role, required, texts
from emulator.azuread.values import UNKNOWN

if TYPE_CHECKING:
    from emulator.azuread.values import Values

TABLE = (
    required("displayName"),
    required("templateId", replaces=True),
    *texts("city"),
    Property("mail", Role.ADOPTED),
    Property("members", Role.ADOPTED, Kind.SET),
    Property("phones", kind=Kind.LIST),
    Property("objectId", Role.OUTPUT),
)
STATE = {"displayName": "A", "templateId": "t", "city": "", "mail": "a@b", "members": ["1", "2"], "phones": ["1", "2"]}
SAME: Values = {"displayName": "A", "templateId": "t", "phones": ["1", "2"]}


def kinds(inputs: Values) -> dict[str, str]:
    return {name: change.kind.name for name, change in differences(TABLE, STATE, inputs).items()}


def test_what_is_declared_as_it_is_changes_nothing() -> None:
    assert kinds(SAME) == {}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"displayName": "B"}, {"displayName": "UPDATE"}),
        ({"city": "Paris"}, {"city": "ADD"}),
        ({"phones": ["2", "1"]}, {"phones": "UPDATE"}),
        ({"members": ["2", "1"]}, {}),
        ({"members": ["3"]}, {"members": "UPDATE"}),
        ({"templateId": "u"}, {"templateId": "UPDATE_REPLACE"}),
        ({"templateId": UNKNOWN}, {"templateId": "UPDATE_REPLACE"}),
    ],
)
def test_a_change_is_seen_for_what_it_is(declared: Values, expected: dict[str, str]) -> None:
    assert kinds(SAME | declared) == expected


def test_what_is_declared_no_more_is_removed_unless_graph_may_decide() -> None:
    assert kinds({"displayName": "A", "templateId": "t"}) == {"phones": "DELETE"}


def test_what_is_ignored_is_not_seen() -> None:
    assert differences(TABLE, STATE, SAME | {"displayName": "B"}, ["displayName"]) == {}
