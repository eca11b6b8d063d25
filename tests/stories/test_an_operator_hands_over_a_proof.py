"""The proof of a teardown as a page, from its journal alone: person by person, once the job is gone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from json_schema import mistakes
from operating import READER, Operator, Ran, operating
from reported_page import Page

from emulator.elium.behaviour import Fault

ADA = "Ada Byron (ada.byron@contoso.com)"
HOSTILE = '</script><img src=x onerror="alert(1)">'
TOKEN = ("--target-token", "env:ELIUM_SECRET_TOKEN")
SCHEMA = Path(__file__).parents[2] / "schemas/elium-report.schema.json"


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


def take_down(operator: Operator, *options: str) -> Ran:
    checksum = operator.elium("teardown", "dev", "--json", *options).document["checksum"]
    return operator.elium("teardown", "dev", *options, "--doit", checksum)


def proof(operator: Operator, *more: str) -> Page:
    ran = operator.elium("report", "dev", "--teardown", "-o", "proof.html", *more, client=READER)
    assert (ran.code, ran.calls, operator.asked_of_pulumi) == (0, [], []), ran.err
    return Page((operator.folder / "proof.html").read_text(encoding="utf-8"))


def taken_down(operator: Operator, *options: str) -> None:
    assert take_down(operator, *options).code == 0
    operator.asked_of_pulumi.clear()


def test_each_person_stands_there_with_when_and_who_says_so_and_nobody_is_asked(operator: Operator) -> None:
    operator.served.advance(timedelta(hours=3))
    taken_down(operator, *TOKEN)

    shown = proof(operator)
    rows = {row[0]: row[1:] for row in shown.people}

    assert len(rows) == 11
    account, at, said, how = rows[ADA]
    assert (account, at[:16], how) == ("closed", "2026-01-15 12:00", "on-demand")
    assert re.search("the target itself: active is false, .*; Entra's answer to the call: disable, ", said)
    assert "Entra's provisioning log: disable, " in said
    assert "Nobody: every account is shown to be closed." in shown.shown
    assert shown.elsewhere == []


def test_whoever_asks_for_a_report_of_what_is_gone_is_sent_to_the_proof(operator: Operator) -> None:
    taken_down(operator)

    ran = operator.elium("report", "dev")

    assert (ran.code, "next: elium report dev --teardown shows the proof" in ran.err) == (2, True)


def test_who_remains_is_told_with_why(operator: Operator) -> None:
    operator.elium_site.faults.append(Fault(status=500, method="PATCH", times=None))
    stopped = take_down(operator, "--within", "1m")
    operator.asked_of_pulumi.clear()
    assert stopped.code == 7

    text = operator.elium("report", "dev", "--teardown").out

    assert "dev: a teardown is on its way; 0 of 10 accounts are closed, with proof." in text
    assert r"| Ada Byron (ada.byron\@contoso.com) | open | nothing shows yet that the account is closed |" in text


def test_accounts_that_were_kept_are_told_to_be_kept(operator: Operator) -> None:
    taken_down(operator, "--accounts", "retain")

    text = operator.elium("report", "dev", "--teardown").out

    assert r"| Ada Byron (ada.byron\@contoso.com) | kept | accounts were kept, as was asked |" in text


def test_a_stack_that_was_deployed_again_still_has_the_proof_of_the_time_before(operator: Operator) -> None:
    taken_down(operator)
    file = operator.folder / ".state/teardown/dev.json"
    file.rename(file.with_suffix(".20260115T090000.json"))

    assert "10 of 10 accounts are closed, with proof" in operator.elium("report", "dev", "--teardown").out


def test_json_is_as_its_schema_says(operator: Operator) -> None:
    taken_down(operator)

    ran = operator.elium("report", "dev", "--teardown", "--json")

    assert mistakes(ran.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    assert (ran.document["teardown"]["state"], ran.document["stack"]) == ("finished", None)


def test_with_made_up_names_nobody_is_named(operator: Operator) -> None:
    taken_down(operator, *TOKEN)

    for out in ("proof.html", "proof.md", "proof.json"):
        operator.elium("report", "dev", "--teardown", "--names", "made-up", "-o", out)
        text = (operator.folder / out).read_text(encoding="utf-8")
        text += str(Page(text).people) if out.endswith("html") else ""
        for name in ("Ada", "Byron", "contoso", "Elium users", operator.principal, operator.job):
            assert name not in text, (out, name)


def test_a_hostile_name_is_a_name(operator: Operator) -> None:
    operator.assign(operator.hire(HOSTILE, userPrincipalName="eve@contoso.com", accountEnabled=True))
    operator.cycle()
    taken_down(operator)

    shown = proof(operator)

    assert any(HOSTILE in row[0] for row in shown.people)
    assert (HOSTILE in shown.text, "img" in {tag for tag, _ in shown.tags}) == (False, False)
    assert HOSTILE not in operator.elium("report", "dev", "--teardown").out


def test_the_same_journal_gives_the_same_bytes(operator: Operator) -> None:
    taken_down(operator)

    assert proof(operator).text == proof(operator).text


def test_where_nothing_was_taken_down_that_is_told(operator: Operator) -> None:
    ran = operator.elium("report", "dev", "--teardown")

    assert (ran.code, "There is no journal of a teardown of dev here." in ran.err) == (2, True)
