"""What people may write about mappings, filters, kinds and attributes, and how each mistake is told."""

from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL

from provisioning.errors import ConfigurationError
from provisioning.model.mapping import AttributeDefinition, ObjectAction, ObjectKind
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed
from provisioning.settings.stack import Settings

USERS, GROUPS = ObjectKind.USERS, ObjectKind.GROUPS
BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"
EXTENSION = "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_costCenter"
LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com", "secretToken": "scrypt:00:00"}


def inputs(**written: Any) -> JobInputs:
    return parsed(JobInputs, LEAST | written, place="")


def told(**written: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refusal:
        parsed(JobInputs, LEAST | written, place="")
    return list(refusal.value.reasons)


@pytest.mark.parametrize("short", [False, "off", "Off", "false", {"enabled": False}])
def test_a_switch_has_one_long_form(short: Any) -> None:
    written = inputs(objects={"groups": short})

    assert written.canonical()["objects"] == {"groups": {"enabled": False}}
    assert (written.schema_part.objects, written.schema_part.actions) == ({GROUPS: False}, {})


def test_actions_are_written_as_the_portal_names_them_and_in_its_order() -> None:
    written = inputs(objects={"users": {"actions": ["update", "create", "update"]}, "groups": {"actions": ["delete"]}})

    assert written.canonical()["objects"]["users"] == {"actions": ["create", "update"]}
    assert written.schema_part.objects == {}
    assert written.schema_part.actions == {
        USERS: {ObjectAction.CREATE, ObjectAction.UPDATE},
        GROUPS: {ObjectAction.DELETE},
    }


def test_users_that_are_on_say_nothing() -> None:
    assert not inputs(objects={"users": "on"}).schema_part
    assert not inputs(objects={"users": None, "groups": None}).schema_part


def test_an_attribute_of_elium_has_one_long_form() -> None:
    written = inputs(attributes={"users": {BADGE: "String"}})

    assert written.canonical()["attributes"] == {"users": {BADGE: {"type": "String"}}}
    assert written.schema_part.attributes == {USERS: {BADGE: AttributeDefinition(BADGE)}}


def test_an_extension_of_the_directory_is_an_attribute_of_the_source() -> None:
    written = inputs(attributes={"users": {EXTENSION: "Boolean", BADGE: "String"}})

    assert written.attributes.sources() == {USERS: {EXTENSION: AttributeDefinition(EXTENSION, type="Boolean")}}
    assert written.attributes.declared() == {USERS: {BADGE: AttributeDefinition(BADGE)}}
    assert written.canonical()["attributes"] == {"users": {EXTENSION: {"type": "Boolean"}, BADGE: {"type": "String"}}}


@pytest.mark.parametrize(
    "name",
    [
        "extension_7a1d5f0c-5c0e-4d11-8a5b-6c7d8e9f0a1b_costCenter",
        "extension_7A1D5F0C5C0E4D118A5B6C7D8E9F0A1B_costCenter",
        "extension_7a1d5f0c_costCenter",
        "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_",
        "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_cost-center",
        "extensionAttribute1",
    ],
)
def test_a_name_that_is_nearly_an_extension_is_refused_with_the_form(name: str) -> None:
    (only,) = told(attributes={"users": {name: "String"}})

    assert only.startswith(f"attributes.users.{name}: an attribute of the app's own is named like urn:")
    assert only.endswith("like extension_<32 digits of an app id, without hyphens>_costCenter.")


def test_an_attribute_may_tell_cases_apart() -> None:
    written = inputs(attributes={"users": {BADGE: {"caseExact": True}}})

    assert written.schema_part.attributes == {USERS: {BADGE: AttributeDefinition(BADGE, case_exact=True)}}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            {"mappings": {"users": {"userName": {"sauce": "[mail]"}}}},
            "mappings.users.userName.sauce: there is no such setting; did you mean source.",
        ),
        ({"mappings": {"user": {}}}, "mappings.user: there is no such setting; did you mean users."),
        (
            {"mappings": {"users": {'emails[type eq "work"].value': {"mach": 1}}}},
            'mappings.users.emails[type eq "work"].value.mach: there is no such setting; did you mean match.',
        ),
        (
            {"mappings": {"users": {"Title": {"flowType": "Sometimes"}}}},
            (
                "mappings.users.Title.flowType: must be 'Always', 'ObjectAddOnly', 'MultiValueAddOnly', "
                "'ValueAddOnly' or 'AttributeAddOnly'."
            ),
        ),
        (
            {"mappings": {"users": {"title": ["jobTitle"]}}},
            'mappings.users.title: is a list to YAML, because of its brackets. Quote it: "[jobTitle]".',
        ),
        (
            {"mappings": {"users": {"title": {"source": ["surname", "mail"]}}}},
            'mappings.users.title.source: is a list to YAML, because of its brackets. Quote it: "[surname]".',
        ),
        ({"mappings": {"users": {"title": {"match": True}}}}, "mappings.users.title.match: must be a whole number."),
        ({"mappings": {"users": {"title": {"match": 10.0**20}}}}, "mappings.users.title.match: must be a smaller"),
        ({"mappings": {"users": {"title": {"match": float("inf")}}}}, "mappings.users.title.match: must be a whole"),
        (
            {"mappings": {"users": {"title": 5}}},
            'mappings.users.title: must be an expression, or a table. Write it like "[mail]", in quotes.',
        ),
        (
            {"filters": {"users": 5}},
            "filters.users: must be a list of clauses. Write each like: department EQUALS Sales.",
        ),
        (
            {"filters": {"users": [5]}},
            "filters.users: must be a list of clauses. Write each like: department EQUALS Sal",
        ),
        ({"filters": {"users": [["mail IS NULL", "a IN b"]]}}, "filters.users.0.1: There is no operator IN."),
        ({"filters": {"users": {"Sales": ["a LIKE b"]}}}, "filters.users.Sales.0: There is no operator LIKE."),
        ({"filters": {"users": [["mail IS NULL"], []]}}, "filters.users: Filter 2 has no clause, so it would let"),
        ({"filters": {"users": {"A": "x"}}}, "filters.users: each title must have a list of clauses."),
        (
            {"filters": {"users": ["mail IS NOT NULL", ["mail IS NULL"]]}},
            "filters.users: clauses and lists of clauses are mixed. Put all of them into lists.",
        ),
        (
            {"objects": {"users": "off"}},
            "objects.users: users cannot be switched off. To stop provisioning, set status",
        ),
        ({"objects": {"users": "maybe"}}, "objects.users: must be true or false."),
        ({"objects": {"group": False}}, "objects.group: there is no such setting; did you mean groups."),
        (
            {"objects": {"users": {"action": ["create"]}}},
            "objects.users.action: there is no such setting; did you mean",
        ),
        ({"objects": {"users": {"actions": []}}}, "objects.users.actions: must name one at least."),
        (
            {"objects": {"users": {"actions": ["destroy"]}}},
            "objects.users.actions.0: must be 'create', 'update' or 'delete'.",
        ),
        (
            {"attributes": {"users": {"badge": "String"}}},
            "attributes.users.badge: an attribute of the app's own is named like urn:ietf:params:scim:schemas:",
        ),
        (
            {"attributes": {"users": {BADGE: "Integer"}}},
            f"attributes.users.{BADGE}.type: only texts of one value can be added. Write String.",
        ),
        (
            {"attributes": {"users": {BADGE: {"multivalued": True}}}},
            f"attributes.users.{BADGE}.multivalued: there is no such setting.",
        ),
    ],
)
def test_each_mistake_has_its_place_and_the_nearest_right_name(written: dict[str, Any], sentence: str) -> None:
    (only,) = told(**written)

    assert only.startswith(sentence)


def test_an_expression_is_shown_with_a_caret_behind_its_hint() -> None:
    (only,) = told(mappings={"users": {"title": 'Jion(" ", [mail])'}})

    assert only.splitlines() == [
        "mappings.users.title.source: There is no function Jion. Did you mean Join? Write Join.",
        '    Jion(" ", [mail])',
        "    ^",
    ]


def test_every_clause_that_cannot_be_read_is_told_with_its_place() -> None:
    found = told(filters={"users": ["a IN b", "mail IS NULL", "c LIKE d"], "groups": {"Sales": ["mail", "b EQUALZ c"]}})

    assert [sentence.partition(": ")[0] for sentence in found] == [
        "filters.users.0",
        "filters.users.2",
        "filters.groups.Sales.0",
        "filters.groups.Sales.1",
    ]


@pytest.mark.parametrize("written", [["jobTitle"], ["jobTitle", "mail"], [1], [], [["jobTitle"]]])
@pytest.mark.parametrize("form", ["short", "long"])
def test_an_attribute_that_yaml_takes_for_a_list_is_told_so(written: list[Any], form: str) -> None:
    (only,) = told(mappings={"users": {"title": written if form == "short" else {"source": written}}})

    quoted = "jobTitle" if written[:1] == ["jobTitle"] else "mail"
    assert only.endswith(f'is a list to YAML, because of its brackets. Quote it: "[{quoted}]".')


def test_a_function_that_entra_does_not_offer_here_is_refused() -> None:
    (only,) = told(mappings={"users": {"title": "SelectUniqueValue([mail])"}})

    assert only.startswith("mappings.users.title.source: SelectUniqueValue is not offered here: ")


def test_an_expression_that_grows_too_long_by_its_blanks_is_refused() -> None:
    (only,) = told(mappings={"users": {"title": f'Join("",{",".join(["[mail]"] * 1400)})'}})

    assert only.startswith("mappings.users.title.source: An expression has at most 10,000 characters")


def test_a_stack_writes_the_same() -> None:
    written = {
        "tenantUrl": "https://acme.elium.com",
        "secretToken": "canary",
        "objects": '{"users": {"actions": ["create", "update"]}, "groups": "off"}',
        "attributes": f'{{"users": {{"{BADGE}": {{"type": "String"}}}}}}',
    }

    settings = Settings.parse(written, {})

    assert settings.objects.switches() == {GROUPS: False}
    assert settings.attributes.declared() == {USERS: {BADGE: AttributeDefinition(BADGE)}}


def nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize("name", [field.alias or "" for field in JobInputs.model_fields.values()])
def test_what_is_nested_beyond_reason_is_told_whatever_it_is(name: str) -> None:
    assert told(**{name: nested(3000)}) == [f"{name}: is nested too deeply to be meant."]


def test_what_is_nested_beyond_reason_does_not_hide_the_other_mistakes() -> None:
    sentences = told(mappings={"users": {"title": nested(300)}}, scope="some", status=nested(3000))

    assert [sentence.partition(": ")[0] for sentence in sentences] == ["mappings", "status", "scope"]


@pytest.mark.parametrize(("written", "sentence"), [({"status": [["on"]]}, "status: must be 'on' or 'off'.")])
def test_a_list_where_a_word_is_meant_is_told(written: dict[str, Any], sentence: str) -> None:
    assert told(**written) == [sentence]
