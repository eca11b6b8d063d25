"""A YAML document that remembers where everything in it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from provisioning.errors import ConfigurationError
from provisioning.settings.mistakes import DEEPEST, TOO_DEEP

Path = tuple[str | int, ...]
"""Names and numbers that lead to a place, the outermost first."""


class Position(NamedTuple):
    """Where something begins; both count from one, as editors do."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Mistake(NamedTuple):
    """What is wrong, and where."""

    position: Position
    sentence: str


@dataclass(frozen=True, slots=True)
class Document:
    """What was written."""

    value: Any
    positions: Mapping[Path, Position]
    """Of each value; of one in a table it is where its name stands."""
    mistakes: tuple[Mistake, ...]
    """Names that stand twice in one table, of which YAML would silently keep the last."""

    def position(self, path: Path) -> Position:
        """Give where something was written, or else where that began in which it is missing."""
        while path not in self.positions:
            path = path[:-1]
        return self.positions[path]


def document_of(text: str) -> Document:
    """Read YAML.

    :raises ConfigurationError: when it cannot be read; the sentence has line and column.
    """
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return Document(None, {(): Position(1, 1)}, ())
        seen = _Seen(dict(_positions(root, (), 0)), tuple(_twice(root)))
        return Document(loader.construct_document(root), seen.positions, seen.mistakes)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        place = f"{_position(at)}: " if at else ""
        raise ConfigurationError(f"{place}cannot be read as YAML: {error.problem or error.context}.") from error
    except (ValueError, yaml.YAMLError) as error:
        first = str(error).partition("\n")[0].rstrip(".")
        raise ConfigurationError(f"1:1: cannot be read as YAML: {first}.") from error
    finally:
        loader.dispose()


class _Seen(NamedTuple):
    positions: Mapping[Path, Position]
    mistakes: tuple[Mistake, ...]


def _positions(node: yaml.Node, path: Path, depth: int) -> Iterator[tuple[Path, Position]]:
    """List where everything begins. An anchor that holds itself ends as what is nested too deeply."""
    if depth > DEEPEST:
        raise ValueError(TOO_DEEP)
    if not path:
        yield path, _position(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner = (*path, str(name.value))
            yield inner, _position(name.start_mark)
            yield from _positions(value, inner, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            inner = (*path, number)
            yield inner, _position(value.start_mark)
            yield from _positions(value, inner, depth + 1)


def _twice(node: yaml.Node) -> Iterator[Mistake]:
    if isinstance(node, yaml.MappingNode):
        first: dict[str, Position] = {}
        for name, value in node.value:
            written, at = str(name.value), _position(name.start_mark)
            if written in first:
                yield Mistake(at, f"{written} stands in this table already, at {first[written]}. Keep one of them.")
            first.setdefault(written, at)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(value)


def _position(mark: yaml.Mark) -> Position:
    return Position(mark.line + 1, mark.column + 1)
