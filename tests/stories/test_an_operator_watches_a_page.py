"""The panel of a stack: how it goes, as it goes; and nobody looks who may not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from operating import Operator, operating
from panels import Panel, panel_of


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture(scope="module")
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


def events(http: httpx2.Client, path: str = "/stacks/dev/events") -> Iterator[str]:
    """Give what is sent to a page that is open."""
    with http.stream("GET", path, timeout=30) as answer:
        data: list[str] = []
        for line in answer.iter_lines():
            if line.startswith("data: "):
                data.append(line.removeprefix("data: "))
            elif not line and data:
                yield "\n".join(data)
                data = []


def test_the_page_says_how_provisioning_goes(panel: Panel) -> None:
    with panel.visitor() as http:
        sent = next(one for one in events(http) if "Provisioning runs." in one)

        assert 'data-part="state"' in sent
        assert "Provisioning runs." in http.get("/stacks/dev").text


def test_a_page_that_is_open_is_told_of_a_pause(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        operator.elium("pause", "dev", "--yes")
        http.post("/stacks/dev/look")

        next(one for one in sent if "The job is switched off" in one)
        operator.elium("start", "dev", "--yes")


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
