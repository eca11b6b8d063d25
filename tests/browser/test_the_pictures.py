"""The pictures of the README, each of what a test has just seen. ``make pictures`` keeps them in docs/pictures.

Which pixels they have differs with Chromium and its fonts: they are renewed by the command, and compared with nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Opens
from browser.pages import DESK, PATIENCE, Reader
from operating import Operator, operating
from panels import CUTS, Panel, panel_of
from playwright.sync_api import expect

from emulator.elium.behaviour import Fault

pytestmark = CUTS

expect.set_options(timeout=PATIENCE)

KEPT_IN = "ELIUM_PICTURES"
"""The variable that names the folder where pictures are kept."""

NIA = "nia.okafor@contoso.com"

NEWCOMERS = ("amalia", "bertrand", "chiara", "dmitri", "elif", "farah", "goran", "hanna", "ines", "jun", "kofi")
"""Of whom one comes a day."""

Takes = Callable[[Reader, str], None]
Enters = Callable[..., Reader]

WINDOW: dict[str, Any] = {"viewport": DESK, "color_scheme": "light"}
"""In the light, at a desk."""


@pytest.fixture
def takes(tmp_path: Path) -> Takes:
    """Take a picture of a window, as it is seen without scrolling."""
    folder = Path(os.environ.get(KEPT_IN) or tmp_path)

    def take(reader: Reader, name: str) -> None:
        file = folder / f"{name}.png"
        reader.page.screenshot(path=file, animations="disabled")
        assert file.stat().st_size > 10_000, "an empty window"

    return take


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def panel(operator: Operator) -> Iterator[Panel]:
    """Serve it."""
    with panel_of(operator) as panel:
        yield panel


def test_of_a_hire_who_has_gone_from_the_company_over_the_wire_to_elium(enters: Enters, takes: Takes) -> None:
    reader = enters(**WINDOW)
    page = reader.page
    expect(page.locator("html")).to_have_attribute("data-live", "yes")
    page.get_by_text("Somebody joins", exact=True).click()
    page.get_by_role("button", name="Let them join").click()
    expect(page.locator("#people")).to_contain_text("Nia Okafor")
    page.get_by_role("button", name="Next cycle").click()
    expect(page.locator("#accounts").get_by_role("listitem").first).to_contain_text(NIA)
    page.locator("#people").get_by_role("link", name="Nia Okafor").click()
    expect(page.locator("#wire .lit").first).to_be_visible()
    page.locator("#wire").evaluate("each => each.closest('section').scrollIntoView()")

    takes(reader, "demonstration")


def test_of_a_stack_whose_file_says_something_else(enters: Enters, takes: Takes) -> None:
    reader = enters(**WINDOW)
    reader.open("stacks/dev")
    expect(reader.page.locator("#state")).to_contain_text("Provisioning runs.")
    expect(reader.page.locator("#plan")).to_contain_text("users.title")

    takes(reader, "panel")


def test_of_a_report(operator: Operator, opens: Opens, takes: Takes, tmp_path: Path) -> None:
    group = next(each for each in operator.ask("GET", "/groups")["value"] if each["displayName"] == "Elium users")
    for day, (name, follower) in enumerate(pairwise(NEWCOMERS)):
        operator.tenant.directory.add_member(group["id"], operator.hire(name, mail=f"{follower}@contoso.com"))
        if day % 3 == 2:
            operator.elium_site.faults.append(Fault(status=409, method="POST"))
        operator.served.advance(timedelta(days=1))
    # Playwright has a loop of its own in this thread, and the command wants one.
    with ThreadPoolExecutor() as elsewhere:
        ran = elsewhere.submit(operator.elium, "report", "dev", "-o", str(tmp_path / "report.html")).result()
    assert ran.code == 0, ran.err
    reader = opens(tmp_path.as_uri(), **WINDOW)
    reader.open("report.html")
    expect(reader.page.locator("html")).to_have_attribute("data-ready", "")
    reader.page.get_by_role("heading", name="Open accounts over time").evaluate("each => each.scrollIntoView()")

    takes(reader, "report")
