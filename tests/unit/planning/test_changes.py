from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_configuration, a_declared_schema, a_mapping, a_mapping_node, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import SETTINGS, Connection, DeclaredConnection, Notification, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.mapping import AttributeDefinition, DeclaredMapping, ObjectAction, ObjectKind
from provisioning.planning.changes import (
    AddAssignment,
    AddAttribute,
    AddMapping,
    AlterMapping,
    AlterRole,
    Change,
    RemoveAssignment,
    RemoveMapping,
    RenewToken,
    SetActions,
    SetConnection,
    SetFilter,
    SwitchJob,
    SwitchScope,
    applied,
    changed,
    is_of_assignments,
    is_of_connection,
    is_of_schema,
)
from provisioning.planning.comparing import changes_between, schema_changes
from provisioning.planning.configuration import Configuration

USERS = ObjectKind.USERS
SALES = ScopingFilter.parse(["department EQUALS Sales"])


def declared(target: str, **named: object) -> DeclaredMapping:
    if isinstance(named.get("source"), str):
        named["source"] = Expression.parse(str(named["source"]))
    return DeclaredMapping(target, named)


def test_a_declared_mapping_that_is_there_changes_nothing() -> None:
    wanted = a_declared_schema(mappings={USERS: {"userName": declared("userName", source="[userPrincipalName]")}})

    assert schema_changes(a_schema(), wanted) == ()


def test_a_changed_source_keeps_the_matching_that_was_not_named() -> None:
    wanted = a_declared_schema(mappings={USERS: {"userName": declared("userName", source="[mail]")}})

    changes = schema_changes(a_schema(), wanted)

    assert changes == (AlterMapping(USERS, a_mapping(match=1), a_mapping(source="[mail]", match=1)),)


def test_a_mapping_that_is_not_there_is_added() -> None:
    wanted = a_declared_schema(mappings={USERS: {"title": declared("title", source="[mail]")}})

    assert schema_changes(a_schema(), wanted) == (AddMapping(USERS, a_mapping("title", "[mail]")),)


def test_null_removes_a_mapping_and_says_nothing_of_one_that_is_gone() -> None:
    schema = a_schema(a_mapping_node("title", "mail"))
    wanted = a_declared_schema(mappings={USERS: {"title": None, "nickName": None}})

    assert schema_changes(schema, wanted) == (RemoveMapping(USERS, a_mapping("title", "[mail]")),)


def test_a_filter_is_set() -> None:
    assert schema_changes(a_schema(), a_declared_schema(filters={USERS: SALES})) == (SetFilter(USERS, None, SALES),)


def test_applying_the_changes_leaves_nothing_to_change() -> None:
    wanted = a_declared_schema(
        mappings={USERS: {"title": declared("title", source="[mail]"), "userName": None}},
        filters={USERS: SALES},
        objects={USERS: False},
    )
    schema = a_schema()

    assert schema_changes(changed(schema, schema_changes(schema, wanted)), wanted) == ()


def test_what_cannot_be_changes_nothing_because_rules_refuse_it() -> None:
    wanted = a_declared_schema(
        mappings={ObjectKind.GROUPS: {"x": declared("x", source="[mail]")}},
        objects={ObjectKind.GROUPS: True},
        filters={ObjectKind.GROUPS: SALES},
        actions={ObjectKind.GROUPS: frozenset({ObjectAction.CREATE})},
        attributes={ObjectKind.GROUPS: {"x": AttributeDefinition("x")}},
    )

    assert schema_changes(a_schema(), wanted) == ()


def test_actions_and_attributes_are_set_before_the_mappings_that_need_them() -> None:
    badge = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
    definition = AttributeDefinition(badge)
    wanted = a_declared_schema(
        mappings={USERS: {badge: declared(badge, source="[mail]")}},
        actions={USERS: frozenset({ObjectAction.CREATE})},
        attributes={USERS: {badge: definition, "title": AttributeDefinition("title")}},
    )
    schema = a_schema()

    changes = schema_changes(schema, wanted)

    assert changes == (
        SetActions(USERS, frozenset(), frozenset({ObjectAction.CREATE})),
        AddAttribute(USERS, definition),
        AddMapping(USERS, a_mapping(badge, "[mail]")),
    )
    assert schema_changes(changed(schema, changes), wanted) == ()
    assert schema_changes(changed(schema, changes), a_declared_schema(actions=wanted.actions)) == ()


STAFF, PILOT = (Assignment(name.lower(), PrincipalKind.GROUP, name, "user") for name in ("Staff", "Pilot"))


def declared_of(before: Configuration, **differences: Any) -> list[Change]:
    """List what a declaration of these alone changes."""
    before_that = differences.pop("declared_before", None)
    return list(changes_between(before, Declaration(**differences), declared_before=before_that))


def test_who_is_no_longer_declared_is_removed_and_who_is_new_added() -> None:
    before = a_configuration(assignments=(STAFF,))

    assert declared_of(before, assignments=(PILOT,)) == [RemoveAssignment(STAFF), AddAssignment(PILOT)]
    assert declared_of(before, assignments=None) == []


def test_an_assignment_that_the_program_never_declared_is_not_its_own_to_remove() -> None:
    before = a_configuration(assignments=(STAFF, PILOT))

    assert declared_of(before, assignments=(), declared_before=(STAFF,)) == [RemoveAssignment(STAFF)]


def test_another_role_alters_an_assignment_and_one_that_is_not_named_does_not() -> None:
    before, admin = a_configuration(assignments=(STAFF,)), replace(STAFF, role="admin")

    assert declared_of(before, assignments=(admin,)) == [AlterRole(STAFF, admin)]
    assert declared_of(before, assignments=(replace(STAFF, role=""),)) == []


def test_the_connection_changes_part_by_part() -> None:
    ops = Notification("ops@contoso.com")
    wanted = DeclaredConnection("https://a.b/scim", ops, 7, keeps_leavers=True, scope=Scope.ALL)

    assert declared_of(a_configuration(), connection=wanted) == [
        SetConnection(SETTINGS[0], "nothing", "https://a.b/scim"),
        SetConnection(SETTINGS[1], "nobody", "ops@contoso.com"),
        SetConnection(SETTINGS[2], "the service's own", "7"),
        SetConnection(SETTINGS[3], "off", "on"),
        RenewToken(is_first=True),
        SwitchScope(Scope.ASSIGNED, Scope.ALL),
    ]


def test_what_can_hold_a_secret_in_the_address_of_the_service_is_not_shown() -> None:
    held = Connection({"BaseAddress": "https://a.b/scim?canary", "SecretToken": "*"})
    before = replace(a_configuration(), connection=held)

    assert declared_of(before, connection=DeclaredConnection("https://a.b/scim")) == [
        SetConnection(SETTINGS[0], "https://a.b/scim?***", "https://a.b/scim")
    ]


def test_the_switch_changes_only_where_it_is_declared() -> None:
    assert declared_of(a_configuration(), on=False) == [SwitchJob(on=False)]
    assert declared_of(a_configuration()) == []


def test_applying_all_changes_leaves_nothing_to_change() -> None:
    before = a_configuration(assignments=(STAFF,))
    wanted = Declaration(
        DeclaredConnection(delete_threshold=7, scope=Scope.ALL),
        a_declared_schema(filters={USERS: SALES}),
        on=False,
        assignments=(replace(STAFF, role="admin"), PILOT),
    )

    after = applied(changes_between(before, wanted), before, wanted)

    assert changes_between(after, wanted) == ()
    assert after.assignments == (replace(STAFF, role="admin"), PILOT)


@pytest.mark.parametrize(
    ("change", "of"),
    [
        (AddAssignment(STAFF), is_of_assignments),
        (AlterRole(STAFF, STAFF), is_of_assignments),
        (SetConnection(SETTINGS[2], "none", "7"), is_of_connection),
        (SwitchScope(Scope.ALL, Scope.ASSIGNED), is_of_connection),
        (SetFilter(USERS, None, SALES), is_of_schema),
        (SwitchJob(on=True), None),
    ],
)
def test_each_change_is_of_one_part(change: Change, of: object) -> None:
    parts = [part for part in (is_of_assignments, is_of_connection, is_of_schema) if part(change)]

    assert parts == ([of] if of else [])
