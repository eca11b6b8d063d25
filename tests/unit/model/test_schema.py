from __future__ import annotations

import copy

from builders import a_mapping, a_mapping_node, a_schema

from provisioning.language import ScopingFilter
from provisioning.model.mapping import FlowType, ObjectKind
from provisioning.model.schema import SynchronizationSchema

USERS = ObjectKind.USERS
GROUPS = ObjectKind.GROUPS
SALES = {
    "categoryFilterGroups": [],
    "inputFilterGroups": ["odd"],
    "groups": [
        {
            "name": "g",
            "clauses": [
                {"operatorName": "EQUALS", "sourceOperandName": "department", "targetOperand": {"values": ["Sales"]}}
            ],
        }
    ],
}


def test_a_mapping_is_read() -> None:
    assert a_schema().mappings(USERS) == {"userName": a_mapping(match=1)}


def test_an_added_mapping_comes_last_and_leaves_the_others_alone() -> None:
    before = a_schema()

    after = before.with_mapping(USERS, a_mapping("title", "[jobTitle]"))

    assert list(after.mappings(USERS)) == ["userName", "title"]
    assert after.document["synchronizationRules"][0]["objectMappings"][0]["futureKey"] == {"kept": [None, 1]}


def test_editing_leaves_the_schema_before_as_it_was() -> None:
    before = a_schema()
    copied = copy.deepcopy(before.document)

    before.with_mapping(USERS, a_mapping("title", "[jobTitle]")).without_mapping(USERS, "userName")

    assert before.document == copied


def test_keys_of_a_mapping_that_nobody_here_knows_survive_its_change() -> None:
    node = a_mapping_node("userName", "userPrincipalName", matchingPriority=1, surprise={"a": None})
    schema = a_schema(node)

    changed = schema.with_mapping(USERS, a_mapping(source="[mail]", match=1))

    written = changed.document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    assert written == node | {"source": a_mapping(source="[mail]").source.to_graph()}  # type: ignore[union-attr]  # a_mapping always has one


def test_a_flow_type_of_next_year_is_kept_when_something_else_changes() -> None:
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", flowType="OnTuesdays"))

    changed = schema.with_mapping(USERS, a_mapping(source="[mail]"))

    written = changed.document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    assert (schema.mappings(USERS)["userName"].flow_type, written["flowType"]) == (FlowType.ALWAYS, "OnTuesdays")


def test_a_source_that_cannot_be_read_is_none_and_stays() -> None:
    node = a_mapping_node("userName", "x", source={"expression": "Nonsense((", "type": "Function", "name": "x"})

    assert a_schema(node).mappings(USERS)["userName"].source is None


def test_the_experimental_filters_stay_when_the_filter_is_removed() -> None:
    schema = a_schema(scope=SALES).with_filter(USERS, None)

    scope = schema.document["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert scope == {"categoryFilterGroups": [], "inputFilterGroups": ["odd"], "groups": []}


def test_removing_a_filter_that_is_not_there_changes_nothing() -> None:
    assert a_schema().with_filter(USERS, None) == a_schema()


def test_a_filter_is_written_and_read_back() -> None:
    sales = ScopingFilter.parse(["department EQUALS Sales"])

    assert a_schema().with_filter(USERS, sales).filter(USERS) == sales


def test_an_app_without_groups_says_so() -> None:
    schema = a_schema()

    assert [schema.has(GROUPS), schema.is_enabled(GROUPS), schema.mappings(GROUPS)] == [False, False, {}]


def test_the_attributes_of_both_sides_are_listed() -> None:
    schema = a_schema()

    assert "nickName" in schema.target_attributes(USERS)
    assert "department" in schema.source_attributes(USERS)


def test_a_document_without_directories_lists_no_attributes() -> None:
    document = dict(a_schema().document) | {"directories": None}

    assert SynchronizationSchema(document).target_attributes(USERS) == {}
