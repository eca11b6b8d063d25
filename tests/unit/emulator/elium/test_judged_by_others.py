"""The target, judged by scim2-tester, which nobody here wrote."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from emulator.elium import Elium

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TOKEN = "canary-judge"


def synchronous(elium: Elium, runner: asyncio.Runner) -> WSGIApplication:
    """Bridge to the judge, who calls WSGI applications."""

    async def ask(method: str, url: str, headers: dict[str, str], body: bytes) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(elium)) as client:
            return await client.request(method, url, headers=headers, content=body)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        url = f"https://elium.test{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        headers = {"authorization": environ.get("HTTP_AUTHORIZATION", ""), "content-type": "application/scim+json"}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        told = runner.run(ask(environ["REQUEST_METHOD"], url, headers, body))
        status = HTTPStatus(told.status_code)
        start(f"{status.value} {status.phrase}", list(told.headers.items()))
        return [told.content]

    return answer


def test_scim2_tester_finds_no_error() -> None:
    with asyncio.Runner() as runner:
        app = synchronous(Elium({"dev": TOKEN}), runner)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        results = check_server(WSGISCIMClient(app, base_url="https://elium.test/dev/scim/v2", headers=headers))

    assert [one for one in results if one.status in {Status.ERROR, Status.CRITICAL}] == []
    assert len([one for one in results if one.status is Status.SUCCESS]) > 10
