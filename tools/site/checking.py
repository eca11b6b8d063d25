"""What is wrong with the pages that were built: links that lead nowhere, what is fetched from elsewhere, lost lists.

Zensical sees links between pages; a link to another file, a picture and an anchor that a template wrote it does not.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FETCHED = {"audio": "src", "embed": "src", "iframe": "src", "img": "src", "link": "href", "script": "src"}
"""Elements that make a browser ask for what they name, and by which attribute."""
_ABSOLUTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_LOST_MARK = re.compile(r"<p>(?:(?!</p>).)*?\n *((?:[-*]|\d+\.|\||```) ?[^\n<]{0,40})", re.DOTALL)
"""What begins a list, a table or a block of code, in the middle of a paragraph: there it is none."""
_OF_STYLES = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


@dataclass(slots=True)
class Page:
    """What one page holds that can be wrong."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    """As they are written, such as ``../tutorial.html#a-tenant``."""
    fetched: list[str] = field(default_factory=list)
    """What a browser asks for as soon as it shows the page."""
    lost_marks: list[str] = field(default_factory=list)
    """How lists, tables and blocks of code begin that became part of a paragraph."""


def mistakes(site: Path) -> list[str]:
    """Tell, a sentence each, what is wrong with the pages below the folder *site*; nothing when all is well."""
    pages = {
        file.relative_to(site).as_posix(): page_in(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))
    }
    if not pages:
        return [f"{site}: there are no pages."]
    found = [mistake for place in pages for mistake in _of_page(place, pages, site)]
    return [*found, *_of_styles(site)]


def page_in(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.lost_marks = _LOST_MARK.findall(html)
    return reader.page


def _of_page(place: str, pages: dict[str, Page], site: Path) -> Iterator[str]:
    page = pages[place]
    yield from (f"{place}: fetches {each} from elsewhere." for each in page.fetched if _is_elsewhere(each))
    yield from (f"{place}: '{mark}' runs on in a paragraph; it needs an empty line before." for mark in page.lost_marks)
    for link in (each for each in [*page.links, *page.fetched] if not _ABSOLUTE.match(each)):
        parts = urlsplit(link)
        path = unquote(parts.path)
        # What a server shows where nothing is, it shows at any address, so its links begin at the root.
        from_root = path[1:] if path.startswith("/") else posixpath.join(posixpath.dirname(place), path)
        target = posixpath.normpath(from_root) if path else place
        target = posixpath.normpath(f"{target}/index.html") if (site / target).is_dir() else target
        if not (site / target).is_file():
            yield f"{place}: {link} leads to no file."
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"{place}: {link} leads to a page without that anchor."


def _of_styles(site: Path) -> Iterator[str]:
    for file in sorted(site.rglob("*.css")):
        for address in _OF_STYLES.findall(file.read_text("utf-8")):
            yield f"{file.relative_to(site).as_posix()}: fetches {address} from elsewhere."


def _is_elsewhere(address: str) -> bool:
    return bool(_ABSOLUTE.match(address)) and not address.startswith("data:")


class _Reader(HTMLParser):
    """Gathers anchors and links."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element is called, leads to and fetches."""
        found = {name: value or "" for name, value in attrs}
        self.page.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.page.links.append(found["href"])
        if found.get(_FETCHED.get(tag, "")):
            self.page.fetched.append(found[_FETCHED[tag]])
