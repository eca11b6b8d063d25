"""What Microsoft's pages say about the two languages, case by case: see ``tests/conformance``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from provisioning.language import Choices, EvaluationError, Expression, ExpressionError, ParseError, ScopingFilter
from provisioning.language.dotnet.regex import expanded, regex_of

CONFORMANCE = Path(__file__).parents[2] / "conformance"

Case = dict[str, Any]


def cases_in(pattern: str) -> list[Any]:
    """Collect the cases of the files that match, each with what is given to all in its block."""
    return [
        pytest.param({**case, "given": block["given"]}, id=f"{path.stem}-{number}-{index}")
        for path in sorted(CONFORMANCE.glob(pattern))
        for number, block in enumerate(json.loads(path.read_text(encoding="utf-8")))
        for index, case in enumerate(block["cases"])
    ]


def evaluated(case: Case) -> object:
    return Expression.parse(case["expression"]).evaluate(
        {**case["given"], **case.get("attributes", {})},
        now=datetime.fromisoformat(case["now"]) if "now" in case else None,
        default_domain=case.get("domain"),
        choices=Choices(**case.get("choices", {})),
    )


@pytest.mark.parametrize("case", [case for case in cases_in("expressions-*.json") if "value" in case.values[0]])
def test_an_expression_has_the_documented_value(case: Case) -> None:
    assert case["value"] == evaluated(case)


@pytest.mark.parametrize("case", [case for case in cases_in("expressions-*.json") if "fails" in case.values[0]])
def test_an_expression_fails_as_documented_and_says_why(case: Case) -> None:
    kind = {"parse": ParseError, "evaluation": EvaluationError}[case["fails"]]

    with pytest.raises(kind) as caught:
        evaluated(case)

    assert case["says"] in caught.value.problem
    assert type(caught.value) is kind


@pytest.mark.parametrize("case", [case for case in cases_in("scoping-*.json") if "admits" in case.values[0]])
def test_a_filter_admits_whom_it_is_documented_to_admit(case: Case) -> None:
    verdict = ScopingFilter.parse(case["filter"]).admits(case["attributes"], choices=Choices(**case.get("choices", {})))

    assert case["admits"] == bool(verdict)


@pytest.mark.parametrize("case", [case for case in cases_in("scoping-*.json") if "refused" in case.values[0]])
def test_a_filter_that_entra_does_not_take_is_refused(case: Case) -> None:
    with pytest.raises(ParseError) as caught:
        ScopingFilter.parse(case["filter"])

    assert case["refused"] in str(caught.value)


@pytest.mark.parametrize("case", [case for case in cases_in("regular-*.json") if "result" in case.values[0]])
def test_a_regular_expression_of_dotnet_does_here_what_it_does_there(case: Case) -> None:
    regex = regex_of(case["pattern"])

    assert case["result"] == regex.replace(
        case["text"], lambda match: expanded(match, case["replacement"], regex.groups)
    )


@pytest.mark.parametrize("case", [case for case in cases_in("regular-*.json") if "refused" in case.values[0]])
def test_a_regular_expression_without_a_counterpart_is_refused(case: Case) -> None:
    with pytest.raises(ExpressionError, match=case["refused"]):
        regex_of(case["pattern"])
