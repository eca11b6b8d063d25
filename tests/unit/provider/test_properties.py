from __future__ import annotations

import pytest
from pulumi.provider.experimental.property_value import PropertyValue

from provisioning.provider.properties import UNKNOWN, Difference, differences, has_unknown
from provisioning.provider.wire import plain, pulumi_values


def test_values_survive_the_way_to_pulumi_and_back() -> None:
    values = {"a": "text", "b": 7, "c": 1.5, "d": True, "e": None, "f": [1, {"g": "h"}]}

    marshalled = PropertyValue.marshal_map(pulumi_values(values))

    assert plain(PropertyValue.unmarshal_map(marshalled)) == values


def test_an_unknown_value_travels_as_pulumis_mark_and_comes_back_as_unknown() -> None:
    travelling = pulumi_values({"id": UNKNOWN, "list": [UNKNOWN]})

    assert travelling["id"].value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert plain(travelling) == {"id": UNKNOWN, "list": [UNKNOWN]}


@pytest.mark.parametrize(
    ("value", "is_unknown"),
    [(UNKNOWN, True), ({"a": [{"b": UNKNOWN}]}, True), ({"a": ["b", None, 1]}, False), ("", False)],
)
def test_what_is_unknown_is_found_however_deep_it_lies(value: object, is_unknown: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert has_unknown(value) is is_unknown


def test_a_computed_value_is_unknown() -> None:
    assert plain({"id": PropertyValue.computed()}) == {"id": UNKNOWN}


def test_secrets_are_opened() -> None:
    assert plain({"token": PropertyValue("x", is_secret=True)}) == {"token": "x"}


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": Difference.ALTERED}),
        ({}, {"a": 2}, {"a": Difference.ADDED}),
        ({"a": 1}, {}, {"a": Difference.REMOVED}),
        ({"a": {"b": {"x.y": 1}}}, {"a": {"b": {"x.y": 2}}}, {'a.b["x.y"]': Difference.ALTERED}),
        ({"a": {"b": 1}}, {"a": {"b": None}}, {"a.b": Difference.ALTERED}),
        ({"a": {}}, {"a": {"b": None}}, {"a.b": Difference.ADDED}),
        ({"a": [1, 2]}, {"a": [1, 3]}, {"a": Difference.ALTERED}),
    ],
)
def test_each_place_that_differs_is_named(
    before: dict[str, object], after: dict[str, object], places: dict[str, Difference]
) -> None:
    assert differences(before, after) == places
