"""The panel of many tenants in a browser: read by everybody, live, searched, and the way to the page of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser.pages import DESK, PATIENCE, PHONE, Reader, serious
from panels import CUTS, Panel, running
from playwright.sync_api import expect
from tenants import Tenants, many

pytestmark = CUTS

expect.set_options(timeout=PATIENCE)

Comes = Callable[..., Reader]


@pytest.fixture(scope="module")
def tenants() -> Iterator[Tenants]:
    with many(6, without_job=1) as tenants:
        yield tenants


@pytest.fixture(scope="module")
def panel(tenants: Tenants) -> Iterator[Panel]:
    with running(("panel", "--fleet", "tenants.yaml"), tenants) as panel:
        yield panel


@pytest.fixture
def watches(enters: Comes) -> Comes:
    """Let somebody come who has opened the address, and wait until everybody was asked about."""

    def watch(**window: object) -> Reader:
        reader = enters(**window)
        expect(reader.page.locator("html[data-live=yes]")).to_be_attached()
        expect(reader.page.locator("#summary")).to_contain_text("5 running")
        expect(reader.page.locator("#summary")).to_contain_text("1 no job yet")
        expect(reader.page.locator("#tenants-rows tbody tr")).to_have_count(6)
        return reader

    return watch


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_read_it(watches: Comes, window: dict[str, int], scheme: str) -> None:
    reader = watches(viewport=window, color_scheme=scheme, bypass_csp=True)

    assert reader.width_to_scroll() <= 0
    assert serious(reader) == []


def test_who_needs_a_look_comes_to_the_top_by_itself(watches: Comes, tenants: Tenants) -> None:
    page = watches(viewport=DESK).page
    principal, job = tenants.job_of(tenants.names[2])
    at = f"/servicePrincipals/{principal}/synchronization/jobs/{job}"

    tenants.ask("POST", f"{at}/pause")
    page.get_by_role("button", name="Look now").click()

    expect(page.locator("#tenants-rows tbody tr").first).to_contain_text(tenants.names[2])
    expect(page.locator("#tenants-rows tbody tr").first).to_contain_text(f"elium start {tenants.names[2]}")
    tenants.ask("POST", f"{at}/start")
    page.get_by_role("button", name="Look now").click()
    expect(page.locator("#summary")).to_contain_text("5 running")


def test_a_search_stays_while_the_table_is_drawn_anew(watches: Comes, tenants: Tenants) -> None:
    page = watches(viewport=DESK).page
    page.get_by_role("searchbox").press_sequentially(tenants.names[3])
    expect(page.locator("#tenants-rows tbody tr")).to_have_count(1)

    principal, job = tenants.job_of(tenants.names[3])
    at = f"/servicePrincipals/{principal}/synchronization/jobs/{job}"
    tenants.ask("POST", f"{at}/pause")
    page.get_by_role("button", name="Look now").click()

    expect(page.locator("#tenants-rows tbody tr")).to_contain_text("The job is switched off")
    expect(page.locator("#tenants-rows tbody tr")).to_have_count(1)
    expect(page.locator("#tenants-said")).to_have_text("1 tenant")
    tenants.ask("POST", f"{at}/start")
    page.get_by_role("button", name="Look now").click()
    expect(page.locator("#summary")).to_contain_text("5 running")


def test_what_is_wrong_with_the_file_is_read_aloud_once(watches: Comes, tenants: Tenants) -> None:
    page = watches(viewport=DESK).page
    page.evaluate(
        "window.alerts = 0; new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach("
        "(node) => { window.alerts += node.matches?.('[role=alert]') ? 1 : 0; })))"
        ".observe(document.getElementById('summary'), { childList: true, subtree: true })"
    )

    tenants.file.write_text("tenants: [", encoding="utf-8")
    expect(page.locator("#summary .trouble")).to_be_visible()
    page.get_by_role("button", name="Look now").click()
    expect(page.locator("#summary")).to_contain_text("All are asked")
    expect(page.locator("#summary")).not_to_contain_text("All are asked")
    said = page.evaluate("window.alerts")
    tenants.declare(tenants.rows)

    expect(page.locator("#summary .trouble")).to_have_count(0)
    assert said == 1


def test_a_name_leads_to_the_page_of_a_tenant_and_back(watches: Comes, tenants: Tenants) -> None:
    page = watches(viewport=PHONE).page

    page.get_by_role("link", name=tenants.names[0]).click()

    expect(page.get_by_role("heading", level=1, name=tenants.names[0])).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Provisioning runs.")
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_count(2)
    page.get_by_role("link", name="fleet").click()
    expect(page.get_by_role("heading", level=1, name="fleet")).to_be_visible()
