"""A newcomer at the page of the demonstration, in a real browser: what they see, press and wait for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from browser.pages import DESK, PATIENCE, PHONE, Reader, serious
from operating import Operator, operating
from panels import CUTS, Panel, panel_of
from playwright.sync_api import expect

pytestmark = CUTS

expect.set_options(timeout=PATIENCE)

SERIOUS = frozenset({"serious", "critical"})
NIA = "nia.okafor@contoso.com"
HOSTILE = "<script>document.title='owned'</script>"

Comes = Callable[..., Reader]


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


@pytest.fixture
def newcomer(enters: Comes) -> Comes:
    """Let somebody open the page, and wait until it is followed."""

    def come(*, query: str = "", **window: object) -> Reader:
        reader = enters(**{"viewport": DESK, **window})
        if query:
            reader.open(f"company{query}")
        expect(reader.page.locator("html")).to_have_attribute("data-live", "yes")
        return reader

    return come


def press(reader: Reader, name: str | re.Pattern[str]) -> None:
    reader.page.get_by_role("button", name=name).click()


def unfold(reader: Reader, words: str) -> None:
    reader.page.get_by_text(words, exact=True).click()


def test_a_newcomer_sees_a_hire_go_from_left_to_right(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page
    people, wire, accounts, told = (page.locator(f"#{name}") for name in ("people", "wire", "accounts", "told"))

    unfold(reader, "Somebody joins")
    press(reader, "Let them join")
    expect(told).to_contain_text("Nia Okafor joins the company and Elium users.")
    expect(people).to_contain_text("Nia Okafor")
    expect(accounts).not_to_contain_text(NIA)
    press(reader, "Next cycle")

    expect(told).to_contain_text("1 created")
    expect(wire).to_contain_text(f"{NIA} is made at Elium.")
    expect(accounts.get_by_role("listitem").first).to_contain_text(NIA)


def test_who_leaves_is_closed_in_the_third_column(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page

    page.locator("#people").get_by_role("link", name="Alan Turing").click()
    press(reader, "Leave the group")
    expect(page.locator("#told")).to_contain_text("The account at Elium is disabled, not deleted")
    press(reader, "Next cycle")

    expect(page.locator("#accounts").get_by_role("listitem").first).to_contain_text("closed")
    expect(page.locator("#accounts .lit")).to_contain_text("alan.turing@contoso.com")
    expect(page.locator("#people .lit")).to_contain_text("not assigned")
    expect(page.locator("#wire .lit").first).to_contain_text("closed, not deleted")


def test_what_breaks_is_quarantined_and_what_is_mended_is_released(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page
    how = page.locator("#how")

    unfold(reader, "Break things")
    press(reader, "Elium refuses the token")
    expect(page.locator("#break-token")).to_have_attribute("aria-pressed", "true")
    press(reader, "Next cycle")
    expect(how).to_contain_text("The job is in quarantine")
    expect(page.locator("#wire")).to_contain_text("refused: 401 Unauthorized")

    press(reader, "Mend everything")
    expect(page.locator("#break-token")).to_have_attribute("aria-pressed", "false")
    press(reader, "Until the quarantine ends")

    expect(how).to_contain_text("Provisioning runs.")
    expect(page.locator("#told")).to_contain_text("The quarantine has ended.")


def test_the_wire_stands_still_while_somebody_reads_it(newcomer: Comes, operator: Operator) -> None:
    reader = newcomer()
    page = reader.page
    newest = page.locator("#wire summary").first
    expect(newest).to_contain_text("09:00")
    newest.click()
    expect(page.locator("#wire pre").first).to_be_visible()

    operator.served.advance(timedelta(minutes=40))
    expect(page.locator("#clock")).to_contain_text("09:40")
    expect(newest).to_contain_text("09:00")
    expect(page.locator("#wire[data-waits]")).to_be_attached()

    page.locator("h1").hover()
    page.evaluate("document.activeElement.blur()")
    expect(newest).to_contain_text("09:40")
    expect(page.locator("#wire[data-waits]")).not_to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_read_it(newcomer: Comes, window: dict[str, int], scheme: str) -> None:
    reader = newcomer(query="?who=ada.byron@contoso.com", viewport=window, color_scheme=scheme)
    for words in ("Somebody joins", "Break things"):
        unfold(reader, words)
    press(reader, "The user name is taken")
    expect(reader.page.locator("#break-taken")).to_have_attribute("aria-pressed", "true")
    reader.page.locator("#wire summary").first.click()

    assert serious(reader) == []
    assert reader.width_to_scroll() <= 0


def test_on_a_phone_each_column_is_a_touch_away(newcomer: Comes) -> None:
    reader = newcomer(viewport=PHONE, has_touch=True)

    for name in ("Wire", "Elium", "Company"):
        reader.page.get_by_role("navigation", name="On this page").get_by_role("link", name=name).tap()
        expect(reader.page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()


@pytest.mark.parametrize("name", [HOSTILE, "ليلى العمري", "李 小龍", "שרה כהן \u202eevil\u202c", "Zoë Ǆuro"])
def test_a_name_is_text_whatever_it_is(newcomer: Comes, name: str) -> None:
    reader = newcomer()
    unfold(reader, "Somebody joins")
    reader.page.get_by_label("Name", exact=True).fill(name)
    press(reader, "Let them join")
    expect(reader.page.locator("#told")).to_contain_text("joins the company")
    press(reader, "Next cycle")

    expect(reader.page.locator("#told")).to_contain_text("1 created")
    shown = name.translate(dict.fromkeys(map(ord, "\u202e\u202c")))
    expect(reader.page.locator("#people bdi").filter(has_text=shown).first).to_be_visible()
    expect(reader.page.locator("#accounts bdi").filter(has_text=shown).first).to_be_attached()
    assert reader.page.title() == "Company, wire, Elium · elium panel"
    assert reader.page.locator("main script").count() == 0


def test_the_keyboard_alone_is_enough(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page

    tab_to(page, "summary", "Somebody joins")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Let them join")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Nia Okafor joins")
    expect(page.locator("#join-now")).to_be_focused()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    tab_to(page, "button", "Next cycle")
    page.keyboard.press("Space")

    expect(page.locator("#accounts")).to_contain_text(NIA)
    expect(page.locator("#step-cycle")).to_be_focused()


def test_a_button_says_what_it_would_do_now_to_whoever_stays_on_it(newcomer: Comes) -> None:
    page = newcomer(query="?who=alan.turing@contoso.com").page

    tab_to(page, "button", "Leave the group")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-group")).to_have_text("Join a group")
    expect(page.locator("#turn-group")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#told")).to_contain_text("Alan Turing joins Elium users.")
    expect(page.locator("#turn-group")).to_have_text("Leave the group")
    expect(page.locator("#turn-group")).to_be_focused()


def test_what_is_written_stays_while_others_change_what_is_around_it(newcomer: Comes, operator: Operator) -> None:
    page = newcomer(query="?who=alan.turing@contoso.com").page
    page.locator("#move-title").fill("half of a ti")
    page.locator("h1").hover()
    page.evaluate("document.activeElement.blur()")

    operator.ask("PATCH", f"/users/{operator.id_of('alan.turing@contoso.com')}", {"accountEnabled": False})
    expect(page.locator("#turn-account")).to_have_text("Enable the account")

    expect(page.locator("#move-title")).to_have_value("half of a ti")


def test_a_button_that_is_pressed_twice_does_it_once_and_the_form_is_empty_then(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page
    unfold(reader, "Somebody joins")
    name = page.get_by_label("Name", exact=True)
    name.fill("Zoe Zabel")

    page.get_by_role("button", name="Let them join").dblclick()
    expect(page.locator("#told")).to_contain_text("Zoe Zabel joins the company")
    expect(name).to_have_value("")
    press(reader, "Next cycle")

    expect(page.locator("#told")).to_contain_text("1 created")


def test_a_mistake_that_is_closed_leaves_the_page_where_it_was(newcomer: Comes) -> None:
    reader = newcomer()
    page = reader.page
    press(reader, "Next cycle")
    expect(page.locator("#told")).to_contain_text("One cycle ran.")
    page.get_by_label("title comes from").fill("Join(")
    # Which a browser complains of, as of every answer that is not well.
    page.locator("#map-title").click()
    expect(page.locator("#told")).to_contain_text("It did not work")
    reader.complaints.clear()

    page.locator("#told").get_by_role("link", name="Close").click()

    expect(page.locator("#told")).to_contain_text("One cycle ran.")
    expect(page.get_by_label("title comes from")).to_have_value("Join(")


def tab_to(page: Any, kind: str, words: str) -> None:
    wanted = page.locator(kind).filter(has_text=re.compile(rf"^{re.escape(words)}$"))
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"{words} is not reached by the keyboard")
