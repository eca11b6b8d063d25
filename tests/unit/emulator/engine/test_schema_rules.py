"""What a schema may not say (graph: synchronization-attributemapping and its kin; known-issues#scoping-filters)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from company import Company

from emulator.company.refusal import Refusal
from tools.manual.parity import witness

if TYPE_CHECKING:
    from emulator.company.store import JsonObject


def refusal_of(contoso: Company, schema: JsonObject) -> str:
    with pytest.raises(Refusal) as refusal:
        contoso.service.replace_schema(contoso.job, schema)
    assert refusal.value.status == 400
    return refusal.value.message


def users(schema: JsonObject) -> JsonObject:
    mapping: JsonObject = schema["synchronizationRules"][0]["objectMappings"][1]
    assert mapping["sourceObjectName"] == "User"
    return mapping


@witness("A word that an enumeration of a schema does not have is refused")
@pytest.mark.parametrize(
    ("name", "word"), [("flowType", "Sometimes"), ("flowBehavior", "FlowNever"), ("flowType", "MergeAlways")]
)
def test_a_word_that_an_enumeration_of_mappings_does_not_have_is_refused(name: str, word: str) -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.flow("title", **{name: word})

    assert f"Requested value '{word}' was not found" in refusal.value.message


@pytest.mark.parametrize("actions", ["Add,Updates", "add;update", "Everything"])
def test_an_unknown_action_is_refused_instead_of_stopping_updates(actions: str) -> None:
    contoso = Company()

    with pytest.raises(Refusal):
        contoso.map(flowTypes=actions)


@pytest.mark.parametrize("actions", ["Add,Update,Delete", "add, update, delete", "ADD, Update , DELETE"])
def test_actions_are_read_in_any_case_and_with_blanks(actions: str) -> None:
    contoso = Company()

    contoso.map(flowTypes=actions)

    plan = contoso.job.compiled.users if contoso.job.compiled else None
    assert plan is not None
    assert (plan.adds, plan.updates, plan.deletes) == (True, True, True)


@pytest.mark.parametrize(("name", "word"), [("type", "Text"), ("mutability", "Sometimes")])
def test_an_attribute_definition_has_closed_words_too(name: str, word: str) -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    schema["directories"][1]["objects"][0]["attributes"][3][name] = word

    assert word in refusal_of(contoso, schema)


def test_two_mappings_to_one_target_are_refused() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    flows = users(schema)["attributeMappings"]
    flows.append({**flows[3]})

    assert "'title' is mapped twice" in refusal_of(contoso, schema)


def test_a_mapping_without_a_matching_attribute_is_refused() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    for flow in users(schema)["attributeMappings"]:
        flow["matchingPriority"] = 0

    assert "User has no matching attribute" in refusal_of(contoso, schema)


def test_a_required_attribute_that_is_not_mapped_is_refused() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    users(schema)["attributeMappings"][2]["matchingPriority"] = 1
    users(schema)["attributeMappings"].pop(0)

    assert "'userName' is required and not mapped" in refusal_of(contoso, schema)


def test_an_object_mapping_that_is_switched_off_may_be_incomplete() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    groups = schema["synchronizationRules"][0]["objectMappings"][0]
    groups.update(enabled=False, attributeMappings=[])

    contoso.service.replace_schema(contoso.job, schema)

    assert contoso.service.schema_of(contoso.job)["synchronizationRules"][0]["objectMappings"][0]["enabled"] is False


@witness("A scoping filter that Entra does not take is refused")
@pytest.mark.parametrize(
    "attribute",
    ["departement", "userType", "manager", "appRoleAssignments", "employeeHireDate", "proxyAddresses", "otherMails"],
)
def test_a_filter_that_entra_would_not_take_is_refused(attribute: str) -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.filter(attribute, "EQUALS", "x")

    assert attribute in refusal.value.message


def test_a_comparison_of_numbers_with_a_text_is_refused() -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.filter("employeeId", "GREATER_THAN", "x")

    assert "takes a whole number, not 'x'" in refusal.value.message


def test_saving_such_a_filter_all_the_same_is_a_knob() -> None:
    contoso = Company(unfilterable="saved")

    contoso.filter("departement", "EQUALS", "Sales")

    assert contoso.job.compiled is not None


@pytest.mark.parametrize(
    ("attribute", "operator", "value"),
    [
        ("department", "IS TRUE", ()),
        ("department", "IS FALSE", ()),
        ("accountEnabled", "EQUALS", ("True",)),
        ("accountEnabled", "REGEX MATCH", ("T.*",)),
        ("accountEnabled", "GREATER_THAN", ("1",)),
    ],
)
def test_an_operator_that_is_not_for_the_type_of_its_attribute_is_refused(
    attribute: str, operator: str, value: tuple[str, ...]
) -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.filter(attribute, operator, *value)

    assert f"{operator} is not for {attribute}" in refusal.value.message


@pytest.mark.parametrize("operator", ["GREATER_THAN", "Greater_Than_OR_EQUALS"])
def test_an_operator_of_which_the_pages_contradict_each_other_is_saved(operator: str) -> None:
    contoso = Company()

    contoso.filter("employeeId", operator, "5")

    assert contoso.job.compiled is not None


@witness("A value of a schema that is not of its type is refused")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enabled", "no"),
        ("enabled", None),
        ("enabled", 1),
        ("flowTypes", ["Add"]),
        ("attributeMappings", {}),
        ("scope", 5),
        ("scope", {"groups": {}}),
        ("scope", {"groups": [{"clauses": [{"operatorName": 5}]}]}),
        ("scope", {"groups": [{"clauses": [{"targetOperand": {"values": ["Sales", 5]}}]}]}),
        ("metadata", [{"key": 5}]),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(name: str, value: object) -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)

    users(schema)[name] = value

    assert f"schema/synchronizationRules/0/objectMappings/1/{name}" in refusal_of(contoso, schema)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("matchingPriority", True),
        ("matchingPriority", "²"),
        ("matchingPriority", 2**31),
        ("exportMissingReferences", "x"),
        ("defaultValue", {}),
        ("source", {"expression": 5, "type": "Attribute"}),
        ("source", {"parameters": 5}),
    ],
)
def test_a_value_of_a_mapping_that_is_not_of_its_type_is_refused(name: str, value: object) -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)

    users(schema)["attributeMappings"][0][name] = value

    assert f"/attributeMappings/0/{name}" in refusal_of(contoso, schema)


def test_what_is_not_of_its_type_is_told_all_at_once_and_nothing_is_saved() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job) | {"version": 5, "id": 6}

    assert refusal_of(contoso, schema).count("Cannot convert the literal") == 2
    assert contoso.job.schema["version"] != 5
