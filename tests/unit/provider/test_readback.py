"""From what the service holds to the inputs that would declare it: only what was declared, in the form it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from builders import PRINCIPAL, a_job, a_mapping_node, a_schema, edited

from provisioning.language import ScopingFilter
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job, Quarantine
from provisioning.model.mapping import AttributeDefinition, ObjectAction, ObjectKind
from provisioning.model.observed import Observed
from provisioning.provider.readback import inputs_of

USERS = ObjectKind.USERS
ADDRESS = JobAddress(PRINCIPAL, a_job().id)
BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
NOTIFIED = {"SyncNotificationSettings": json.dumps({"Enabled": True, "Recipients": "it@acme.example"})}


def read_back(name: str, declared: Any, *mappings: dict[str, Any]) -> Any:
    schema = edited(a_schema(*mappings), USERS, lambda it: it.with_actions({ObjectAction.UPDATE, ObjectAction.CREATE}))
    schema = edited(schema, USERS, lambda it: it.with_attribute(AttributeDefinition(BADGE)))
    return inputs_of(ADDRESS, Observed(a_job(), schema=schema), {name: declared})[name]


def held(declared: dict[str, Any], secrets: Mapping[str, str] | None = None, job: Job | None = None) -> dict[str, Any]:
    connection = Connection(secrets or {})
    return inputs_of(ADDRESS, Observed(job or a_job(on=True), connection=connection, schema=a_schema()), declared)


def test_of_a_kind_only_what_was_declared_is_read_back() -> None:
    assert read_back("objects", {"users": {"actions": ["delete"]}, "groups": {"enabled": True}}) == {
        "users": {"actions": ["create", "update"]},
        "groups": {"enabled": False},
    }


def test_an_attribute_that_is_gone_is_left_out() -> None:
    declared = {"users": {BADGE: {"type": "String", "caseExact": True}, "another": {"type": "String"}}}

    assert read_back("attributes", declared) == {"users": {BADGE: {"type": "String", "caseExact": False}}}


def test_a_source_that_cannot_be_read_shows_as_drift() -> None:
    node = a_mapping_node("title", "x", source={"expression": "Future([a])", "type": "Function"})

    assert read_back("mappings", {"users": {"title": {"source": "[jobTitle]"}}}, node) == {
        "users": {"title": {"source": "Future([a])"}}
    }


def test_a_mapping_that_is_gone_is_left_out_and_one_that_should_be_gone_is_shown() -> None:
    declared = {"users": {"title": {"source": "[jobTitle]"}, "nickName": None, "displayName": None}}

    shown = read_back("mappings", declared, a_mapping_node("displayName", "mail"))

    assert shown["users"].keys() == {"nickName", "displayName"}
    assert (shown["users"]["nickName"], shown["users"]["displayName"]["source"]) == (None, "[mail]")


def test_what_was_not_declared_is_not_read_back() -> None:
    assert held({"scope": "assigned"}, {"SyncAll": "true"} | NOTIFIED) == {"scope": "all"}


SALES = edited(a_schema(), USERS, lambda it: it.with_filter(ScopingFilter.parse(["department EQUALS Sales"])))


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        (['department equals "Sales"'], ['department equals "Sales"']),
        (["department EQUALS IT"], ["department EQUALS Sales"]),
        (None, ["department EQUALS Sales"]),
        # What the earlier release took and this one refuses is a difference, not an error.
        (['department EQUALS ""'], ["department EQUALS Sales"]),
    ],
)
def test_a_filter_is_read_back_as_it_was_declared_where_it_means_the_same(
    declared: list[str] | None, shown: list[str]
) -> None:
    inputs = inputs_of(ADDRESS, Observed(a_job(), schema=SALES), {"filters": {"users": declared}})

    assert inputs["filters"] == {"users": shown}


def test_a_filter_that_is_gone_is_read_back_as_nothing() -> None:
    assert held({"filters": {"users": ["department EQUALS Sales"]}})["filters"] == {"users": None}


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ({"email": "x@acme.example"}, {"email": "it@acme.example"}),
        ({"email": "x@acme.example", "enabled": False}, {"email": "it@acme.example", "enabled": True}),
    ],
)
def test_of_the_notification_only_what_was_declared_is_read_back(
    declared: dict[str, Any], shown: dict[str, Any]
) -> None:
    assert held({"notification": declared}, NOTIFIED) == {"notification": shown}


def test_what_the_service_never_hears_of_is_kept() -> None:
    ours = {
        "acceptLeavers": 3,
        "acceptEntrants": 4,
        "impactLimit": 100,
        "onDestroy": "retain",
        "assignments": [{"principalId": "staff", "kind": "group"}],
    }

    assert held(ours) == ours


def test_the_fingerprint_is_kept_while_the_service_holds_a_token() -> None:
    assert held({"secretToken": "fingerprint"}, {"SecretToken": "*"}) == {"secretToken": "fingerprint"}
    assert held({"secretToken": "fingerprint"}) == {}


@pytest.mark.parametrize(
    ("job", "status"),
    [
        (a_job(on=True), "on"),
        (a_job(), "off"),
        (replace(a_job(status="Quarantine"), quarantine=Quarantine("TooManyDeletes", None, "")), "on"),
    ],
)
def test_a_job_in_quarantine_is_one_that_somebody_wants_to_run(job: Job, status: str) -> None:
    assert held({"status": "on"}, job=job)["status"] == status


def test_an_import_reads_all_settings_and_no_mappings() -> None:
    secrets = {"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*", "SkipOutOfScopeDeletions": "1"}

    inputs = inputs_of(ADDRESS, Observed(a_job(on=True), connection=Connection(secrets | NOTIFIED)), {})

    assert inputs == {
        "servicePrincipalId": PRINCIPAL,
        "templateId": "elium",
        "baseAddress": "https://acme.elium.com/scim/v2",
        "secretToken": "not known: the job was imported",
        "scope": "assigned",
        "status": "on",
        "skipOutOfScopeDeletions": True,
        "notification": {"email": "it@acme.example", "enabled": True},
    }


def test_what_can_hold_a_secret_in_the_address_does_not_get_into_the_state() -> None:
    inputs = held({}, {"BaseAddress": "https://canary:canary@acme.elium.com/scim/v2?token=canary"})

    assert inputs["baseAddress"] == "https://***@acme.elium.com/scim/v2?***"
