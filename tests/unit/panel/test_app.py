"""Who may ask for what, and how it is told that something is not there, is too much, or went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from provisioning.panel.app import MOST_BYTES, fields_of, panel_app
from provisioning.panel.live import Live
from provisioning.panel.locks import Locks

KEY = "the-key"
FIELD = "name="
HOST = "http://127.0.0.1:4711"


@dataclass
class Page:
    """A page with a form, and something that goes wrong."""

    path: str = "/page"
    title: str = "page"
    template: str = "told"
    live: Live = field(default_factory=lambda: Live({}))

    def routes(self) -> Sequence[Route]:
        async def counted(request: Request) -> Response:
            return PlainTextResponse(str(len((await fields_of(request))["name"])))

        async def wrong(_: Request) -> Response:
            raise ZeroDivisionError

        return [Route("/page/form", counted, methods=["POST"]), Route("/page/wrong", wrong)]

    async def watch(self) -> None:
        raise NotImplementedError


async def ask(
    method: str, path: str, *, port: int = 4711, body: bytes = b"", headers: dict[str, str] | None = None
) -> httpx2.Response:
    app = Locks(panel_app([Page()]), port, KEY)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    ours = {"cookie": f"elium-panel-{port}={KEY}", "origin": f"http://127.0.0.1:{port}", **(headers or {})}
    async with httpx2.AsyncClient(transport=transport, base_url=HOST, headers=ours) as http:
        return await http.request(method, path, content=body)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/elsewhere", 404, "There is no such page."),
        ("GET", "/static/..%2Fpages.py", 404, "There is no such page."),
        ("DELETE", "/page/form", 405, "Method Not Allowed: DELETE."),
        ("GET", "/page/wrong", 500, "The panel made a mistake. Nothing more was done."),
    ],
)
async def test_what_is_not_done_is_told_on_a_page(method: str, path: str, status: int, said: str) -> None:
    answer = await ask(method, path)

    assert (answer.status_code, f"<strong>{said}</strong>" in answer.text) == (status, True)
    assert '<a href="/page">Back to page</a>' in answer.text.replace(" data-close", "")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
async def test_a_form_is_as_long_as_anybody_writes_and_no_longer(more: int, status: int) -> None:
    body = FIELD.encode() + b"x" * (MOST_BYTES - len(FIELD) + more)

    answer = await ask("POST", "/page/form", body=body)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("same-origin", "cors", 404),
        ("none", "navigate", 404),
        ("cross-site", "navigate", 404),
        ("same-site", "no-cors", 403),
        ("cross-site", "no-cors", 403),
        ("same-site", "cors", 403),
    ],
)
async def test_what_a_page_of_another_port_asks_for_in_passing_is_refused(site: str, mode: str, status: int) -> None:
    answer = await ask("GET", "/elsewhere", headers={"sec-fetch-site": site, "sec-fetch-mode": mode})

    assert answer.status_code == status


async def test_at_the_port_that_a_browser_leaves_out_it_answers_too() -> None:
    answer = await ask("GET", "/elsewhere", port=80, headers={"host": "localhost", "origin": "http://localhost"})

    assert answer.status_code == 404


async def test_who_asks_only_for_the_headers_of_a_stream_is_not_followed() -> None:
    answer = await ask("HEAD", "/page/events")

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
