"""One condition of a scoping filter, in the form that people write: ``department EQUALS Sales``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeAlias

from provisioning.errors import EvaluationError, ParseError
from provisioning.language.checking import nearest_to
from provisioning.language.doubts import BY_THE_REFERENCE, Doubts
from provisioning.language.nodes import quoted, unquoted
from provisioning.language.operators import IS_NOT_NULL, IS_NULL, OPERATORS, Operator, is_integer, operator_of
from provisioning.language.values import Attributes, shortened, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.language.graph_form import Json

Holds: TypeAlias = Callable[[Attributes], bool]
"""Tells of a person or group whether the clause is true."""

_SPELLINGS = "|".join(
    r"[\s_]*".join(re.escape(word) for word in re.split("[ _]", name))
    for name in sorted(OPERATORS, key=len, reverse=True)
)
_CLAUSE = re.compile(
    rf"\s*(?P<attribute>\S+)\s+(?P<operator>{_SPELLINGS})(?:\s+(?P<value>\S.*?))?\s*", re.IGNORECASE | re.DOTALL
)
_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_LIST = re.compile(rf"{_QUOTED}(?:\s*,\s*{_QUOTED})*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on one attribute."""

    attribute: str
    """The source attribute that is looked at, such as ``department``."""

    operator: Operator

    values: tuple[str, ...] = ()
    """What it is compared with; Entra's portal allows one value, its format several."""

    spelling: str = field(default="", compare=False)
    """How the service spells the operator, when it came from there."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the form that people write.

        :raises ParseError: when it is none.
        """
        match = _CLAUSE.fullmatch(text)
        if not match:
            raise _not_a_clause(text)
        operator, value = operator_of(match["operator"]), match["value"]
        assert operator is not None  # noqa: S101 - the pattern is made of the operators
        if operator.takes_value and value is None:
            raise ParseError(f"{operator.name} needs a value.", text=text, position=match.end("operator"))
        if not operator.takes_value and value is not None:
            raise ParseError(f"{operator.name} takes no value.", text=text, position=match.start("value"))
        clause = cls(match["attribute"], operator, () if value is None else _values(value, text, match.start("value")))
        if complaint := clause.complaint():
            raise ParseError(complaint, text=text, position=match.start("value"))
        return clause

    @classmethod
    def from_graph(cls, clause: Mapping[str, object]) -> Self:
        """Read a ``filterClause``.

        :raises ParseError: when its operator is unknown.
        """
        spelling, attribute = str(clause.get("operatorName") or ""), str(clause.get("sourceOperandName") or "")
        operator = operator_of(spelling)
        if operator is None:
            raise _unknown_operator(spelling, spelling, 0)
        target = clause.get("targetOperand")
        values = target.get("values") if isinstance(target, dict) else None
        return cls(attribute, operator, tuple(str(value) for value in values or ()), spelling)

    def to_graph(self) -> dict[str, Json]:
        """Write it as a ``filterClause``."""
        return {
            "operatorName": self.spelling or self.operator.name,
            "sourceOperandName": self.attribute,
            "targetOperand": {"values": list(self.values)} if self.operator.takes_value else None,
        }

    def __str__(self) -> str:
        plain = len(self.values) == 1 and _is_plain(self.values[0])
        value = self.values[0] if plain else ", ".join(quoted(value) for value in self.values)
        return f"{self.attribute} {self.operator.name} {value}".rstrip()

    def judge(self, doubts: Doubts) -> Holds:
        """Build the function that tells whether the clause is true.

        :raises EvaluationError: when its regular expression cannot be used.
        """
        name = self.attribute
        if self.operator is IS_NULL:
            return lambda attributes: not attributes.get(name)
        if self.operator is IS_NOT_NULL:
            return lambda attributes: bool(attributes.get(name))
        holds = self._test(doubts)

        def judged(attributes: Attributes) -> bool:
            value = attributes.get(name)
            if isinstance(value, str):
                return value != "" and holds(value)
            # Several values are not supported, so nothing is true of them; one in a list counts as that one.
            return value is not None and len(value) == 1 and holds(text_of(value) or "")

        return judged

    def _test(self, doubts: Doubts) -> Callable[[str], bool]:
        try:
            tests = [self.operator.test(value, doubts) for value in self.values or ("",)]
        except EvaluationError as error:
            raise EvaluationError(error.problem, text=str(self), position=0) from None
        if len(tests) == 1:
            return tests[0]
        agree = all if self.operator.negates else any
        return lambda text: agree(test(text) for test in tests)

    def complaint(self) -> str:
        """Say why no one can ever satisfy this clause as it is meant; empty when nothing is wrong with its values."""
        if self.operator.name.startswith("GREATER_THAN"):
            wrong = next((value for value in self.values if not is_integer(value)), None)
            return "" if wrong is None else f"{self.operator.name} compares whole numbers, and “{wrong}” is none."
        try:
            self.judge(BY_THE_REFERENCE)
        except EvaluationError as error:
            return error.problem
        return ""


def _values(written: str, text: str, position: int) -> tuple[str, ...]:
    if not written.startswith('"'):
        return (written,)
    if not _LIST.fullmatch(written):
        raise ParseError("The value that begins here has no closing quotation mark.", text=text, position=position)
    return tuple(unquoted(literal) for literal in re.findall(_QUOTED, written, re.DOTALL))


def _is_plain(value: str) -> bool:
    """Tell whether *value* can be written without quotation marks."""
    return value != "" and value == value.strip() and not value.startswith('"')


def _not_a_clause(text: str) -> ParseError:
    attribute, *rest = text.split(maxsplit=1)[:2] or [""]
    if not rest:
        return ParseError("A clause is an attribute, an operator and a value.", text=text, position=0, hint=_EXAMPLE)
    return _unknown_operator(rest[0], text, text.index(rest[0], text.index(attribute) + len(attribute)))


_EXAMPLE = "Write it like: department EQUALS Sales"


def _unknown_operator(written: str, text: str, position: int) -> ParseError:
    words = written.split()
    tried = (" ".join(words[:count]) for count in range(min(len(words), 5), 0, -1))
    nearest = next((near for near in (nearest_to(name, OPERATORS) for name in tried) if near), "")
    return ParseError(
        f"There is no operator {shortened(written)}." + (f" Did you mean {nearest}?" if nearest else ""),
        text=text,
        position=position,
        hint=f"Write {nearest}." if nearest else f"Write one of {', '.join(OPERATORS)}.",
    )
