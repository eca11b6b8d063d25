"""The filter language of Microsoft Graph: from ``$filter`` text to a predicate on JSON objects. Pure.

The grammar is ``odata.lark``; here is what it means. Text is compared without regard to case, as the directory does,
unless the caller says otherwise: the logs do not. What a resource allows to be filtered on is not decided here;
:class:`Filter` tells what was used.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from emulator.company.clock import moment_in
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

Scope = Mapping[str, Any]
"""What names mean: the object itself under ``""``, lambda variables under their names."""

DEEPEST = 100
"""How many conditions may stand inside each other, as OData's own default is."""
LONGEST = 20_000
"""How many characters a filter may have: more does not fit into an address."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": operator.contains,
}
_FOLDS: dict[str, Callable[[str], str]] = {"tolower": str.lower, "toupper": str.upper, "trim": str.strip}
_OPERATORS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
}
_TYPES: tuple[tuple[type, str], ...] = (
    *((bool, "Edm.Boolean"), (str, "Edm.String"), (datetime, "Edm.DateTimeOffset")),
    *((int, "Edm.Int32"), (float, "Edm.Double")),
)
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


class Use(NamedTuple):
    """That a filter does something with what a path reads, which is not possible with every type."""

    path: str
    kind: str
    """OData's word for it, such as ``Equal``; ``any`` and ``all`` for a collection, ``alone`` for a truth."""
    operand: str = ""
    """The type of what it is compared with, such as ``Edm.String``; empty for null."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood."""

    admits: Callable[[Mapping[str, Any]], bool]
    """Tells whether an object passes."""
    paths: frozenset[str]
    """What it reads, such as ``displayName`` and ``targetResources/id``, lambda variables resolved."""
    operators: frozenset[str]
    """The words that it uses, such as ``eq``, ``not`` and ``endswith``; ``$count`` for a counted collection."""
    uses: frozenset[Use] = frozenset()
    """What it does with which path."""

    @property
    def properties(self) -> frozenset[str]:
        """The first parts of the paths, such as ``targetResources``."""
        return frozenset(path.partition("/")[0] for path in self.paths)


@lru_cache(maxsize=256)
def parse(text: str, *, case_sensitive: bool = False) -> Filter:
    """Read a filter. :raises Refusal: 400 with the place where it stops making sense."""
    if len(text) > LONGEST:
        raise Refusal(400, "BadRequest", f"Invalid filter clause: It has more than {LONGEST} characters.")
    try:
        part = cast("_Part", _parser(case_sensitive).parse(text))
    except UnexpectedCharacters as surprise:
        # lark declares the position as None, and sets it.
        raise _syntax_error(cast("int", surprise.pos_in_stream), text) from None
    except UnexpectedToken as surprise:
        at = surprise.token.start_pos if surprise.token.type != "$END" else None
        raise _syntax_error(len(text) if at is None else at, text) from None
    except _Misplaced as surprise:
        raise _syntax_error(surprise.at, text) from None
    paths = frozenset("/".join(path) for path in part.paths)
    holds = part.read
    return Filter(lambda candidate: bool(holds({"": candidate})), paths, part.words, part.uses)


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition or a value, with what it reads."""

    read: Callable[[Scope], Any]
    paths: frozenset[tuple[str, ...]] = frozenset()
    words: frozenset[str] = frozenset()
    depth: int = 0
    uses: frozenset[Use] = frozenset()


class _Misplaced(Exception):  # noqa: N818 - a place, not an error that anybody catches elsewhere
    def __init__(self, at: int | None) -> None:
        super().__init__()
        self.at = at or 0


@v_args(inline=True)
class _Meaning(Transformer[Token, _Part]):
    """What each line of the grammar means. It is worked out while reading, so that no depth is too deep to read."""

    def __init__(self, *, case_sensitive: bool) -> None:
        super().__init__()
        self._fold: Callable[[Any], Any] = _as_it_is if case_sensitive else _folded

    def start(self, part: _Part) -> _Part:
        return part

    def either(self, *parts: _Part) -> _Part:
        reads = [part.read for part in parts]
        return _joined(lambda scope: any(read(scope) for read in reads), parts)

    def both(self, *parts: _Part) -> _Part:
        reads = [part.read for part in parts]
        return _joined(lambda scope: all(read(scope) for read in reads), parts)

    def negated(self, part: _Part) -> _Part:
        read = part.read
        return _joined(lambda scope: not read(scope), [part], "not")

    def true(self, part: _Part) -> _Part:
        read = part.read
        return _used(_joined(lambda scope: read(scope) is True, [part]), part, "alone")

    def compared(self, part: _Part, word: Token, wanted: Any) -> _Part:  # noqa: ANN401 - any literal
        compared = _joined(self._comparison(part.read, str(word), wanted), [part], str(word))
        return _used(compared, part, _OPERATORS[str(word)], _type_of(wanted))

    def one_of(self, part: _Part, *wanted: Any) -> _Part:  # noqa: ANN401 - any literals
        fold, read = self._fold, part.read
        known = {fold(one) for one in wanted}
        return _joined(lambda scope: _hashed(fold(read(scope))) in known, [part], "in")

    def tested(self, name: Token, part: _Part, comma: Token, wanted: Any) -> _Part:  # noqa: ANN401 - any literal
        test = _TESTS.get(name.lower())
        if test is None:
            raise _Misplaced(comma.start_pos)
        fold, read, text = self._fold, part.read, self._fold(wanted)

        def holds(scope: Scope) -> bool:
            found = fold(read(scope))
            return isinstance(found, str) and isinstance(text, str) and test(found, text)

        return _joined(holds, [part], name.lower())

    def not_empty(self, path: _Part, quantifier: Token) -> _Part:
        read = path.read
        return _used(_joined(lambda scope: bool(read(scope)), [path], str(quantifier)), path, str(quantifier))

    def quantified(self, path: _Part, quantifier: Token, variable: Token, part: _Part) -> _Part:
        values, inner, name = path.read, part.read, str(variable)
        tell = any if quantifier == "any" else all
        (whole,) = path.paths
        paths = {(*whole, *rest) if first == name else (first, *rest) for first, *rest in part.paths}
        outer = _joined(
            lambda scope: tell(inner({**scope, name: each}) for each in _several(values(scope))),
            [path, part],
            str(quantifier),
        )
        # What is said of each member is not said of the object.
        uses = frozenset(use for use in outer.uses if use.path.partition("/")[0] != name)
        return _used(_Part(outer.read, path.paths | paths, outer.words, outer.depth, uses), path, str(quantifier))

    def folded(self, name: Token, part: _Part, close: Token) -> _Part:
        fold = _FOLDS.get(name.lower())
        if fold is None:
            raise _Misplaced(close.start_pos)
        read = part.read
        return _joined(lambda scope: fold(found) if isinstance(found := read(scope), str) else found, [part])

    def root(self, name: Token) -> _Part:
        first = str(name)
        return _Part(
            lambda scope: scope[first] if first in scope else follow(scope[""], (first,)), frozenset({(first,)})
        )

    def below(self, part: _Part, name: Token) -> _Part:
        read, rest = part.read, (str(name),)
        (above,) = part.paths
        words = frozenset({"$count"} if name == "$count" else ())
        return _Part(lambda scope: follow(read(scope), rest), frozenset({above + rest}), words)

    def text(self, token: Token) -> str:
        return token[1:-1].replace("''", "'")

    def moment(self, token: Token) -> datetime:
        found = _moment(token)
        if found is None:
            raise _Misplaced(token.start_pos)
        return found

    def number(self, token: Token) -> float | int:
        return float(token) if "." in token else int(token)

    def word(self, token: Token) -> str:
        return str(token)

    def constant(self, token: Token) -> bool | None:
        found: bool | None = _CONSTANTS[str(token)]
        return found

    def _comparison(self, read: Callable[[Scope], Any], word: str, wanted: Any) -> Callable[[Scope], bool]:  # noqa: ANN401 - any literal
        compare, fold = _COMPARISONS[word], self._fold
        if isinstance(wanted, datetime):
            return lambda scope: isinstance(found := _moment(read(scope)), datetime) and compare(found, wanted)
        wanted = fold(wanted)
        if word in {"eq", "ne"}:
            return lambda scope: compare(fold(read(scope)), wanted)
        return lambda scope: type(found := fold(read(scope))) is type(wanted) and compare(found, wanted)


@cache
def _parser(case_sensitive: bool) -> Lark:  # noqa: FBT001 - the key of the cache
    meaning = _Meaning(case_sensitive=case_sensitive)
    return Lark.open("odata.lark", rel_to=__file__, parser="lalr", transformer=meaning)


def _joined(read: Callable[[Scope], Any], parts: Iterable[_Part], *words: str) -> _Part:
    """Put a part on top of others. :raises Refusal: 400 when that makes too many."""
    below = list(parts)
    depth = 1 + max(part.depth for part in below)
    if depth > DEEPEST:
        raise Refusal(400, "BadRequest", "Invalid filter clause: Recursion depth exceeded allowed limit.")
    paths = frozenset[tuple[str, ...]]().union(*(part.paths for part in below))
    uses = frozenset[Use]().union(*(part.uses for part in below))
    return _Part(read, paths, frozenset(words).union(*(part.words for part in below)), depth, uses)


def _used(whole: _Part, part: _Part, kind: str, operand: str = "") -> _Part:
    """Note what is done with the path of a part; a counted or folded one has another type."""
    path = "/".join(*part.paths) if not part.words else ""
    return replace(whole, uses=whole.uses | {Use(path, kind, operand)}) if path else whole


def _type_of(literal: object) -> str:
    return next((name for kind, name in _TYPES if isinstance(literal, kind)), "")


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any literal or JSON value
    return value


def _folded(value: Any) -> Any:  # noqa: ANN401 - any literal or JSON value
    return value.casefold() if isinstance(value, str) else value


def _hashed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give a value that can be looked up in a set; lists and objects are in none."""
    return None if isinstance(value, list | dict) else value


def _several(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, list) else ()


def follow(value: Any, path: Iterable[str]) -> Any:  # noqa: ANN401 - walks JSON
    """Go down a path in any case; ``None`` where it ends, and a number for ``$count``."""
    for part in path:
        if part == "$count":
            return len(value) if isinstance(value, list) else 0
        if not isinstance(value, Mapping):
            return None
        value = value[part] if part in value else _whatever_case(value, part)
    return value


def _whatever_case(value: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - walks JSON
    """Find a property that was spelled with another case, as Microsoft's own links do."""
    return next((found for key, found in value.items() if key.lower() == name.lower()), None)


def _moment(value: object) -> datetime | None:
    """Read what a property or a literal holds; it may turn out not to be a moment."""
    return value if isinstance(value, datetime) else moment_in(str(value))


def _syntax_error(at: int, text: str) -> Refusal:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Refusal(400, "BadRequest", f"Invalid filter clause: Syntax error at position {at} in '{shown}'.")


_SHOWN = 300
