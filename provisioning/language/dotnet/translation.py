r"""A regular expression of .NET, read once from left to right and put into the terms of the package ``regex``.

That package takes nearly all of it as it is: character classes with their Unicode categories and blocks, atomic groups,
look-behind of any length. What is translated is what it reads otherwise: ``(?'name'…)``, ``\k<name>``, ``\Z``, ``\e``,
``\cX``, inline options in the middle, subtraction of classes, literal braces, and the numbers of groups (.NET counts
the nameless ones first). What has no counterpart is refused: balancing groups, conditionals, ``\G``, the options ``n``
and ``x``. What means something to the package and nothing to .NET (``a++``, ``(?P<…>)``, ``(*PRUNE)``) is refused too.

Learn: dotnet/standard/base-types/regular-expression-language-quick-reference
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

DEEPEST = 100
"""How many groups may stand inside each other. .NET has no limit; nobody writes that many."""

_PLAIN_GROUP = re.compile(r"\(\?:")
_LOOK_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])")
_ATOMIC = re.compile(r"\(\?>")
_COMMENT = re.compile(r"\(\?#[^)]*\)")
_NAMED = re.compile(r"\(\?(?:<([^<>]*)>|'([^']*)')")
_OPTIONS = re.compile(r"\(\?([a-z]*(?:-[a-z]*)?)([:)])")
_REPETITION = re.compile(r"(?:\{[0-9]+(?:,[0-9]*)?\}|[*+?])\??")
_NAMED_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)'|\{(\w+)\})")
_NUMBERED_REFERENCE = re.compile(r"\\([1-9][0-9]*)")
_OCTAL = re.compile(r"[0-7]{2,3}")
_CATEGORY = re.compile(r"\\([pP])\{([\w-]+)\}")
_GENERAL = re.compile(r"C[cfosn]?|L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?")
_RANGE = re.compile(r"-(?![\[\]])")
_CHARACTER = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Z@\[\]^_]|[0-7]{2,3}|.)|[^\\]", re.DOTALL)

_CLASSES = frozenset(rf"\{letter}" for letter in "dDwWsS")
_ANCHORS = {r"\A": r"\A", r"\z": r"\z", r"\Z": r"(?=\n?\z)", r"\b": r"\b", r"\B": r"\B", "^": "^", "$": "$"}
_CONTROLS = {r"\a": "\a", r"\e": "\x1b", r"\f": "\f", r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\v": "\v", r"\0": "\0"}
# .NET looks at UTF-16, where what lies beyond 65,535 is two halves without a letter's category.
_TWO_HALVES = r"[\U00010000-\U0010FFFF]"

Shape: TypeAlias = Literal["one", "nothing", "open", "look", "atomic", "close", "bar", "repeat"]
"""What a token does to the shape of the expression; ``one`` takes one character, ``look`` begins a look-around."""


class UntranslatableError(Exception):
    """There is no counterpart, or .NET itself refuses it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the expression as it was read."""

    shape: Shape
    written: str = ""
    """The translation of the one character, or the sign of the repetition."""


@dataclass(slots=True)
class Translation:
    """One reading of a regular expression, from left to right."""

    text: str
    at: int = 0
    pieces: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    """The groups in the order in which they first open; ``None`` for one without a name."""
    references: dict[int, str] = field(default_factory=dict)
    """Which pieces refer back to a group, and to which: the numbers are known only at the end."""
    options: list[list[str]] = field(default_factory=lambda: [[]])
    """For each open bracket, the inline options that hold until it closes."""
    ignores_case: bool = False
    """Whether an option asks for that anywhere."""

    def read(self) -> str:
        """Read all of it, and answer it in the terms of ``regex``.

        :raises UntranslatableError: when .NET or ``regex`` has no such thing.
        """
        while self.at < len(self.text):
            repetition = self._match(_REPETITION)
            self._repeat(repetition) if repetition else self._step()
        if len(self.options) > 1:
            raise UntranslatableError("a bracket is not closed")
        groups = self.groups
        for index, name in self.references.items():
            self.pieces[index] = _referring(name, groups)
        # Full case-folding is off: to .NET one character is one character, so ß is not SS.
        return "(?-f:" + "".join(self.pieces) + ")" * (len(self.options[0]) + 1)

    @property
    def groups(self) -> Mapping[str, int]:
        """The number of each group here, by the name or number that .NET has: those without a name come first."""
        order = sorted(range(len(self.names)), key=lambda index: self.names[index] is not None)
        numbers = {str(number): index + 1 for number, index in enumerate(order, start=1)}
        names = {name: index + 1 for index, name in enumerate(self.names) if name is not None}
        return {"0": 0, **numbers, **names}

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.at)

    def _take(self, match: re.Match[str], translation: str, shape: Shape = "nothing") -> None:
        self.at = match.end()
        self._add(translation, shape)

    def _write(self, translation: str, shape: Shape) -> None:
        self.at += 1
        self._add(translation, shape)

    def _add(self, translation: str, shape: Shape) -> None:
        self.pieces.append(translation)
        self.tokens.append(Token(shape, translation))

    def _repeat(self, repetition: re.Match[str]) -> None:
        before = self.tokens[-1].shape if self.tokens else "open"
        if before == "repeat":
            # ``regex`` would read a++ as possessive; .NET refuses it.
            raise UntranslatableError("a repetition is repeated")
        if before in {"open", "look", "atomic", "bar"}:
            raise UntranslatableError("nothing to repeat")
        self._take(repetition, repetition[0], "repeat")

    def _step(self) -> None:
        match self.text[self.at]:
            case "(":
                self._open()
            case ")":
                self._close()
            case "|":
                self._write(")" * len(self.options[-1]) + "|" + "".join(self.options[-1]), "bar")
            case "[":
                self._character_class()
            case "\\":
                self._escape()
            case "{" | "}" as brace:
                self._write("\\" + brace, "one")
            case "^" | "$" as anchor:
                self._write(anchor, "nothing")
            case character:
                self._write(character, "one")

    def _open(self) -> None:
        if comment := self._match(_COMMENT):
            # A comment is not there: what stands before it is what a repetition behind it repeats.
            self.at = comment.end()
        elif plain := self._match(_PLAIN_GROUP):
            self._begin(plain, "(?:", "open")
        elif look := self._match(_LOOK_AROUND):
            self._begin(look, look[0], "look")
        elif atomic := self._match(_ATOMIC):
            self._begin(atomic, "(?>", "atomic")
        elif named := self._match(_NAMED):
            self._named_group(named)
        elif options := self._match(_OPTIONS):
            self._inline_options(options)
        elif self.text.startswith("(?", self.at):
            raise UntranslatableError("there is no group that begins like this")
        else:
            self.names.append(None)
            self._deeper()
            self._write("(", "open")

    def _begin(self, opening: re.Match[str], translation: str, shape: Shape) -> None:
        self._deeper()
        self._take(opening, translation, shape)

    def _deeper(self) -> None:
        self.options.append([])
        if len(self.options) > DEEPEST:
            raise UntranslatableError(f"more than {DEEPEST} groups stand inside each other")

    def _named_group(self, named: re.Match[str]) -> None:
        name = named[1] or named[2] or ""
        if not name.isidentifier():
            raise UntranslatableError(f"“{name}” is not a name of a group")
        if name not in self.names:
            self.names.append(name)
        self._begin(named, f"(?P<{name}>", "open")

    def _inline_options(self, options: re.Match[str]) -> None:
        if set(options[1]) - set("ims-"):
            raise UntranslatableError(f"the options {options[1]} have no counterpart")
        self.ignores_case |= "i" in options[1].partition("-")[0]
        scoped = f"(?{options[1]}:"
        if options[2] == ":":
            self._begin(options, scoped, "open")
        else:
            self.options[-1].append(scoped)
            self._take(options, scoped)

    def _close(self) -> None:
        if len(self.options) == 1:
            raise UntranslatableError("a bracket closes that was not opened")
        self._write(")" * (len(self.options.pop()) + 1), "close")

    def _escape(self) -> None:
        reference = self._match(_NAMED_REFERENCE) or self._match(_NUMBERED_REFERENCE)
        if reference:
            self.references[len(self.pieces)] = next(name for name in reference.groups() if name)
            self._take(reference, "(?s:.)", "one")
        elif category := self._match(_CATEGORY):
            self._take(category, _category(category), "one")
        else:
            character = self._character()
            anchor = _ANCHORS.get(character[0])
            self._take(character, anchor or _member(character[0]), "nothing" if anchor else "one")

    def _character(self) -> re.Match[str]:
        character = self._match(_CHARACTER)
        if character is None:
            raise UntranslatableError("it ends in the middle")
        return character

    def _character_class(self) -> None:
        self._add(self._set(), "one")

    def _set(self) -> str:
        """Read a class in brackets, with what is subtracted from it."""
        inverted = self.text.startswith("^", self.at + 1)
        self.at += 2 if inverted else 1
        members, subtracted = [self._range()], ""
        while not self.text.startswith("]", self.at):
            if self.text.startswith("-[", self.at):
                self.at += 1
                subtracted = "--" + self._set()
                if not self.text.startswith("]", self.at):
                    raise UntranslatableError("something stands behind a class that is subtracted from another")
            else:
                members.append(self._range())
        self.at += 1
        written = f"[{'^' if inverted else ''}{''.join(members)}]"
        return f"[{written}{subtracted}]" if subtracted else written

    def _range(self) -> str:
        """Read one member of a class, or all from one to another."""
        if category := self._match(_CATEGORY):
            self.at = category.end()
            return _category(category)
        begin = self._class_member()
        if not self._match(_RANGE):
            return begin
        self.at += 1
        return f"{begin}-{self._class_member()}"

    def _class_member(self) -> str:
        character = self._character()
        self.at = character.end()
        return r"\x08" if character[0] == r"\b" else _member(character[0])


def _category(category: re.Match[str]) -> str:
    r"""Translate ``\p{Lu}`` and ``\p{IsGreek}``, of which the first is a category and the second a block."""
    name = category[2]
    if name.startswith("Is"):
        return f"\\{category[1]}{{In{name[2:]}}}"
    if not _GENERAL.fullmatch(name):
        raise UntranslatableError(f"there is no category {name}")
    inside = rf"[\p{{{name}}}--{_TWO_HALVES}]"
    return inside if category[1] == "p" else rf"[\P{{{name}}}||{_TWO_HALVES}]"


def _referring(name: str, groups: Mapping[str, int]) -> str:
    """Refer back to a group; two digits or three that name none are a character in octal."""
    if name in groups:
        return f"(?:\\{groups[name]})"
    if _OCTAL.fullmatch(name):
        return re.escape(chr(int(name, base=8)))
    raise UntranslatableError(f"there is no group {name}")


def _member(written: str) -> str:
    r"""Translate one character, or a class such as ``\d``, as it stands in brackets or alone."""
    if not written.startswith("\\"):
        return _escaped(written)
    if written in _CLASSES:
        return written
    if written in _CONTROLS:
        return _escaped(_CONTROLS[written])
    kind, rest = written[1], written[2:]
    if rest:
        return _escaped(_by_number(kind, rest))
    if kind.isalnum() or kind == "_":
        raise UntranslatableError(f"{written} means nothing")
    return _escaped(kind)


def _escaped(character: str) -> str:
    # In brackets a sign that stands twice is an operator of ``regex``: || && ~~ --.
    return "\\" + character if character in "|&~-[]^:" else re.escape(character)


def _by_number(kind: str, rest: str) -> str:
    if kind == "c":
        return chr(ord(rest) ^ 64)
    return chr(int(rest, base=16)) if kind in "xu" else chr(int(kind + rest, base=8))
