from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import AppRole
from provisioning.operations.roles import role_id

USER = AppRole("id-user", "User", "user")
LEFT_OFF = AppRole("id-old", "User", "old", is_enabled=False)
FOR_APPS = AppRole("id-apps", "Reader", "reader", is_for_people=False)
EDITORS = (AppRole("id-1", "Editor", "Editor.Write"), AppRole("id-2", "Editor", None))


@pytest.mark.parametrize("wanted", ["User", "user", "id-user"])
def test_a_role_is_found_by_its_name_its_value_or_its_id(wanted: str) -> None:
    assert role_id([USER, LEFT_OFF, FOR_APPS], wanted) == "id-user"


@pytest.mark.parametrize("wanted", ["Editor.Write", "id-1"])
def test_of_two_roles_of_one_name_value_and_id_tell_which(wanted: str) -> None:
    assert role_id(EDITORS, wanted) == "id-1"


def test_two_roles_of_one_name_are_refused_with_what_tells_them_apart() -> None:
    with pytest.raises(ConfigurationError, match="role: 2 roles of the app are called 'Editor'") as refusal:
        role_id(EDITORS, "Editor")

    assert refusal.value.hint == "Write one of Editor.Write, id-2."


@pytest.mark.parametrize("wanted", ["Admin", "USER", "old", "Reader"])
def test_a_role_that_people_cannot_hold_is_answered_with_those_that_they_can(wanted: str) -> None:
    with pytest.raises(ConfigurationError, match=f"role: the app has no role '{wanted}'; it has Editor, User"):
        role_id([USER, LEFT_OFF, FOR_APPS, *EDITORS], wanted)


def test_an_app_without_roles_says_so() -> None:
    with pytest.raises(ConfigurationError, match="it has none"):
        role_id([], "User")
