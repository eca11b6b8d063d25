from __future__ import annotations

import pytest
from builders import a_mapping

from provisioning.language import ScopingFilter
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import ADDRESS, Scope
from provisioning.model.mapping import AttributeDefinition, FlowBehavior, FlowType, ObjectAction, ObjectKind
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
    SwitchObjects,
    SwitchScope,
)
from provisioning.planning.wording import describe, place_of

USERS, GROUPS = ObjectKind.USERS, ObjectKind.GROUPS
SALES = ScopingFilter.parse(["department EQUALS Sales"])
TITLE = a_mapping("title", "[jobTitle]")
STAFF = Assignment("1", PrincipalKind.GROUP, "Staff", "role")
ADA = Assignment("2", PrincipalKind.USER, "Ada", "role")


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        (AddMapping(USERS, TITLE), "mappings.users.title", "+ users.title = [jobTitle]"),
        (
            AddMapping(USERS, a_mapping("title", "[jobTitle]", match=2, default="x")),
            "mappings.users.title",
            '+ users.title = [jobTitle], match 2, default "x"',
        ),
        (RemoveMapping(GROUPS, TITLE), "mappings.groups.title", "- groups.title = [jobTitle]"),
        (
            AlterMapping(USERS, TITLE, a_mapping("title", "[mail]", match=1)),
            "mappings.users.title",
            "~ users.title: [jobTitle] → [mail]; match nothing → 1",
        ),
        (
            AlterMapping(
                USERS,
                TITLE,
                a_mapping(
                    "title",
                    "[jobTitle]",
                    default="x",
                    flow_type=FlowType.OBJECT_ADD_ONLY,
                    flow_behavior=FlowBehavior.FLOW_ALWAYS,
                ),
            ),
            "mappings.users.title",
            (
                '~ users.title: default nothing → "x"; flow type Always → ObjectAddOnly; '
                "flow behavior FlowWhenChanged → FlowAlways"
            ),
        ),
        (SetFilter(USERS, None, SALES), "filters.users", "~ filter of users: everybody → department EQUALS Sales"),
        (SetFilter(USERS, SALES, None), "filters.users", "~ filter of users: department EQUALS Sales → everybody"),
        (SwitchObjects(GROUPS, on=False), "objects.groups", "~ groups: on → off"),
        (
            SetActions(USERS, frozenset(ObjectAction), frozenset({ObjectAction.UPDATE})),
            "objects.users.actions",
            "~ actions on users: create, update, delete → update",
        ),
        (
            SetActions(USERS, frozenset(), frozenset({ObjectAction.CREATE})),
            "objects.users.actions",
            "~ actions on users: nothing → create",
        ),
        (
            AddAttribute(USERS, AttributeDefinition("urn:x:level", type="Integer")),
            "attributes.users.urn:x:level",
            "+ attribute of users: urn:x:level, Integer",
        ),
        (
            AddAttribute(USERS, AttributeDefinition("extension_x_level"), at_source=True),
            "attributes.users.extension_x_level",
            "+ source attribute of users: extension_x_level, String",
        ),
        (SwitchScope(Scope.ALL, Scope.ASSIGNED), "scope", "~ scope: all → assigned"),
        (AddAssignment(STAFF), "groups.Staff", "+ assignment of group Staff"),
        (RemoveAssignment(ADA), "users.Ada", "- assignment of user Ada"),
        (AlterRole(STAFF, STAFF), "groups.Staff", "~ role of group Staff"),
        (SetConnection(ADDRESS, "nothing", "https://a.b"), "baseAddress", "~ address: nothing → https://a.b"),
        (RenewToken(is_first=True), "secretToken", "+ secret token"),
        (RenewToken(), "secretToken", "~ secret token: another one"),
        (RenewToken(is_other=False), "secretToken", "~ secret token: the declared one, whichever is held"),
        (SwitchJob(on=False), "status", "~ status: on → off"),
    ],
)
def test_a_change_is_one_line_with_before_and_after(change: Change, place: str, text: str) -> None:
    assert (place_of(change), describe(change)) == (place, text)
