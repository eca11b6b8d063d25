from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL, TOKEN, a_mapping

from provisioning.errors import ConfigurationError
from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import DeclaredConnection, Notification, Scope
from provisioning.model.credentials import UNTOLD, Fingerprint, SecretToken
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.identifiers import TemplateId
from provisioning.model.mapping import AttributeDefinition, FlowType, ObjectKind
from provisioning.model.token_source import SourceKind, TokenSource
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


def test_an_empty_list_removes_a_filter_where_null_cannot_be_written() -> None:
    assert inputs(filters={"users": []}).schema_part.filters == {ObjectKind.USERS: None}


def test_clauses_are_and_and_lists_of_them_are_or() -> None:
    part = inputs(filters={"users": [["department EQUALS Sales"], ["mail IS NOT NULL"]]}).schema_part

    assert part.filters[ObjectKind.USERS] == ScopingFilter.parse([["department EQUALS Sales"], ["mail IS NOT NULL"]])


def test_the_token_is_handed_in_apart_from_the_inputs() -> None:
    declaration = inputs(notification={"email": "it@acme.example"}, status="off").declaration(SecretToken(TOKEN))

    assert (declaration.token, declaration.on) == (SecretToken(TOKEN), False)
    assert declaration.connection.notification == Notification("it@acme.example", enabled=True)


def test_everything_that_is_said_of_a_job_is_declared() -> None:
    written = inputs(
        deleteThreshold=5,
        skipOutOfScopeDeletions=True,
        scope="all",
        templateId="elium",
        mappings={"users": {"title": None}},
        attributes={"users": {EXTENSION: "String"}},
        assignments=[SALES],
    )

    assert written.declaration(None) == Declaration(
        connection=DeclaredConnection(
            address="https://acme.elium.com", delete_threshold=5, keeps_leavers=True, scope=Scope.ALL
        ),
        schema=DeclaredSchema(
            mappings={ObjectKind.USERS: {"title": None}},
            sources={ObjectKind.USERS: {EXTENSION: AttributeDefinition(EXTENSION)}},
        ),
        on=True,
        assignments=(Assignment("id-sales", PrincipalKind.GROUP, "Sales", "role-user"),),
        template=TemplateId("elium"),
    )


def test_a_declaration_of_nothing_about_the_schema_is_falsy() -> None:
    assert not inputs(mappings={"users": {}}).schema_part


def test_the_job_belongs_to_a_service_principal() -> None:
    assert inputs().principal == PRINCIPAL


EXTENSION = "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_costCenter"
FINGERPRINT = str(Fingerprint.of(SecretToken(TOKEN), salt=b"salt"))
SALES = {"principalId": "id-sales", "kind": "group", "name": "Sales", "role": "role-user"}
ADA = {"principalId": "id-ada", "kind": "user"}


@pytest.mark.parametrize("text", [TOKEN, FINGERPRINT, UNTOLD, "env:ELIUM_SECRET_TOKEN", "file:/run/secrets/elium"])
def test_a_token_is_taken_or_what_stands_in_its_place(text: str) -> None:
    assert inputs(secretToken=text).secret_token == text


def test_a_job_may_be_told_where_its_token_lies() -> None:
    assert inputs(secretToken="env:VAULT").token_source == TokenSource(SourceKind.ENVIRONMENT, "VAULT")
    assert inputs(secretToken=FINGERPRINT).token_source is None


def test_a_token_that_is_not_one_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        inputs(secretToken=f"Bearer {TOKEN}")

    assert refusal.value.reasons[0].startswith("secretToken: begins with a word that Entra writes itself: Bearer.")
    assert TOKEN not in str(refusal.value)


def test_a_token_does_not_show_in_the_inputs() -> None:
    assert TOKEN not in repr(inputs(secretToken=TOKEN))


def test_who_is_assigned_is_known_by_name_and_kind() -> None:
    assert inputs(assignments=[SALES, ADA]).assigned == (
        Assignment("id-ada", PrincipalKind.USER, "id-ada", ""),
        Assignment("id-sales", PrincipalKind.GROUP, "Sales", "role-user"),
    )


def test_assignments_that_change_places_are_not_a_change() -> None:
    assert inputs(assignments=[SALES, ADA]).canonical() == inputs(assignments=[ADA, SALES]).canonical()


def test_a_job_that_names_nobody_says_nothing_of_assignments() -> None:
    assert (inputs().assigned, "assignments" in inputs().canonical()) == (None, False)
    assert inputs(assignments=[]).assigned == ()


@pytest.mark.parametrize(
    ("assignments", "sentence"),
    [
        ([ADA, ADA], "assignments: id-ada is there more than once. Name each group and user once."),
        ([{"kind": "user"}], "assignments.0.principalId: is needed."),
        ([{**ADA, "kind": "device"}], "assignments.0.kind: must be 'group' or 'user'."),
        ([{**ADA, "principalObjectId": "x"}], "assignments.0.principalObjectId: there is no such setting; did you"),
    ],
)
def test_a_mistake_in_an_assignment_has_its_place(assignments: Any, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        inputs(assignments=assignments)

    assert refusal.value.reasons[0].startswith(sentence)
