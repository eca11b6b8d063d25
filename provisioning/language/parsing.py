"""Reading an expression by its grammar, and explaining where it goes wrong. Only :mod:`reading` calls this."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from provisioning.errors import ParseError
from provisioning.language.foreign import foreign_between, foreign_sign
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
    unquoted,
)
from provisioning.language.values import shortened

_NO_NAME = re.compile(r"[\[\]\",()\r\n]")


def parsed(text: str) -> Operand:
    """Read *text*, which is neither too long nor too deep.

    :raises ParseError: when it is not an expression.
    """
    try:
        return cast("Operand", _parser().parse(text))
    except UnexpectedCharacters as surprise:
        # lark declares the position as None, and sets it.
        raise _no_token(text, cast("int", surprise.pos_in_stream)) from None
    except UnexpectedToken as surprise:
        raise (_ended if surprise.token.type == "$END" else _no_place)(surprise, text) from None


@cache
def _parser() -> Lark:
    return Lark.open("grammar.lark", rel_to=__file__, parser="lalr", transformer=_Tree())


@v_args(inline=True)
class _Tree(Transformer[Token, Argument]):
    """Build the tree, from the innermost pieces outwards."""

    def start(self, root: Operand) -> Operand:
        return root

    def call(self, name: Token, *arguments: Argument) -> Call:
        if len(arguments) == 1 and isinstance(arguments[0], Blank):
            arguments = ()
        return Call(str(name), arguments, _position(name))

    def comparison(self, left: Operand, sign: Token, right: Operand) -> Comparison:
        return Comparison(left, str(sign), right, left.position)

    def blank(self) -> Blank:
        return Blank()

    def attribute(self, token: Token) -> Attribute:
        return Attribute(token[1:-1].strip(), _position(token))

    def text(self, token: Token) -> Text:
        return Text(unquoted(token), _position(token))

    def number(self, token: Token) -> Number:
        return Number(str(token), _position(token))

    def word(self, token: Token) -> Word:
        return Word(str(token), _position(token))


def _position(token: Token) -> int:
    return token.start_pos or 0


def _ended(surprise: UnexpectedToken, text: str) -> ParseError:
    position = len(text.rstrip())
    if not position:
        return ParseError("An expression is needed, and there is nothing.", text=text, position=0)
    wanted = "a closing bracket" if "RPAR" in surprise.accepts else "an expression"
    return ParseError(f"Expected {wanted}.", text=text, position=position)


def _no_token(text: str, position: int) -> ParseError:
    if foreign := foreign_sign(text, position):
        return ParseError(foreign.problem, text=text, position=position, hint=foreign.hint)
    match text[position]:
        case '"':
            return ParseError("The text that begins here has no closing quotation mark.", text=text, position=position)
        case "[":
            end = _NO_NAME.search(text, position + 1)
            return ParseError("Expected a closing bracket “]”.", text=text, position=end.start() if end else len(text))
        case "“" | "”" | "„" | "'" | "‘" | "’":  # noqa: RUF001 - what word processors make of quotation marks
            return ParseError('Texts stand in straight quotation marks: "…".', text=text, position=position)
        case character:
            return ParseError(f"“{character}” has no meaning here.", text=text, position=position)


def _no_place(surprise: UnexpectedToken, text: str) -> ParseError:
    position, found = _position(surprise.token), shortened(surprise.token)
    hint = ""
    if foreign := foreign_between(text, position):
        problem, hint, position = foreign.problem, foreign.hint, foreign.begin
    elif "ATTRIBUTE" in surprise.accepts:
        problem = f"Expected an expression, and found {found}."
    elif "$END" in surprise.accepts:
        problem = f"The expression is complete before {found}."
    else:
        problem = f"Expected a comma or a closing bracket, and found {found}."
    return ParseError(problem, text=text, position=position, hint=hint)
