from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator.graph import odata
from emulator.refusal import Refusal

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
