"""The part of :mod:`bench.panel` that a browser sees. It runs where playwright is, asked and answering in JSON."""

from __future__ import annotations

import json
import os
import ssl
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
from playwright.sync_api import Page, sync_playwright

from provisioning.commands.pages.printing import browser_on

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
WATCH = """() => {
    window.changes = [];
    new MutationObserver(() => window.changes.push(Date.now())).observe(
        document.getElementById('clock'), { childList: true, subtree: true, characterData: true });
}"""


def main() -> None:
    """Measure what is asked for on standard input, and write what was seen."""
    asked: Mapping[str, Any] = json.load(sys.stdin)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=browser_on(os.environ), args=arguments)
        # What waits in the page is put in as text, which the policy of the panel forbids.
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(asked["address"])
        seen = {"events": list(_events(page, asked)), "paints": list(_paints(page, asked))}
        browser.close()
    json.dump(seen, sys.stdout)


def _events(page: Page, asked: Mapping[str, Any]) -> Iterator[float]:
    """Let a minute pass in the company, again and again, and give the milliseconds until its page shows that."""
    page.locator("html[data-live=yes]").wait_for(state="attached")
    page.evaluate(WATCH)
    control = asked["control"]
    trust = ssl.create_default_context(cafile=control["ca"])
    with httpx2.Client(verify=trust, timeout=None, trust_env=False) as http:
        for _ in range(asked["events"]):
            page.evaluate("window.changes.length = 0")
            begun = time.time() * 1000
            http.post(f"{control['url']}/clock/advance", json={"by": "PT1M"}).raise_for_status()
            page.wait_for_function("window.changes.length")
            yield page.evaluate("window.changes[0]") - begun


def _paints(page: Page, asked: Mapping[str, Any]) -> Iterator[float]:
    """Load the page of the stack, whose people are known by then, and give the milliseconds until it is painted."""
    page.get_by_role("navigation", name="Places").get_by_role("link").last.click()
    page.get_by_text("Asked at").wait_for(timeout=600_000)
    for _ in range(asked["loads"]):
        page.reload()
        page.wait_for_function(f"() => {PAINT}")
        yield page.evaluate(PAINT)


main()
