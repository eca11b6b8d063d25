"""What an expression consists of once it is read: a tree of frozen values that can write themselves down again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar


@dataclass(frozen=True, slots=True)
class Attribute:
    """A source attribute, such as ``[givenName]``."""

    name: str
    position: int
    """Where it begins in the text that was read; the same in every other node."""

    @property
    def written(self) -> str:
        """Its canonical text."""
        return f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class Text:
    r"""A text constant, such as ``"Company \"Contoso\""``."""

    value: str
    position: int

    @property
    def written(self) -> str:
        """Its canonical text."""
        return quoted(self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A bare number, such as ``3``, ``-10`` or ``&HF7``."""

    literal: str
    position: int

    @property
    def value(self) -> str:
        """The number as a text in decimal notation, because every value of the language is a text."""
        return str(int(f"0x{self.literal[2:]}", base=0)) if self.literal.startswith("&") else self.literal

    @property
    def written(self) -> str:
        """Its canonical text."""
        return self.literal


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word, such as ``vbTextCompare``."""

    name: str
    position: int

    @property
    def written(self) -> str:
        """Its canonical text."""
        return self.name


@dataclass(frozen=True, slots=True)
class Blank:
    """An argument that was left out, as between the commas of ``Switch([a], , "k", "v")``."""

    @property
    def written(self) -> str:
        """Its canonical text."""
        return ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition, such as ``[country] = "USA"``."""

    left: Operand
    operator: str
    right: Operand
    position: int
    written: str = field(init=False, repr=False)
    """Its canonical text, put together once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", f"{self.left.written} {self.operator} {self.right.written}")


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, such as ``Join(" ", [givenName], [surname])``."""

    name: str
    arguments: tuple[Argument, ...]
    position: int
    written: str = field(init=False, repr=False)
    """Its canonical text, spaced as Graph spaces it (graph: synchronizationschema-parseexpression)."""

    def __post_init__(self) -> None:
        arguments = ", ".join(argument.written for argument in self.arguments)
        object.__setattr__(self, "written", f"{self.name}({arguments})")


Operand: TypeAlias = Attribute | Text | Number | Word | Call
"""What may stand alone or beside a comparison sign."""

Argument: TypeAlias = Operand | Comparison | Blank
"""What may stand between the commas of a call."""


def quoted(value: str) -> str:
    """Write *value* as a text constant. Only the backslash and the quotation mark need escaping."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(literal: str) -> str:
    r"""Read a text constant with its quotation marks. A backslash before any other character stands for itself.

    The reference documents ``\\`` and ``\"`` alone; Microsoft's own samples also print ``"\d+"``, and it works.
    """
    pieces = literal[1:-1].split("\\\\")
    return "\\".join(piece.replace('\\"', '"') for piece in pieces)


Made = TypeVar("Made")


def children(node: Argument) -> tuple[Argument, ...]:
    """Answer the nodes right below *node*."""
    match node:
        case Call():
            return node.arguments
        case Comparison():
            return (node.left, node.right)
        case _:
            return ()


def walk(root: Argument) -> list[Argument]:
    """List *root* and everything below it, in the order of the text."""
    found: list[Argument] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(children(node)))
    return found


def fold(root: Argument, make: Callable[[Argument, Sequence[Made]], Made]) -> Made:
    """Make something of *root* out of what is made of the nodes below it.

    From the innermost outwards and without recursion, so that an expression may be as deep as it is read.
    """
    made: dict[int, Made] = {}
    for node in reversed(walk(root)):
        made[id(node)] = make(node, [made[id(child)] for child in children(node)])
    return made[id(root)]
