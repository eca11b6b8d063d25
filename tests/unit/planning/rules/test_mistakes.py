from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import a_configuration, a_declared_schema, a_mapping_node, a_schema, an_attribute_node, edited

from emulator.engine.template import schema as template_schema
from provisioning.errors import ConfigurationError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.mapping import AttributeDefinition, DeclaredMapping, FlowType, ObjectAction, ObjectKind
from provisioning.model.schema import SynchronizationSchema, unknown_schema
from provisioning.planning.changes import changed
from provisioning.planning.comparing import schema_changes
from provisioning.planning.rules import RULES, Case, Finding, Weight, findings_of, refuse
from provisioning.planning.touched import Impact

if TYPE_CHECKING:
    from provisioning.model.declaration import DeclaredSchema

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


def a_case(
    wanted: DeclaredSchema, observed: SynchronizationSchema, scope: Scope = Scope.ASSIGNED, **known: Any
) -> Case:
    """Build the case of a declaration about a schema."""
    changes = schema_changes(observed, wanted)
    before = a_configuration(observed, scope=scope)
    return Case(before, before.with_schema(changed(observed, changes)), changes, wanted, Impact(), **known)


def found(
    mappings: dict[str, DeclaredMapping | None] | None = None,
    *,
    observed: SynchronizationSchema | None = None,
    scope: Scope = Scope.ASSIGNED,
    **declared: Any,
) -> list[Finding]:
    """Judge mappings of users, and what else is declared; of what comes of a change, only what may not be meant."""
    wanted = a_declared_schema(mappings={USERS: mappings} if mappings else {}, **declared)
    everything = findings_of(a_case(wanted, observed or default(), scope))
    return [finding for finding in everything if finding.weight is not Weight.NOTE]


def told(*arguments: Any, **named: Any) -> list[str]:
    """Say the weight and the first line of each finding."""
    return [f"{finding.weight.value} {str(finding).splitlines()[0]}" for finding in found(*arguments, **named)]


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
        ("nikName", "[mail]", "refused mappings.users.nikName: the app has no such attribute"),
        ("TITLE", "[mail]", "refused mappings.users.TITLE: the app has no such attribute; the nearest is title."),
        (
            "id",
            "[objectId]",
            "refused mappings.users.id: this attribute is set by the app itself, so it cannot be mapped.",
        ),
        ("created", "[mail]", "refused mappings.users.created: this attribute is set by the app itself"),
        ("title", "[jobtitle]", "refused mappings.users.title.source: There is no source attribute jobtitle; the"),
        ("title", "[zzzz]", "refused mappings.users.title.source: There is no source attribute zzzz."),
        (
            "title",
            f'Join("",{",".join(["[mail]"] * 1400)})',
            "refused mappings.users.title.source: The expression has 11,20",
        ),
        ("title", 'Replace([mail], , "(", , "x", , )', "refused mappings.users.title.source: "),
        ("title", 'IIF([mail] = "", "x", "y")', "warning mappings.users.title.source: IIF cannot ask whether [mail]"),
        ("title", 'IIF([mail] = "a", "x", "y")', "warning mappings.users.title.source: IIF takes its last value for"),
        ("title", "[proxyAddresses]", "refused mappings.users.title.source: [proxyAddresses] has several values"),
        ("title", 'Split([mail], "@")', "warning mappings.users.title.source: Split may give several values"),
        ("title", "[manager]", "warning mappings.users.title.source: [manager] refers to another object"),
        ("vip", '"Yes"', "refused mappings.users.vip.source: “Yes” is neither True nor False"),
        ("vip", "1", "refused mappings.users.vip.source: “1” is neither True nor False"),
        ("vip", 'IIF([objectId] = "1", "True", "No")', "refused mappings.users.vip.source: “No” is neither"),
        ("vip", "[mail]", "warning mappings.users.vip.source: [mail] is not a boolean"),
        ("vip", 'Join("", [mail])', "warning mappings.users.vip.source: Join does not give a boolean"),
        ("badge", '"many"', "refused mappings.users.badge.source: “many” is not a whole number"),
        ("badge", "IsPresent([mail])", "refused mappings.users.badge.source: IsPresent gives True or False"),
        ("boss", "[mail]", "refused mappings.users.boss.source: boss refers to another object"),
        ("boss", "ToLower([mail])", "refused mappings.users.boss.source: boss refers to another object"),
        ("boss", 'Switch([mail], [manager], "x", [manager])', "refused mappings.users.boss.source: boss refers to"),
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


def test_everything_is_found_at_once_and_the_heaviest_comes_first() -> None:
    several = mapped("title", "[a]") | mapped("nick", "[b]") | mapped("displayName", 'Split([mail], "@")')

    weights = [finding.weight for finding in found(several)]

    assert weights == [Weight.REFUSED] * 3 + [Weight.WARNING]


def test_what_the_service_has_like_that_already_is_a_warning() -> None:
    observed = a_schema(a_mapping_node("title", "nonsense"))

    assert told(mapped("title", "[nonsense]"), observed=observed)[0].startswith("warning mappings.users.title.source: ")


def test_a_schema_that_lists_no_attributes_is_not_held_against_them() -> None:
    observed = SynchronizationSchema({**a_schema().document, "directories": []})

    assert told(mapped("anything", "[whatever]"), observed=observed) == []


def test_a_default_must_be_of_the_type() -> None:
    said = told(mapped("vip", default="Yes"), observed=default(**ODD))

    assert said == ["refused mappings.users.vip.default: “Yes” is neither True nor False."]


def test_what_elium_requires_must_be_written() -> None:
    observed = default(badge={"required": True})
    written = edited(observed, USERS, lambda it: it.with_mapping(mapped("badge", "[mail]")["badge"].applied_to(None)))  # type: ignore[union-attr]  # it is one

    removed = told({"badge": None}, observed=written)
    emptied = told({"badge": DeclaredMapping("badge", {"source": None})}, observed=written)

    assert removed == [
        "refused mappings.users.badge: this attribute is required by the app, so its mapping cannot be removed."
    ]
    assert emptied == [
        (
            "refused mappings.users.badge: this attribute is required by the app, and it would have no source and no "
            "default."
        )
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
                "acceptable mappings.users.userName: no matching attribute would be left, so no account could be found "
                "at the app. Give one mapping match: 1."
            ),
        ),
        (
            mapped("title", "[mail]", match=1),
            (
                "refused mappings.users.title.match: 1 is the turn of userName already; "
                "each matching attribute needs its own."
            ),
        ),
        (
            mapped("vip", "[accountEnabled]", match=2),
            "refused mappings.users.vip.match: accounts cannot be matched by a value of type Boolean.",
        ),
        (
            mapped("photos", "[proxyAddresses]", match=2),
            "refused mappings.users.photos.match: accounts cannot be matched by an attribute of several values.",
        ),
        (
            mapped("badge", match=2),
            "refused mappings.users.badge.source: it is used to match, and has no source.",
        ),
        (
            mapped("userName", '"x"'),
            'warning mappings.users.userName.source: it is used to match, and "x" reads no attribute of the person.',
        ),
        (
            mapped("userName", "[mail]"),
            (
                "warning mappings.users.userName: existing accounts may be matched differently; accounts that are "
                "linked already stay linked."
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


def test_a_matching_attribute_of_groups_cannot_be_given_up_for_a_number() -> None:
    wanted = a_declared_schema(mappings={GROUPS: mapped("displayName", match=None)})

    (finding,) = [each for each in findings_of(a_case(wanted, default())) if each.place.startswith("mappings.groups")]

    assert finding.weight is Weight.REFUSED


@pytest.mark.parametrize(
    ("mapping", "weight"),
    [
        ({"active": None}, Weight.ACCEPTABLE),
        (mapped("active", "[IsSoftDeleted]"), Weight.ACCEPTABLE),
        (mapped("active", flow_type=FlowType.OBJECT_ADD_ONLY), Weight.ACCEPTABLE),
        (mapped("active", "Not([IsSoftDeleted])"), Weight.NOTE),
    ],
)
def test_active_must_follow(mapping: Any, weight: Weight) -> None:
    everything = findings_of(a_case(a_declared_schema(mappings={USERS: mapping}), default()))

    assert [each.weight for each in everything if each.place == "mappings.users.active"] == [weight]


def test_an_active_that_never_followed_is_a_warning_and_one_that_cannot_be_read_none() -> None:
    matching = a_mapping_node("userName", "userPrincipalName", matchingPriority=1)
    unread = a_mapping_node("active", "x", source={"expression": "Future([a])", "type": "Function"})

    never = told(mapped("title", "[mail]"), observed=a_schema(matching))

    assert [said.split(":")[0] for said in never] == ["warning mappings.users.active"]
    assert told(mapped("title", "[mail]"), observed=a_schema(matching, unread)) == []
    assert found({"active": None}, observed=a_schema(matching, unread))[0].weight is Weight.ACCEPTABLE


def test_actions_that_are_left_out_have_their_price() -> None:
    said = told(actions={USERS: frozenset[ObjectAction]()})

    assert said == [
        (
            "acceptable objects.users.actions: without update, accounts would no longer be updated, so nobody who "
            "leaves would be disabled."
        ),
        "warning objects.users.actions: without create, nobody new gets an account at the app.",
        "warning objects.users.actions: without delete, accounts of people who are deleted in Entra stay at the app.",
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
        "refused attributes.users.Title: the app has it already, written title.",
        "refused attributes.users.active: the app has it already, as Boolean of one value.",
    ]
    assert told(attributes={USERS: {"title": AttributeDefinition("title")}}) == []


def test_a_list_of_the_app_is_not_a_text() -> None:
    attributes = {USERS: {"photos": AttributeDefinition("photos")}}

    assert told(attributes=attributes, observed=default(**ODD)) == [
        "refused attributes.users.photos: the app has it already, as String of several values."
    ]


def test_what_is_asked_of_kinds_that_the_app_does_not_provision_is_refused() -> None:
    wanted = a_declared_schema(
        mappings={GROUPS: mapped("x", "[mail]")},
        filters={GROUPS: ScopingFilter.parse(["displayName EQUALS x"])},
        actions={GROUPS: frozenset({ObjectAction.CREATE})},
        attributes={GROUPS: {"x": AttributeDefinition("x")}},
    )

    places = [finding.place for finding in findings_of(a_case(wanted, a_schema()))]

    assert places == ["mappings.groups", "filters.groups", "objects.groups", "attributes.groups"]


def test_that_kinds_which_the_app_does_not_provision_are_not_provisioned_is_nothing_to_do() -> None:
    wanted = a_declared_schema(
        objects={GROUPS: False},
        mappings={GROUPS: {"x": None}},
        filters={GROUPS: None},
        actions={GROUPS: frozenset[ObjectAction]()},
        attributes={GROUPS: {}},
    )

    assert findings_of(a_case(wanted, a_schema())) == ()


def test_an_attribute_cannot_be_added_where_the_schema_lists_none() -> None:
    observed = SynchronizationSchema({**a_schema().document, "directories": []})

    (said,) = told(mapped("title", "[mail]"), attributes={USERS: {"x": AttributeDefinition("x")}}, observed=observed)[
        :1
    ]

    assert said.startswith(
        "refused attributes.users.x: the schema of this app does not list the attributes of users that"
    )


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

    assert said.startswith(f"refused filters.users: {sentence}")


def test_a_filter_at_the_service_that_cannot_be_read_is_an_error_where_another_is_declared() -> None:
    odd = {"groups": [{"name": "x", "clauses": [{"operatorName": "SOUNDS LIKE", "sourceOperandName": "mail"}]}]}

    (said,) = told(filters={USERS: None}, observed=a_schema(scope=odd))

    assert said.startswith("refused filters.users: the filter that the service holds cannot be read. ")


def test_roles_go_with_assignment_only() -> None:
    roles = mapped("title", "SingleAppRoleAssignment([appRoleAssignments])")
    held = edited(default(), USERS, lambda it: it.with_mapping(roles["title"].applied_to(None)))  # type: ignore[union-attr]  # it is one

    assert told(roles, scope=Scope.ASSIGNED) == []
    assert told(roles, scope=Scope.ALL)[0].startswith("refused mappings.users.title.source: [appRoleAssignments] gives")
    assert told(observed=held, scope=Scope.ALL)[0].startswith("warning scope: [appRoleAssignments] gives roles")


def test_only_what_nobody_may_accept_refuses() -> None:
    refuse(found({"active": None}))
    with pytest.raises(ConfigurationError) as refusal:
        refuse(found(mapped("nikName", "[mail]") | mapped("title", "[jobTitel]")))

    assert len(refusal.value.reasons) == 2


def test_every_rule_says_who_says_so_or_what_it_finds() -> None:
    assert [rule.__name__ for rule in RULES if not (rule.__doc__ or "").startswith("Find ")] == []


EXTENSION = "extension_0123456789abcdef0123456789abcdef_badge"


def test_source_attributes_that_the_tenant_declares_are_known() -> None:
    sources = {USERS: {EXTENSION: AttributeDefinition(EXTENSION)}}
    filters = {USERS: ScopingFilter.parse([f"{EXTENSION} EQUALS 7"])}

    assert told(mapped("title", f"[{EXTENSION}]"), sources=sources, filters=filters) == []
    assert len(told(mapped("title", f"[{EXTENSION}]"), filters=filters)) == 2


def test_a_declared_source_attribute_is_held_to_its_type() -> None:
    sources = {USERS: {EXTENSION: AttributeDefinition(EXTENSION, multivalued=True)}}

    (said,) = told(mapped("title", f"[{EXTENSION}]"), sources=sources)

    assert said.startswith(f"refused mappings.users.title.source: [{EXTENSION}] has several values")


def test_nothing_is_concluded_from_what_a_partial_schema_does_not_have() -> None:
    bare = {"sourceDirectoryName": "Entra", "targetDirectoryName": "Elium", "objectMappings": []}
    users = {"sourceObjectName": "User", "targetObjectName": "x", "attributeMappings": []}
    observed = SynchronizationSchema({"synchronizationRules": [bare | {"objectMappings": [users]}]})
    wanted = a_declared_schema(
        mappings={USERS: mapped("badge", "[mail]"), GROUPS: mapped("displayName", "[displayName]")},
        attributes={USERS: {"badge": AttributeDefinition("badge"), "other": AttributeDefinition("other")}},
        objects={GROUPS: True},
    )

    heavy = [each for each in findings_of(a_case(wanted, observed, is_partial=True)) if each.weight is not Weight.NOTE]

    assert heavy == []


def test_a_partial_schema_does_not_excuse_what_is_written() -> None:
    observed = SynchronizationSchema({"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User"}]}]})
    wanted = a_declared_schema(mappings={USERS: mapped("active", '"True"') | mapped("id", "[objectId]")})

    places = [each.place for each in findings_of(a_case(wanted, observed, is_partial=True)) if each.place]

    assert places == ["mappings.users.id", "mappings.users.active"]


def test_an_extension_that_is_not_declared_is_told_how_to_be() -> None:
    (said,) = told(mapped("title", f"[{EXTENSION}]"))

    assert said == (
        f"refused mappings.users.title.source: {EXTENSION} is a directory extension that is not declared. "
        f"Declare it: attributes.users.{EXTENSION}."
    )


def test_a_source_attribute_that_is_there_is_not_added_otherwise() -> None:
    sources = {USERS: {name: AttributeDefinition(name) for name in ("accountEnabled", "Department")}}

    assert told(sources=sources) == [
        "refused attributes.users.Department: Entra has it already, written department.",
        "refused attributes.users.accountEnabled: Entra has it already, as Boolean of one value.",
    ]


SLOW = "^([a-z.]+)+@x$"


def test_a_pattern_that_can_take_for_ever_is_a_warning() -> None:
    said = told(mapped("title", f'Replace([mail], , "{SLOW}", , "", , )'))

    assert said[0] == (
        f"warning mappings.users.title.source: the regular expression {SLOW} can take for ever on some texts. Write it "
        "so that a text can be taken apart in one way only, without a repetition inside a repetition."
    )
    assert told(filters={USERS: ScopingFilter.parse([f"mail REGEX MATCH {SLOW}"])})[0].startswith(
        f"warning filters.users: the regular expression {SLOW}"
    )


@pytest.mark.parametrize(
    ("clause", "weight"),
    [("department IS TRUE", "refused"), ("accountEnabled EQUALS yes", "refused"), ("mail GREATER_THAN 3", "warning")],
)
def test_an_operator_must_be_for_the_type_of_its_attribute(clause: str, weight: str) -> None:
    (said,) = told(filters={USERS: ScopingFilter.parse([clause])})

    assert said.startswith(f"{weight} filters.users: ")
    assert f"The clause is: {clause}." in said


def test_before_there_is_a_schema_names_are_held_against_those_that_every_tenant_has() -> None:
    wanted = a_declared_schema(
        mappings={USERS: mapped("title", "[jobTitel]") | mapped("nickName", f"[{EXTENSION}]")},
        filters={USERS: ScopingFilter.parse(["departement EQUALS x", "accountEnabled EQUALS yes"])},
    )

    everything = findings_of(a_case(wanted, unknown_schema(), is_partial=True))

    assert [each.sentence for each in everything if each.weight is Weight.REFUSED] == [
        "There is no source attribute jobTitel; the nearest is jobTitle.",
        "There is no source attribute departement; the nearest is department.",
        "EQUALS is not for accountEnabled, whose type is Boolean. The clause is: accountEnabled EQUALS yes.",
    ]


@pytest.mark.parametrize(
    ("source", "is_kept"),
    [
        ("[objectId]", False),
        ("[userPrincipalName]", False),
        ("ToLower([userPrincipalName])", False),
        ('Join("-", [department], [userPrincipalName])', False),
        ('Coalesce([mail], "none")', False),
        ("Coalesce([mail], [userPrincipalName])", False),
        ('Switch([department], "other", "Sales", "s")', False),
        ('IIF([department]="Sales", "a", "b")', False),
        ('"x"', False),
        ("[accountEnabled]", False),
        ("[mail]", True),
        ("Coalesce([mail], [department])", True),
        ('Switch([department], , "Sales", "s")', True),
        ('IIF([department]="Sales", "a", [mail])', True),
        ('IIF([department]="Sales", "a", "")', True),
    ],
)
def test_whoever_may_have_no_value_keeps_the_old_one_and_nobody_else_is_said_to(source: str, is_kept: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = findings_of(a_case(a_declared_schema(mappings={USERS: mapped("title", source)}), default()))

    assert any("keep the old one" in finding.sentence for finding in found) is is_kept


def test_what_somebody_lacks_leaves_the_old_value() -> None:
    (finding,) = [
        finding
        for finding in findings_of(a_case(a_declared_schema(mappings={USERS: mapped("title", "[mail]")}), default()))
        if "keep the old one" in finding.sentence
    ]

    assert finding.sentence == (
        "People without a value for title keep the old one at the app: empty values are not sent."
    )


def test_a_new_mapping_that_is_written_at_creation_only_says_so() -> None:
    once = mapped("nickName", "[mail]", flow_type=FlowType.OBJECT_ADD_ONLY)
    found_ones = findings_of(a_case(a_declared_schema(mappings={USERS: once}), a_schema()))

    assert "nickName is written at creation only." in [each.sentence for each in found_ones]
