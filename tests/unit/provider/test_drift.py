"""How the service differs from what the last ``up`` declared."""

from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, JobId, TemplateId
from provisioning.model.job import Job
from provisioning.model.observed import Observed
from provisioning.provider.drift import drift_of

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a.5c"))
DECLARED: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com/scim/v2",
    "secretToken": "scrypt:00:00",
    "notification": {"email": "it@contoso.com", "enabled": True},
    "assignments": [{"principalId": "g1", "kind": "group", "name": "Elium users"}],
    "acceptLeavers": 3,
    "__defaults": [],
}
HELD = {
    "BaseAddress": "https://acme.elium.com/scim/v2",
    "SecretToken": "*",
    "SyncAll": "false",
    "SyncNotificationSettings": '{"Enabled": true, "Recipients": "it@contoso.com"}',
}
GROUP = Assignment("g1", PrincipalKind.GROUP, "Elium users", "r1")


def observed(*assignments: Assignment, is_on: bool = True, **held: str) -> Observed:
    job = Job(ADDRESS.job, TemplateId("elium"), is_on=is_on, status="Active")
    return Observed(job, connection=Connection({**HELD, **held}), assignments=assignments)


def test_what_is_as_declared_is_not_told_and_the_token_is_not_compared() -> None:
    assert drift_of(ADDRESS, observed(GROUP), DECLARED) == ()


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (observed(GROUP, SyncAll="true"), "scope is all, and was assigned"),
        (observed(GROUP, is_on=False), "status is off, and was on"),
        (
            observed(GROUP, SyncNotificationSettings='{"Enabled": false, "Recipients": "it@contoso.com"}'),
            "notification.enabled is false, and was true",
        ),
        (observed(GROUP, SyncNotificationSettings=""), 'notification is nothing, and was {"email"'),
        (observed(), "Elium users is not assigned any more"),
        (observed(GROUP, Assignment("u1", PrincipalKind.USER, "Grace", "r1")), "Grace is assigned besides"),
    ],
)
def test_what_differs_is_told_with_both_values(seen: Observed, said: str) -> None:
    (told,) = drift_of(ADDRESS, seen, DECLARED)

    assert told.startswith(said)


def test_who_is_assigned_is_not_compared_where_nobody_declared_it() -> None:
    declared = {name: value for name, value in DECLARED.items() if name != "assignments"}

    assert drift_of(ADDRESS, observed(GROUP), declared) == ()
