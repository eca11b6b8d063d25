"""Drawing: from values to HTML, in which every name of a person is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from provisioning.model.names import plain, visible
from provisioning.operations.standing import why_of
from provisioning.words import counted

STATIC = {
    "panel.css": "text/css",
    "panel.js": "text/javascript",
    "panel.svg": "image/svg+xml",
    "company.css": "text/css",
}
"""What pages load, and as what."""


COMMAND = re.compile(r"`((?:elium|make|pulumi) [^`]+)`|(?:^|(?<=[.:] ))(elium [a-z].*?)(?=[.]?$)")
"""A command in a sentence: marked as such, or what the sentence ends with."""


CARETS = re.compile(r" *\^+")
"""A line that points at something in the one above it."""


def drawn(template: str, **values: Any) -> str:  # noqa: ANN401 - a template takes any value
    """Fill in a template, such as ``stack/state``. :raises UndefinedError: when it asks for what is not given."""
    return _environment().get_template(f"{template}.html.jinja").render(**values)


def static(name: str) -> bytes:
    """Read a file that pages load, one of :data:`STATIC`."""
    return files("provisioning.panel").joinpath("static", name).read_bytes()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("provisioning.panel"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    made.filters |= {"moment": _moment, "machine": _machine, "count": _count, "counted": counted, "pieces": _pieces}
    made.filters |= {"visible": visible, "sentences": _sentences, "why": why_of}
    return made


def _plain(value: object) -> object:
    """Leave out of a text what would turn what stands around it, also within the sentence that a name is part of."""
    return plain(value) if type(value) is str else value


def _moment(at: datetime, *, seconds: bool = False) -> str:
    """Write a moment for people, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if seconds else f"{at:%Y-%m-%d %H:%M}"


def _machine(at: datetime) -> str:
    """Write a moment for the attribute ``datetime``."""
    return at.isoformat(timespec="seconds")


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Take a sentence apart into its words and the commands in it, which people copy."""
    begin = 0
    for found in COMMAND.finditer(text):
        at = found.lastindex or 0
        yield from ((text[begin : found.start()], False), (found[at], True))
        begin = found.end()
    yield text[begin:], False


def _sentences(message: str) -> Iterator[tuple[str, bool]]:
    """Take a message apart into its sentences, and what is drawn: a text, and carets below a place in it."""
    lines = message.split("\n")
    at = 0
    while at < len(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if CARETS.fullmatch(following):
            yield f"{lines[at]}\n{following}", True
            at += 2
        else:
            yield lines[at], False
            at += 1


def _count(number: int) -> str:
    return f"{number:,}"
