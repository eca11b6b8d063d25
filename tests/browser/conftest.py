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
from browser.pages import Looking, Reader

from provisioning.commands.pages.printing import browser_on
from tools.places import this_clone

SITE = this_clone().site

PICTURES = this_clone().root / ".pictures"
"""Where is kept what a reader saw when a test failed."""

FAILED = pytest.StashKey[bool]()

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
<<<<<<< HEAD
def browser_path() -> str:
    """Find the browser."""
=======
def chromium() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - `make test` reads this file and has no playwright

>>>>>>> panel
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
<<<<<<< HEAD
        browser = playwright.chromium.launch(executable_path=browser_path, args=arguments)
=======
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
>>>>>>> panel
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def looking(browser: Any, origin: str) -> Looking:
    """Look at the site."""
    return Looking(browser, origin)


@pytest.fixture
def comes(chromium: Any, origin: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Reader]]:
    """Let readers come, each with a window; none may have met an error, or been sent elsewhere for anything."""
    looking, readers = Looking(chromium, origin), list[Reader]()

    def come(**window: object) -> Reader:
        readers.append(looking.reader(**window))
        return readers[-1]

    yield come
    if request.node.stash.get(FAILED, False):
        for number, each in enumerate(readers):
            each.page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png", full_page=True)
    assert [complaint for each in readers for complaint in each.leave()] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that a picture is kept of what its readers see."""
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report
