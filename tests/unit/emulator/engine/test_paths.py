"""Target attributes: finding and putting values."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.paths import TargetPath

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CASES = [
    ("userName", {"userName": "v"}),
    ("name.givenName", {"name": {"givenName": "v"}}),
    ('emails[type eq "work"].value', {"emails": [{"type": "work", "value": "v"}]}),
    ('addresses[type eq "work"].country', {"addresses": [{"type": "work", "country": "v"}]}),
    ('roles[primary eq "True"].value', {"roles": [{"primary": True, "value": "v"}]}),
    (f"{ENTERPRISE}:department", {ENTERPRISE: {"department": "v"}}),
    (f"{ENTERPRISE}:manager", {ENTERPRISE: {"manager": "v"}}),
    ("urn:ietf:params:scim:schemas:core:2.0:User:title", {"title": "v"}),
]


@pytest.mark.parametrize(("text", "resource"), CASES)
def test_a_value_is_put_where_it_is_found(text: str, resource: dict[str, Any]) -> None:
    made: dict[str, Any] = {}

    TargetPath.parse(text).put(made, "v")

    assert made == resource
    assert TargetPath.parse(text).find(made) == "v"


@pytest.mark.parametrize(("text", "_"), CASES)
def test_what_is_not_there_is_nothing(text: str, _: object) -> None:
    assert TargetPath.parse(text).find({}) is None


def test_attribute_names_and_types_are_found_in_any_case() -> None:
    resource = {"EMAILS": [{"Type": "Home", "Value": "a"}, {"Type": "Work", "Value": "b"}]}

    assert TargetPath.parse('emails[type eq "work"].value').find(resource) == "b"


def test_two_values_of_one_element_share_it() -> None:
    made: dict[str, Any] = {}

    for sub in ("country", "region"):
        TargetPath.parse(f'addresses[type eq "work"].{sub}').put(made, sub)

    assert made == {"addresses": [{"type": "work", "country": "country", "region": "region"}]}


@pytest.mark.parametrize("odd", [{"name": "Ada"}, {"emails": "a@b.c"}, {"emails": ["a@b.c"]}])
def test_an_answer_of_another_shape_has_no_value(odd: dict[str, Any]) -> None:
    assert TargetPath.parse("name.givenName").find(odd) is None
    assert TargetPath.parse('emails[type eq "work"].value').find(odd) is None
