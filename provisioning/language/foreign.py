"""Words of other languages, and what is written here instead.

Administrators come from SQL, from OData, from SCIM, from Excel, from the portal's other rule languages. What they write
first is wrong here in the same few ways, and the nearest name by spelling is then the worst advice: one table says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Where(Enum):
    """Where such a word is met."""

    OPERATOR = "the operator of a clause"
    SIGN = "a sign in an expression"
    BETWEEN = "a word between two expressions"
    FUNCTION = "the name of a function"
    WORD = "a bare word in an expression"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One row of the table."""

    where: frozenset[Where]
    words: tuple[str, ...]
    """How others write it, in lower case; a blank also stands for an underscore, or for nothing.

    A hyphen before it, as Entra's rules of membership write it, need not be said.
    """

    hint: str
    """What to write here."""

    problem: str = ""
    """What is wrong with it in an expression; empty when it is just not there."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of another language that was met."""

    row: Foreign
    written: str
    begin: int = 0
    """Where it begins in the text."""

    @property
    def problem(self) -> str:
        """What is wrong with it."""
        return self.row.problem or f"There is no {self.written} in this language."

    @property
    def hint(self) -> str:
        """What to write instead."""
        return self.row.hint


def _filter(*words: str, hint: str) -> Foreign:
    return Foreign(frozenset({Where.OPERATOR}), words, hint)


def _sign(*words: str, hint: str, problem: str = "") -> Foreign:
    return Foreign(frozenset({Where.SIGN}), words, hint, problem)


def _function(*words: str, hint: str) -> Foreign:
    return Foreign(frozenset({Where.FUNCTION}), words, hint)


def _word(*words: str, hint: str) -> Foreign:
    return Foreign(frozenset({Where.WORD}), words, hint)


_ANYWHERE = frozenset({Where.SIGN, Where.BETWEEN, Where.FUNCTION})
_AND = 'Put an IIF inside the IIF, in its second argument: IIF([a]="x", IIF([b]="y", …, …), …)'
_OR = 'Put an IIF inside the IIF, in its third argument: IIF([a]="x", …, IIF([b]="y", …, …))'
_IN_STR = 'Write IIF(InStr([a], "…") <> 0, …, …).'

TABLE = (
    # Clauses of a scoping filter
    _filter("starts with", "begins with", "sw", hint="Write REGEX MATCH ^….* for what it begins with."),
    _filter("not starts with", "does not start with", hint="Write NOT REGEX MATCH ^….* for what it begins with."),
    _filter("ew", hint="Write ENDS_WITH."),
    _filter("not ends with", "does not end with", hint="Write NOT REGEX MATCH .*…$ for what it ends with."),
    _filter(
        *("in", "any of", "one of", "is one of", "is in"),
        hint="Write a list of clauses for each value, or REGEX MATCH ^(a|b)$ for the values a and b.",
    ),
    _filter("not in", "none of", "is not in", hint="Write a clause with NOT EQUALS for each value, all in one list."),
    _filter("contains", "co", "like", "has", hint="Write INCLUDES; it heeds the case."),
    _filter(
        *("not contains", "does not contain", "not includes", "not like"),
        hint="Write NOT REGEX MATCH .*….* for what it must not contain.",
    ),
    _filter("present", "is present", "pr", "exists", "not null", hint="Write IS NOT NULL."),
    _filter("is not empty", "is not blank", hint="Write IS NOT NULL."),
    _filter("empty", "is empty", "null", "not present", "is not present", "not exists", hint="Write IS NULL."),
    _filter("blank", "is blank", hint="Write IS NULL."),
    _filter("=", "==", "eq", "is", "equal", "equal to", "is equal to", ":", hint="Write EQUALS."),
    _filter("!=", "<>", "ne", "is not", "not equal", "not equal to", "does not equal", hint="Write NOT EQUALS."),
    _filter(">", "gt", "greater", "is greater than", hint="Write GREATER_THAN; it compares whole numbers."),
    _filter(">=", "ge", "at least", hint="Write GREATER_THAN_OR_EQUALS; it compares whole numbers."),
    _filter(
        *("<", "lt", "less than", "<=", "le", "less than or equals", "at most"),
        hint="There is none for less: write REGEX MATCH with the numbers meant, as ^[0-9]{1,3}$ for all below 1000.",
    ),
    _filter("match", "matches", "=~", "regex", "regexp", hint="Write REGEX MATCH."),
    _filter("not match", "does not match", "!~", hint="Write NOT REGEX MATCH."),
    _filter("true", "is yes", hint="Write IS TRUE."),
    _filter("false", "is no", "not true", "is not true", hint="Write IS FALSE."),
    _filter(
        "between", hint="Write two clauses in one list: GREATER_THAN_OR_EQUALS, and REGEX MATCH for the upper end."
    ),
    _filter("is member of", "member of", hint="Assign the group: Entra does not filter by membership."),
    # Expressions
    Foreign(_ANYWHERE, ("and", "&&", "andalso"), _AND),
    Foreign(_ANYWHERE, ("or", "||", "orelse", "xor"), _OR),
    Foreign(
        frozenset({Where.SIGN, Where.BETWEEN}),
        ("not", "!"),
        "Write Not(…), or <> in the condition; or swap what IIF gives.",
    ),
    _sign("!=", hint="Write <>."),
    _sign("==", "===", hint="Write =."),
    _sign("=>", hint="Write >=."),
    _sign("=<", hint="Write <=."),
    _sign("&", "+", hint="Use Join or Append.", problem="There is no sign that joins texts."),
    _sign(";", hint="Put a comma between two arguments.", problem="“;” has no meaning here."),
    _sign(
        ".",
        hint="An attribute is written [givenName], alone, and a function ToUpper([givenName]).",
        problem="“.” has no meaning here.",
    ),
    _sign("?", hint="Write IIF(condition, …, …)."),
    _sign("{", "${", "%", hint="An attribute is written [givenName], and texts are put together by Join."),
    Foreign(frozenset({Where.BETWEEN, Where.FUNCTION}), ("like", "contains", "includes"), _IN_STR),
    Foreign(frozenset({Where.BETWEEN}), ("is",), 'Write = or <>; whether it is empty, Switch tells by its key "".'),
    Foreign(frozenset({Where.BETWEEN}), ("in",), 'Write Switch([a], "…", "first", "…", "second", "…").'),
    Foreign(frozenset({Where.BETWEEN}), ("eq",), "Write =."),
    Foreign(frozenset({Where.BETWEEN}), ("ne",), "Write <>."),
    Foreign(
        frozenset({Where.BETWEEN, Where.FUNCTION}),
        ("starts with", "begins with"),
        'Write IIF(InStr([a], "…") = 1, …, …).',
    ),
    _function("if", "iff", "case", "when", hint="Write IIF(condition, …, …), or Switch."),
    _function("concat", "concatenate", hint="Write Join or Append."),
    _function("substring", "substr", "slice", hint="Write Mid(source, start, length)."),
    _function("right", hint="There is none from the end: write Mid, or Replace with a regular expression."),
    _function("upper", "u case", "to upper case", hint="Write ToUpper."),
    _function("lower", "l case", "to lower case", hint="Write ToLower."),
    _function("title case", "proper", "to title case", hint="Write PCase."),
    _function("is empty", "is null or white space", hint="Write IsNullOrEmpty."),
    _function("if null", "nvl", "nz", "is null else", "default if empty", hint="Write Coalesce."),
    _function("regex replace", "substitute", hint="Write Replace."),
    _function("index of", "find", "position", hint="Write InStr."),
    _function("to string", "text", "str", hint="Write CStr."),
    _function("len", "length", hint="There is none that measures a text; Count counts the values of a list."),
    _word("true", hint='Write "True": every value is a text.'),
    _word("false", hint='Write "False": every value is a text.'),
    _word(
        *("null", "none", "nothing", "nil", "undefined", "empty", "blank"),
        hint='Leave it blank, as in Switch([a], , "k", "v"). Whether [a] is empty, Switch tells by its key "".',
    ),
)
"""Every such word. Lower case is asked for in vain: they are found however they are written."""


def foreign_operator(text: str) -> Found | None:
    """Find with which operator of another language *text*, the rest of a clause, begins."""
    words = text.split()
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        written = " ".join(words[:count])
        if found := _found(Where.OPERATOR, written.rstrip("(")):
            return found
    glued = re.match(r"[=!<>~:]+|\w+(?=[(\[\"'])", text)
    return _found(Where.OPERATOR, glued[0]) if glued else None


def foreign_function(name: str) -> Found | None:
    """Find the function *name* among those of other languages."""
    return _found(Where.FUNCTION, name)


def foreign_word(name: str) -> Found | None:
    """Find the bare word *name* among those of other languages."""
    return _found(Where.WORD, name)


def foreign_sign(text: str, position: int) -> Found | None:
    """Find the sign of another language that stands at *position* of *text*; the longest counts."""
    for length in range(_LONGEST_SIGN, 0, -1):
        written = text[position : position + length]
        if written == written.strip() and (found := _found(Where.SIGN, written, position)):
            return found
    return None


def foreign_between(text: str, position: int) -> Found | None:
    """Find the word or the doubled sign of another language because of which reading ended at *position* of *text*."""
    # What is read as = and then surprises by another = began one character before.
    if position and (doubled := _found(Where.SIGN, text[position - 1 : position + 1], position - 1)):
        return doubled
    at = _NAME.match(text, position) or _NAME_BEFORE.search(text, 0, position)
    return _found(Where.BETWEEN, at[1], at.start(1)) if at else None


def _found(where: Where, written: str, begin: int = 0) -> Found | None:
    row = _BY_WORD[where].get(_folded(written))
    return Found(row, written, begin) if row else None


def _folded(word: str) -> str:
    return re.sub(r"[\s_]+|^-", "", word).casefold()


_NAME = re.compile(r"([A-Za-z]\w*)")
_NAME_BEFORE = re.compile(r"\b([A-Za-z]\w*)\s*\Z")

_BY_WORD: Mapping[Where, Mapping[str, Foreign]] = {
    where: {_folded(word): row for row in TABLE if where in row.where for word in row.words} for where in Where
}
_MOST_WORDS = max(len(word.split()) for row in TABLE for word in row.words)
_LONGEST_SIGN = 3
