"""From the text of an expression to its tree, or to an error that shows where the text goes wrong."""

from __future__ import annotations

import re
from importlib import import_module
from typing import cast

from provisioning.errors import ParseError
from provisioning.language.nodes import Operand

LONGEST = 10_000
"""How many characters an expression may have (Learn: known-issues#expressions)."""

DEEPEST = 200
"""How many brackets may stand inside each other. Entra's own limit is not documented; no sample comes near."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|\[[^\]]*|[()]', re.DOTALL)


def read(text: str) -> Operand:
    """Read *text* as an expression. Whether its functions exist is not asked here.

    :raises ParseError: when it is not an expression.
    """
    if len(text) > LONGEST:
        raise ParseError(f"An expression has at most {LONGEST:,} characters, and this one has {len(text):,}.")
    _refuse_deep(text)
    # Not before there is something to read: the parser and its grammar take longer than all else of the language.
    return cast("Operand", import_module("provisioning.language.parsing").parsed(text))


def _refuse_deep(text: str) -> None:
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += {"(": 1, ")": -1}.get(bracket[0], 0)
        if depth > DEEPEST:
            raise ParseError(
                f"More than {DEEPEST} functions stand inside each other.", text=text, position=bracket.start()
            )
