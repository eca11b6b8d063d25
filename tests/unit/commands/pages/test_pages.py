"""Pages as HTML, on paper and as Markdown: nothing that a name says means anything, and nothing is left out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from importlib import resources
from itertools import combinations

import pytest
import reports
from reported_page import Page as Shown

from provisioning.commands.pages.blocks import Everybody, Page, Part, Plot, Table
from provisioning.commands.pages.fleet import page_of_fleet
from provisioning.commands.pages.html import html_of
from provisioning.commands.pages.markdown import markdown_of
from provisioning.commands.pages.plots import MOST, standings_plot
from provisioning.commands.pages.stack import page_of_stack
from provisioning.commands.pages.teardown import page_of_teardown
from provisioning.model.names import isolated, plain

PLAN = f"~ users.title\n{reports.HOSTILE}\n```"


def of_stack() -> Page:
    return page_of_stack(reports.a_stack(), plan=PLAN, why_no_plan="", is_made_up=False)


def of_fleet() -> Page:
    return page_of_fleet(reports.a_fleet(), is_made_up=False)


def of_teardown() -> Page:
    return page_of_teardown(reports.a_proof(), is_made_up=False)


PAGES: Mapping[str, Callable[[], Page]] = {"stack": of_stack, "fleet": of_fleet, "teardown": of_teardown}


@functools.cache
def on_screen(make: Callable[[], Page]) -> str:
    return html_of(make())


@functools.cache
def on_paper(make: Callable[[], Page]) -> str:
    return html_of(make(), on_paper=True)


each_page = pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)


@each_page
def test_no_name_becomes_a_tag(make: Callable[[], Page]) -> None:
    for written, scripts in ((on_screen(make), 2), (on_paper(make), 0)):
        shown = Shown(written)

        assert ("img" in {tag for tag, _ in shown.tags}, reports.HOSTILE in shown.text) == (False, False)
        assert ("\u202e" in shown.text, shown.elsewhere) == (False, [])
        assert sum(tag == "script" for tag, _ in shown.tags) == scripts


@each_page
def test_every_picture_says_what_it_shows_and_has_its_numbers(make: Callable[[], Page]) -> None:
    plots = [block for part in make().parts for block in part.blocks if isinstance(block, Plot)]
    shown = Shown(on_screen(make))

    assert [attrs["aria-label"] for tag, attrs in shown.tags if tag == "svg"] == [plot.says for plot in plots]
    assert all(plot.table.title and plot.table.rows for plot in plots)


@each_page
def test_regions_are_told_apart(make: Callable[[], Page]) -> None:
    labels = [attrs["aria-label"] for _, attrs in Shown(on_screen(make)).tags if attrs.get("role") == "region"]

    assert len(labels) == len(set(labels))


@each_page
def test_in_markdown_no_name_means_anything(make: Callable[[], Page]) -> None:
    text = markdown_of(make())
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)

    for name in ("<img", "| b `c`", "*d*", " @e", "\u202e"):
        assert re.search(rf"(?<!\\){re.escape(name)}", outside) is None, name
    for table in re.findall(r"(?:^\|.*\|\n)+", outside, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


@each_page
def test_the_same_page_gives_the_same_bytes(make: Callable[[], Page]) -> None:
    assert (html_of(make()), html_of(make(), on_paper=True)) == (on_screen(make), on_paper(make))


@each_page
def test_a_page_can_be_written_whatever_names_hold(make: Callable[[], Page]) -> None:
    for text in (on_screen(make), on_paper(make), markdown_of(make())):
        assert text.encode("utf-8", errors="replace")
    assert any("half ?" in cell for row in Shown(on_screen(make)).people for cell in row)


@pytest.mark.parametrize("make", [of_stack, of_fleet])
def test_on_paper_and_in_markdown_those_stand_who_fail_wait_or_leave(make: Callable[[], Page]) -> None:
    (everybody,) = [block for part in make().parts for block in part.blocks if isinstance(block, Everybody)]
    paper, markdown = on_paper(make), markdown_of(make())

    for row in everybody.table.rows:
        is_named = row[everybody.by] in {"failing", "waiting", "leaving"}
        if re.search(r"Person \d+", row[everybody.by - 1]):
            assert (f"<bdi>{row[everybody.by - 1]}</bdi></td>" in paper) == is_named, row
            assert (f"| {row[everybody.by - 1]} |".replace("@", "\\@") in markdown) == is_named, row


def test_on_paper_everybody_of_a_proof_stands() -> None:
    paper, markdown = on_paper(of_teardown), markdown_of(of_teardown())

    for number in range(len(reports.NAMES), 60):
        assert f"Person {number:06}" in paper
        assert f"Person {number:06}" in markdown


def test_a_proof_tells_when_it_happened_and_not_when_it_was_said() -> None:
    (everybody,) = [block for part in of_teardown().parts for block in part.blocks if isinstance(block, Everybody)]
    rows = {row[0]: row for row in everybody.table.rows}

    assert rows["Person 000030"][1:3] == ("closed", "2026-03-01 12:02:00")
    assert rows["Person 000039"][1:4] == ("open", "", "nobody")
    assert rows[reports.FROM_RIGHT][1] == "closed"


def test_who_remains_stands_in_a_table() -> None:
    (remaining,) = [part for part in of_teardown().parts if part.name == "remaining"]
    (table,) = [block for block in remaining.blocks if isinstance(block, Table)]

    assert [row[0] for row in table.rows] == [f"Person {number:06}" for number in range(9, 60, 10)]


def test_of_many_tenants_those_are_drawn_in_which_most_fail() -> None:
    counts = {f"t{number:03}": {"provisioned": 9, "failing": number} for number in range(MOST + 5)}
    plot = standings_plot(counts)

    drawn = plot.chart["encoding"]["y"]["sort"]
    assert (len(drawn), drawn[0], "t000" in drawn) == (MOST, f"t{MOST + 4:03}", False)
    assert len(plot.table.rows) == MOST + 5
    assert f"Drawn are the {MOST}" in plot.says


def test_of_a_hundred_tenants_in_the_same_trouble_a_few_are_named() -> None:
    written = Shown(html_of(page_of_fleet(reports.a_fleet(100), is_made_up=False))).text

    assert "People fail, in 99 of 100 tenants:" in written
    assert "<bdi>tenant-019</bdi> and 79 more, in the table of tenants" in written


def test_parts_without_anything_are_left_out() -> None:
    assert {"failures", "plan"} <= {part.name for part in of_stack().parts}
    assert isinstance(of_stack().parts[0], Part)
    quiet = page_of_fleet(reports.a_fleet(people=0), is_made_up=False)

    assert "failures" not in {part.name for part in quiet.parts}


def test_a_name_is_kept_to_itself_only_where_it_would_turn_others() -> None:
    assert isolated("Ada") == "Ada"
    assert isolated(reports.CHINESE) == reports.CHINESE
    assert isolated(reports.FROM_RIGHT) == f"\u2068{reports.FROM_RIGHT}\u2069"
    assert plain("Ada \u202elive") == "Ada live"


def test_colours_are_told_apart_in_grey_light_dark_and_printed() -> None:
    """Each pair has a contrast that somebody sees who sees no colours (WCAG 2.2: relative luminance)."""
    style = resources.files("provisioning.commands.pages").joinpath("page.css").read_text(encoding="utf-8")
    schemes = [re.findall(r"--mark-\d: #(\w{6})", scheme) for scheme in style.split("--bad:")[:3]]

    assert [len(colours) for colours in schemes] == [5, 5, 5]
    for colours in schemes:
        for one, other in combinations(map(luminance, colours), 2):
            assert (max(one, other) + 0.05) / (min(one, other) + 0.05) > 1.5


def luminance(colour: str) -> float:
    """Compute it of a colour of sRGB (WCAG 2.2)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_mappings_that_many_tenants_have_are_written_once() -> None:
    markdown = markdown_of(page_of_fleet(reports.a_fleet(tenants=30), is_made_up=False))

    assert markdown.count("Attribute mappings: the same as those of tenant-000.") == 28
    assert markdown.count("What computes it") == 1
