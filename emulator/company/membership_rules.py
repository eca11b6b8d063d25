"""The rules of dynamic groups: from text to a test of a user. Pure.

The grammar is ``membership_rule.lark`` (Learn: groups-dynamic-membership). Text is compared without regard to case. An
operator on a list asks whether one of its texts fits. That ``-ne`` and its kind hold for somebody without a value is
inferred. What belongs to devices admits nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from emulator.company.old_names import GRAPH_NAMES
from emulator.company.shapes import USER
from provisioning.language import EvaluationError, ScopingFilter
from provisioning.language.choices import Choices

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 3_072
"""How many characters a rule may have (Learn: groups-dynamic-membership)."""
DEEPEST = 100

_OLD_NAMES: Mapping[str, str] = {
    "dirsyncenabled": "onPremisesSyncEnabled",
    "telephonenumber": "businessPhones",
    **{old.lower(): name for old, name in GRAPH_NAMES.items()},
}
_ANYWHERE = Choices(regex_match="anywhere")


class RuleError(ValueError):
    """The rule cannot be read, or asks for what there is not."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user as rules see one."""

    properties: Mapping[str, Any]
    manager_id: str | None
    group_ids: frozenset[str]
    """The groups that have the user as a direct member."""


Test = Callable[[Person, Mapping[str, Any]], bool]
"""Tells of a person, and of what a quantifier's variable stands for, whether a condition holds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was understood."""

    admits: Callable[[Person], bool]


@dataclass(frozen=True, slots=True)
class _Part:
    holds: Test
    depth: int = 1


@lru_cache(maxsize=512)
def parse(text: str) -> Rule:
    """Read a rule. :raises RuleError: with the place where it stops making sense, or the property that there is not."""
    if len(text) > LONGEST:
        raise RuleError(f"A membership rule has at most {LONGEST:,} characters, and this one has {len(text):,}.")
    try:
        part = cast("_Part", _parser().parse(text))
    except UnexpectedCharacters as surprise:
        raise RuleError(f"The membership rule makes no sense at position {surprise.pos_in_stream}.") from None
    except UnexpectedToken as surprise:
        at = surprise.token.start_pos if surprise.token.type != "$END" else None
        raise RuleError(f"The membership rule makes no sense at position {len(text) if at is None else at}.") from None
    return Rule(lambda person: part.holds(person, {}))


@v_args(inline=True)
class _Meaning(Transformer[Token, _Part]):
    """What each line of the grammar means, worked out while reading."""

    def start(self, part: _Part) -> _Part:
        return part

    def either(self, *parts: _Part | Token) -> _Part:
        tests = [part.holds for part in parts if isinstance(part, _Part)]
        return _joined(parts, lambda person, bound: any(holds(person, bound) for holds in tests))

    def both(self, *parts: _Part | Token) -> _Part:
        tests = [part.holds for part in parts if isinstance(part, _Part)]
        return _joined(parts, lambda person, bound: all(holds(person, bound) for holds in tests))

    def negated(self, _: Token, part: _Part) -> _Part:
        return _joined([part], lambda person, bound: not part.holds(person, bound))

    def compared(self, path: tuple[str, ...], word: Token, wanted: Any) -> _Part:  # noqa: ANN401 - any literal
        compare, read = _COMPARISONS[word.lower()], _reader_of(path)
        return _Part(lambda person, bound: compare(read(person, bound), wanted))

    def quantified(self, path: tuple[str, ...], quantifier: Token, part: _Part) -> _Part:
        tell = any if quantifier.lower() == "-any" else all
        if [name.lower() for name in path] == ["user", "memberof"]:
            groups: Callable[[Person], Iterable[Any]] = lambda person: [{"objectid": one} for one in person.group_ids]  # noqa: E731 - typed
        else:
            read = _reader_of(path)
            groups = lambda person: _as_list(read(person, {}))  # noqa: E731 - the other of two
        return _joined([part], lambda person, _: tell(part.holds(person, {"_": each}) for each in groups(person)))

    def reports_to(self, _: Token, manager: Token) -> _Part:
        wanted = _unquoted(manager).lower()
        return _Part(lambda person, _: (person.manager_id or "").lower() == wanted)

    def path(self, *names: Token) -> tuple[str, ...]:
        return tuple(map(str, names))

    def text(self, token: Token) -> str:
        return _unquoted(token)

    def constant(self, token: Token) -> bool | None:
        return {"true": True, "false": False, "null": None}[token.lstrip("$").lower()]

    def several(self, *items: Any) -> list[Any]:  # noqa: ANN401 - any literals
        return [item for item in items if item is not None]


@cache
def _parser() -> Lark:
    return Lark.open(
        "membership_rule.lark", rel_to=__file__, parser="lalr", transformer=_Meaning(), maybe_placeholders=False
    )


def _joined(parts: Iterable[object], holds: Test) -> _Part:
    depth = 1 + max(part.depth for part in parts if isinstance(part, _Part))
    if depth > DEEPEST:
        raise RuleError(f"More than {DEEPEST} conditions of the membership rule stand inside each other.")
    return _Part(holds, depth)


def _reader_of(path: tuple[str, ...]) -> Callable[[Person, Mapping[str, Any]], Any]:
    """Find what a path means. :raises RuleError: when users have no such property."""
    first, rest = path[0].lower(), path[1:]
    if first == "user" and len(rest) == 1:
        read = _property_called(rest[0])
        return lambda person, _: read(person.properties)
    if first == "device":
        return lambda _, __: None
    if first == "user" or len(rest) > 1:
        raise RuleError(f"The membership rule asks for '{'.'.join(path)}', which users do not have.")
    # The variable of a quantifier: the value itself, or a part of it.
    name = rest[0].lower() if rest else ""
    return lambda _, bound: _part_of(bound.get("_"), name)


def _property_called(name: str) -> Callable[[Mapping[str, Any]], Any]:
    folded = name.lower()
    if folded.startswith("extensionattribute"):
        return lambda properties: (properties.get("onPremisesExtensionAttributes") or {}).get(name)
    if folded.startswith("extension_"):
        return lambda properties: _part_of(properties, folded)
    wanted = _OLD_NAMES.get(folded, name)
    known = next((one for one in USER.properties("beta") if one.lower() == wanted.lower()), None)
    if known is None:
        raise RuleError(f"The membership rule asks for 'user.{name}', which users do not have.")
    default = USER.properties("beta")[known]
    return lambda properties: properties.get(known, default)


def _part_of(value: Any, folded: str) -> Any:  # noqa: ANN401 - any JSON value
    if not folded:
        return value
    if not isinstance(value, Mapping):
        return None
    return next((item for key, item in value.items() if key.lower() == folded), None)


def _as_list(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, list) else [] if value is None else [value]


def _folded(value: Any) -> Any:  # noqa: ANN401 - any literal or JSON value
    """Make comparable: texts without their case, truths and numbers as the texts that rules may write for them."""
    if value is None or value == "":
        return None
    return str(value).casefold()


def _some(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def holds(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON values
        folded = _folded(wanted)
        return any((text := _folded(one)) is not None and test(text, folded or "") for one in _as_list(found))

    return holds


def _equal(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON values
    if isinstance(found, list):
        return not found if wanted is None else any(_folded(one) == _folded(wanted) for one in found)
    return bool(_folded(found) == _folded(wanted))


def _in(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON values
    return any(_equal(found, one) for one in _as_list(wanted))


def _matches(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON values
    test = _pattern(str(wanted))
    return any(test(str(one)) for one in _as_list(found))


@lru_cache(maxsize=512)
def _pattern(text: str) -> Callable[[str], bool]:
    """Make a .NET expression ready, with whatever limits filters put on it; one that cannot be used matches nothing."""
    clause = {"sourceOperandName": "x", "operatorName": "REGEX MATCH", "targetOperand": {"values": [f"(?i){text}"]}}
    try:
        read = ScopingFilter.from_graph({"groups": [{"name": "x", "clauses": [clause]}]})
    except EvaluationError:
        return lambda _: False

    def test(value: str) -> bool:
        try:
            return read.admits({"x": value}, choices=_ANYWHERE).admitted
        except EvaluationError:
            return False

    return test


def _not(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda found, wanted: not test(found, wanted)


_STARTS, _CONTAINS = _some(str.startswith), _some(lambda text, part: part in text)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "-eq": _equal,
    "-ne": _not(_equal),
    "-startswith": _STARTS,
    "-notstartswith": _not(_STARTS),
    "-contains": _CONTAINS,
    "-notcontains": _not(_CONTAINS),
    "-in": _in,
    "-notin": _not(_in),
    "-match": _matches,
    "-notmatch": _not(_matches),
}


def _unquoted(token: Token) -> str:
    """Take quotes and backticks away; a number has none."""
    if token[:1] not in {'"', "'"}:
        return str(token)
    text, escaped = "", False
    for letter in token[1:-1]:
        if letter == "`" and not escaped:
            escaped = True
            continue
        text, escaped = text + letter, False
    return text
