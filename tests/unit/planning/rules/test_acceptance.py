from __future__ import annotations

import pytest

from provisioning.planning.rules import Acceptance, AcceptingSetting, Finding, Weight, refusal_of
from provisioning.planning.rules.acceptance import accepted

LEAVE = Finding(Weight.ACCEPTABLE, "12 leave.", number=12)
ENTER = Finding(Weight.ACCEPTABLE, "14 enter.", number=14, accepts=AcceptingSetting.ENTRANTS)
UNKNOWN = Finding(Weight.ACCEPTABLE, "Nobody knows how many leave.")
BY_NAME = "If that is meant, set this, spelled as your other settings are: "
BY_NUMBER = BY_NAME.replace("this", "another number")
WARNING = Finding(Weight.WARNING, "Careful.", number=99)


@pytest.mark.parametrize(
    ("findings", "acceptance", "message", "hint"),
    [
        (
            [LEAVE],
            Acceptance(),
            "12 leave.",
            f"{BY_NAME}acceptLeavers: 12",
        ),
        (
            [LEAVE, ENTER],
            Acceptance(),
            "12 leave.\n14 enter.",
            f"{BY_NAME}acceptLeavers: 12 and acceptEntrants: 14",
        ),
        (
            [LEAVE, ENTER],
            Acceptance(12),
            "14 enter.",
            f"{BY_NAME}acceptEntrants: 14",
        ),
        (
            [LEAVE],
            Acceptance(11),
            "12 leave.",
            f"acceptLeavers: 11 is not enough. {BY_NAME}acceptLeavers: 12",
        ),
        (
            [UNKNOWN],
            Acceptance(),
            "Nobody knows how many leave.",
            f"{BY_NAME}acceptLeavers: and the highest number that you stand for",
        ),
        (
            [LEAVE],
            Acceptance(40, spent=frozenset({"acceptLeavers"})),
            "12 leave.",
            (f"acceptLeavers: 40 stood there already at the last change, and is spent. {BY_NUMBER}acceptLeavers: 12"),
        ),
        (
            [LEAVE],
            Acceptance(12, spent=frozenset({"acceptLeavers"})),
            "12 leave.",
            (f"acceptLeavers: 12 stood there already at the last change, and is spent. {BY_NUMBER}acceptLeavers: 13"),
        ),
    ],
)
def test_what_nobody_accepted_is_refused_with_the_words_that_do(
    findings: list[Finding], acceptance: Acceptance, message: str, hint: str
) -> None:
    refusal = refusal_of(findings, acceptance)

    assert refusal
    assert (refusal.message, refusal.hint) == (message, hint)


@pytest.mark.parametrize(
    ("findings", "acceptance"),
    [
        ([], Acceptance()),
        ([WARNING], Acceptance()),
        ([LEAVE], Acceptance(12)),
        ([LEAVE], Acceptance(50)),
        ([UNKNOWN], Acceptance(1)),
        ([LEAVE, ENTER], Acceptance(12, 14, frozenset({"acceptAnythingElse"}))),
    ],
)
def test_what_is_accepted_by_its_number_may_pass(findings: list[Finding], acceptance: Acceptance) -> None:
    assert refusal_of(findings, acceptance) is None


def test_zero_accepts_nothing() -> None:
    assert refusal_of([UNKNOWN], Acceptance(0))


def test_what_was_accepted_is_told_and_what_accepts_nothing_too() -> None:
    assert list(accepted([LEAVE, WARNING], Acceptance(12, 3))) == [
        "12 leave. That is accepted by acceptLeavers: 12.",
        "acceptEntrants: 3 is set and accepts nothing here; take it out again.",
    ]


def test_a_number_that_does_not_accept_is_left_to_the_refusal() -> None:
    assert list(accepted([LEAVE], Acceptance(3))) == []
