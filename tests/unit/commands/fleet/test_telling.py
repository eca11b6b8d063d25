"""Many tenants as a table, as Markdown and as JUnit's XML, with words in them that mean something there."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from provisioning.commands.fleet.telling import LONGEST_COMMENT, Going, as_markdown, as_table, write_junit
from provisioning.commands.screen import Screen
from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict

HOSTILE = (
    "a | b",
    "`code`",
    "@everybody",
    "<img src=x onerror=alert(1)>",
    "[here](https://evil.example)",
    "two\nlines",
    "#1",
    "*bold* _too_",
    "a\\|b",
)


def failed(reason: str, tenant: str = "acme") -> TenantOutcome:
    return TenantOutcome(tenant, Verdict.FAILED, reason=reason, what_to_do="Mend it.")


def test_a_table_is_in_columns_and_says_what_is_next_below() -> None:
    rows = [TenantOutcome("borealis", Verdict.DONE, changes=1_234, state="running"), failed("No token.\nMore.")]

    assert list(as_table(rows)) == [
        "tenant    verdict  changes  leave  enter  note",
        "borealis  done     1,234    -      -      running",
        "acme      failed   -        -      -      No token.",
        "",
        "acme: No token.\nMore.",
        "  next: Mend it.",
    ]


@pytest.mark.parametrize("reason", HOSTILE)
def test_what_a_name_says_means_nothing_in_a_table_of_markdown(reason: str) -> None:
    (row,) = [line for line in as_markdown([failed(reason)]).splitlines() if line.startswith("| acme")]

    cell = row.split(" | ", 5)[5].removesuffix(" |")
    assert re.sub(r"\\(.)", r"\1", cell) == reason.partition("\n")[0]
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*_<>\[\]@#]", cell)


@pytest.mark.parametrize("reason", ["```", "a ```` b", "</details>", "~~~\n```text\n@everybody"])
def test_what_is_in_a_fold_stays_there(reason: str) -> None:
    fold = as_markdown([failed(reason)]).partition("<details>")[2]

    fence = re.search(r"\n(`{3,})text\n", fold)
    assert fence
    inside, _, rest = fold.partition(fence[0])[2].partition(f"\n{fence[1]}\n")
    assert inside == f"{reason}\nMend it."
    assert rest == "\n</details>"


def test_who_is_unchanged_has_no_fold() -> None:
    text = as_markdown([TenantPlan("acme", Verdict.UNCHANGED), TenantPlan("bolt", Verdict.CHANGES, text="+ a job")])

    assert text.count("<details>") == 1
    assert text.startswith("### 1 unchanged, 1 to be changed.")


@pytest.mark.parametrize(("count", "length"), [(3, 40_000), (100, 2_000), (3_000, 100)])
def test_a_comment_is_never_longer_than_one_may_be(count: int, length: int) -> None:
    text = as_markdown([failed("x" * length, f"tenant-{number}") for number in range(count)])

    assert len(text) <= LONGEST_COMMENT
    assert text.endswith("more: see the artifact.")


@pytest.mark.parametrize("reason", [*HOSTILE, "]]>", "&lt;", "\x1b[31mred\x1b[0m", "nothing\x00", "\ud800", "🙂"])
def test_junit_s_xml_is_well_formed_whatever_was_said(tmp_path: Path, reason: str) -> None:
    write_junit(tmp_path / "results.xml", [failed(reason), TenantOutcome("bolt", Verdict.DONE)])

    (suite,) = ET.parse(tmp_path / "results.xml").getroot()  # noqa: S314 - ours
    first, second = suite.iter("testcase")
    assert (first.get("name"), second.get("name")) == ("acme", "bolt")
    assert len(first) == 1
    assert len(second) == 0
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_junit_has_the_reason_and_what_to_do(tmp_path: Path) -> None:
    write_junit(tmp_path / "results.xml", [failed("No token <here>.\nMore.")])

    (failure,) = ET.parse(tmp_path / "results.xml").getroot().iter("failure")  # noqa: S314 - ours
    assert failure.get("message") == "No token <here>."
    assert failure.text == "No token <here>.\nMore.\nMend it."


def test_in_a_pipeline_each_is_a_line() -> None:
    out, err = io.StringIO(), io.StringIO()
    with Going(Screen(out, err), "planning", 2) as going:
        going.tell(TenantPlan("acme", Verdict.UNCHANGED))
        going.tell(failed("No.", "bolt"))

    assert err.getvalue() == "planning 1/2: acme: unchanged\nplanning 2/2: bolt: failed\n"
    assert out.getvalue() == ""
