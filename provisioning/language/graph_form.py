"""Expressions as Graph has them: the ``source`` of an ``attributeMapping`` (graph: attributeMappingSource).

Graph sends the whole text and, beside it, the text taken apart. The text is what counts: arguments that are left out
are absent from the parameters, so the parameters alone do not say what stood where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from provisioning.errors import ParseError
from provisioning.language.functions.table import FUNCTIONS
from provisioning.language.nodes import (
    Argument,
    Attribute,
    Blank,
    Call,
    Comparison,
    Number,
    Operand,
    Text,
    Word,
    fold,
    quoted,
)

_LITERAL = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9]+(?:\.[0-9]+)?|&[Hh][0-9A-Fa-f]{1,16}', re.ASCII | re.DOTALL)

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def source_of(root: Operand) -> dict[str, Json]:
    """Write the tree below *root* as Graph writes a source."""
    ((_, node),) = fold(root, _node)
    return node | {"expression": root.written}


def text_in(source: Mapping[str, object]) -> str:
    """Answer the text of the expression that *source* means.

    Attributes come with and without their brackets, constants with and without their quotation marks; the name and
    the parameters may be null.

    :raises ParseError: when there is no text.
    """
    expression, name = source.get("expression"), source.get("name")
    written = expression if isinstance(expression, str) else None
    known = name if isinstance(name, str) else None
    match str(source.get("type") or "").casefold():
        case "attribute":
            attribute = (written or known or "").strip()
            return attribute if attribute.startswith("[") else f"[{attribute}]"
        case "constant":
            return _constant(written if written is not None else known or "")
        case _:
            if written is None:
                raise ParseError("The source of an attribute mapping has no expression.")
            return written


def _constant(written: str) -> str:
    return written if _LITERAL.fullmatch(written) else quoted(written)


Parameters: TypeAlias = "list[tuple[str, dict[str, Json]]]"
"""What an argument adds to the parameters of its call: keys, empty for the key of the parameter itself, and nodes."""


def _node(node: Argument, below: Sequence[Parameters]) -> Parameters:
    match node:
        case Attribute(name):
            return [("", _source(node.written, name, "Attribute"))]
        case Text(value) | Number(value=value):
            # Numbers too: Mid([userPrincipalName], 1, 8) comes with "\"1\"" and "\"8\"" (graph: objectMapping).
            return [("", _source(quoted(value), value, "Constant"))]
        case Word(name):
            return [("", _source(name, name, "Constant"))]
        case Blank():
            return []
        case Comparison(_, sign, _):
            # Seen in IIF; that CBool is taken apart alike is assumed.
            ((_, left),), ((_, right),) = below
            return [("one", left), ("two", _source(quoted(sign), sign, "Constant")), ("three", right)]
        case Call(name):
            return [("", _source(node.written, name, "Function", _parameters(node, below)))]
        case _:
            assert_never(node)


def _source(expression: str, name: str, kind: str, parameters: list[Json] | None = None) -> dict[str, Json]:
    return {"expression": expression, "name": name, "type": kind, "parameters": parameters or []}


def _parameters(call: Call, below: Sequence[Parameters]) -> list[Json]:
    parameters = FUNCTIONS[call.name].parameters_for(len(call.arguments))
    return [
        {"key": key or parameter.graph_key, "value": node}
        for parameter, added in zip(parameters, below, strict=True)
        for key, node in added
    ]
