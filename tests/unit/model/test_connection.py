from __future__ import annotations

import json
from typing import Any

import pytest
from builders import TOKEN

from provisioning.errors import ConfigurationError
from provisioning.model.connection import SETTINGS, Connection, DeclaredConnection, Notification, Scope

ADDRESS = "https://acme.elium.com/scim/v2"


def settings(text: str) -> Connection:
    return Connection({"SyncNotificationSettings": text})


def written(declared: DeclaredConnection, held: str = "{}") -> dict[str, object]:
    read: dict[str, object] = json.loads(settings(held).edited(declared).held["SyncNotificationSettings"])
    return read


def test_keys_of_the_settings_that_nobody_here_knows_survive() -> None:
    held = json.dumps({"Enabled": False, "HumanResourcesLookaheadQueryEnabled": True})

    assert written(DeclaredConnection(notification=Notification("it@acme.example")), held) == {
        "Enabled": True,
        "Recipients": "it@acme.example",
        "HumanResourcesLookaheadQueryEnabled": True,
    }


@pytest.mark.parametrize(
    "declared",
    [
        DeclaredConnection(address=ADDRESS),
        DeclaredConnection(notification=Notification("a@b.c", enabled=False), delete_threshold=50),
        DeclaredConnection(delete_threshold=0),
        DeclaredConnection(scope=Scope.ALL, keeps_leavers=True),
    ],
)
def test_what_was_declared_is_read_back(declared: DeclaredConnection) -> None:
    connection = Connection().edited(declared)

    for name in ("address", "notification", "delete_threshold", "scope", "keeps_leavers"):
        wanted = getattr(declared, name)
        assert wanted is None or getattr(connection, name) == wanted


@pytest.mark.parametrize("held", [{}, {"SyncNotificationSettings": "no json"}, {"SyncAll": "TRUE", "Sandbox": "yes"}])
def test_nothing_declared_leaves_everything_as_it_is(held: dict[str, str]) -> None:
    assert Connection(held).edited(DeclaredConnection()).held == held


def test_what_the_service_says_in_other_words_is_not_written_again() -> None:
    held = {"SyncAll": "True", "SkipOutOfScopeDeletions": "1"}

    assert Connection(held).edited(DeclaredConnection(scope=Scope.ALL, keeps_leavers=True)).held == held


def test_every_declared_setting_has_its_key() -> None:
    declared = DeclaredConnection(ADDRESS, Notification("a@b.c"), 7, keeps_leavers=True, scope=Scope.ALL)

    assert Connection().edited(declared).held == {
        "BaseAddress": ADDRESS,
        "SyncAll": "true",
        "SkipOutOfScopeDeletions": "True",
        "SyncNotificationSettings": '{"Enabled": true, "Recipients": "a@b.c", "DeleteThresholdEnabled": true, '
        '"DeleteThresholdValue": 7}',
    }


@pytest.mark.parametrize("text", ["", "[]", "no json", "7", "null"])
def test_settings_that_cannot_be_read_say_nothing(text: str) -> None:
    assert (settings(text).notification, settings(text).delete_threshold) == (None, None)


@pytest.mark.parametrize(("value", "enabled"), [("true", True), ("false", False), ('"False"', False), ('"true"', True)])
def test_a_truth_value_may_come_as_a_text(value: str, enabled: bool) -> None:  # noqa: FBT001 - a column of the table
    text = (
        f'{{"Enabled": {value}, "Recipients": "a@b.c", "DeleteThresholdEnabled": {value}, "DeleteThresholdValue": 5}}'
    )

    assert settings(text).notification == Notification("a@b.c", enabled=enabled)
    assert settings(text).delete_threshold == (5 if enabled else 0)


def test_a_threshold_that_is_not_a_number_is_told_as_switched_off() -> None:
    assert settings('{"DeleteThresholdEnabled": true, "DeleteThresholdValue": "many"}').delete_threshold == 0


@pytest.mark.parametrize("text", ["True", "true", "tRUE", "1", " true "])
def test_truth_values_are_read_in_every_form_that_is_documented(text: str) -> None:
    connection = Connection({"SyncAll": text, "SkipOutOfScopeDeletions": text})

    assert (connection.scope, connection.keeps_leavers) == (Scope.ALL, True)


@pytest.mark.parametrize("held", [{}, {"SyncAll": "", "SkipOutOfScopeDeletions": "0"}])
def test_a_service_that_says_nothing_considers_the_assigned(held: dict[str, str]) -> None:
    assert (Connection(held).scope, Connection(held).keeps_leavers) == (Scope.ASSIGNED, False)


def test_a_save_sends_the_whole_list_with_the_token_itself() -> None:
    assert Connection({"Sandbox": "yes", "SecretToken": "*"}).to_save(TOKEN) == {"Sandbox": "yes", "SecretToken": TOKEN}


def test_a_masked_value_that_nobody_knows_stops_the_save() -> None:
    with pytest.raises(ConfigurationError, match="holds Password, which cannot be read back"):
        Connection({"Password": "*", "SecretToken": "*"}).to_save(TOKEN)


@pytest.mark.parametrize(
    ("place", "declared", "shown"),
    [
        ("baseAddress", {}, "nothing"),
        ("notification", {}, "nobody"),
        ("notification", {"notification": Notification("a@b.c", enabled=False)}, "a@b.c, switched off"),
        ("deleteThreshold", {}, "the service's own"),
        ("deleteThreshold", {"delete_threshold": 0}, "none"),
        ("deleteThreshold", {"delete_threshold": 1_500}, "1,500"),
        ("skipOutOfScopeDeletions", {"keeps_leavers": True}, "on"),
    ],
)
def test_every_setting_says_what_it_is_in_words(place: str, declared: dict[str, Any], shown: str) -> None:
    setting = next(setting for setting in SETTINGS if setting.place == place)

    assert setting.shown(Connection().edited(DeclaredConnection(**declared))) == shown
