"""What a build of the site is made from, laid out in its own folder: pages, sources that they link to, style, code.

The code is there for its docstrings alone: mkdocstrings reads it and runs none of it.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.site import addresses, contents
from tools.site.markdown import in_the_sites_dialect

CONFIGURATION = "zensical.toml"
"""In the clone what a person wrote, in the folder of a build the same with the order of the pages."""

STYLE = Path(__file__).with_name("manual.css")

CODE = ("provisioning", "emulator")
"""The packages whose docstrings the reference is made from."""

_IN_MARKDOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    # :class:`~a.B` is the name in it, as code.
    (re.compile(r":(?:class|meth|func|attr|data|exc|mod):`~?([^`]+)`"), r"`\1`"),
    # What a docstring of one line raises gets the line of its own by which it is known.
    (re.compile(r'^( *)"""(.*\S) (:raises \w+: .*?)"""$', re.MULTILINE), r'\1"""\2\n\n\1\3\n\1"""'),
    # Two colons before a block of code: the block is one by its indentation.
    (re.compile(r"(?<=\S)::$", re.MULTILINE), ":"),
    (re.compile(r"^ *::$", re.MULTILINE), ""),
)
"""How docstrings are written in the code, and how Markdown has that."""


_PROSE = re.compile(r"(?!```|\* )[\w`*\[]")
"""How a paragraph begins that is neither heading, list, table nor block of code."""


def lay_out(root: Path, files: Iterable[str], folder: Path) -> None:
    """Lay out in *folder*, which is made anew, what the site of the clone at *root* is built from.

    *files* are those of the clone that belong to it, by their paths from its root.
    """
    shutil.rmtree(folder, ignore_errors=True)
    known = sorted(files)
    pages = {path: (root / path).read_text("utf-8") for path in known if addresses.page_of(path)}
    for path, text in pages.items():
        _write(folder / addresses.MANUAL / addresses.place_of(path), _as_page(text, path))
    for path in sorted(_linked(pages)):
        place = folder / addresses.MANUAL / addresses.place_of(path)
        if addresses.is_picture(path) and path in known:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, place)
        elif text := _source(root, path, known):
            _write(place, text)
    _write(folder / addresses.MANUAL / STYLE.name, STYLE.read_text("utf-8"))
    for path in known:
        if path.endswith(".py") and path.startswith(tuple(f"{package}/" for package in CODE)):
            _write(folder / "code" / path, in_markdown((root / path).read_text("utf-8")))
    _write(folder / CONFIGURATION, _configuration(root, pages[contents.INDEX]))


def description(text: str) -> str:
    """Give the first sentence of a page's text, without marks, which is what other sites say it is about."""
    for paragraph in re.split(r"\n{2,}", text):
        if _PROSE.match(paragraph):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))
            # What a decision begins with is a heading, though it stands in its paragraph.
            first = re.split(r"(?<=[.?!]) ", re.sub(r"^\*\*[^*]+\.\*\* ", "", plain))[0]
            return re.sub(r"[`*]", "", first)
    return ""


def _as_page(text: str, path: str) -> str:
    """Write a page as the site has it: what it is about on top, and its links leading to where files lie there."""
    # Zensical writes it between quotes, as it is.
    about = json.dumps({"description": html.escape(description(text))}, ensure_ascii=False)
    return f"---\n{about}\n---\n\n{in_the_sites_dialect(addresses.with_links_of_the_site(text, path))}"


def in_markdown(code: str) -> str:
    """Write what docstrings have in reStructuredText as Markdown has it."""
    for pattern, written in _IN_MARKDOWN:
        code = pattern.sub(written, code)
    return code


def _linked(pages: dict[str, str]) -> Iterator[str]:
    """Name what pages link to that is no page."""
    for page, text in pages.items():
        yield from (link.path for link in addresses.links(text, page) if not addresses.page_of(link.path))


def _source(root: Path, path: str, known: list[str]) -> str:
    """Give a file as it is, and of a folder the names of what is in it; empty for what the clone does not have."""
    if path in known:
        return (root / path).read_text("utf-8")
    return "".join(f"{name}\n" for name in known if name.startswith(f"{path}/"))


def _configuration(root: Path, index: str) -> str:
    """Add to the configuration the order of the pages."""
    written = (root / CONFIGURATION).read_text("utf-8")
    head, project, rest = written.partition("[project]\n")
    return f"{head}{project}nav = {_in_toml(contents.navigation(index))}\n{rest}"


def _in_toml(value: object) -> str:
    """Write lists, tables and texts on one line, as TOML has them; its texts are JSON's."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_in_toml(inner)}" for key, inner in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_in_toml, value)) + "]"
        case _:
            return json.dumps(value)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
