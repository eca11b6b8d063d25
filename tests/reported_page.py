"""A page that was handed over, as a browser reads it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """What a browser would fetch, run and show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.tags, self._inside = text, list[tuple[str, dict[str, str | None]]](), ""
        self.shown: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self._inside not in {"script", "style"}:
            self.shown.append(data)

    @property
    def people(self) -> list[list[str]]:
        packed = re.search(r'id="people"[^>]*>([^<]*)<', self.text)
        assert packed
        rows: list[list[str]] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
        return rows

    @property
    def elsewhere(self) -> list[str]:
        """What would be fetched."""
        links = [attrs.get(name) for _, attrs in self.tags for name in ("src", "href", "action", "data")]
        return [link for link in links if link and not link.startswith(("#", "data:"))]
