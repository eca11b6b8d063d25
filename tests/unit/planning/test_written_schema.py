"""A job's schema is written as people would write it, and only what is special about it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from builders import a_closing_schema, a_mapping_node, an_attribute_node

from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.comparing import schema_changes
from provisioning.planning.written_schema import WrittenSchema, written_schema
from provisioning.settings.mistakes import parsed
from provisioning.settings.shared import JobSettings

BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
COST = "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_cost"


def clause(attribute: str, value: str, operator: str = "EQUALS") -> dict[str, Any]:
    return {"operatorName": operator, "sourceOperandName": attribute, "targetOperand": {"values": [value]}}


def scope(*groups: list[dict[str, Any]], among: str = "groups") -> dict[str, Any]:
    return {among: [{"name": "", "clauses": clauses} for clauses in groups]}


GROUPS = {
    "enabled": True,
    "sourceObjectName": "Group",
    "targetObjectName": "group",
    "flowTypes": "Add,Update,Delete",
    "attributeMappings": [a_mapping_node("displayName", "displayName", matchingPriority=1)],
}


def base() -> SynchronizationSchema:
    schema = SynchronizationSchema(copy.deepcopy(dict(a_closing_schema().document)))
    users_of(schema)["flowTypes"] = "Add,Update,Delete"
    return schema


def users_of(schema: SynchronizationSchema) -> dict[str, Any]:
    found: dict[str, Any] = schema.document["synchronizationRules"][0]["objectMappings"][0]
    return found


def with_users(**differences: Any) -> SynchronizationSchema:
    schema = base()
    users_of(schema).update(differences)
    return schema


def with_mapping(*nodes: dict[str, Any], instead_of: str = "") -> SynchronizationSchema:
    kept = [one for one in users_of(base())["attributeMappings"] if one["targetAttributeName"] != instead_of]
    return with_users(attributeMappings=[*kept, *nodes])


def with_groups(**differences: Any) -> SynchronizationSchema:
    schema = base()
    schema.document["synchronizationRules"][0]["objectMappings"].append({**GROUPS, **differences})
    return schema


def with_attributes(side: int, *nodes: dict[str, Any]) -> SynchronizationSchema:
    schema = base()
    schema.document["directories"][side]["objects"][0]["attributes"].extend(nodes)
    return schema


def mapped(target: str, value: Any) -> dict[str, Any]:
    return {"mappings": {"users": {target: value}}}


SAID: dict[str, tuple[SynchronizationSchema, dict[str, Any]]] = {
    "nothing": (base(), {}),
    "another source": (with_mapping(a_mapping_node("title", "mail")), mapped("title", "[mail]")),
    "a turn": (
        with_mapping(a_mapping_node("userName", "mail", matchingPriority=1), instead_of="userName"),
        mapped("userName", {"source": "[mail]", "match": 1}),
    ),
    "no turn": (
        with_mapping(a_mapping_node("userName", "userPrincipalName"), instead_of="userName"),
        mapped("userName", {"source": "[userPrincipalName]", "match": 0}),
    ),
    "a default alone": (
        with_mapping(a_mapping_node("title", "mail", source=None, defaultValue="Guest")),
        mapped("title", {"source": None, "default": "Guest"}),
    ),
    "when it flows": (
        with_mapping(a_mapping_node("title", "mail", flowType="ObjectAddOnly", flowBehavior="FlowAlways")),
        mapped("title", {"source": "[mail]", "flowType": "ObjectAddOnly", "flowBehavior": "FlowAlways"}),
    ),
    "a mapping less": (with_mapping(instead_of="active"), mapped("active", None)),
    "a filter": (
        with_users(scope=scope([clause("department", "Sales")])),
        {"filters": {"users": ["department EQUALS Sales"]}},
    ),
    "two ways": (
        with_users(scope=scope([clause("department", "Sales")], [clause("mail", "x")])),
        {"filters": {"users": [["department EQUALS Sales"], ["mail EQUALS x"]]}},
    ),
    "actions": (with_users(flowTypes="Add, Update"), {"objects": {"users": {"actions": ["create", "update"]}}}),
    "an attribute of the app": (
        with_attributes(1, an_attribute_node(BADGE, caseExact=True)),
        {"attributes": {"users": {BADGE: {"type": "String", "caseExact": True}}}},
    ),
    "an extension": (
        with_attributes(0, an_attribute_node(COST, type="Integer")),
        {"attributes": {"users": {COST: "Integer"}}},
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_special_is_written_and_is_read_as_what_is_there(what: str) -> None:
    held, expected = SAID[what]

    said = written_schema(held, template=base())

    assert (said.settings, said.kept) == (expected, ())
    assert schema_changes(held, parsed(JobSettings, said.settings, place="").schema_part) == ()


UNREAD = {"expression": "Someday([mail])", "name": "Someday", "type": "Function", "parameters": []}
STRANGE = [an_attribute_node(f"urn:x{number}", multivalued=True) for number in range(7)]

KEPT: dict[str, tuple[SynchronizationSchema, str]] = {
    "a source of next year": (
        with_mapping(a_mapping_node("title", "x", source=UNREAD)),
        "mappings.users.title: its source is not understood here (Someday([mail]))",
    ),
    "users that are off": (with_users(enabled=False), "users are switched off, which has no setting"),
    "no actions": (
        with_users(flowTypes="None"),
        "objects.users.actions: cannot be declared: must name one at least",
    ),
    "a filter of next year": (
        with_users(scope=scope([clause("mail", "x", "RESEMBLES")])),
        "filters.users: cannot be read (There is no operator RESEMBLES)",
    ),
    "an experimental filter": (
        with_users(scope=scope([clause("mail", "x")], among="categoryFilterGroups")),
        "filters.users: mail EQUALS x stands in Graph's inputFilterGroups or categoryFilterGroups",
    ),
    "a clause that Entra would refuse today": (
        with_users(scope=scope([clause("proxyAddresses", "x")])),
        "filters.users: cannot be declared: ",
    ),
    "attributes of another shape": (
        with_attributes(1, *STRANGE),
        "attributes.users: urn:x0, urn:x1, urn:x2, urn:x3, urn:x4 and 2 more: required, read-only or of several values",
    ),
    "an attribute of another name": (with_attributes(1, an_attribute_node("shoeSize")), "attributes.users.shoeSize: "),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_has_no_form_is_told_and_stays(what: str) -> None:
    held, sentence = KEPT[what]

    said = written_schema(held, template=base())

    assert said.settings == {}
    (kept,) = said.kept
    assert kept.startswith(sentence)
    assert kept.endswith("; it stays as it is.")


def test_a_flow_type_of_next_year_is_told_and_the_source_is_written() -> None:
    said = written_schema(with_mapping(a_mapping_node("title", "mail", flowType="Never")), template=base())

    assert said.settings == mapped("title", "[mail]")
    assert said.kept == ("mappings.users.title: its flow type Never is not known here; it stays as it is.",)


def test_a_source_that_the_template_has_too_does_not_keep_the_rest_from_being_written() -> None:
    template = with_mapping(a_mapping_node("title", "x", source=UNREAD))
    held = with_mapping(a_mapping_node("title", "x", source=UNREAD, defaultValue="Guest"))

    assert written_schema(held, template=template) == WrittenSchema(mapped("title", {"default": "Guest"}))


def test_groups_are_switched_and_have_mappings_of_their_own() -> None:
    held = with_groups(enabled=False, attributeMappings=[])

    said = written_schema(held, template=with_groups())

    assert said.settings == {"objects": {"groups": {"enabled": False}}, "mappings": {"groups": {"displayName": None}}}
    (kept,) = written_schema(base(), template=with_groups()).kept
    assert kept == "groups: this job has no object mapping of them, though its template has; it stays as it is."


def test_a_filter_that_the_template_alone_has_is_removed_and_one_that_cannot_be_read_is_none() -> None:
    filtered, unread = (scope([clause("mail", "x", operator)]) for operator in ("EQUALS", "RESEMBLES"))

    assert written_schema(base(), template=with_users(scope=filtered)).settings == {"filters": {"users": None}}
    assert written_schema(base(), template=with_users(scope=unread)) == WrittenSchema()


def test_what_is_mapped_besides_users_and_groups_is_told() -> None:
    held = base()
    held.document["synchronizationRules"][0]["objectMappings"].append({"sourceObjectName": "Device"})

    assert written_schema(held, template=base()).kept == (
        "The job maps Device as well, which no setting is about; it stays as it is.",
    )


def test_a_template_that_lists_no_attributes_says_nothing_of_them() -> None:
    template = base()
    for directory in template.document["directories"]:
        directory["objects"][0]["attributes"] = []

    assert written_schema(base(), template=template) == WrittenSchema()
