"""Regular expressions of .NET, ready for use and never for longer than somebody is willing to wait.

An engine that searches by trying, as .NET's and ours do, can take for ever on some texts: ``(a+)+$`` on many letters
``a`` and a comma. So each match has a time limit, and what exceeds it is an error of its own kind. How an expression is
put into our engine's terms is said in :mod:`provisioning.language.dotnet.translation`, which expressions are made like
that in :mod:`provisioning.language.dotnet.backtracking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from provisioning.errors import EvaluationError, TooSlowError
from provisioning.language.dotnet.translation import Token, Translation, UntranslatableError
from provisioning.language.values import shortened

if TYPE_CHECKING:
    # Imported when the first expression is used: it takes as long as the rest of the language.
    import regex

MATCH_LIMIT = 0.25
"""Seconds that one match may take. A sane expression needs a thousandth of it on the longest attribute."""


def placed(error: EvaluationError, text: str, position: int) -> EvaluationError:
    """Say where in *text* the *error* happened, unless that is known; it stays of its kind."""
    if error.position is not None:
        return error
    if isinstance(error, TooSlowError):
        return TooSlowError(error.pattern, error.limit, text=text, position=position)
    return EvaluationError(error.problem, text=text, position=position, hint=error.hint)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression that is ready for use."""

    text: str
    """As it was written."""

    pattern: regex.Pattern[str]
    groups: Mapping[str, int]
    """The number that ``pattern`` has for each group, by the name or number that .NET knows it by."""

    tokens: tuple[Token, ...]
    """What it is made of."""

    ignores_case: bool
    """Whether it does so anywhere."""

    def matches(self, text: str, *, limit: float = MATCH_LIMIT) -> bool:
        """Tell whether it matches the whole of *text*.

        :raises TooSlowError: when that is not known after *limit* seconds; the same below.
        """
        try:
            return self.pattern.fullmatch(text, timeout=limit) is not None
        except TimeoutError:
            raise TooSlowError(self.text, limit) from None

    def search(self, text: str, *, limit: float = MATCH_LIMIT) -> regex.Match[str] | None:
        """Find the first place in *text* that it matches."""
        try:
            return self.pattern.search(text, timeout=limit)
        except TimeoutError:
            raise TooSlowError(self.text, limit) from None

    def replace(self, text: str, by: Callable[[regex.Match[str]], str], *, limit: float = MATCH_LIMIT) -> str:
        """Replace whatever it matches; the *limit* is for all of *text* together."""
        try:
            return self.pattern.sub(by, text, timeout=limit)
        except TimeoutError:
            raise TooSlowError(self.text, limit) from None


@lru_cache(maxsize=512)
def regex_of(text: str) -> Regex:
    """Make the regular expression *text* ready.

    :raises EvaluationError: when it is not one, or has no counterpart here.
    """
    engine, translation = _engine(), Translation(text)
    try:
        pattern = engine.compile(translation.read(), engine.V1)
    except (UntranslatableError, engine.error, OverflowError, RecursionError) as reason:
        raise EvaluationError(f"“{shortened(text)}” is not a usable regular expression: {_said(reason)}.") from None
    return Regex(text, pattern, translation.groups, tuple(translation.tokens), translation.ignores_case)


@lru_cache(maxsize=1024)
def matched_by(written: str, alphabet: str, *, ignores_case: bool) -> int:
    """Tell which characters of *alphabet* the translation of one character matches, as bits from the lowest."""
    engine = _engine()
    one = engine.compile(f"(?-f:{written})", engine.V1 | (engine.IGNORECASE if ignores_case else 0))
    return sum(1 << place for place, character in enumerate(alphabet) if one.fullmatch(character))


def _engine() -> ModuleType:
    # Not before a pattern is met: it takes longer to import than all of the language together.
    return import_module("regex")


def _said(reason: Exception) -> str:
    return re.sub(r" at position [0-9]+.*", "", str(reason), flags=re.DOTALL)


_REFERENCE = re.compile(r"\$(?:([0-9]+)|\{(\w+)\}|([$&`'+_]))")

_SIGNS: Mapping[str, Callable[[regex.Match[str]], str]] = {
    "$": lambda _: "$",
    "&": lambda match: match[0],
    "`": lambda match: match.string[: match.start()],
    "'": lambda match: match.string[match.end() :],
    "+": lambda match: match[match.re.groups] or "",
    "_": lambda match: match.string,
}


def expanded(match: regex.Match[str], replacement: str, groups: Mapping[str, int]) -> str:
    """Fill in a replacement of .NET: ``$1``, ``${name}``, ``$&`` and the rest. What names no group stays as it is."""

    def referred(reference: re.Match[str]) -> str:
        number, name, sign = reference.groups()
        if sign:
            return _SIGNS[sign](match)
        group = groups.get(number.lstrip("0") or "0" if number else name)
        return reference[0] if group is None else match[group] or ""

    return _REFERENCE.sub(referred, replacement)
