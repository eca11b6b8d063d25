from __future__ import annotations

import pytest
from pulumi.provider.experimental.property_value import PropertyValue

from emulator.azuread.values import UNKNOWN, is_unknown, plain_map, secret_names, wire_map


def test_properties_survive_the_way_to_the_engine_and_back() -> None:
    values = {"name": "Ada", "enabled": True, "version": 2, "tags": ["a"], "block": {"rule": "x"}}

    assert plain_map(wire_map(values)) == values


def test_an_absent_property_and_a_null_one_are_the_same() -> None:
    assert plain_map({"name": PropertyValue(None)}) == {}


def test_secrets_are_named_however_deep_they_lie() -> None:
    hidden = PropertyValue([PropertyValue("hush", is_secret=True)])

    assert secret_names({"open": PropertyValue("x"), "deep": hidden}) == {"deep"}


def test_only_the_named_properties_become_secrets() -> None:
    wired = wire_map({"password": "hush", "name": "Ada"}, {"password"})

    assert {name: value.is_secret for name, value in wired.items()} == {"password": True, "name": False}


@pytest.mark.parametrize("value", [UNKNOWN, ["a", UNKNOWN], {"rule": UNKNOWN}])
def test_something_unknown_within_makes_the_whole_unknown(value: object) -> None:
    assert is_unknown(value)
    assert not is_unknown(["a", {"b": "c"}, True, 1.0])
