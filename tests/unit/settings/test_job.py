from __future__ import annotations

from typing import Any

from builders import PRINCIPAL, TOKEN, a_mapping

from provisioning.language import ScopingFilter
from provisioning.model.credentials import SecretToken
from provisioning.model.mapping import FlowType, ObjectKind
from provisioning.model.connection import Notification
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

LEAST: dict[str, Any] = {
    "servicePrincipalId": PRINCIPAL,
    "baseAddress": "https://acme.elium.com",
    "secretToken": "scrypt:00:00",
}


def inputs(**written: Any) -> JobInputs:
    return parsed(JobInputs, LEAST | written, place="")


def test_short_forms_have_one_long_form() -> None:
    canonical = inputs(mappings={"users": {"title": "Join(' ',[givenName])".replace("'", '"')}}).canonical()

    assert canonical["mappings"] == {"users": {"title": {"source": 'Join(" ", [givenName])'}}}


def test_what_is_canonical_stays_as_it_is() -> None:
    once = inputs(mappings={"users": {"title": "[mail]", "nickName": None}}, filters={"users": None}).canonical()

    assert parsed(JobInputs, once, place="").canonical() == once


def test_only_what_was_written_is_named() -> None:
    declared = inputs(mappings={"users": {"userName": {"match": 0, "flowType": "ObjectAddOnly"}}})

    mapping = declared.schema_part.mappings[ObjectKind.USERS]["userName"]
    assert mapping is not None
    assert mapping.named == {"match": None, "flow_type": FlowType.OBJECT_ADD_ONLY}


def test_a_declared_mapping_lies_over_the_observed_one() -> None:
    mapping = inputs(mappings={"users": {"userName": "[mail]"}}).schema_part.mappings[ObjectKind.USERS]["userName"]

    assert mapping is not None
    assert mapping.applied_to(a_mapping(match=1)) == a_mapping(source="[mail]", match=1)


def test_null_removes_mappings_and_filters() -> None:
    part = inputs(mappings={"users": {"title": None}}, filters={"users": None}).schema_part

    assert (part.mappings, part.filters) == ({ObjectKind.USERS: {"title": None}}, {ObjectKind.USERS: None})


def test_clauses_are_and_and_lists_of_them_are_or() -> None:
    part = inputs(filters={"users": [["department EQUALS Sales"], ["mail IS NOT NULL"]]}).schema_part

    assert part.filters[ObjectKind.USERS] == ScopingFilter.parse([["department EQUALS Sales"], ["mail IS NOT NULL"]])


def test_the_token_is_handed_in_apart_from_the_inputs() -> None:
    declaration = inputs(notification={"email": "it@acme.example"}, status="off").declaration(SecretToken(TOKEN))

    assert (declaration.credentials.token.reveal(), declaration.on) == (TOKEN, False)
    assert declaration.notification == Notification("it@acme.example", enabled=True)


def test_a_declaration_of_nothing_about_the_schema_is_falsy() -> None:
    assert not inputs(mappings={"users": {}}).schema_part


def test_the_job_belongs_to_a_service_principal() -> None:
    assert inputs().principal == PRINCIPAL
