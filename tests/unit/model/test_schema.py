from __future__ import annotations

import copy
from typing import Any

import pytest
from builders import a_mapping, a_mapping_node, a_schema, edited

from provisioning.errors import ConfigurationError
from provisioning.language import ScopingFilter
from provisioning.model.mapping import (
    AttributeDefinition,
    AttributeMapping,
    DeclaredMapping,
    FlowType,
    ObjectAction,
    ObjectKind,
)
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
    assert a_schema().of(USERS).mappings == {"userName": a_mapping(match=1)}


def test_an_added_mapping_comes_last_and_leaves_the_others_alone() -> None:
    before = a_schema()

    after = edited(before, USERS, lambda it: it.with_mapping(a_mapping("title", "[jobTitle]")))

    assert list(after.of(USERS).mappings) == ["userName", "title"]
    assert after.document["synchronizationRules"][0]["objectMappings"][0]["futureKey"] == {"kept": [None, 1]}


def test_editing_leaves_the_schema_before_as_it_was() -> None:
    before = a_schema()
    copied = copy.deepcopy(before.document)

    edited(
        edited(before, USERS, lambda it: it.with_mapping(a_mapping("title", "[jobTitle]"))),
        USERS,
        lambda it: it.without_mapping("userName"),
    )

    assert before.document == copied


def test_keys_of_a_mapping_that_nobody_here_knows_survive_its_change() -> None:
    node = a_mapping_node("userName", "userPrincipalName", matchingPriority=1, surprise={"a": None})
    schema = a_schema(node)

    changed = edited(schema, USERS, lambda it: it.with_mapping(a_mapping(source="[mail]", match=1)))

    written = changed.document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    assert written == node | {"source": a_mapping(source="[mail]").source.to_graph()}  # type: ignore[union-attr]  # a_mapping always has one


def test_a_flow_type_of_next_year_is_kept_when_something_else_changes() -> None:
    schema = a_schema(a_mapping_node("userName", "userPrincipalName", flowType="OnTuesdays"))

    changed = edited(schema, USERS, lambda it: it.with_mapping(a_mapping(source="[mail]")))

    written = changed.document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    assert (schema.of(USERS).mappings["userName"].flow_type, written["flowType"]) == (FlowType.ALWAYS, "OnTuesdays")


def test_a_source_that_cannot_be_read_is_none_and_stays() -> None:
    node = a_mapping_node("userName", "x", source={"expression": "Nonsense((", "type": "Function", "name": "x"})

    assert a_schema(node).of(USERS).mappings["userName"].source is None


def test_the_experimental_filters_stay_when_the_filter_is_removed() -> None:
    schema = edited(a_schema(scope=SALES), USERS, lambda it: it.with_filter(None))

    scope = schema.document["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert scope == {"categoryFilterGroups": [], "inputFilterGroups": ["odd"], "groups": []}


def test_removing_a_filter_that_is_not_there_changes_nothing() -> None:
    assert edited(a_schema(), USERS, lambda it: it.with_filter(None)) == a_schema()


def test_a_filter_is_written_and_read_back() -> None:
    sales = ScopingFilter.parse(["department EQUALS Sales"])

    assert edited(a_schema(), USERS, lambda it: it.with_filter(sales)).of(USERS).filter == sales


def test_an_app_without_groups_says_so() -> None:
    schema = a_schema()

    assert [schema.of(GROUPS).is_there, schema.of(GROUPS).is_enabled, schema.of(GROUPS).mappings] == [False, False, {}]


def test_the_attributes_of_both_sides_are_listed() -> None:
    schema = a_schema()

    assert "nickName" in schema.of(USERS).targets
    assert "department" in schema.of(USERS).sources


def test_a_document_without_directories_lists_no_attributes() -> None:
    document = dict(a_schema().document) | {"directories": None}

    assert SynchronizationSchema(document).of(USERS).targets == {}


def test_a_source_that_cannot_be_read_survives_a_change_of_something_else() -> None:
    source = {"expression": "Future((", "type": "Function", "name": "Future", "new": [None]}
    schema = a_schema(a_mapping_node("userName", "x", source=source, matchingPriority=1))
    before = schema.of(USERS).mappings["userName"]

    changed = edited(
        schema, USERS, lambda it: it.with_mapping(DeclaredMapping("userName", {"match": 2}).applied_to(before))
    )

    written = changed.document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    assert (before.written, before.source, written["source"], written["matchingPriority"]) == (
        "Future((",
        None,
        source,
        2,
    )


def test_a_source_that_cannot_be_read_gives_way_to_one_that_is_declared() -> None:
    schema = a_schema(a_mapping_node("userName", "x", source={"type": "Function", "name": "Future"}))
    before = schema.of(USERS).mappings["userName"]

    after = DeclaredMapping("userName", {"source": a_mapping().source}).applied_to(before)

    assert (before.written, str(before.unread)) == ('{"type": "Function", "name": "Future"}', before.written)
    assert edited(schema, USERS, lambda it: it.with_mapping(after)).of(USERS).mappings["userName"] == a_mapping()


def test_a_source_that_cannot_be_read_can_be_put_back() -> None:
    source = {"expression": "Future((", "type": "Function"}
    before = a_schema(a_mapping_node("userName", "x", source=source))
    mapping = before.of(USERS).mappings["userName"]

    again = edited(
        edited(before, USERS, lambda it: it.without_mapping("userName")), USERS, lambda it: it.with_mapping(mapping)
    )

    assert again.of(USERS).mappings == {"userName": mapping}


def test_a_mapping_may_come_from_its_default_alone() -> None:
    mapping = AttributeMapping("title", default="x")

    assert edited(a_schema(), USERS, lambda it: it.with_mapping(mapping)).of(USERS).mappings["title"] == mapping


def test_groups_of_a_filter_that_stay_keep_their_title_and_what_nobody_here_knows() -> None:
    sales = SALES["groups"][0] | {"name": "Sales people", "new": 1}  # type: ignore[index]  # a list of objects
    odd = {"name": "odd", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "mail"}]}
    schema = a_schema(scope={"groups": [odd, sales], "later": None})

    wider = ScopingFilter.parse([["department EQUALS Sales"], ["mail IS NOT NULL"]])
    scope = users_of(edited(schema, USERS, lambda it: it.with_filter(wider)))["scope"]
    titled = users_of(
        edited(schema, USERS, lambda it: it.with_filter(ScopingFilter.parse({"Sellers": ["department EQUALS Sales"]})))
    )["scope"]

    assert (list(scope), scope["groups"][0], scope["groups"][1]["name"]) == (["groups", "later"], sales, "Filter 2")
    assert titled["groups"] == [sales | {"name": "Sellers"}]


@pytest.mark.parametrize(
    ("flags", "actions", "after"),
    [
        ("Add,Update,Delete", {ObjectAction.CREATE, ObjectAction.UPDATE}, "Add,Update"),
        ("Add, Update, Delete", {ObjectAction.DELETE}, "Delete"),
        ("Add, Update, Frob", {ObjectAction.CREATE, ObjectAction.DELETE}, "Add, Delete, Frob"),
        ("Add", set(), "None"),
        ("None", {ObjectAction.CREATE}, "Add"),
        ("Delete , Add", {ObjectAction.CREATE, ObjectAction.DELETE}, "Delete , Add"),
        (None, set(), None),
    ],
)
def test_actions_are_flags_of_which_unknown_ones_stay(
    flags: str | None, actions: set[ObjectAction], after: Any
) -> None:
    schema = a_schema()
    users_of(schema)["flowTypes"] = flags

    changed = edited(schema, USERS, lambda it: it.with_actions(actions))

    assert (users_of(changed)["flowTypes"], changed.of(USERS).actions) == (after, frozenset(actions))


def test_an_attribute_that_is_there_is_not_added_again() -> None:
    schema = a_schema()

    assert edited(schema, USERS, lambda it: it.with_attribute(AttributeDefinition("title", type="Integer"))) == schema


def test_editing_a_kind_that_is_not_there_is_a_mistake_of_the_program() -> None:
    with pytest.raises(LookupError, match="no object mapping for groups"):
        edited(a_schema(), GROUPS, lambda it: it.with_enabled(enabled=True))


def test_an_attribute_is_not_added_where_the_schema_describes_no_object() -> None:
    with pytest.raises(ConfigurationError, match=r"^attributes\.groups\.x: the schema of this job does not describe"):
        edited(a_schema(), GROUPS, lambda it: it.with_attribute(AttributeDefinition("x")))


def test_a_mapping_without_a_target_is_passed_over_and_the_first_of_two_counts() -> None:
    nodes = (a_mapping_node("", "mail"), a_mapping_node("title", "mail"), a_mapping_node("title", "department"))

    assert a_schema(*nodes).of(USERS).mappings == {"title": a_mapping("title", "[mail]")}


def test_the_schema_of_a_document_that_holds_nothing_is_empty() -> None:
    schema = SynchronizationSchema({"synchronizationRules": [{"objectMappings": None}, {}]})

    assert (schema.of(USERS).is_there, schema.of(USERS).mappings, schema.of(USERS).actions, schema.version) == (
        False,
        {},
        frozenset(),
        "",
    )


def test_an_object_that_its_directory_does_not_list_has_no_attributes() -> None:
    schema = a_schema()
    users_of(schema)["targetObjectName"] = "another"

    assert schema.of(USERS).targets == {}


def users_of(schema: SynchronizationSchema) -> dict[str, Any]:
    found: dict[str, Any] = schema.document["synchronizationRules"][0]["objectMappings"][0]
    return found
