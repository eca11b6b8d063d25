from __future__ import annotations

from typing import Any

import pytest
from builders import a_declared_schema, a_mapping_node, a_schema, an_attribute_node

from emulator.engine.template import schema as template_schema
from provisioning.errors import ConfigurationError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.attribute import AttributeDefinition
from provisioning.model.mapping import DeclaredMapping, FlowType, ObjectAction, ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.connection import Scope
from provisioning.planning.findings import RULES, Finding, Severity, Surroundings, findings, refuse

USERS = ObjectKind.USERS
GROUPS = ObjectKind.GROUPS
BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
FOLLOWS = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def default(**more: Any) -> SynchronizationSchema:
    """Build the portal's default schema, with more target attributes of users: name and definition."""
    document = template_schema("elium")
    users = next(node for node in document["directories"][1]["objects"] if node["name"].endswith(":User"))
    users["attributes"] += [an_attribute_node(name, **differences) for name, differences in more.items()]
    return SynchronizationSchema(document)


def mapped(target: str, source: str | None = None, **named: Any) -> dict[str, DeclaredMapping | None]:
    if source is not None:
        named["source"] = Expression.parse(source)
    return {target: DeclaredMapping(target, named)}


def found(
    mappings: dict[str, DeclaredMapping | None] | None = None,
    *,
    observed: SynchronizationSchema | None = None,
    scope: Scope | None = None,
    surroundings: Surroundings | None = None,
    **declared: Any,
) -> list[Finding]:
    wanted = a_declared_schema(mappings={USERS: mappings} if mappings else {}, **declared)
    return list(findings(observed or default(), wanted, scope=scope, surroundings=surroundings))


def told(*arguments: Any, **named: Any) -> list[str]:
    """Say the severity and the first line of each finding."""
    return [f"{finding.severity.value} {str(finding).splitlines()[0]}" for finding in found(*arguments, **named)]


ODD: dict[str, Any] = {
    "badge": {"type": "Integer"},
    "photos": {"multivalued": True},
    "vip": {"type": "Boolean"},
    "boss": {"type": "Reference"},
    "created": {"type": "String", "mutability": "ReadOnly"},
}


@pytest.mark.parametrize(
    ("target", "source", "sentence"),
    [
        ("nikName", "[mail]", "error mappings.users.nikName: the app has no such attribute"),
        ("TITLE", "[mail]", "error mappings.users.TITLE: the app has no such attribute; the nearest is title."),
        ("id", "[objectId]", "error mappings.users.id: Elium itself sets this attribute, so it cannot be mapped."),
        ("created", "[mail]", "error mappings.users.created: Elium itself sets this attribute"),
        ("title", "[jobtitle]", "error mappings.users.title.source: There is no source attribute jobtitle; the"),
        ("title", "[zzzz]", "error mappings.users.title.source: There is no source attribute zzzz."),
        (
            "title",
            f'Join("",{",".join(["[mail]"] * 1400)})',
            "error mappings.users.title.source: The expression has 11,20",
        ),
        ("title", 'Replace([mail], , "(", , "x", , )', "error mappings.users.title.source: "),
        ("title", 'IIF([mail] = "", "x", "y")', "warning mappings.users.title.source: IIF cannot ask whether [mail]"),
        ("title", 'IIF([mail] = "a", "x", "y")', "warning mappings.users.title.source: IIF fails whoever has no val"),
        ("title", "[proxyAddresses]", "error mappings.users.title.source: [proxyAddresses] has several values"),
        ("title", 'Split([mail], "@")', "warning mappings.users.title.source: Split may give several values"),
        ("title", "[manager]", "warning mappings.users.title.source: [manager] refers to another object"),
        ("vip", '"Yes"', "error mappings.users.vip.source: “Yes” is neither True nor False"),
        ("vip", "1", "error mappings.users.vip.source: “1” is neither True nor False"),
        ("vip", 'IIF([objectId] = "1", "True", "No")', "error mappings.users.vip.source: “No” is neither"),
        ("vip", "[mail]", "warning mappings.users.vip.source: [mail] is no boolean"),
        ("vip", 'Join("", [mail])', "warning mappings.users.vip.source: Join gives no boolean"),
        ("badge", '"many"', "error mappings.users.badge.source: “many” is no whole number"),
        ("badge", "IsPresent([mail])", "error mappings.users.badge.source: IsPresent gives True or False"),
        ("boss", "[mail]", "error mappings.users.boss.source: boss refers to another object"),
        ("boss", "ToLower([mail])", "error mappings.users.boss.source: boss refers to another object"),
        ("boss", 'Switch([mail], [manager], "x", [manager])', "error mappings.users.boss.source: boss refers to"),
    ],
)
def test_a_mapping_is_found_wrong(target: str, source: str, sentence: str) -> None:
    assert [said for said in told(mapped(target, source), observed=default(**ODD)) if said.startswith(sentence)]


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("title", "[jobTitle]"),
        ("title", 'Coalesce([jobTitle], "unknown")'),
        ("title", 'IIF([userPrincipalName] = "a", "x", "y")'),
        ("photos", "[proxyAddresses]"),
        ("vip", "IsPresent([mail])"),
        ("vip", "[accountEnabled]"),
        ("vip", 'Switch([department], , "Sales", "true")'),
        ("badge", "7"),
        ("badge", "[employeeId]"),
        ("boss", "[manager]"),
    ],
)
def test_a_mapping_is_found_right(target: str, source: str) -> None:
    assert told(mapped(target, source), observed=default(**ODD)) == []


def test_a_caret_shows_the_character() -> None:
    (finding,) = found(mapped("title", 'Join(" ",   [givenName],[surnam])'))

    assert str(finding).splitlines() == [
        "mappings.users.title.source: There is no source attribute surnam; the nearest is surname. Write [surname].",
        '    Join(" ", [givenName], [surnam])',
        "                           ^",
    ]


def test_everything_is_found_at_once_and_errors_come_first() -> None:
    several = mapped("title", "[a]") | mapped("nick", "[b]") | mapped("displayName", 'Split([mail], "@")')

    severities = [finding.severity for finding in found(several)]

    assert severities == [Severity.ERROR] * 3 + [Severity.WARNING]


def test_what_the_service_has_like_that_already_is_a_warning() -> None:
    observed = a_schema(a_mapping_node("title", "nonsense"))

    assert told(mapped("title", "[nonsense]"), observed=observed)[0].startswith("warning mappings.users.title.source: ")


def test_a_schema_that_lists_no_attributes_is_not_held_against_them() -> None:
    observed = SynchronizationSchema({**a_schema().document, "directories": []})

    assert told(mapped("anything", "[whatever]"), observed=observed) == []


def test_a_default_must_be_of_the_type() -> None:
    said = told(mapped("vip", default="Yes"), observed=default(**ODD))

    assert said == ["error mappings.users.vip.default: “Yes” is neither True nor False."]


def test_what_elium_requires_must_be_written() -> None:
    observed = default(badge={"required": True})
    written = observed.with_mapping(USERS, mapped("badge", "[mail]")["badge"].applied_to(None))  # type: ignore[union-attr]  # it is one

    removed = told({"badge": None}, observed=written)
    emptied = told({"badge": DeclaredMapping("badge", {"source": None})}, observed=written)

    assert removed == ["error mappings.users.badge: Elium requires this attribute, so its mapping cannot be removed."]
    assert emptied == [
        "error mappings.users.badge: Elium requires this attribute, and it would have no source and no default."
    ]
    assert told({"badge": None}, observed=observed) == []
    assert told(mapped("badge", "[mail]", default="x"), observed=observed) == []


def test_a_source_that_cannot_be_read_is_named_and_stays() -> None:
    node = a_mapping_node("title", "x", source={"expression": "Future([a])", "type": "Function"})

    said = told({"title": DeclaredMapping("title", {"default": "x"})}, observed=a_schema(node))

    assert (
        "warning mappings.users.title: The service holds a source that cannot be read here, and it stays: "
        in "".join(said)
    )


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            mapped("userName", match=None),
            (
                "error mappings.users.userName: no matching attribute would be left, so no account could be found at "
                "Elium. Give one mapping match: 1."
            ),
        ),
        (
            mapped("title", "[mail]", match=1),
            (
                "error mappings.users.title.match: 1 is the turn of userName already; "
                "each matching attribute needs its own."
            ),
        ),
        (
            mapped("vip", "[accountEnabled]", match=2),
            "error mappings.users.vip.match: accounts cannot be matched by a value of type Boolean.",
        ),
        (
            mapped("photos", "[proxyAddresses]", match=2),
            "error mappings.users.photos.match: accounts cannot be matched by an attribute of several values.",
        ),
        (
            mapped("badge", match=2),
            "error mappings.users.badge.source: it is used to match, and has no source.",
        ),
        (
            mapped("userName", '"x"'),
            'warning mappings.users.userName.source: it is used to match, and "x" reads no attribute of the person.',
        ),
        (
            mapped("userName", "[mail]"),
            (
                "warning mappings.users.userName: userName is a matching attribute: existing accounts may be matched "
                "differently. Accounts that are linked already stay linked."
            ),
        ),
    ],
)
def test_matching_is_found_wrong(mapping: dict[str, DeclaredMapping | None], sentence: str) -> None:
    assert sentence in told(mapping, observed=default(**ODD))


def test_what_is_wrong_about_matching_already_is_a_warning() -> None:
    without = a_schema(a_mapping_node("title", "mail"))
    twice = a_schema(
        a_mapping_node("title", "mail", matchingPriority=1), a_mapping_node("nickName", "mail", matchingPriority=1)
    )

    assert (
        "warning mappings.users: no matching attribute is there" in told(mapped("title", "[mail]"), observed=without)[0]
    )
    assert told(mapped("displayName", "[mail]"), observed=twice)[0].startswith(
        "warning mappings.users.nickName.match: 1"
    )


def test_a_matching_attribute_of_groups_is_not_left_to_the_guard() -> None:
    wanted = a_declared_schema(mappings={GROUPS: mapped("displayName", match=None)})

    (error,) = [each for each in findings(default(), wanted) if each.severity is Severity.ERROR]

    assert error.refuses


@pytest.mark.parametrize(
    ("mapping", "severity", "is_acceptable"),
    [
        ({"active": None}, Severity.ERROR, True),
        (mapped("active", "[IsSoftDeleted]"), Severity.ERROR, True),
        (mapped("active", flow_type=FlowType.OBJECT_ADD_ONLY), Severity.ERROR, True),
        (mapped("active", "Not([IsSoftDeleted])"), Severity.WARNING, False),
    ],
)
def test_active_must_follow(mapping: Any, severity: Severity, is_acceptable: bool) -> None:  # noqa: FBT001 - a parameter of the test
    (finding,) = found(mapping)

    assert (finding.place, finding.severity, finding.is_acceptable) == (
        "mappings.users.active",
        severity,
        is_acceptable,
    )


def test_an_active_that_never_followed_is_a_warning_and_one_that_cannot_be_read_none() -> None:
    matching = a_mapping_node("userName", "userPrincipalName", matchingPriority=1)
    unread = a_mapping_node("active", "x", source={"expression": "Future([a])", "type": "Function"})

    never = told(mapped("title", "[mail]"), observed=a_schema(matching))

    assert [said.split(":")[0] for said in never] == ["warning mappings.users.active"]
    assert told(mapped("title", "[mail]"), observed=a_schema(matching, unread)) == []
    assert found({"active": None}, observed=a_schema(matching, unread))[0].is_acceptable


def test_actions_that_are_left_out_have_their_price() -> None:
    said = told(actions={USERS: frozenset[ObjectAction]()})

    assert said == [
        (
            "error objects.users.actions: without update, accounts would no longer be updated, so nobody who leaves "
            "would be disabled."
        ),
        "warning objects.users.actions: without create, nobody new gets an account at Elium.",
        "warning objects.users.actions: without delete, accounts of people who are deleted in Entra stay at Elium.",
    ]


def test_an_attribute_that_is_added_may_be_mapped() -> None:
    attributes = {USERS: {BADGE: AttributeDefinition(BADGE)}}

    assert told(mapped(BADGE, "[employeeId]"), attributes=attributes) == []
    assert told(attributes=attributes) == [
        f"warning attributes.users.{BADGE}: no mapping writes this attribute. Add mappings.users.{BADGE}."
    ]


def test_an_attribute_that_is_there_is_not_added_otherwise() -> None:
    attributes = {USERS: {name: AttributeDefinition(name) for name in ("active", "Title")}}

    assert told(attributes=attributes) == [
        "error attributes.users.Title: the app has it already, written title.",
        "error attributes.users.active: the app has it already, as Boolean of one value.",
    ]
    assert told(attributes={USERS: {"title": AttributeDefinition("title")}}) == []


def test_a_list_of_the_app_is_no_text() -> None:
    attributes = {USERS: {"photos": AttributeDefinition("photos")}}

    assert told(attributes=attributes, observed=default(**ODD)) == [
        "error attributes.users.photos: the app has it already, as String of several values."
    ]


def test_kinds_that_the_app_does_not_provision_are_errors() -> None:
    wanted = a_declared_schema(
        mappings={GROUPS: {"x": None}},
        filters={GROUPS: None},
        actions={GROUPS: frozenset({ObjectAction.CREATE})},
        attributes={GROUPS: {"x": AttributeDefinition("x")}},
    )

    places = [finding.place for finding in findings(a_schema(), wanted) if finding.refuses]

    assert places == ["mappings.groups", "filters.groups", "objects.groups", "attributes.groups"]


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({"sourceOperandName": "proxyAddresses"}, "proxyAddresses cannot be filtered by: it has several values. The"),
        ({"sourceOperandName": "Department"}, "There is no source attribute Department; the nearest is department."),
        ({"sourceOperandName": "zzzz"}, "There is no source attribute zzzz."),
        ({"sourceOperandName": "employeeHireDate"}, "employeeHireDate cannot be filtered by: it is a date. The clause"),
    ],
)
def test_a_filter_is_found_wrong(scope: dict[str, Any], sentence: str) -> None:
    clause = {"operatorName": "EQUALS", "targetOperand": {"values": ["x"]}} | scope
    wanted = ScopingFilter.from_graph({"groups": [{"name": "x", "clauses": [clause]}]})

    (said,) = told(filters={USERS: wanted})

    assert said.startswith(f"error filters.users: {sentence}")


def test_a_filter_at_the_service_that_cannot_be_read_is_an_error_where_another_is_declared() -> None:
    odd = {"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "mail"}]}]}

    (said,) = told(filters={USERS: None}, observed=a_schema(scope=odd))

    assert said.startswith("error filters.users: the filter that the service holds cannot be read. ")


def test_roles_go_with_assignment_only() -> None:
    roles = mapped("title", "SingleAppRoleAssignment([appRoleAssignments])")
    held = default().with_mapping(USERS, roles["title"].applied_to(None))  # type: ignore[union-attr]  # it is one

    assert told(roles, scope=Scope.ASSIGNED) == []
    assert told(roles, scope=Scope.ALL)[0].startswith("error mappings.users.title.source: SingleAppRoleAssignment giv")
    assert told(observed=held, scope=Scope.ALL)[0].startswith("warning scope: SingleAppRoleAssignment gives roles")


def test_what_is_known_of_groups_and_managers_is_said() -> None:
    managers = tuple(f"M{number}" for number in range(12))

    said = told(surroundings=Surroundings(("Everybody",), managers))

    assert said == [
        (
            "warning groups: Everybody holds other groups, and their members are not provisioned: only direct members "
            "are. Assign those groups themselves."
        ),
        (
            f"warning mappings.users.{MANAGER}: these managers are out of scope, so people have none at Elium: "
            f"{', '.join(managers[:10])}, and 2 more. Assign them as well."
        ),
    ]


def test_only_errors_that_nobody_may_accept_refuse() -> None:
    refuse(found({"active": None}))
    with pytest.raises(ConfigurationError) as refusal:
        refuse(found(mapped("nikName", "[mail]") | mapped("title", "[jobTitel]")))

    assert len(refusal.value.reasons) == 2


def test_every_rule_says_who_says_so_or_what_it_finds() -> None:
    assert [rule.__name__ for rule in RULES if not (rule.__doc__ or "").startswith("Find ")] == []
