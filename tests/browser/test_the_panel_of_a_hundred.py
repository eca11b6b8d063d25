"""A hundred tenants on one page: who needs a look is seen first, at a desk and on a phone, and when Graph is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from browser.pages import DESK, PATIENCE, PHONE, Reader, serious
from panels import CUTS, Panel, running
from playwright.sync_api import expect
from tenants import Tenants, many

from emulator.moods.faults import Fault

pytestmark = CUTS

expect.set_options(timeout=PATIENCE)

Comes = Callable[..., Reader]

REFUSED = 10
"""Of how many the secret is wrong."""


@pytest.fixture(scope="module")
def tenants() -> Iterator[Tenants]:
    with many(100, without_job=5) as tenants:
        tenants.environment["WRONG"] = "not-the-secret"
        names = {"tenantId": "ARM_TENANT_ID", "clientId": "ARM_CLIENT_ID", "metadataHost": "ARM_METADATA_HOSTNAME"}
        refused = {name: tenants.environment[variable] for name, variable in names.items()}
        for row in tenants.rows[:REFUSED]:
            row["entra"] = {**refused, "clientSecret": "env:WRONG"}
        tenants.declare(tenants.rows)
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
        expect(reader.page.locator("#summary")).to_contain_text("85 running")
        expect(reader.page.locator("#summary")).to_contain_text("All were asked by")
        expect(reader.page.locator("#tenants-rows tbody tr")).to_have_count(100)
        return reader

    return watch


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_read_it(watches: Comes, window: dict[str, int], scheme: str) -> None:
    reader = watches(viewport=window, color_scheme=scheme, bypass_csp=True)

    assert reader.width_to_scroll() <= 0
    assert serious(reader) == []


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_ten_in_the_same_trouble_come_first_and_say_it_once(
    watches: Comes, tenants: Tenants, window: dict[str, int]
) -> None:
    page = watches(viewport=window).page
    rows = page.locator("#tenants-rows tbody tr")
    first = min(tenants.names[:REFUSED])

    expect(rows.nth(0)).to_contain_text("Invalid client secret")
    expect(page.locator("#tenants-rows").get_by_text("Invalid client secret")).to_have_count(1)
    expect(page.locator("#tenants-rows").get_by_text(f"The same as {first}.")).to_have_count(REFUSED - 1)
    expect(rows.nth(REFUSED)).to_contain_text("no job yet")
    expect(rows.nth(0).get_by_role("cell").last).to_be_in_viewport()


def test_a_look_that_hears_nothing_new_draws_nothing_anew(watches: Comes) -> None:
    page = watches(viewport=DESK).page
    before = page.locator("#summary time").inner_text()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))

    page.get_by_role("button", name="Look now").click()
    expect(page.locator("#summary")).to_contain_text("All are asked")
    expect(page.locator("#summary")).not_to_contain_text("All are asked")

    assert before
    assert [url for url in fetched if "/fleet/tenants" in url] == []


def test_when_graph_is_gone_all_say_so_and_come_back_by_themselves(watches: Comes, tenants: Tenants) -> None:
    page = watches(viewport=DESK).page
    faults = tenants.served.emulator.entra.faults

    with ThreadPoolExecutor(1) as thread:
        # Not where one signs in: an answer like this is kept there for a minute by Microsoft's library.
        fault = Fault(route="GET /servicePrincipals/{id}/synchronization/jobs", status=503, times=None)
        thread.submit(faults.add, [fault]).result()
        page.get_by_role("button", name="Look now").click()
        expect(page.locator("#summary")).to_contain_text("95 not reached")
        expect(page.locator("#tenants-rows").get_by_text("Heard last at")).to_have_count(85)
        thread.submit(faults.clear).result()
        page.get_by_role("button", name="Look now").click()

    expect(page.locator("#summary")).to_contain_text("85 running")
    expect(page.locator("#tenants-rows").get_by_text("Heard last at")).to_have_count(0)
