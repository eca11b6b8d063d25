"""A reader finds what they came for, on every page, in the light and in the dark, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import SITE
from browser.pages import DESK, PATIENCE, PHONE, SERIOUS, Reader, places
from playwright.sync_api import expect

expect.set_options(timeout=PATIENCE)

Comes = Callable[..., Reader]

OF_THE_THEME = frozenset({"scrollable-region-focusable"})
"""Its script wraps a table that is wider than the window into an element that scrolls; browsers of today let the
keyboard scroll it, and axe asks for more on behalf of older ones."""

ALL: dict[str, Any] = {"resultTypes": ["violations"]}
CONTENT = ALL | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"color-contrast": {"enabled": False}},
}
"""How axe is asked: about all, and about what a page says; contrast takes it the longest, and is seen once a kind."""

SCHEMES = {"light": "default", "dark": "slate"}
"""What the theme calls what the reader's system asks for."""

PARTS = ("decisions", "how-to", "reference")
ELSEWHERE = "elsewhere"
"""Where the pages are: some parts can be walked through at the same time."""

KINDS = (
    "index.html",
    "how-to/point-a-client-at-the-emulator.html",
    "reference/python-emulator.html",
)
"""A page of each kind: the start, one with tables and code, one from docstrings. Colours are the style's and not a
page's, so a contrast that is too small shows on these."""


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_the_first_page_says_at_once_what_it_is_and_how_to_try_it(comes: Comes, window: dict[str, int]) -> None:
    reader = comes(viewport=window)

    reader.open("index.html")

    expect(reader.page.get_by_role("heading", level=1)).to_be_in_viewport()
    for words in ("Provision people from Microsoft Entra ID into Elium", "make demo", "make test"):
        expect(reader.page.get_by_text(re.compile(words)).first).to_be_in_viewport()


def test_search_finds_a_setting_first_by_the_name_that_graph_gives_it(comes: Comes) -> None:
    reader = comes(viewport=DESK)
    reader.open("index.html")

    reader.page.get_by_role("button", name="Search").first.click()
    reader.page.keyboard.type("SkipOutOfScopeDeletions")
    expect(reader.page.get_by_text(re.compile(r"^\d+ results$"))).to_be_visible()
    reader.page.keyboard.press("Enter")

    expect(reader.page).to_have_url(re.compile(r"/reference/settings\.html.*#eliumskipoutofscopedeletions$"))
    expect(reader.page.locator("#eliumskipoutofscopedeletions")).to_be_in_viewport()


@pytest.mark.parametrize("part", [*PARTS, ELSEWHERE])
def test_every_page_is_whole_and_fits_a_phone(comes: Comes, part: str) -> None:
    reader = comes(viewport=PHONE)
    wrong = []

    for place in places_in(part):
        reader.open(place)
        wrong += [f"{place}: {mistake}" for mistake in mistakes_seen(reader)]

    assert wrong == []


def places_in(part: str) -> list[str]:
    """List the pages of a part of the site; each page is in one of them."""
    folders = {place: place.partition("/")[0] for place in places(SITE)}
    return [place for place, folder in folders.items() if (folder if folder in PARTS else ELSEWHERE) == part]


def mistakes_seen(reader: Reader) -> Iterator[str]:
    """Tell what is wrong with the page that a reader looks at, colours apart."""
    titles = reader.page.get_by_role("heading", level=1).count()
    if titles != 1:
        yield f"{titles} titles"
    if not reader.page.locator("meta[name=description]").get_attribute("content"):
        yield "does not say what it is about"
    if (beyond := reader.width_to_scroll()) > 0:
        yield f"{beyond} px wider than the window"
    yield from serious(Axe().run(reader.page, "article", CONTENT).response)


@pytest.mark.parametrize("place", KINDS)
@pytest.mark.parametrize(("scheme", "window"), [("light", DESK), ("dark", PHONE)], ids=["desk-light", "phone-dark"])
def test_everybody_can_read_a_page(comes: Comes, place: str, scheme: str, window: dict[str, int]) -> None:
    reader = comes(viewport=window, color_scheme=scheme)

    reader.open(place)

    assert reader.page.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]
    assert list(serious(Axe().run(reader.page, options=ALL).response)) == []


def test_a_reader_sees_the_file_that_a_page_speaks_of(comes: Comes) -> None:
    reader = comes(viewport=DESK)
    reader.open("parity.html")

    reader.page.get_by_role("link", name=re.compile("^test_")).first.click()

    expect(reader.page.locator("pre")).to_contain_text("def test_")


def serious(answer: dict[str, Any]) -> Iterator[str]:
    """Name what axe finds that keeps somebody from reading, with the first element that it is about."""
    for violation in answer["violations"]:
        if violation["impact"] in SERIOUS and violation["id"] not in OF_THE_THEME:
            yield f"{violation['id']}, {len(violation['nodes'])} times: {violation['nodes'][0]['html'][:160]}"
