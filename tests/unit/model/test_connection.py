from __future__ import annotations

import json

import pytest

from provisioning.model.connection import (
    Notification,
    Scope,
    delete_threshold_of,
    notification_of,
    notification_settings,
    scope_of,
    skips_out_of_scope_deletions,
)


def test_keys_of_the_settings_that_nobody_here_knows_survive() -> None:
    held = json.dumps({"Enabled": False, "HumanResourcesLookaheadQueryEnabled": True})

    written = json.loads(notification_settings(held, Notification("it@acme.example"), None) or "")

    assert written == {"Enabled": True, "Recipients": "it@acme.example", "HumanResourcesLookaheadQueryEnabled": True}


def test_what_was_written_is_read_back() -> None:
    secrets = {"SyncNotificationSettings": notification_settings(None, Notification("a@b.c", enabled=False), 50) or ""}

    assert (notification_of(secrets), delete_threshold_of(secrets)) == (Notification("a@b.c", enabled=False), 50)


def test_a_threshold_of_zero_switches_it_off() -> None:
    secrets = {"SyncNotificationSettings": notification_settings(None, None, 0) or ""}

    assert delete_threshold_of(secrets) == 0


def test_nothing_to_say_leaves_the_settings_as_they_are() -> None:
    assert [notification_settings(held, None, None) for held in (None, "no json")] == [None, "no json"]


@pytest.mark.parametrize("text", ["", "[]", "no json"])
def test_settings_that_cannot_be_read_say_nothing(text: str) -> None:
    secrets = {"SyncNotificationSettings": text}

    assert (notification_of(secrets), delete_threshold_of(secrets)) == (None, None)


def test_texts_of_the_service_are_read_without_regard_to_case() -> None:
    secrets = {"SyncAll": "True", "SkipOutOfScopeDeletions": "tRUE"}

    assert (scope_of(secrets), skips_out_of_scope_deletions(secrets)) == (Scope.ALL, True)


def test_a_service_that_says_nothing_considers_the_assigned() -> None:
    assert (scope_of({}), skips_out_of_scope_deletions({})) == (Scope.ASSIGNED, False)
