from __future__ import annotations

from typing import Any

from builders import PRINCIPAL, a_job, a_mapping_node, a_schema, edited

from provisioning.model.identifiers import JobAddress
from provisioning.model.mapping import AttributeDefinition, ObjectAction, ObjectKind
from provisioning.operations.observe import Observed
from provisioning.provider.readback import inputs_of

USERS = ObjectKind.USERS
BADGE = "urn:ietf:params:scim:schemas:extension:Elium:2.0:User:badge"


def read_back(name: str, declared: dict[str, Any], *mappings: dict[str, Any]) -> Any:
    schema = edited(a_schema(*mappings), USERS, lambda it: it.with_actions({ObjectAction.UPDATE, ObjectAction.CREATE}))
    observed = Observed(a_job(), {}, edited(schema, USERS, lambda it: it.with_attribute(AttributeDefinition(BADGE))))
    return inputs_of(JobAddress(PRINCIPAL, a_job().id), observed, {name: declared})[name]


def test_of_a_kind_only_what_was_declared_is_read_back() -> None:
    assert read_back("objects", {"users": {"actions": ["delete"]}, "groups": {"enabled": True}}) == {
        "users": {"actions": ["create", "update"]},
        "groups": {"enabled": False},
    }


def test_an_attribute_that_is_gone_is_left_out() -> None:
    declared = {"users": {BADGE: {"type": "String", "caseExact": True}, "another": {"type": "String"}}}

    assert read_back("attributes", declared) == {"users": {BADGE: {"type": "String", "caseExact": False}}}


def test_a_source_that_cannot_be_read_shows_as_drift() -> None:
    node = a_mapping_node("title", "x", source={"expression": "Future([a])", "type": "Function"})

    held = read_back("mappings", {"users": {"title": {"source": "[jobTitle]"}}}, node)

    assert held == {"users": {"title": {"source": "Future([a])"}}}
