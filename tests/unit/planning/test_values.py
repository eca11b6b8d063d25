from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from builders import a_mapping

from provisioning.model.mapping import AttributeMapping
from provisioning.planning.values import Difference, Settled, difference_between, evaluator_of, settled

if TYPE_CHECKING:
    from provisioning.language import Value

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "comparable"),
    [
        (None, None),
        ("", None),
        ([], None),
        ("a", "a"),
        (["a"], "a"),
        (["b", "a"], frozenset({"a", "b"})),
        ([{"id": "1", "value": None, "displayName": "User"}], "User"),
        ([{"id": "1"}], "1"),
        ([{}], ""),
    ],
)
def test_values_are_compared_as_one_text_or_as_several_without_an_order(value: Value, comparable: Settled) -> None:
    assert settled(value) == comparable


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ("a", "a", "none"),
        ("a", "A", "case"),
        ("a", "b", "some"),
        (None, "a", "some"),
        (frozenset({"a", "b"}), "a", "some"),
    ],
)
def test_a_difference_in_case_is_told_apart(before: Settled, after: Settled, difference: Difference) -> None:
    assert difference_between(before, after) == difference


@pytest.mark.parametrize("source", ["Now()", "Guid()", "DefaultDomain()", "RandomString(8, 1, 1, 1, 1)"])
def test_what_time_chance_or_tenant_decide_comes_out_the_same_each_time(source: str) -> None:
    evaluate = evaluator_of(a_mapping(source=source), NOW)

    assert evaluate({}) == evaluate({})


@pytest.mark.parametrize("mapping", [None, AttributeMapping("title", default="x")])
def test_a_mapping_without_a_source_gives_nothing(mapping: AttributeMapping | None) -> None:
    assert evaluator_of(mapping, NOW)({}) is None
