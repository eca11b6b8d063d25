"""Somebody who reads the manual in a window of a given size, and what they would notice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PHONE = {"width": 375, "height": 700}
DESK = {"width": 1280, "height": 800}

SERIOUS = frozenset({"serious", "critical"})
"""What axe calls a finding that keeps somebody out."""

PATIENCE = 60_000
"""Milliseconds until what does not come counts as absent; where a machine has other work a page takes seconds."""


@dataclass
class Reader:
    """One window. Whatever it asks for and complains of is kept."""

    context: Any
    """Playwright's."""
    origin: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the window and listen."""
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._complain(f"an error: {error}"))
        self.page.on("response", self._answered)
        self.context.on("request", self._asked)

    def open(self, place: str) -> None:
        """Go to a page, such as ``reference/settings.html``."""
        self.page.goto(f"{self.origin}/{place}", wait_until="load")

    def width_to_scroll(self) -> int:
        """Tell by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def leave(self) -> list[str]:
        """Close the window, and give what was wrong."""
        self.context.close()
        return self.complaints

    def _complain(self, what: str) -> None:
        self.complaints.append(f"{self.page.url.removeprefix(self.origin)}: {what}")

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self._complain(f"the console says: {message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self._complain(f"{response.status} for {response.url}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self._complain(f"asks elsewhere: {request.url}")


def serious(reader: Reader) -> list[str]:
    """List what would keep somebody from reading the page. Its window has to be opened with ``bypass_csp``."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - `make test` reads this and has it not

    found = Axe().run(reader.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found if each["impact"] in SERIOUS for node in each["nodes"]]


def places(site: Path) -> list[str]:
    """List the pages of the site; the one that stands for those that do not exist is none to go to."""
    return sorted(file.relative_to(site).as_posix() for file in site.rglob("*.html") if file.name != "404.html")
