"""One condition of a scoping filter, in the form that people write: ``department EQUALS Sales``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Self, TypeAlias

from provisioning.errors import EvaluationError, ParseError, TooSlowError
from provisioning.language.checking import nearest_to
from provisioning.language.choices import BY_THE_REFERENCE, Choices
from provisioning.language.dotnet.regex import placed
from provisioning.language.foreign import foreign_operator
from provisioning.language.graph_form import Json
from provisioning.language.nodes import quoted, unquoted
from provisioning.language.operators import IS_NOT_NULL, IS_NULL, OPERATORS, Operator, Test, is_integer, operator_of
from provisioning.language.reading import LONGEST
from provisioning.language.values import Attributes, shortened, text_of

Holds: TypeAlias = Callable[[Attributes], bool]
"""Tells of a person or group whether the clause is true."""

_SPELLINGS = "|".join(
    r"[\s_]*".join(re.escape(word) for word in re.split("[ _]", name))
    for name in sorted(OPERATORS, key=len, reverse=True)
)
_CLAUSE = re.compile(
    rf"\s*(?P<attribute>\S+)\s+(?P<operator>{_SPELLINGS})(?:\s+(?P<value>\S.*?))?\s*", re.IGNORECASE | re.DOTALL
)
# A name may hold "or", and a list a comma; that an attribute and an operator stand behind it tells them apart.
_NEXT_CLAUSE = re.compile(
    rf"(?:(?<=\s)|(?=[,;]))(?P<word>or|and|&&|\|\||[,;])\s+\S+\s+(?:{_SPELLINGS})(?=\s|$)", re.IGNORECASE
)
_BETWEEN_CLAUSES = {
    "or": "two lists, of which one must hold",
    "and": "two clauses of one list, which must both hold",
}
_JOINS = {"&&": "and", "||": "or"}
_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_LIST = re.compile(rf"{_QUOTED}(?:\s*,\s*{_QUOTED})*", re.DOTALL)
_OTHERWISE_QUOTED = re.compile(r"'.*'|\u2018.*\u2019|[\u201c\u201e].*[\u201c\u201d]|\u00ab.*\u00bb", re.DOTALL)


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

        :raises ParseError: when it is not a clause.
        """
        if len(text) > LONGEST:
            raise ParseError(f"A clause has at most {LONGEST:,} characters, and this one has {len(text):,}.")
        match = _CLAUSE.fullmatch(text)
        if not match:
            raise _not_a_clause(text)
        operator = operator_of(match["operator"])
        assert operator is not None  # noqa: S101 - the pattern is made of the operators
        clause = cls(match["attribute"], operator, _values(match, operator, text))
        if complaint := clause.complaint():
            raise ParseError(complaint, text=text, position=match.start("value"))
        return clause

    @classmethod
    def from_graph(cls, clause: Mapping[str, object]) -> Self:
        """Read a ``filterClause``.

        :raises ParseError: when its operator is unknown.
        """
        spelling, attribute = _text(clause.get("operatorName")), _text(clause.get("sourceOperandName"))
        operator = operator_of(spelling)
        if operator is None:
            raise _unknown_operator(spelling, spelling, 0)
        target = clause.get("targetOperand")
        values = target.get("values") if isinstance(target, dict) else None
        return cls(attribute, operator, tuple(map(_text, values if isinstance(values, list) else ())), spelling)

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

    def judge(self, choices: Choices) -> Holds:
        """Build the function that tells whether the clause is true.

        :raises EvaluationError: when its regular expression cannot be used.
        """
        name = self.attribute
        if self.operator is IS_NULL:
            return lambda attributes: not attributes.get(name)
        if self.operator is IS_NOT_NULL:
            return lambda attributes: bool(attributes.get(name))
        holds = self._test(choices)

        def judged(attributes: Attributes) -> bool:
            value = attributes.get(name)
            if isinstance(value, str):
                return value != "" and holds(value)
            # Several values are not supported, so nothing is true of them; one in a list counts as that one.
            return value is not None and len(value) == 1 and holds(text_of(value) or "")

        return judged

    def _test(self, choices: Choices) -> Callable[[str], bool]:
        try:
            tests = [self.operator.test(value, choices) for value in self.values or ("",)]
        except EvaluationError as error:
            raise placed(error, str(self), 0) from None
        if len(tests) == 1:
            return self._naming_the_clause(tests[0])
        agree = all if self.operator.negates else any
        return self._naming_the_clause(lambda text: agree(test(text) for test in tests))

    def _naming_the_clause(self, test: Test) -> Test:
        """Let what is too slow name the clause. No other operator fails on a value."""
        if not self.operator.takes_pattern:
            return test

        def judged(text: str) -> bool:
            try:
                return test(text)
            except TooSlowError as error:
                raise placed(error, str(self), 0) from None

        return judged

    def complaint(self) -> str:
        """Say why no one can ever satisfy this clause as it is meant; empty when nothing is wrong with its values."""
        if self.operator.name.startswith("GREATER_THAN"):
            wrong = next((value for value in self.values if not is_integer(value)), None)
            return "" if wrong is None else f"{self.operator.name} compares whole numbers, and “{wrong}” is not one."
        try:
            self.judge(BY_THE_REFERENCE)
        except EvaluationError as error:
            return error.problem
        return ""


def _text(held: object) -> str:
    """Take what the service holds as a text. A list or an object within is nothing that it documents."""
    return "" if held is None or isinstance(held, list | dict) else str(held)


def _values(match: re.Match[str], operator: Operator, text: str) -> tuple[str, ...]:
    """Read what stands behind the operator.

    :raises ParseError: when that is not what the operator takes.
    """
    written, position = match["value"], match.start("value")
    if written is None:
        if operator.takes_value:
            raise ParseError(f"{operator.name} needs a value.", text=text, position=match.end("operator"))
        return ()
    is_quoted = written.startswith('"')
    # From where the value begins, and the blank before it too: IS NULL may be followed right by AND.
    if not is_quoted and (next_clause := _NEXT_CLAUSE.search(text, match.end("operator"))):
        raise _several_clauses(next_clause, text)
    if not operator.takes_value:
        raise ParseError(f"{operator.name} takes no value.", text=text, position=position)
    if _OTHERWISE_QUOTED.fullmatch(written):
        raise _otherwise_quoted(text, position)
    values = _unquoted(written, text, position) if is_quoted else (written,)
    if "" in values:
        raise _empty_value(operator, text, position)
    return values


def _unquoted(written: str, text: str, position: int) -> tuple[str, ...]:
    if not _LIST.fullmatch(written):
        raise ParseError("The value that begins here has no closing quotation mark.", text=text, position=position)
    return tuple(unquoted(literal) for literal in re.findall(_QUOTED, written, re.DOTALL))


def _several_clauses(next_clause: re.Match[str], text: str) -> ParseError:
    word = next_clause["word"]
    meant = _JOINS.get(word, word.lower())
    between = _BETWEEN_CLAUSES.get(meant) or ", or ".join(_BETWEEN_CLAUSES.values())
    return ParseError(
        f"A second clause begins behind “{word}”, and one text is one clause.",
        text=text,
        position=next_clause.start("word"),
        hint=f"Write {between}; or put the value in quotation marks if it is meant as it stands.",
    )


def _otherwise_quoted(text: str, position: int) -> ParseError:
    return ParseError(
        "These quotation marks would be part of the value.",
        text=text,
        position=position,
        hint='Write the value bare, or in straight double ones: "…".',
    )


def _empty_value(operator: Operator, text: str, position: int) -> ParseError:
    return ParseError(
        f"{operator.name} cannot be asked of an empty text: an attribute that is empty has no value at all.",
        text=text,
        position=position,
        hint=f"Write {operator.for_empty}." if operator.for_empty else "",
    )


def _is_plain(value: str) -> bool:
    """Tell whether *value* can be written without quotation marks."""
    is_misread = value.startswith('"') or _OTHERWISE_QUOTED.fullmatch(value) or _NEXT_CLAUSE.search(f" {value}")
    return value == value.strip() != "" and not is_misread


def _not_a_clause(text: str) -> ParseError:
    attribute, *rest = text.split(maxsplit=1)[:2] or [""]
    if not rest:
        return ParseError("A clause is an attribute, an operator and a value.", text=text, position=0, hint=_EXAMPLE)
    if attribute.upper() == "NOT" or operator_of(attribute):
        example = _EXAMPLE.replace("EQUALS", "NOT EQUALS") if attribute.upper() == "NOT" else _EXAMPLE
        position = text.index(attribute)
        return ParseError("A clause begins with its attribute.", text=text, position=position, hint=example)
    return _unknown_operator(rest[0], text, text.index(rest[0], text.index(attribute) + len(attribute)))


_EXAMPLE = "Write it like: department EQUALS Sales"


def _unknown_operator(written: str, text: str, position: int) -> ParseError:
    """Say which operator there is not. *written* may have a value behind it, but for what the service holds."""
    if foreign := foreign_operator(written):
        problem = f"There is no operator {foreign.written}."
        return ParseError(problem, text=text, position=position, hint=foreign.hint)
    words = written.split()
    tried = [" ".join(words[:count]) for count in range(1, min(len(words), 5) + 1)]
    name = max(tried, key=_likeness, default="")
    near = nearest_to(name, OPERATORS)
    if not near:
        name = written if written == text else words[0]
    return ParseError(
        f"There is no operator {shortened(name)}." + (f" Did you mean {near}?" if near else ""),
        text=text,
        position=position,
        hint=f"Write {near}." if near else f"Write one of {', '.join(OPERATORS)}.",
    )


def _likeness(name: str) -> float:
    """Tell how much *name* is like the operator that is nearest to it: 1 when it is the same."""
    return max(SequenceMatcher(None, name.casefold(), operator.casefold()).ratio() for operator in OPERATORS)
