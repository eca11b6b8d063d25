r"""Regular expressions of .NET, put into Python's terms.

Both descend from Perl, so nearly everything is the same. What differs is translated: ``(?<name>…)`` and ``(?'name'…)``,
``\k<name>``, ``\z`` and ``\Z``, ``\e``, ``\cX``, ``\p{L}``, inline options in the middle, literal braces, and the
numbers of groups (.NET counts the nameless ones first). What has no counterpart is refused: balancing groups,
conditionals, subtraction of character classes, ``\G``, and the options ``n`` and ``x``.

Learn: dotnet/standard/base-types/regular-expression-language-quick-reference

Both engines search by trying, so a pattern such as ``(a+)+$`` can take for ever on some texts, here as in Entra.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from provisioning.errors import EvaluationError
from provisioning.language.values import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALIKE = re.compile(r"\(\?(?:[:=!>]|<[=!])")
_COMMENT = re.compile(r"\(\?#[^)]*\)")
_NAMED = re.compile(r"\(\?(?:<([^<>]*)>|'([^']*)')")
_OPTIONS = re.compile(r"\(\?([a-z]*(?:-[a-z]*)?)([:)])")
_REPETITION = re.compile(r"(?:\{[0-9]+(?:,[0-9]*)?\}|[*+?])\??")
_NAMED_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)'|\{(\w+)\})")
_NUMBERED_REFERENCE = re.compile(r"\\([1-9][0-9]*)")
_OCTAL = re.compile(r"[0-7]{2,3}")
_CATEGORY = re.compile(r"\\([pP])\{(\w+)\}")
_RANGE = re.compile(r"-(?![\[\]])")
_CHARACTER = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Z@\[\]^_]|[0-7]{2,3}|.)|[^\\]", re.DOTALL)

_CLASSES = {rf"\{letter}": rf"\{letter}" for letter in "dDwWsS"}
_ANCHORS = {r"\A": r"\A", r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\b": r"\b", r"\B": r"\B"}
_CONTROLS = {r"\a": "\a", r"\e": "\x1b", r"\f": "\f", r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\v": "\v", r"\0": "\0"}


class _Untranslatable(Exception):  # noqa: N818 - it never leaves this module
    """There is no such thing in Python, or .NET itself refuses it."""


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression that is ready for use."""

    pattern: re.Pattern[str]
    groups: Mapping[str, int]
    """Python's number of each group, by the name or number that .NET knows it by."""


@lru_cache(maxsize=512)
def regex_of(text: str) -> Regex:
    """Translate the regular expression *text*.

    :raises EvaluationError: when it is none, or has no counterpart in Python.
    """
    try:
        return _Translation(text).result()
    except (_Untranslatable, re.error, OverflowError, RecursionError) as reason:
        raise EvaluationError(f"“{shortened(text)}” is no usable regular expression: {reason}.") from None


_REFERENCE = re.compile(r"\$(?:([0-9]+)|\{(\w+)\}|([$&`'+_]))")

_SIGNS: Mapping[str, Callable[[re.Match[str]], str]] = {
    "$": lambda _: "$",
    "&": lambda match: match[0],
    "`": lambda match: match.string[: match.start()],
    "'": lambda match: match.string[match.end() :],
    "+": lambda match: match[match.re.groups] or "",
    "_": lambda match: match.string,
}


def expanded(match: re.Match[str], replacement: str, groups: Mapping[str, int]) -> str:
    """Fill in a replacement of .NET: ``$1``, ``${name}``, ``$&`` and the rest. What names no group stays as it is."""

    def referred(reference: re.Match[str]) -> str:
        number, name, sign = reference.groups()
        if sign:
            return _SIGNS[sign](match)
        group = groups.get(number.lstrip("0") or "0" if number else name)
        return reference[0] if group is None else match[group] or ""

    return _REFERENCE.sub(referred, replacement)


@dataclass(slots=True)
class _Translation:
    """One reading of a regular expression, from left to right."""

    text: str
    at: int = 0
    pieces: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    """The groups in the order in which they open; ``None`` for one without a name."""
    references: dict[int, str] = field(default_factory=dict)
    """Which pieces refer back to a group, and to which: the numbers are known only at the end."""
    options: list[list[str]] = field(default_factory=lambda: [[]])
    """For each open bracket, the inline options that hold until it closes."""

    def result(self) -> Regex:
        repeated = False
        while self.at < len(self.text):
            repetition = self._match(_REPETITION)
            if repetition and repeated:
                # Python would read a++ as possessive; .NET refuses it.
                raise _Untranslatable("a repetition is repeated")
            self._take(repetition, repetition[0]) if repetition else self._step()
            repeated = repetition is not None
        if len(self.options) > 1:
            raise _Untranslatable("a bracket is not closed")
        groups = self._groups()
        for index, name in self.references.items():
            self.pieces[index] = _referring(name, groups)
        return Regex(re.compile("".join(self.pieces) + ")" * len(self.options[0])), groups)

    def _groups(self) -> dict[str, int]:
        """Answer the numbers that .NET gives to groups: those without a name come first."""
        order = sorted(range(len(self.names)), key=lambda index: self.names[index] is not None)
        numbers = {str(number): index + 1 for number, index in enumerate(order, start=1)}
        names = {name: index + 1 for index, name in enumerate(self.names) if name is not None}
        return {"0": 0, **numbers, **names}

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.at)

    def _take(self, match: re.Match[str], translation: str) -> None:
        self.at = match.end()
        self.pieces.append(translation)

    def _step(self) -> None:
        match self.text[self.at]:
            case "(":
                self._open()
            case ")":
                self._close()
            case "|":
                self._write(")" * len(self.options[-1]) + "|" + "".join(self.options[-1]))
            case "[":
                self._character_class()
            case "\\":
                self._escape()
            case "{" | "}" as brace:
                self._write("\\" + brace)
            case character:
                self._write(character)

    def _write(self, translation: str) -> None:
        self.at += 1
        self.pieces.append(translation)

    def _open(self) -> None:
        if comment := self._match(_COMMENT):
            self._take(comment, "")
        elif alike := self._match(_ALIKE):
            self.options.append([])
            self._take(alike, alike[0])
        elif named := self._match(_NAMED):
            self._named_group(named)
        elif options := self._match(_OPTIONS):
            self._inline_options(options)
        elif self.text.startswith("(?", self.at):
            raise _Untranslatable("there is no group that begins like this")
        else:
            self.options.append([])
            self.names.append(None)
            self._write("(")

    def _named_group(self, named: re.Match[str]) -> None:
        name = named[1] or named[2] or ""
        if not name.isidentifier():
            raise _Untranslatable(f"“{name}” is no name of a group")
        self.options.append([])
        self.names.append(name)
        self._take(named, f"(?P<{name}>")

    def _inline_options(self, options: re.Match[str]) -> None:
        if set(options[1]) - set("ims-"):
            raise _Untranslatable(f"the options {options[1]} have no counterpart")
        scoped = f"(?{options[1]}:"
        if options[2] == ":":
            self.options.append([])
        else:
            self.options[-1].append(scoped)
        self._take(options, scoped)

    def _close(self) -> None:
        if len(self.options) == 1:
            raise _Untranslatable("a bracket closes that was not opened")
        self._write(")" * (len(self.options.pop()) + 1))

    def _escape(self) -> None:
        reference = self._match(_NAMED_REFERENCE) or self._match(_NUMBERED_REFERENCE)
        if reference:
            self.references[len(self.pieces)] = next(name for name in reference.groups() if name)
            self._take(reference, "")
        elif category := self._match(_CATEGORY):
            self._take(category, f"[{'^' if category[1] == 'P' else ''}{_ranges(category[2])}]")
        else:
            character = self._character()
            self._take(character, _ANCHORS.get(character[0]) or _member(character[0]))

    def _character(self) -> re.Match[str]:
        character = self._match(_CHARACTER)
        if character is None:
            raise _Untranslatable("it ends in the middle")
        return character

    def _character_class(self) -> None:
        self._write("[")
        if self.text.startswith("^", self.at):
            self._write("^")
        first = True
        while first or not self.text.startswith("]", self.at):
            if not first and self.text.startswith("-[", self.at):
                raise _Untranslatable("a class is subtracted from another")
            first = False
            if category := self._match(_CATEGORY):
                self._take(category, _ranges(category[2], inverted=category[1] == "P"))
                continue
            self._member()
            if self._match(_RANGE):
                self._write("-")
                self._member()
        self._write("]")

    def _member(self) -> None:
        character = self._character()
        self._take(character, r"\x08" if character[0] == r"\b" else _member(character[0]))


def _referring(name: str, groups: Mapping[str, int]) -> str:
    """Refer back to a group; two digits or three that name none are a character in octal."""
    if name in groups:
        return f"(?:\\{groups[name]})"
    if _OCTAL.fullmatch(name):
        return re.escape(chr(int(name, base=8)))
    raise _Untranslatable(f"there is no group {name}")


def _member(written: str) -> str:
    r"""Translate one character, or a class such as ``\d``, as it stands in brackets or alone."""
    if not written.startswith("\\"):
        return re.escape(written)
    if written in _CLASSES:
        return written
    if written in _CONTROLS:
        return re.escape(_CONTROLS[written])
    kind, rest = written[1], written[2:]
    if rest:
        return re.escape(_by_number(kind, rest))
    if kind.isalnum() or kind == "_":
        raise _Untranslatable(f"{written} means nothing")
    return re.escape(kind)


def _by_number(kind: str, rest: str) -> str:
    if kind == "c":
        return chr(ord(rest) ^ 64)
    return chr(int(rest, base=16)) if kind in "xu" else chr(int(kind + rest, base=8))


@lru_cache(maxsize=64)
def _ranges(category: str, *, inverted: bool = False) -> str:
    """List the characters of a Unicode category, such as ``Lu`` or ``L``, for use in brackets.

    .NET looks at UTF-16, so only the first 65,536 characters have a category.
    """
    inside = [unicodedata.category(chr(code)).startswith(category) for code in range(0x10000)]
    if not any(inside):
        raise _Untranslatable(f"there is no category {category}")
    ranges, begin = [], None
    for code, wanted in enumerate([*(is_inside != inverted for is_inside in inside), False]):
        if wanted and begin is None:
            begin = code
        elif not wanted and begin is not None:
            ranges.append(f"\\u{begin:04x}-\\u{code - 1:04x}")
            begin = None
    return "".join(ranges)
