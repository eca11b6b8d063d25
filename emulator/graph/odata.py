"""The filter language of Microsoft Graph: from ``$filter`` text to a predicate on JSON objects. Pure.

The language is OData 4's, as far as Graph documents it (Learn: filter-query-parameter)::

    either      = both { "or" both }
    both        = negation { "and" negation }
    negation    = "not" negation | "(" either ")" | comparison
    comparison  = operand ( "eq" | "ne" | "gt" | "ge" | "lt" | "le" ) literal
                | operand "in" "(" literal { "," literal } ")"
                | ( "startswith" | "endswith" | "contains" ) "(" operand "," literal ")"
                | path "/" ( "any" | "all" ) "(" [ name ":" either ] ")"
                | path
    operand     = path | path "/$count" | ( "tolower" | "toupper" ) "(" operand ")"

Text is compared without regard to case, as the directory does, unless the caller says otherwise: the logs do not.
What a resource allows to be filtered on is not decided here; :class:`Filter` tells what was used.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from emulator.refusal import Refusal

Scope = Mapping[str, Any]
"""What names mean: the object itself under ``""``, lambda variables under their names."""

_Value = Callable[[Scope], Any]
_Predicate = Callable[[Scope], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?![\w-]))
    | (?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})
    | (?P<number>-?\d+(?:\.\d+)?(?![\w-]))
    | (?P<word>[A-Za-z_@$][\w.$@]*(?:/[\w.$@]+)*)
    | (?P<mark>[(),:])
    )""",
    re.VERBOSE,
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": operator.contains,
}
_FOLDS: dict[str, Callable[[str], str]] = {"tolower": str.lower, "toupper": str.upper, "trim": str.strip}
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood."""

    admits: Callable[[Mapping[str, Any]], bool]
    """Tells whether an object passes."""
    properties: frozenset[str]
    """The first parts of the paths that it reads, such as ``displayName``."""
    operators: frozenset[str]
    """The words that it uses, such as ``eq``, ``not`` and ``endswith``; ``$count`` for a counted collection."""


def parse(text: str, *, case_sensitive: bool = False) -> Filter:
    """Read a filter. :raises Refusal: 400 with the place where it stops making sense."""
    reader = _Reader(text, case_sensitive=case_sensitive)
    predicate = reader.either()
    if reader.position < len(reader.tokens):
        reader.fail()
    return Filter(
        admits=lambda candidate: predicate({"": candidate}),
        properties=frozenset(reader.properties),
        operators=frozenset(reader.operators),
    )


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    at: int


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right, one method for each line of the grammar."""

    text: str
    case_sensitive: bool
    tokens: list[_Token] = field(init=False)
    position: int = 0
    variables: list[str] = field(default_factory=list)
    properties: set[str] = field(default_factory=set)
    operators: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tokens = list(_tokens_of(self.text))

    def either(self) -> _Predicate:
        """Read alternatives."""
        found = [self.both()]
        while self._takes("or"):
            found.append(self.both())
        return found[0] if len(found) == 1 else lambda scope: any(part(scope) for part in found)

    def both(self) -> _Predicate:
        """Read conditions that must all hold."""
        found = [self.negation()]
        while self._takes("and"):
            found.append(self.negation())
        return found[0] if len(found) == 1 else lambda scope: all(part(scope) for part in found)

    def negation(self) -> _Predicate:
        """Read a condition that may be turned round or bracketed."""
        if self._takes("not"):
            self.operators.add("not")
            inner = self.negation()
            return lambda scope: not inner(scope)
        if self._takes("("):
            inner = self.either()
            self._expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> _Predicate:
        """Read one condition."""
        word = self._peek()
        if word and word.kind == "word":
            if word.text.lower() in _FUNCTIONS:
                return self._function()
            path, slash, quantifier = word.text.rpartition("/")
            if slash and quantifier in {"any", "all"}:
                return self._quantified(path, quantifier)
        value = self.operand()
        operator_word = self._peek()
        if operator_word and operator_word.text in _COMPARISONS:
            return self._compared(value)
        if self._takes("in"):
            return self._one_of(value)
        return lambda scope: value(scope) is True

    def operand(self) -> _Value:
        """Read what is compared."""
        word = self._next("word")
        fold = _FOLDS.get(word.text.lower())
        if fold and self._takes("("):
            inner = self.operand()
            self._expect(")")
            return lambda scope: fold(found) if isinstance(found := inner(scope), str) else found
        return self._path(word.text)

    def fail(self) -> NoReturn:
        """Give up at the present token. :raises Refusal: always."""
        at = self.tokens[self.position].at if self.position < len(self.tokens) else len(self.text)
        raise _syntax_error(at, self.text)

    def _function(self) -> _Predicate:
        name = self._next("word").text.lower()
        test = _FUNCTIONS[name]
        self.operators.add(name)
        self._expect("(")
        value = self.operand()
        self._expect(",")
        wanted = self._fold(self._literal())
        self._expect(")")
        fold = self._fold

        def holds(scope: Scope) -> bool:
            found = fold(value(scope))
            return isinstance(found, str) and isinstance(wanted, str) and test(found, wanted)

        return holds

    def _quantified(self, path: str, quantifier: str) -> _Predicate:
        self._next("word")
        self.operators.add(quantifier)
        values = self._path(path)
        self._expect("(")
        if self._takes(")"):
            return lambda scope: bool(values(scope))
        variable = self._next("word").text
        self._expect(":")
        self.variables.append(variable)
        inner = self.either()
        self.variables.pop()
        self._expect(")")
        tell = any if quantifier == "any" else all
        return lambda scope: tell(inner({**scope, variable: each}) for each in values(scope) or ())

    def _compared(self, value: _Value) -> _Predicate:
        word = self._next("word").text
        self.operators.add(word)
        compare, fold = _COMPARISONS[word], self._fold
        wanted = self._literal()
        if isinstance(wanted, datetime):
            return lambda scope: isinstance(found := _moment(value(scope)), datetime) and compare(found, wanted)
        wanted = fold(wanted)
        if word in {"eq", "ne"}:
            return lambda scope: compare(fold(value(scope)), wanted)
        return lambda scope: type(found := fold(value(scope))) is type(wanted) and compare(found, wanted)

    def _one_of(self, value: _Value) -> _Predicate:
        self.operators.add("in")
        self._expect("(")
        wanted = {self._fold(self._literal())}
        while self._takes(","):
            wanted.add(self._fold(self._literal()))
        self._expect(")")
        fold = self._fold
        return lambda scope: fold(value(scope)) in wanted

    def _literal(self) -> Any:  # noqa: ANN401 - a literal of the language: text, number, moment, truth or nothing
        token = self._peek()
        if token is None:
            self.fail()
        self.position += 1
        match token.kind:
            case "text":
                return token.text[1:-1].replace("''", "'")
            case "date":
                return _moment(token.text)
            case "number":
                return float(token.text) if "." in token.text else int(token.text)
            case "word" if token.text in _CONSTANTS:
                return _CONSTANTS[token.text]
            case "guid":
                return token.text
            case _:
                self.position -= 1
                return self.fail()

    def _path(self, text: str) -> _Value:
        parts = text.split("/")
        if parts[0] in self.variables:
            variable, rest = parts[0], parts[1:]
        else:
            variable, rest = "", parts
            self.properties.add(parts[0])
        if rest and rest[-1] == "$count":
            self.operators.add("$count")
        return lambda scope: _follow(scope[variable], rest)

    def _fold(self, value: Any) -> Any:  # noqa: ANN401 - any literal or JSON value
        return value.casefold() if isinstance(value, str) and not self.case_sensitive else value

    def _peek(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _takes(self, text: str) -> bool:
        token = self._peek()
        if token and token.text == text and token.kind in {"word", "mark"}:
            self.position += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            self.fail()

    def _next(self, kind: str) -> _Token:
        token = self._peek()
        if token is None or token.kind != kind:
            self.fail()
        self.position += 1
        return token


def _tokens_of(text: str) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _syntax_error(at + len(text[at:]) - len(text[at:].lstrip()), text)
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
        at = found.end()
    return tokens


def _follow(value: Any, path: list[str]) -> Any:  # noqa: ANN401 - walks JSON
    for part in path:
        if part == "$count":
            return len(value or ())
        if not isinstance(value, Mapping):
            return None
        value = value[part] if part in value else _whatever_case(value, part)
    return value


def _whatever_case(value: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - walks JSON
    """Find a property that was spelled with another case, as Microsoft's own links do."""
    return next((found for key, found in value.items() if key.lower() == name.lower()), None)


def _moment(value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value may turn out to be no moment
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _syntax_error(at: int, text: str) -> Refusal:
    return Refusal(400, "BadRequest", f"Invalid filter clause: Syntax error at position {at} in '{text}'.")
