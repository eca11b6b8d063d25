from __future__ import annotations

from builders import a_declared_schema, a_mapping, a_mapping_node, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.declaration import DeclaredSchema
from provisioning.model.mapping import AttributeDefinition, DeclaredMapping, ObjectAction, ObjectKind
from provisioning.planning.changes import (
    AddAttribute,
    AddMapping,
    AlterMapping,
    RemoveMapping,
    SetActions,
    SetFilter,
    applied,
    changes_between,
)

USERS = ObjectKind.USERS
SALES = ScopingFilter.parse(["department EQUALS Sales"])


def declared(target: str, **named: object) -> DeclaredMapping:
    if isinstance(named.get("source"), str):
        named["source"] = Expression.parse(str(named["source"]))
    return DeclaredMapping(target, named)


def test_a_declared_mapping_that_is_there_changes_nothing() -> None:
    wanted = a_declared_schema(mappings={USERS: {"userName": declared("userName", source="[userPrincipalName]")}})

    assert changes_between(a_schema(), wanted) == ()


def test_a_changed_source_keeps_the_matching_that_was_not_named() -> None:
    wanted = a_declared_schema(mappings={USERS: {"userName": declared("userName", source="[mail]")}})

    changes = changes_between(a_schema(), wanted)

    assert changes == (AlterMapping(USERS, a_mapping(match=1), a_mapping(source="[mail]", match=1)),)


def test_a_mapping_that_is_not_there_is_added() -> None:
    wanted = a_declared_schema(mappings={USERS: {"title": declared("title", source="[mail]")}})

    assert changes_between(a_schema(), wanted) == (AddMapping(USERS, a_mapping("title", "[mail]")),)


def test_null_removes_a_mapping_and_says_nothing_of_one_that_is_gone() -> None:
    schema = a_schema(a_mapping_node("title", "mail"))
    wanted = a_declared_schema(mappings={USERS: {"title": None, "nickName": None}})

    assert changes_between(schema, wanted) == (RemoveMapping(USERS, a_mapping("title", "[mail]")),)


def test_a_filter_is_set() -> None:
    assert changes_between(a_schema(), a_declared_schema(filters={USERS: SALES})) == (SetFilter(USERS, None, SALES),)


def test_applying_the_changes_leaves_nothing_to_change() -> None:
    wanted = a_declared_schema(
        mappings={USERS: {"title": declared("title", source="[mail]"), "userName": None}},
        filters={USERS: SALES},
        objects={USERS: False},
    )
    schema = a_schema()

    assert changes_between(applied(changes_between(schema, wanted), schema), wanted) == ()


def test_what_cannot_be_changes_nothing_because_rules_refuse_it() -> None:
    wanted = a_declared_schema(
        mappings={ObjectKind.GROUPS: {"x": declared("x", source="[mail]")}},
        objects={ObjectKind.GROUPS: True},
        filters={ObjectKind.GROUPS: SALES},
        actions={ObjectKind.GROUPS: frozenset({ObjectAction.CREATE})},
        attributes={ObjectKind.GROUPS: {"x": AttributeDefinition("x")}},
    )

    assert changes_between(a_schema(), wanted) == ()


def test_actions_and_attributes_are_set_before_the_mappings_that_need_them() -> None:
    badge = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
    definition = AttributeDefinition(badge)
    wanted = a_declared_schema(
        mappings={USERS: {badge: declared(badge, source="[mail]")}},
        actions={USERS: frozenset({ObjectAction.CREATE})},
        attributes={USERS: {badge: definition, "title": AttributeDefinition("title")}},
    )
    schema = a_schema()

    changes = changes_between(schema, wanted)

    assert changes == (
        SetActions(USERS, frozenset(), frozenset({ObjectAction.CREATE})),
        AddAttribute(USERS, definition),
        AddMapping(USERS, a_mapping(badge, "[mail]")),
    )
    assert changes_between(applied(changes, schema), wanted) == ()
    assert changes_between(applied(changes, schema), a_declared_schema(actions=wanted.actions)) == ()


def test_a_reset_is_seen_as_changes() -> None:
    template = a_schema()
    observed = a_schema(a_mapping_node("title", "mail"), scope=SALES.to_graph())

    changes = changes_between(observed, DeclaredSchema.resetting(observed, template))

    assert changes == (
        RemoveMapping(USERS, a_mapping("title", "[mail]")),
        AddMapping(USERS, a_mapping(match=1)),
        SetFilter(USERS, SALES, None),
    )
    assert applied(changes, observed).of(USERS).mappings == template.of(USERS).mappings
