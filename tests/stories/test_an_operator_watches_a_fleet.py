"""The panel of many tenants: who needs a look comes first, and each has a page, opened when somebody looks at it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest
from panels import CUTS, Panel, events, running
from tenants import Tenants, many

pytestmark = CUTS

FRAGMENT = {"x-panel-fragment": "1"}


@pytest.fixture
def tenants() -> Iterator[Tenants]:
    with many(4, without_job=1) as tenants:
        yield tenants


@pytest.fixture
def panel(tenants: Tenants) -> Iterator[Panel]:
    with running(("panel", "--fleet", "tenants.yaml"), tenants) as panel:
        yield panel


def rows(http: httpx2.Client, words: str = "") -> list[tuple[str, str]]:
    """Give each tenant of the table, and how it is."""
    shown = http.get("/fleet/tenants", params={"q": words}, headers=FRAGMENT).text
    return re.findall(r'href="/stacks/([^"]+)">.*?<span class="tag \w+">([^<]+)</span>', shown, re.DOTALL)


def until_all_are_asked(http: httpx2.Client) -> None:
    next(one for one in events(http, "/fleet/events") if "<strong>3</strong> running" in one and "no job yet" in one)


def test_who_needs_a_look_comes_first_and_one_who_cannot_be_asked_is_a_row(tenants: Tenants, panel: Panel) -> None:
    with panel.visitor() as http:
        until_all_are_asked(http)
        principal, job = tenants.job_of(tenants.names[1])
        tenants.ask("POST", f"/servicePrincipals/{principal}/synchronization/jobs/{job}/pause")
        http.post("/fleet/look")
        next(one for one in events(http, "/fleet/events") if "<strong>1</strong> off" in one)

        assert rows(http)[:2] == [(tenants.names[1], "off"), (tenants.names[3], "no job yet")]
        assert {state for _, state in rows(http)[2:]} == {"running"}
        assert rows(http, tenants.names[0]) == [(tenants.names[0], "running")]
        assert "It has no job yet. <code>elium fleet up</code>" in http.get("/fleet").text


def test_a_tenant_is_opened_when_somebody_looks_at_it(tenants: Tenants, panel: Panel) -> None:
    name = tenants.names[0]
    with panel.visitor() as http:
        until_all_are_asked(http)

        page = http.get(f"/stacks/{name}").text
        sent = next(one for one in events(http, f"/stacks/{name}/events") if "Provisioning runs." in one)

    assert re.findall(r'<li><a href="([^"]+)"', page) == ["/fleet", f"/stacks/{name}"]
    assert 'data-part="state"' in sent


def test_a_tenant_whose_stack_is_not_known_is_brought_about_by_the_fleet(tenants: Tenants, panel: Panel) -> None:
    name = tenants.names[1]
    with panel.visitor() as http:
        said = next(one for one in events(http, f"/stacks/{name}/events") if f"There is no stack {name}." in one)

    assert f"<code>elium fleet up --tenants {tenants.file} --only {name}</code>" in said
    assert "pulumi up --stack" not in said


def test_a_tenant_is_paused_on_its_page(tenants: Tenants, panel: Panel) -> None:
    name = tenants.names[2]
    with panel.visitor() as http:
        question = http.get(f"/stacks/{name}/pause").text
        answer = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', question))
        http.post(f"/stacks/{name}/pause", data=answer).raise_for_status()

    principal, job = tenants.job_of(name)
    found = tenants.ask("GET", f"/servicePrincipals/{principal}/synchronization/jobs/{job}")
    assert found["status"]["code"] == "Paused"


def test_a_job_that_is_gone_is_a_row_that_says_so(tenants: Tenants, panel: Panel) -> None:
    with panel.visitor() as http:
        until_all_are_asked(http)
        principal, job = tenants.job_of(tenants.names[0])
        tenants.ask("DELETE", f"/servicePrincipals/{principal}/synchronization/jobs/{job}")
        http.post("/fleet/look")
        next(one for one in events(http, "/fleet/events") if "<strong>2</strong> no job yet" in one)


def test_a_tenant_that_is_none_is_told_of(panel: Panel) -> None:
    with panel.visitor() as http:
        answer = http.get("/stacks/nobody")

    assert answer.status_code == 409
    assert "There is no tenant &#39;nobody&#39; in tenants.yaml." in answer.text


def test_the_file_is_watched(tenants: Tenants, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http, "/fleet/events")
        next(one for one in sent if "<strong>3</strong> running" in one)

        tenants.file.write_text("tenants: [{name: x}]", encoding="utf-8")
        next(one for one in sent if "tenants.yaml:1:" in one)
        tenants.declare(tenants.rows[:2])

        next(one for one in sent if "<strong>2</strong> running" in one and "tenants.yaml" not in one)
        assert len(rows(http)) == 2


def test_no_page_has_a_token(tenants: Tenants, panel: Panel) -> None:
    with panel.visitor() as http:
        until_all_are_asked(http)
        seen = [http.get(path).text for path in ("/fleet", "/fleet/tenants", f"/stacks/{tenants.names[0]}")]

    tokens = [value for name, value in tenants.environment.items() if "SECRET" in name or "TOKEN" in name]
    assert tokens
    assert [token for token in tokens for text in seen if token in text] == []
