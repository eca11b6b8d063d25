"""Which permissions are missing for some work, and which others cover it."""

from __future__ import annotations

import pytest

from provisioning.operations.doctor.needs import APP, LOG, PROVISIONING, READING, missing


@pytest.mark.parametrize(
    "held",
    [
        set(READING.least),
        {"Directory.Read.All", "Synchronization.ReadWrite.All"},
        {"Application.ReadWrite.All", "User.ReadWrite.All", "Group.Read.All", "Synchronization.Read.All"},
        {"Directory.AccessAsUser.All", "Synchronization.Read.All"},
    ],
)
def test_wider_permissions_cover_narrower_ones(held: set[str]) -> None:
    assert missing(READING, held) == ()


def test_what_is_missing_is_named_by_the_least_that_allows_it() -> None:
    assert missing(READING, {"Directory.Read.All"}) == ("Synchronization.Read.All",)


def test_the_log_is_covered_by_two_permissions_together_and_by_neither_alone() -> None:
    assert missing(LOG, {"AuditLog.Read.All", "Directory.Read.All"}) == ()
    assert missing(LOG, {"AuditLog.Read.All"}) == missing(LOG, {"Directory.Read.All"}) == ("ProvisioningLog.Read.All",)


def test_reading_does_not_allow_writing() -> None:
    held = {"Synchronization.Read.All", "Application.Read.All"}

    assert missing(PROVISIONING, held) == ("Synchronization.ReadWrite.All",)
    assert missing(APP, held) == ("Application.ReadWrite.OwnedBy",)
