"""The order of the site: that of the manual's index, ``docs/README.md``, whose headings are its sections.

The titles are those of the pages themselves. The index is typed, and read here; there is no second list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.site import addresses

INDEX = "docs/README.md"

_HEADING = re.compile(r"^#{2,3} (.+)$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the manual."""

    title: str
    level: int
    """2 for a part, 3 for a part of a part."""
    pages: list[str] = field(default_factory=list)
    """Where its pages lie in the site, in the order of the index."""


def sections(index: str) -> Iterator[Section]:
    """Give the parts of the manual as the text of its *index* has them; a page belongs where it is named first."""
    named = {addresses.page_of(INDEX)}
    section = None
    for line in index.splitlines():
        if heading := _HEADING.match(line):
            if section:
                yield section
            section = Section(heading[1], len(line) - len(line.lstrip("#")))
        for link in addresses.links(line, INDEX):
            page = addresses.page_of(link.path)
            if section and page and page not in named:
                named.add(page)
                section.pages.append(page)
    if section:
        yield section


def navigation(index: str) -> list[object]:
    """Give the site's navigation as Zensical reads it: pages, and sections by title."""
    found: list[object] = [{"Start": addresses.PAGES["README.md"]}, addresses.PAGES[INDEX]]
    holds: list[object] = found
    for section in sections(index):
        pages: list[object] = list(section.pages)
        if section.level == _PART:
            found.append({section.title: pages})
            holds = pages
        else:
            holds.append({section.title: pages})
    return found


_PART = 2
