"""A whole schema is declared so that another one comes to mean the same, and nothing else is touched."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from builders import a_closing_schema, a_mapping_node, an_attribute_node

from provisioning.errors import ExpressionError
from provisioning.model.declaration import Declaration, DeclaredSchema
from provisioning.model.observed import Observed
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.plan import plan_of
from provisioning.planning.whole_schema import declared_by

BASE = a_closing_schema()
BASE.document["synchronizationRules"][0]["objectMappings"][0]["flowTypes"] = "Add,Update,Delete"
CLAUSE = {"operatorName": "EQUALS", "sourceOperandName": "department", "targetOperand": {"values": ["Sales"]}}
SALES = {"groups": [{"name": "", "clauses": [CLAUSE]}], "inputFilterGroups": [], "categoryFilterGroups": []}
UNKNOWN_FUNCTION = {"expression": "Someday([mail])", "name": "Someday", "type": "Function", "parameters": []}


def users_of(schema: SynchronizationSchema) -> dict[str, Any]:
    rule = schema.document["synchronizationRules"][0]
    found: dict[str, Any] = next(each for each in rule["objectMappings"] if each["sourceObjectName"] == "User")
    return found


def changed(**differences: Any) -> SynchronizationSchema:
    schema = SynchronizationSchema(copy.deepcopy(dict(BASE.document)))
    users_of(schema).update(differences)
    return schema


NODES = users_of(BASE)["attributeMappings"]
MAIL = a_mapping_node("x", "mail")
UNREAD = {**NODES[0], "source": UNKNOWN_FUNCTION}

OTHERS = {
    "a mapping more": changed(attributeMappings=[*NODES, a_mapping_node("nickName", "mail")]),
    "another source": changed(attributeMappings=[{**NODES[0], "source": MAIL["source"]}, *NODES[1:]]),
    "a source of next year": changed(attributeMappings=[UNREAD, *NODES[1:]]),
    "a default, and when it flows": changed(
        attributeMappings=[{**NODES[0], "defaultValue": "x", "flowType": "ObjectAddOnly"}, *NODES[1:]]
    ),
    "a filter": changed(scope=SALES),
    "no deletions": changed(flowTypes="Add, Update"),
    "no users": changed(enabled=False),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_schema_means_comes_back_and_goes_again(name: str) -> None:
    for before, after in ((BASE, OTHERS[name]), (OTHERS[name], BASE)):
        plan = plan_of(Observed(schema=before), Declaration(schema=declared_by(after, over=before)))

        assert plan.changes
        assert plan.after.schema.meaning == after.meaning


def test_a_source_that_nobody_can_read_comes_back_as_graph_gave_it() -> None:
    wanted = OTHERS["a source of next year"]
    plan = plan_of(Observed(schema=BASE), Declaration(schema=declared_by(wanted, over=BASE)))

    assert users_of(plan.after.schema)["attributeMappings"][0]["source"] == UNKNOWN_FUNCTION


def test_of_what_is_the_same_nothing_is_declared() -> None:
    declared = declared_by(BASE, over=BASE)

    assert plan_of(Observed(schema=BASE), Declaration(schema=declared)).changes == ()
    assert {kind: dict(each) for kind, each in declared.mappings.items() if each} == {}


def test_an_attribute_that_only_the_file_lists_is_added() -> None:
    wanted = SynchronizationSchema(copy.deepcopy(dict(BASE.document)))
    target = next(each for each in wanted.document["directories"] if each["name"] == "Elium")
    target["objects"][0]["attributes"].append(an_attribute_node("badge"))

    declared = declared_by(wanted, over=BASE)

    assert [name for each in declared.attributes.values() for name in each] == ["badge"]


def test_a_kind_that_the_job_does_not_have_is_left_out() -> None:
    nobody = SynchronizationSchema({"synchronizationRules": [], "directories": []})

    assert declared_by(BASE, over=nobody) == DeclaredSchema()


def test_a_filter_that_cannot_be_read_is_told() -> None:
    broken = changed(scope={**SALES, "groups": [{"name": "", "clauses": [{**CLAUSE, "operatorName": "LIKE"}]}]})

    with pytest.raises(ExpressionError):
        declared_by(broken, over=BASE)
