"""One stack as a page, as Markdown and as JSON: with people who fail, with made-up names, with a hostile name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from json_schema import mistakes
from operating import READER, Operator, operating
from reported_page import Page

from emulator.elium.behaviour import Fault

GRACE = "grace.hopper@contoso.com"
TURNING, CHINESE = "שרה Cohen \u202eevil", "田中太郎"
HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


def page(operator: Operator, *more: str) -> Page:
    file = operator.folder / "report.html"
    ran = operator.elium("report", "dev", "-o", str(file), *more, client=READER)
    assert ran.code == 0, ran.err
    return Page(file.read_text(encoding="utf-8"))


def test_a_page_has_everybody_and_fetches_nothing(operator: Operator) -> None:
    shown = page(operator)

    assert len(shown.people) == 11
    assert ["Ada Byron (ada.byron@contoso.com)", "provisioned", "create"] in [row[:3] for row in shown.people]
    assert shown.elsewhere == []
    assert "Provisioning runs." in shown.shown
    assert "users.title: [jobTitle] → [department]" in "".join(shown.shown)


def test_only_the_pages_own_style_and_script_may_run(operator: Operator) -> None:
    shown = page(operator)
    policy = next(attrs["content"] for tag, attrs in shown.tags if tag == "meta" and "http-equiv" in attrs) or ""

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert [attrs for _, attrs in shown.tags if "style" in attrs or any(name.startswith("on") for name in attrs)] == []


def test_each_plot_says_what_is_to_be_seen_and_has_its_numbers_as_a_table(operator: Operator) -> None:
    operator.unassign()
    operator.cycle()
    shown = page(operator, "--since", "1d")

    pictures = [attrs for tag, attrs in shown.tags if tag == "svg"]
    assert [attrs["aria-label"] for attrs in pictures] == [
        "Open accounts: 10 after the first of 2 cycles, 0 now.",
        "People created 10, disabled 10.",
    ]
    assert {attrs["role"] for attrs in pictures} == {"img"}
    assert sum(tag == "figure" for tag, _ in shown.tags) == sum(tag == "details" for tag, _ in shown.tags) - 1


def test_a_hostile_name_is_a_name(operator: Operator) -> None:
    person = operator.hire(HOSTILE, userPrincipalName="eve@contoso.com", accountEnabled=True)
    operator.assign(person)

    shown = page(operator)

    assert any(HOSTILE in row[0] for row in shown.people)
    assert "img" not in {tag for tag, _ in shown.tags}
    assert HOSTILE not in shown.text


def test_whoever_fails_is_told_with_why_and_what_helps(operator: Operator) -> None:
    operator.elium_site.faults.append(Fault(status=409, method="POST", times=None))
    operator.assign(operator.id_of(GRACE))
    operator.cycle()

    ran = operator.elium("report", "dev")

    assert "## Failures by cause" in ran.out
    assert re.search(r"\| Grace Hopper \(grace\.hopper\\@contoso\.com\) \| failing \|", ran.out)


def test_with_made_up_names_nobody_and_nothing_of_the_tenant_is_named(operator: Operator) -> None:
    file = operator.folder / "report.html"
    operator.elium("report", "dev", "--names", "made-up", "-o", str(file))
    text = file.read_text(encoding="utf-8") + str(Page(file.read_text(encoding="utf-8")).people)

    for name in ("Ada", "Byron", "contoso", "Elium users", operator.principal, operator.job, "127.0.0.1"):
        assert name not in text
    assert "Names are made up." in text


def test_a_name_turns_nothing_but_itself(operator: Operator) -> None:
    for name, address in ((TURNING, "sara"), (CHINESE, "tanaka")):
        operator.assign(operator.hire(name, userPrincipalName=f"{address}@contoso.com", accountEnabled=True))

    shown, markdown = page(operator), operator.elium("report", "dev").out

    assert {"שרה Cohen evil (sara@contoso.com)", f"{CHINESE} (tanaka@contoso.com)"} <= {row[0] for row in shown.people}
    assert ("\u202e" in shown.text, "\u202e" in markdown) == (False, False)
    assert "| \u2068שרה Cohen evil (sara\\@contoso.com)\u2069 | waiting |" in markdown


def test_how_long_it_took_is_told_at_most_and_of_whom_it_is_not_known(operator: Operator) -> None:
    now = f"{operator.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    new = operator.hire("New", accountEnabled=True, createdDateTime=now)
    operator.assign(new)
    operator.served.advance(timedelta(minutes=30))
    operator.assign(operator.hire("Undated", accountEnabled=True))
    operator.cycle()

    told = operator.elium("report", "dev", "--json").document["stack"]["waits"]

    assert told["themselves"] == {"people": 1, "median": 1800.0, "nineOfTen": 1800.0, "longest": 1800.0}
    assert (told["otherwise"]["people"], told["unknown"]) == (10, 1)
    assert "Of 1 of the 12 whose account was made in this time it is not known" in operator.elium("report", "dev").out


def test_what_somebody_changed_by_hand_is_drift(operator: Operator) -> None:
    before = operator.elium("report", "dev").out
    operator.unassign()
    after = operator.elium("report", "dev", "--json").document

    assert "Entra is as the last up left it." in before
    assert after["stack"]["drift"] == ["Elium users is not assigned any more"]


def test_of_a_job_without_a_stack_nobody_knows_how_it_was(operator: Operator) -> None:
    ran = operator.elium("report", operator.address)

    assert "No state of a stack says how the last up left it." in ran.out


def test_a_page_is_printed_by_a_browser_whole_for_those_who_fail_or_wait(operator: Operator, tmp_path: Path) -> None:
    operator.assign(operator.id_of(GRACE))
    browser = tmp_path / "chromium"
    # It prints what it is given, and how it was called.
    browser.write_text(
        '#!/bin/sh\nfor last; do :; done\nfor one; do case "$one" in --print-to-pdf=*) out="${one#*=}";; esac; done\n'
        '{ echo "$@"; cat "${last#file://}"; } > "$out"\n',
        encoding="utf-8",
    )
    browser.chmod(0o755)
    operator.environment["PATH"] = str(tmp_path)

    ran = operator.elium("report", "dev", "-o", "report.pdf", client=READER)
    called, _, printed = (operator.folder / "report.pdf").read_text(encoding="utf-8").partition("\n")

    assert ran.err.splitlines()[-1] == "report.pdf: 10 provisioned, 1 waiting, 1 excluded", ran.err
    assert "--headless" in called
    assert ("--no-sandbox" in called) == (os.geteuid() == 0)
    assert "Grace Hopper (grace.hopper@contoso.com)" in printed
    assert "script-src 'none'" in printed
    assert "<details>" not in printed


def test_where_no_browser_is_a_pdf_is_refused_before_anything_is_asked(operator: Operator, tmp_path: Path) -> None:
    operator.environment["PATH"] = str(tmp_path)

    ran = operator.elium("report", "dev", "-o", "report.pdf")

    assert (ran.code, ran.calls, operator.asked_of_pulumi) == (2, [], [])
    assert "error: A PDF is printed by Chromium or Google Chrome, and neither is on PATH." in ran.err
    assert "next: Install Chromium, or write a page, and print that: -o report.html." in ran.err


def test_a_browser_that_fails_is_told_in_its_own_words(operator: Operator, tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text('#!/bin/sh\necho "no display" >&2\nexit 1\n', encoding="utf-8")
    browser.chmod(0o755)
    operator.environment["PATH"] = str(tmp_path)

    ran = operator.elium("report", "dev", "-o", "report.pdf")

    assert (ran.code, "did not print the page: no display" in ran.err) == (2, True)
    assert not (operator.folder / "report.pdf").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Neither a stack nor a fleet was named; a report is of one of them."),
        (("dev", "--fleet", "tenants.yaml"), "A stack and a fleet were named; a report is of one of them."),
        (("--fleet", "tenants.yaml", "--teardown"), "--teardown is of one stack, and a fleet was named."),
    ],
)
def test_a_report_is_of_one_thing(operator: Operator, words: tuple[str, ...], said: str) -> None:
    ran = operator.elium("report", *words)

    assert (ran.code, ran.calls, said in ran.err) == (2, [], True)


def test_the_same_gives_the_same_bytes(operator: Operator) -> None:
    assert page(operator).text == page(operator).text


def test_json_is_as_its_schema_says(operator: Operator) -> None:
    ran = operator.elium("report", "dev", "--json", client=READER)
    schema: Any = json.loads(
        (Path(__file__).parents[2] / "schemas/elium-report.schema.json").read_text(encoding="utf-8")
    )

    assert mistakes(ran.document, schema, "") == []
    assert ran.document["stack"]["counts"] == {"provisioned": 10, "excluded": 1}
    assert ran.document["plan"]["hasChanges"] is True


def test_no_form_has_the_token(operator: Operator) -> None:
    for suffix in ("html", "md", "json"):
        operator.elium("report", "dev", "-o", f"report.{suffix}")
        text = (operator.folder / f"report.{suffix}").read_text(encoding="utf-8")
        assert operator.environment["ELIUM_SECRET_TOKEN"] not in text


def test_history_goes_back_as_far_as_is_asked(operator: Operator) -> None:
    operator.served.advance(timedelta(days=2))

    assert "2026-01-15" not in operator.elium("report", "dev", "--since", "1d").out.split("## What", 2)[2]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("report.doc", "--out: report.doc ends in none of .html, .md, .pdf, .json."),
        ("nowhere/report.md", "nowhere/report.md cannot be written: No such file or directory."),
    ],
)
def test_a_file_that_cannot_be_is_told(operator: Operator, out: str, said: str) -> None:
    ran = operator.elium("report", "dev", "-o", out)

    assert (ran.code, said in ran.err) == (2, True)


def test_where_the_extra_is_missing_it_is_named(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioning.commands.pages.writing.NEEDS", ("a_library_that_nobody_has",))

    ran = operator.elium("report", "dev", "-o", "report.html")

    assert (ran.code, "elium-provisioning[report]" in ran.err) == (2, True)
