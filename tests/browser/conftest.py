"""The manual as its readers see it: the built site, served on loopback, in a real browser.

``make browser`` builds it, and runs these in an environment of their own, which alone has what drives a browser.
"""

from __future__ import annotations

import functools
import http.server
import importlib.util
import os
import threading
from collections.abc import Callable, Generator, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from browser.pages import Reader
from panels import Panel

from provisioning.commands.pages.printing import browser_on
from tools.places import this_clone

SITE = this_clone().site

PICTURES = this_clone().root / ".pictures"
"""Where is kept what a reader saw when a test failed."""

FAILED = pytest.StashKey[bool]()

Opens = Callable[..., Reader]
"""Opens a window on an origin; the rest is as playwright describes a window: ``viewport``, ``color_scheme``."""

# Elsewhere, as in `make test`, there is nothing that could run them.
collect_ignore_glob = [] if importlib.util.find_spec("playwright") else ["test_*.py"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def do_GET(self) -> None:
        """Answer; there is no icon beside a file of text, which a browser asks for all the same."""
        if self.path == "/favicon.ico":
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Serve the site, and give its address."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no site: `make browser` builds it first.")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SITE))) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Find the browser."""
    path = browser_on(os.environ)
    if path is None:
        pytest.fail("There is no Chromium: `make browser` installs it where apt and root's rights are at hand.")
    return path


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Any]:
    """Start it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - `make test` reads this file and has no playwright

    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to be root's, and what is shown here is our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=browser_path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opens(browser: Any, request: pytest.FixtureRequest) -> Iterator[Opens]:
    """Open windows on an origin; in none may there be an error, or anything that is fetched from elsewhere.

    What they show when the test has failed is kept as pictures.
    """
    readers: list[Reader] = []

    def open_window(origin: str, **window: object) -> Reader:
        readers.append(Reader(browser.new_context(**window), origin))
        return readers[-1]

    yield open_window
    if request.node.stash.get(FAILED, False):
        for number, each in enumerate(readers):
            each.page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png", full_page=True)
    assert [complaint for each in readers for complaint in each.leave()] == []


@pytest.fixture
def comes(opens: Opens, origin: str) -> Callable[..., Reader]:
    """Let readers come, each with a window."""
    return functools.partial(opens, origin)


@pytest.fixture
def enters(panel: Panel, opens: Opens) -> Callable[..., Reader]:
    """Let somebody open the address of the panel, of which each file has one; it outlives their window."""

    def enter(**window: object) -> Reader:
        reader = opens(panel.origin, **window)
        reader.page.goto(panel.address, wait_until="load")
        return reader

    return enter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that a picture is kept of what its readers see."""
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report
