"""Editing one thing changes nothing else, to the byte, whatever else the document holds."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import a_mapping, edited
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.engine.template import schema as template_schema
from provisioning.language import ScopingFilter
from provisioning.model.mapping import AttributeDefinition, FlowType, ObjectAction, ObjectKind
from provisioning.model.schema import SynchronizationSchema

if TYPE_CHECKING:
    from collections.abc import Callable

USERS = ObjectKind.USERS
SEED = template_schema("elium")
BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"

Json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
Unknown = st.dictionaries(st.text(min_size=1, max_size=6).map(lambda name: f"x-{name}"), Json, max_size=3)


@st.composite
def surprising(draw: st.DrawFn) -> dict[str, Any]:
    """Put unknown keys, enums and nulls into the portal's default schema, and leave known keys out."""
    document = copy.deepcopy(SEED)
    document |= draw(Unknown)
    (rule,) = document["synchronizationRules"]
    rule |= draw(Unknown)
    for mapping in rule["objectMappings"]:
        mapping.update(draw(Unknown))
        mapping["flowTypes"] = draw(st.sampled_from(["Add,Update,Delete", "Add, Update, Delete, Frob", "None", None]))
        node = draw(st.sampled_from(mapping["attributeMappings"]))
        node.update(draw(Unknown))
        node["flowType"] = draw(st.sampled_from(["Always", "OnTuesdays", None]))
        node["source"] = draw(st.sampled_from([node["source"], None, {"expression": "Future((", "type": "Function"}]))
        mapping["metadata"] = draw(st.none() | st.lists(Unknown, max_size=2))
    odd = {"name": None, "sourceObjectName": "", "attributeMappings": None, "enabled": False}
    rule["objectMappings"] += draw(st.sampled_from([[], [odd]]))
    document["directories"][1]["objects"][0] |= draw(Unknown)
    return document


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def users_of(document: Any) -> dict[str, Any]:
    (rule,) = document["synchronizationRules"]
    found: dict[str, Any] = next(node for node in rule["objectMappings"] if node["sourceObjectName"] == "User")
    return found


def elium_users(document: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in document["directories"][1]["objects"] if "User" in node["name"])
    return found


Edit = tuple[str, "Callable[[SynchronizationSchema], SynchronizationSchema]"]

EDITS: tuple[Edit, ...] = (
    (
        "attributeMappings",
        lambda schema: edited(schema, USERS, lambda it: it.with_mapping(a_mapping("title", "[mail]"))),
    ),
    (
        "attributeMappings",
        lambda schema: edited(schema, USERS, lambda it: it.with_mapping(a_mapping("new", "[mail]", match=3))),
    ),
    ("attributeMappings", lambda schema: edited(schema, USERS, lambda it: it.without_mapping("title"))),
    (
        "scope",
        lambda schema: edited(
            schema, USERS, lambda it: it.with_filter(ScopingFilter.parse(["department EQUALS Sales"]))
        ),
    ),
    ("enabled", lambda schema: edited(schema, USERS, lambda it: it.with_enabled(enabled=False))),
    ("flowTypes", lambda schema: edited(schema, USERS, lambda it: it.with_actions({ObjectAction.CREATE}))),
)


@pytest.mark.parametrize("edit", EDITS, ids=["altered", "added", "removed", "filter", "switch", "actions"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=surprising())
def test_an_edit_of_a_kind_leaves_everything_else_as_it_was(edit: Edit, document: dict[str, Any]) -> None:
    key, change = edit
    before = written(document)

    after = copy.deepcopy(dict(change(SynchronizationSchema(document)).document))

    users_of(after)[key] = users_of(document)[key]
    assert (written(after), written(document)) == (before, before)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=surprising())
def test_other_mappings_stay_when_one_is_edited(document: dict[str, Any]) -> None:
    after = edited(SynchronizationSchema(document), USERS, lambda it: it.with_mapping(a_mapping("title", "[mail]")))

    pairs = zip(users_of(document)["attributeMappings"], users_of(after.document)["attributeMappings"], strict=True)
    assert [one["targetAttributeName"] for one, other in pairs if written(one) != written(other)] in ([], ["title"])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=surprising())
def test_saving_what_was_read_changes_nothing(document: dict[str, Any]) -> None:
    schema = SynchronizationSchema(document)
    same = schema
    for kind in ObjectKind:
        held = schema.of(kind)
        again = same.of(kind)
        for mapping in held.mappings.values():
            again = again.with_mapping(mapping)
        again = again.with_filter(held.filter).with_actions(held.actions).with_enabled(enabled=held.is_enabled)
        same = same.having(again)

    assert written(dict(same.document)) == written(document)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=surprising(), match=st.none() | st.integers(1, 9), default=st.none() | st.text(max_size=4))
def test_one_field_of_a_mapping_changes_alone(document: dict[str, Any], match: int | None, default: str | None) -> None:
    schema = SynchronizationSchema(document)
    before = next(node for node in users_of(document)["attributeMappings"] if node["targetAttributeName"] == "title")
    mapping = schema.of(USERS).mappings["title"]

    named = {"match": match, "default": default, "flow_type": FlowType.ATTRIBUTE_ADD_ONLY}
    after = edited(schema, USERS, lambda it: it.with_mapping(type(mapping)(**{**_fields(mapping), **named})))

    node = next(
        node for node in users_of(after.document)["attributeMappings"] if node["targetAttributeName"] == "title"
    )
    expected = before | {"matchingPriority": match or 0, "defaultValue": default, "flowType": "AttributeAddOnly"}
    assert written(node) == written(expected)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=surprising())
def test_an_added_attribute_comes_last_and_leaves_everything_else(document: dict[str, Any]) -> None:
    after = edited(SynchronizationSchema(document), USERS, lambda it: it.with_attribute(AttributeDefinition(BADGE)))

    changed = copy.deepcopy(dict(after.document))
    added = elium_users(changed)["attributes"].pop()
    assert (added["name"], added["type"], added["mutability"]) == (BADGE, "String", "ReadWrite")
    assert written(changed) == written(document)
    assert list(added) == list(elium_users(document)["attributes"][0])


def _fields(mapping: Any) -> dict[str, Any]:
    return {name: getattr(mapping, name) for name in mapping.__slots__}
