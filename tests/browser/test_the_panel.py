"""The panel of a stack in a browser: at a desk and on a phone, by keyboard, whatever people are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from browser.conftest import Opens
from browser.pages import DESK, PATIENCE, PHONE, Reader, serious
from operating import Operator, operating
from panels import CUTS, Panel, panel_of
from playwright.sync_api import expect

pytestmark = CUTS

expect.set_options(timeout=PATIENCE)

Comes = Callable[..., Reader]

HOSTILE = '<script>document.title="taken"</script>'
OVERRIDE = "\u202e"
"""By which all that follows in a paragraph would be read from right to left."""

RIGHT_TO_LEFT = f"{OVERRIDE}محمد الخوارزمي"
CHINESE = "王小明"


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    with operating() as operator:
        for number, name in enumerate((HOSTILE, RIGHT_TO_LEFT, CHINESE)):
            at = f"hostile{number}@contoso.com"
            operator.assign(operator.hire(name, userPrincipalName=at, mailNickname=f"hostile{number}"))
        operator.cycle()
        yield operator


@pytest.fixture(scope="module")
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


@pytest.fixture
def watches(enters: Comes) -> Comes:
    """Let somebody come who has opened the address, and wait until all that is asked for at first is there."""

    def watch(**window: object) -> Reader:
        reader = enters(**window)
        # Beside an emulator the demonstration comes first.
        reader.open("stacks/dev")
        expect(reader.page.locator("html[data-live=yes]")).to_be_attached()
        expect(reader.page.get_by_text("Provisioning runs.").first).to_be_visible()
        expect(reader.page.get_by_role("table")).to_contain_text("Ada Byron")
        expect(reader.page.locator("#plan")).to_contain_text("To do it")
        expect(reader.page.locator("#log-lines")).to_be_visible()
        return reader

    return watch


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_read_it(watches: Comes, window: dict[str, int], scheme: str) -> None:
    reader = watches(viewport=window, color_scheme=scheme, bypass_csp=True)

    assert reader.width_to_scroll() <= 0
    assert serious(reader) == []


def test_what_is_asked_can_be_read_by_everybody(watches: Comes) -> None:
    reader = watches(viewport=PHONE, bypass_csp=True)

    reader.page.get_by_role("link", name="Ada Byron").click()
    expect(reader.page.get_by_role("dialog")).to_contain_text("In scope")

    assert reader.width_to_scroll() <= 0
    assert serious(reader) == []


def test_the_keyboard_alone_pauses_and_starts(watches: Comes, operator: Operator) -> None:
    page = watches(viewport=DESK).page

    tab_to(page, "Pause …")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Pause provisioning?")).to_be_visible()
    tab_to(page, "Pause")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Provisioning is paused.")
    page.keyboard.press("Escape")

    expect(page.locator("#state")).to_contain_text("The job is switched off")
    expect(page.locator("#said")).to_have_text(re.compile("The job is switched off"))
    assert aside(operator.status)["code"] == "Paused"
    expect(page.locator("#switch1")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Start provisioning?")).to_be_visible()
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Provisioning is started.")
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_contain_text("Provisioning runs.")
    assert aside(operator.status)["code"] == "Active"


def test_names_are_shown_and_never_run(watches: Comes) -> None:
    page = watches(viewport=PHONE).page

    for name in (HOSTILE, RIGHT_TO_LEFT, CHINESE):
        shown = name.removeprefix(OVERRIDE)
        page.get_by_role("searchbox").fill(shown)
        expect(page.locator("#people-rows tbody tr")).to_have_count(1)
        expect(page.locator("#people-rows bdi")).to_contain_text(shown)
        page.locator("#people-rows a").click()
        expect(page.get_by_role("dialog").locator(".state")).to_contain_text(shown)
        assert OVERRIDE not in page.locator("body").inner_text()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()

    expect(page).to_have_title("dev · elium panel")


def test_people_are_found_as_it_is_typed_and_how_many_is_said(watches: Comes) -> None:
    page = watches(viewport=DESK).page

    page.get_by_role("searchbox").press_sequentially("ada")

    expect(page.locator("#people-rows tbody tr")).to_have_count(1)
    expect(page.locator("#people-said")).to_have_text("1 person")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_log_shows_what_was_done_without_what_was_skipped(watches: Comes) -> None:
    page = watches(viewport=DESK).page
    skipped = page.locator("#log li", has_text="NotEffectivelyEntitled")
    expect(skipped.first).to_be_visible()

    page.get_by_label("Show").select_option("what was done or failed")

    expect(skipped.first).to_be_hidden()
    expect(page.locator("#log li", has_text="ada.byron@contoso.com")).to_be_visible()


def test_a_part_that_is_drawn_anew_keeps_the_focus_and_what_is_unfolded(watches: Comes, operator: Operator) -> None:
    page = watches(viewport=DESK).page
    page.locator("#plan-text summary").click()
    page.locator("#work-out").focus()
    before = page.locator("#plan").inner_text()

    operator.folder.joinpath("Pulumi.dev.yaml").write_text("config: {elium:groups: [Elium users]}\n", encoding="utf-8")
    operator.declared["mappings"] = {"users": {"title": "[displayName]"}}
    page.keyboard.press("Enter")

    expect(page.locator("#plan")).to_contain_text("[jobTitle] → [displayName]")
    assert page.locator("#plan").inner_text() != before
    expect(page.locator("#work-out")).to_be_focused()
    expect(page.locator("#plan-text pre")).to_be_visible()

    page.locator("#plan-text summary").focus()
    operator.declared["mappings"] = {"users": {"title": "[mail]"}}
    operator.folder.joinpath("Pulumi.dev.yaml").write_text("config: {elium:groups: []}\n", encoding="utf-8")

    expect(page.locator("#plan")).to_contain_text("[jobTitle] → [mail]")
    expect(page.locator("#plan-text summary")).to_be_focused()


def test_who_comes_back_to_the_page_finds_untouched_what_is_the_same(watches: Comes, operator: Operator) -> None:
    page = watches(viewport=DESK).page
    page.locator("#look").click()
    page.evaluate("document.getElementById('log-lines').dataset.here = 'yes'")

    for hidden in ("true", "false"):
        page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    operator.declared["mappings"] = {"users": {"title": "[surname]"}}
    operator.folder.joinpath("Pulumi.dev.yaml").write_text("config: {elium:groups: [back]}\n", encoding="utf-8")
    expect(page.locator("#plan")).to_contain_text("[jobTitle] → [surname]")

    expect(page.locator("#log-lines")).to_have_attribute("data-here", "yes")


def test_the_page_of_people_that_is_looked_at_stays_when_they_are_asked_for_anew(
    watches: Comes, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioning.panel.stack.people.A_PAGE", 5)
    page = watches(viewport=DESK).page
    page.get_by_label("Who").select_option("provisioned")
    expect(page.locator("#people-rows")).to_contain_text("13 people, page 1 of 3")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#people-rows")).to_contain_text("page 2 of 3")
    page.locator("h1").hover()
    page.evaluate("document.activeElement.blur()")

    operator.served.advance(timedelta(minutes=1))
    with page.expect_response(lambda answer: "/people?" in answer.url) as anew:
        page.locator("#people-look").click()

    assert "page=2" in anew.value.url
    expect(page.locator("#people-rows")).to_contain_text("page 2 of 3")


def test_a_command_is_copied_by_the_keyboard_and_said(watches: Comes) -> None:
    reader = watches(viewport=DESK)
    page = reader.page
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.locator("#copy-up").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "pulumi up --stack dev"
    expect(page.locator("#copy-up")).to_be_focused()
    expect(page.locator("#copy-up")).to_have_text("Copy")


def test_in_a_question_the_command_is_copied_and_said_there(watches: Comes) -> None:
    reader = watches(viewport=PHONE)
    page = reader.page
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Pause …").click()
    question = page.get_by_role("dialog")
    expect(question).to_be_focused()

    question.get_by_role("button", name="Copy").click()

    expect(question.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("elium pause dev --doit ")


def test_what_may_not_be_copied_is_chosen(watches: Comes) -> None:
    page = watches(viewport=DESK).page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")

    page.locator("#copy-checksum").click()

    expect(page.locator("#copied")).to_have_text("Chosen: copy it yourself")
    assert page.evaluate("getSelection().toString()") == page.locator("#plan dd code").first.inner_text()


def test_without_a_script_there_is_nothing_to_copy_with(enters: Comes) -> None:
    reader = enters(viewport=DESK, java_script_enabled=False)
    reader.open("stacks/dev")

    expect(reader.page.locator("#copy-up")).to_be_hidden()


def test_a_panel_that_has_ended_is_said_and_what_was_heard_stays(opens: Opens, operator: Operator) -> None:
    with panel_of(operator) as other:
        reader = opens(other.origin, viewport=PHONE)
        page = reader.page
        page.goto(other.address, wait_until="load")
        page.goto(f"{other.origin}/stacks/dev", wait_until="load")
        expect(page.locator("html[data-live=yes]")).to_be_attached()
        expect(page.get_by_role("table")).to_contain_text("Ada Byron")

    expect(page.locator("#connection")).to_contain_text("elium panel does not answer")
    expect(page.locator("#connection")).to_be_in_viewport()
    page.get_by_role("searchbox").fill("ada")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("table")).to_contain_text("Ada Byron")
    # The browser complains of what did not answer, and of another origin, for as long as the page is there.
    page.goto("about:blank")
    reader.complaints.clear()


def test_two_pages_show_the_same(watches: Comes, operator: Operator) -> None:
    one, other = watches(viewport=DESK), watches(viewport=PHONE)

    aside(operator.elium, "pause", "dev", "--yes")
    one.page.locator("#look").click()
    for each in (one, other):
        expect(each.page.locator("#state")).to_contain_text("The job is switched off")

    aside(operator.elium, "start", "dev", "--yes")
    other.page.locator("#look").click()
    for each in (one, other):
        expect(each.page.locator("#state")).to_contain_text("Provisioning runs.")


def test_without_a_script_a_pause_is_asked_about_on_a_page(enters: Comes) -> None:
    reader = enters(viewport=PHONE, java_script_enabled=False)
    page = reader.page
    reader.open("stacks/dev")

    page.get_by_role("button", name="Pause …").click()

    expect(page.get_by_role("heading", level=1, name="Pause provisioning?")).to_be_visible()
    page.get_by_role("link", name="Leave it as it is").click()
    expect(page.get_by_role("heading", level=1, name="dev")).to_be_visible()


def test_the_sixth_page_says_that_it_is_not_followed_until_another_is_closed(enters: Comes, panel: Panel) -> None:
    reader = enters(viewport=DESK)
    pages = [reader.page, *(reader.context.new_page() for _ in range(5))]
    for page in pages[:5]:
        page.goto(panel.address, wait_until="load")
        expect(page.locator("html[data-live=yes]")).to_be_attached()

    pages[5].goto(panel.address, wait_until="load")
    expect(pages[5].locator("#connection")).to_contain_text("Not followed")

    pages[0].close()
    expect(pages[5].locator("html[data-live=yes]")).to_be_attached()
    expect(pages[5].locator("#connection")).to_have_text("")


def tab_to(page: Any, name: str) -> None:
    """Press the tab key until the button of this name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == name:
            return
    raise AssertionError(f"no way by keyboard to {name!r}")


def aside(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in a thread of its own: playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *arguments).result()
