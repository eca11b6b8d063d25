"""What can be known of an expression whoever it is evaluated for, from its tree and the columns of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from provisioning.language.choices import Choices
from provisioning.language.functions.choosing import looked_at
from provisioning.language.functions.emptiness import Empty, of_any
from provisioning.language.functions.table import FUNCTIONS
from provisioning.language.nodes import Argument, Attribute, Blank, Call, Comparison, Operand, Text, fold, walk


def ends_of(root: Operand) -> tuple[Operand, ...]:
    """List what the tree below *root* may give as its value, in the order of the text."""
    found: list[Operand] = []
    waiting: list[Argument] = [root]
    while waiting:
        node = waiting.pop()
        branches = FUNCTIONS[node.name].handed_on(node.arguments) if isinstance(node, Call) else ()
        if branches:
            waiting.extend(reversed(branches))
        elif not isinstance(node, Blank | Comparison):
            found.append(node)
    return tuple(found)


def patterns_in(root: Operand) -> Iterator[str]:
    """List the regular expressions that are written out below *root*."""
    for node in walk(root):
        if isinstance(node, Call):
            parameters = FUNCTIONS[node.name].parameters_for(len(node.arguments))
            for parameter, argument in zip(parameters, node.arguments, strict=True):
                if parameter.is_pattern and isinstance(argument, Text):
                    yield argument.value


def emptiness_of(root: Operand, sure: Collection[str], choices: Choices) -> Empty:
    """Tell in which ways the value of the tree below *root* may be empty for whoever has the *sure* attributes."""
    return fold(root, lambda node, below: _emptiness(node, below, sure, choices))


def _emptiness(node: Argument, below: Sequence[Empty], sure: Collection[str], choices: Choices) -> Empty:
    match node:
        case Attribute(name):
            return Empty.NEVER if name in sure else Empty.NOTHING
        case Text(""):
            return Empty.BLANK
        case Blank():
            return Empty.NOTHING
        case Comparison():
            return of_any(below) & Empty.NOTHING
        case Call():
            function = FUNCTIONS[node.name]
            return function.emptiness(function.handed_on(below) or below) | _undecided(node, below, sure, choices)
        case _:
            return Empty.NEVER


def _undecided(node: Call, below: Sequence[Empty], sure: Collection[str], choices: Choices) -> Empty:
    """Add what an ``IIF`` gives when its condition looks at what is empty, by the reading that says nothing."""
    if node.name != "IIF" or choices.iif_on_empty_attribute != "gives nothing":
        return Empty.NEVER
    is_sure = not below[0] and all(name in sure for name in looked_at(node.arguments[0]))
    return Empty.NEVER if is_sure else Empty.NOTHING
