from __future__ import annotations

from emulator.azuread.checks import Objection, objections_to, with_defaults
from emulator.azuread.properties import Kind, Property, Role, required
from emulator.azuread.values import UNKNOWN

TABLE = (
    required("displayName"),
    required("templateId", is_id=True),
    Property("enabled", kind=Kind.FLAG, default=True),
    Property("types", kind=Kind.SET, choices=("Unified", "DynamicMembership")),
    Property("block", kind=Kind.BLOCK),
    Property("objectId", Role.OUTPUT),
)


def test_everything_wrong_is_told_at_once() -> None:
    inputs = {"templateId": "x", "enabled": "yes", "types": ["Security"], "block": "b", "shape": "round"}

    assert list(objections_to(TABLE, inputs)) == [
        Objection("displayName", "Missing required property 'displayName'"),
        Objection("templateId", 'expected "templateId" to be a valid UUID, got x'),
        Objection("enabled", 'expected "enabled" to be of type boolean, got "yes"'),
        Objection("types", 'expected types to be one of ["Unified" "DynamicMembership"], got Security'),
        Objection("block", 'expected "block" to be of type object, got "b"'),
        Objection("shape", 'Invalid or unknown key "shape"'),
    ]


def test_an_output_cannot_be_declared() -> None:
    known = {"displayName": "A", "templateId": UNKNOWN, "objectId": "1"}

    assert [objection.name for objection in objections_to(TABLE, known)] == ["objectId"]


def test_what_is_not_known_yet_is_not_judged() -> None:
    assert list(objections_to(TABLE, {"displayName": UNKNOWN, "templateId": UNKNOWN, "types": [UNKNOWN]})) == []


def test_a_flag_that_is_on_by_default_is_on() -> None:
    assert with_defaults(TABLE, {"displayName": "A"}) == {"displayName": "A", "enabled": True}
    assert with_defaults(TABLE, {"enabled": False}) == {"enabled": False}
