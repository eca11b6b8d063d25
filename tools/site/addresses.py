"""Where a file of the clone is in the site, and the links of a page turned into those of the site.

A page links to files as they lie in the clone, so that it can be read there too. Pages of ``docs/`` are pages of the
site. Any other file that a page links to is laid beside them as text: a reader of the site reads what the site was
built from, and no address of a server, of which this project does not know one, has to be right for that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.site.markdown import lines_of

MANUAL = "docs"
"""The folder whose pages are the manual's."""

PAGES = {
    "README.md": "index.md",
    "docs/README.md": "contents.md",
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
}
"""Pages that lie elsewhere in the site than their own place below ``docs/``."""

SOURCES = "source"
"""The folder of the site with the files of the clone that are no pages."""

_CODE = re.compile(r"(`+).*?\1")
_LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to something in the clone."""

    path: str
    """From the root of the clone, such as ``docs/tutorial.md``."""
    anchor: str
    """The heading that is meant; empty for the whole page."""


def page_of(path: str) -> str | None:
    """Give where a page of the manual lies in the site, such as ``how-to/list-people.md``; ``None`` for other files."""
    if path in PAGES:
        return PAGES[path]
    inside = path.removeprefix(f"{MANUAL}/")
    return inside if inside != path and path.endswith(".md") else None


def is_picture(path: str) -> bool:
    """Tell whether a file is shown in a page, and not read."""
    return path.endswith(".png")


def place_of(path: str) -> str:
    """Give where a file or folder of the clone lies in the site."""
    if is_picture(path):
        return f"{SOURCES}/{path}"
    # As text: a server, and a folder without one, hands Python or YAML to the reader's disk rather than to the eye.
    return page_of(path) or f"{SOURCES}/{path}.txt"


def links(text: str, page: str) -> Iterator[Link]:
    """Give the links of a *page* of the clone, whose text is *text*, to what lies in the clone."""
    found: list[Link] = []

    def keep(link: Link) -> None:
        found.append(link)

    _each_link(text, page, keep)
    return iter(found)


def with_links_of_the_site(text: str, page: str) -> str:
    """Write the *text* of a *page* of the clone with every link leading to where its file lies in the site."""
    folder = posixpath.dirname(place_of(page))

    def led(link: Link) -> str:
        place = posixpath.relpath(place_of(link.path), folder)
        return f"{place}#{link.anchor}" if link.anchor else place

    return _each_link(text, page, led)


def _each_link(text: str, page: str, told: Callable[[Link], str | None]) -> str:
    """Hand every link into the clone to *told*, in order, and write what it answers in the link's place."""

    def changed(match: re.Match[str]) -> str:
        target, _, anchor = match[0].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        return told(Link(posixpath.normpath(posixpath.join(posixpath.dirname(page), target)), anchor)) or match[0]

    return "".join(_outside_code(line, changed) if is_text else line for line, is_text in lines_of(text))


def _outside_code(line: str, changed: Callable[[re.Match[str]], str]) -> str:
    """Change the links of a *line*; what stands in code, or looks like a link across code, is left as it is."""
    code = [match.span() for match in _CODE.finditer(line)]

    def where_no_code(match: re.Match[str]) -> str:
        return match[0] if any(start < match.start() < end for start, end in code) else changed(match)

    return _LINK.sub(where_no_code, line)
