"""What a page consists of, before it is HTML, Markdown or paper: parts, and in each what is told. Pure.

Whoever has something to hand over says it in these; how a table, a plot or a hostile name is written is decided once,
in :mod:`provisioning.commands.pages.html` and :mod:`provisioning.commands.pages.markdown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias


class Table(NamedTuple):
    """Numbers or words in rows."""

    title: str
    columns: tuple[str, ...]
    """Heads; none where each row is a name and its value."""
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph."""

    text: str
    is_bad: bool = False
    """Whether somebody has to act."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks below it are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that are kept as they are, such as a plan."""

    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Names:
    """Some of many names."""

    names: Sequence[str]
    most: int
    """How many are written."""
    others_are: str
    """Where the rest is, such as ``in the table of people``."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture, and the numbers that it is of."""

    table: Table
    says: str
    """What is to be seen, in a sentence, for those who do not see it."""
    chart: Mapping[str, Any]
    """Vega-Lite, without its looks (vega.github.io/vega-lite)."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """A list of people, of whom there may be 100,000: searched on a screen, and named on paper as far as is needed."""

    table: Table
    by: int
    """The column by whose value one chooses."""
    choices: tuple[str, ...]
    """Its values, in the order in which they are offered."""
    named: frozenset[str]
    """The values of that column whose people are named where nobody can search."""
    otherwise: str
    """A command that has the same."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What is opened by those who want to know."""

    title: str
    blocks: Sequence[Block]


Block: TypeAlias = Sentence | Heading | Verbatim | Counts | Names | Table | Plot | Everybody | Fold


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page."""

    name: str
    """By which links find it; one word of ASCII."""
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """All of it."""

    title: str
    """Such as ``dev: provisioning report``."""
    about: str
    """Such as ``As of 2026-01-15 09:00 UTC.``"""
    parts: Sequence[Part]
