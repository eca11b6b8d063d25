"""A page that was handed over, as it is opened from a disk: it loads nothing, is read by everybody, and is printed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import reports
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import Opens
from browser.pages import DESK, PATIENCE, PHONE, Reader
from playwright.sync_api import expect

from provisioning.commands.pages.blocks import Page
from provisioning.commands.pages.fleet import page_of_fleet
from provisioning.commands.pages.html import html_of
from provisioning.commands.pages.printing import pdf_of, run_browser
from provisioning.commands.pages.stack import page_of_stack
from provisioning.commands.pages.teardown import page_of_teardown

Reads = Callable[..., Reader]


def of_stack(people: int = 60) -> Page:
    return page_of_stack(reports.a_stack(people), plan=reports.HOSTILE, why_no_plan="", is_made_up=False)


PAGES: dict[str, Callable[[], Page]] = {
    "stack": of_stack,
    "fleet": lambda: page_of_fleet(reports.a_fleet(40), is_made_up=False),
    "teardown": lambda: page_of_teardown(reports.a_proof(), is_made_up=False),
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page of each kind."""
    folder = tmp_path_factory.mktemp("reports")
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_bytes(html_of(make()).encode("utf-8", errors="replace"))
    return folder


@pytest.fixture
def reads(opens: Opens, folder: Path) -> Reads:
    """Let somebody open a page."""

    def read(name: str, **window: object) -> Reader:
        reader = opens(folder.as_uri(), **window)
        reader.open(f"{name}.html")
        expect(reader.page.locator("html[data-ready]")).to_be_attached(timeout=PATIENCE)
        return reader

    return read


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_also_with_everything_open(reads: Reads, name: str) -> None:
    reader = reads(name, viewport=PHONE)

    assert reader.width_to_scroll() <= 0
    reader.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert reader.width_to_scroll() <= 0


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_of_everybody_all_is_in_view_however_long_a_name_is(reads: Reads, name: str, window: dict[str, int]) -> None:
    page = reads(name, viewport=window).page
    everybody = page.get_by_role("region", name="All, line by line")

    assert everybody.evaluate("(place) => place.scrollWidth - place.clientWidth") <= 0


def test_nobody_who_is_found_is_said(reads: Reads) -> None:
    page = reads("stack", viewport=PHONE).page

    page.get_by_label("Search").fill("nobody is called so")

    expect(page.get_by_role("status")).to_have_text("Nobody is found so.")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "window"), [("light", DESK), ("dark", PHONE)], ids=["desk-light", "phone-dark"])
def test_everybody_can_read_it(reads: Reads, name: str, scheme: str, window: dict[str, int]) -> None:
    # What looks at the page is a script of its own, which the page's policy would not let in.
    reader = reads(name, viewport=window, color_scheme=scheme, bypass_csp=True)

    found = Axe().run(reader.page, options={"resultTypes": ["violations"]}).response["violations"]

    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == []


def test_people_are_searched_and_shown_page_by_page_and_a_hostile_name_is_a_name(reads: Reads) -> None:
    page = reads("stack", viewport=DESK).page
    said, rows = page.get_by_role("status"), page.locator("#rows tr")

    expect(said).to_have_text("1 to 50 of 60 people")
    page.get_by_role("button", name="Next").click()
    expect(said).to_have_text("51 to 60 of 60 people")
    page.get_by_label("Search").fill("ONERROR")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(reports.HOSTILE)
    page.get_by_label("Search").fill("")
    page.get_by_label("Standing").select_option("failing")
    expect(said).to_have_text("1 to 3 of 3 people")


def test_whoever_prints_a_page_by_hand_has_those_who_fail_or_wait_on_paper(reads: Reads) -> None:
    page = reads("stack", viewport=DESK).page
    rows, folds = page.locator("#rows tr"), page.locator("details[open]")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(rows).to_have_count(9)
    expect(folds).to_have_count(page.locator("details").count())
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(50)
    expect(folds).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_a_real_browser_prints_it(name: str, browser_path: str) -> None:
    printed = pdf_of(
        html_of(PAGES[name](), on_paper=True), browser=browser_path, run=run_browser, is_root=os.geteuid() == 0
    )

    assert printed.startswith(b"%PDF-")
    assert pages_in(printed) > 1


def test_on_paper_the_table_of_those_who_fail_or_wait_goes_on_for_as_long_as_it_is(browser_path: str) -> None:
    few, many = (
        pages_in(
            pdf_of(
                html_of(of_stack(people), on_paper=True),
                browser=browser_path,
                run=run_browser,
                is_root=os.geteuid() == 0,
            )
        )
        for people in (60, 4_000)
    )

    # Three of twenty stand in it: 590 more rows, of which a page holds fewer than forty.
    assert many - few > 590 / 40


def pages_in(pdf: bytes) -> int:
    """Count them by what each is introduced with (ISO 32000: 7.7.3)."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
