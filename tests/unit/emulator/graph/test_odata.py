from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator.company.refusal import Refusal
from emulator.graph import odata

CONFORMANCE: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "conformance" / "odata.json").read_text(encoding="utf-8")
)
CASES = CONFORMANCE["cases"]


@pytest.mark.parametrize("case", [case for case in CASES if "admits" in case], ids=lambda case: str(case["filter"]))
def test_a_filter_admits_what_the_documents_say(case: dict[str, Any]) -> None:
    condition = odata.parse(case["filter"], case_sensitive=case.get("case_sensitive", False))

    assert case["admits"] == condition.admits(CONFORMANCE["given"])


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case], ids=lambda case: str(case["filter"]))
def test_a_filter_that_makes_no_sense_is_refused_with_the_place(case: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        odata.parse(case["filter"])

    expected = f"Invalid filter clause: Syntax error at position {case['error']} in '{case['filter']}'."
    assert expected == refused.value.message


def test_a_filter_tells_what_it_uses() -> None:
    condition = odata.parse("not endswith(mail,'x') and tags/$count eq 0 and owners/any(o:o/id eq 'y')")

    assert frozenset({"mail", "tags", "owners"}) == condition.properties
    assert frozenset({"not", "endswith", "$count", "eq", "any"}) == condition.operators


def test_a_lambda_variable_stands_for_what_it_goes_through() -> None:
    condition = odata.parse("targetResources/any(t:t/id eq 'x' and t/modifiedProperties/any(m:m/displayName eq 'y'))")

    assert condition.paths == {
        "targetResources",
        "targetResources/id",
        "targetResources/modifiedProperties",
        "targetResources/modifiedProperties/displayName",
    }


@pytest.mark.parametrize(
    "text",
    [
        "not " * 5_000 + "accountEnabled",
        "(" * 100_000 + "accountEnabled" + ")" * 100_000,
        "(" * 9_000 + "accountEnabled",
        "tolower(" * 200 + "displayName" + ")" * 200 + " eq 'x'",
        "a/any(x:" * 150 + "x eq 'y'" + ")" * 150,
    ],
)
def test_a_filter_that_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="Invalid filter clause"):
        odata.parse(text)


def test_brackets_alone_make_nothing_deeper() -> None:
    assert odata.parse("(" * 5_000 + "accountEnabled" + ")" * 5_000).admits({"accountEnabled": True})


@pytest.mark.parametrize("text", ["displayName/any(x:x eq 'y')", "tags in ('a')", "displayName/$count eq 0"])
def test_what_is_not_a_list_has_nothing_in_it(text: str) -> None:
    assert odata.parse(text).admits({"displayName": "Ada", "tags": ["a"]}) is ("$count" in text)
