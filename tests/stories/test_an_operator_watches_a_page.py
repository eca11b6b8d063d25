"""The panel of a stack: how it goes, as it goes; and nobody looks who may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from operating import Operator, operating
from panels import CUTS, Panel, events, panel_of

pytestmark = CUTS

FRAGMENT = {"x-panel-fragment": "1"}


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture(scope="module")
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


@pytest.fixture
def running(operator: Operator, panel: Panel) -> Iterator[None]:
    """Leave the job as it was, and the panel with what it is."""
    yield
    operator.elium("start", "dev", "--yes")
    with panel.visitor() as http:
        http.post("/stacks/dev/look")


def test_the_page_says_how_provisioning_goes(panel: Panel) -> None:
    with panel.visitor() as http:
        sent = next(one for one in events(http) if "Provisioning runs." in one)

        assert 'data-part="state"' in sent
        assert "Provisioning runs." in http.get("/stacks/dev").text


@pytest.mark.usefixtures("running")
def test_a_page_that_is_open_is_told_of_a_pause(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        operator.elium("pause", "dev", "--yes")
        http.post("/stacks/dev/look")

        next(one for one in sent if "The job is switched off" in one)


def test_the_log_comes_with_what_helps(panel: Panel) -> None:
    with panel.visitor() as http:
        sent = next(one for one in events(http) if "<bdi>ada.byron@contoso.com</bdi>" in one and "log-lines" in one)

    assert "somebody whom it refers to, such as the manager, is not at the target" in sent
    assert "To do: bring them into scope, then restart" in sent


def test_the_file_is_watched_and_what_it_would_change_is_said(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        first = next(one for one in sent if "To do it" in one)
        operator.declared["groups"] = ["Nobody knows them"]
        try:
            operator.folder.joinpath("Pulumi.dev.yaml").write_text("config: {elium:groups: [x]}\n", encoding="utf-8")
            wrong = next(one for one in sent if "Nobody knows them" in one)
        finally:
            operator.declared["groups"] = ["Elium users"]
        http.post("/stacks/dev/plan")
        again = next(one for one in sent if "To do it" in one)

    assert "users.title: [jobTitle] → [department]" in first
    assert "pulumi up --stack dev" in first
    assert "elium:groups.0: &#39;Nobody knows them&#39; does not exist." in wrong
    assert "users.title: [jobTitle] → [department]" in again


def test_who_stands_how_is_asked_anew_after_a_cycle(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "<strong>10</strong> provisioned" in one)

        newcomer = operator.hire("Nia Okafor", userPrincipalName="nia@contoso.com", mailNickname="nia")
        operator.assign(newcomer)
        operator.served.advance(timedelta(minutes=40))
        http.post("/stacks/dev/look")
        next(one for one in sent if "<strong>11</strong> provisioned" in one)

        operator.ask("DELETE", f"/users/{newcomer}")
        operator.served.advance(timedelta(minutes=40))
        http.post("/stacks/dev/look")
        next(one for one in sent if "<strong>10</strong> provisioned" in one)


def test_of_many_people_it_is_said_that_a_cycle_has_ended_since(
    operator: Operator, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioning.panel.stack.place.FEW", 0)
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "<strong>10</strong> provisioned" in one)

        operator.served.advance(timedelta(minutes=40))
        http.post("/stacks/dev/look")
        next(one for one in sent if "A cycle has ended since: look again" in one)

        http.post("/stacks/dev/people/look")
        next(one for one in sent if "Asked at" in one and "A cycle has ended since" not in one)


def test_people_are_searched_by_whoever_has_no_script(panel: Panel) -> None:
    with panel.visitor() as http:
        next(one for one in events(http) if "<strong>10</strong> provisioned" in one)

        page = http.get("/stacks/dev/people?q=ADA&standing=provisioned").text

    assert "<h1>People of dev</h1>" in page
    assert re.findall("<bdi>([^<]+)</bdi></a>", page) == ["Ada Byron (ada.byron@contoso.com)"]


def test_a_person_is_explained_at_an_address(operator: Operator, panel: Panel) -> None:
    at = f"/stacks/dev/people/{operator.id_of('ada.byron@contoso.com')}"
    with panel.visitor() as http:
        whole, part = http.get(at).text, http.get(at, headers=FRAGMENT).text

    assert "<h1><bdi>Ada Byron" in whole
    assert part.startswith("<h2><bdi>Ada Byron")
    assert "In scope; " in part


def test_of_whom_the_log_says_nothing_there_is_no_heading_for_it(operator: Operator, panel: Panel) -> None:
    at = operator.hire("Not Yet", userPrincipalName="not.yet@contoso.com", mailNickname="not.yet")
    with panel.visitor() as http:
        assert "In the log" not in http.get(f"/stacks/dev/people/{at}").raise_for_status().text


def test_who_is_not_there_is_told_of_with_what_to_do(panel: Panel) -> None:
    with panel.visitor() as http:
        answer = http.get("/stacks/dev/people/nobody@contoso.com")

    assert answer.status_code == 409
    assert "There is no user &#39;nobody@contoso.com&#39; in this tenant." in answer.text
    assert "Write a user principal name or an object id." in answer.text


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "wants its key"),
        ({"cookie": "elium-panel-1=x"}, "wants its key"),
        ({"host": "panel.example:80"}, "under the names of this machine only"),
        ({"origin": "https://elsewhere.example"}, "pages of another origin"),
    ],
)
def test_who_has_not_opened_the_address_sees_nothing(panel: Panel, headers: dict[str, str], why: str) -> None:
    answer = httpx2.get(f"{panel.origin}/stacks/dev", headers=headers)

    assert (answer.status_code, why in answer.text) == (403, True)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_wrong_key_opens_nothing(panel: Panel) -> None:
    answer = httpx2.get(f"{panel.origin}/?key=x")

    assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None)


def test_the_key_leaves_the_address_at_once(panel: Panel) -> None:
    answer = httpx2.get(panel.address)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly; Path=/; SameSite=strict" in answer.headers["set-cookie"]


def test_nothing_is_changed_by_a_page_of_somebody_else(panel: Panel) -> None:
    with panel.visitor() as http:
        del http.headers["origin"]

        assert http.post("/stacks/dev/look").status_code == 403
        assert http.post("/stacks/dev/look", headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_no_answer_has_the_key_or_the_token(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        seen = [http.get(path) for path in ("/stacks/dev", "/static/panel.js", "/static/panel.css", "/nowhere")]

    token = operator.environment["ELIUM_SECRET_TOKEN"]
    assert [secret for secret in (token, panel.key) for one in seen if secret in one.text] == []
    assert panel.key not in panel.err.getvalue()
