"""One stack as a page, as Markdown and as JSON: with people who fail, with made-up names, with a hostile name."""

from __future__ import annotations

import json
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
