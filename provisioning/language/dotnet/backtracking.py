"""Which regular expressions can take for ever, told from how they are written.

Theory of operation. An engine that searches by trying takes for ever when some text can be read in two ways, and again
in two ways, and so on: the ways double with every turn. So the expression becomes an automaton whose states are the
places where it takes a character (Glushkov's), and one asks whether a state can be left and reached again by the same
characters on two different ways: "exponential ambiguity" (Weber and Seidl, On the degree of ambiguity of finite
automata, 1991). ``(a+)+`` goes from a to a by the inner repetition and by the outer; ``(a|a)*`` by either side.

What counts as the same character is tried out on an alphabet: ASCII, some letters beyond, and those of the expression.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from provisioning.errors import EvaluationError
from provisioning.language.dotnet.regex import Regex, matched_by, regex_of

_SAMPLE = string.printable + "\xa0éßÄΩя中\u2013\u2019"
_BEYOND = re.compile(r"[^\x00-\x7f]")
_COUNTED = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")

MOST_STATES = 400
MOST_TURNS = 1_000
"""With more places that take a character, or more steps within repetitions, the question is left open: it would take
too long to answer, and nobody writes that."""


def is_slow(regex: Regex) -> bool:
    """Tell whether there are texts on which *regex* takes twice as long with every further turn or character."""
    if sum(token.shape == "one" for token in regex.tokens) > MOST_STATES:
        return False
    return _automaton_of(regex).is_ambiguous()


@lru_cache(maxsize=512)
def can_take_for_ever(pattern: str) -> bool:
    """Ask the same of a *pattern* as it is written; one that is not usable is not slow."""
    try:
        return is_slow(regex_of(pattern))
    except EvaluationError:
        return False


class _Fragment(NamedTuple):
    """A part of the expression: where it begins and ends, and whether it may match nothing."""

    may_be_empty: bool = True
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Frame:
    """A group that is open: what it is, the alternatives that are complete, and the parts of the present one."""

    shape: str
    alternatives: list[_Fragment] = field(default_factory=list)
    parts: list[_Fragment] = field(default_factory=list)


@dataclass(slots=True)
class _Automaton:
    """States are numbered; each takes one of some characters, and is followed by others."""

    characters: list[int] = field(default_factory=list)
    """For each state the characters that it takes, as bits."""

    steps: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many ways lead from one state right to another."""

    def state(self, characters: int) -> _Fragment:
        """Add a state, and answer it as a fragment."""
        self.characters.append(characters)
        only = frozenset({len(self.characters) - 1})
        return _Fragment(may_be_empty=False, first=only, last=only)

    def chain(self, parts: Iterable[_Fragment]) -> _Fragment:
        """Put fragments one behind another."""
        whole = _Fragment()
        for part in parts:
            self._connect(whole.last, part.first)
            whole = _Fragment(
                whole.may_be_empty and part.may_be_empty,
                whole.first | part.first if whole.may_be_empty else whole.first,
                whole.last | part.last if part.may_be_empty else part.last,
            )
        return whole

    def repeat(self, part: _Fragment, sign: str) -> _Fragment:
        """Repeat a fragment as the *sign* says. A fixed number of times makes no choice, so it is like once."""
        least, is_loop = _bounds(sign)
        if is_loop:
            self._connect(part.last, part.first)
        return part._replace(may_be_empty=part.may_be_empty or least == 0)

    def opaque(self, part: _Fragment) -> _Fragment:
        """Stand in for an atomic group, which is never entered again once it has matched."""
        begins = 0
        for state in part.first:
            begins |= self.characters[state]
        return self.state(begins)._replace(may_be_empty=part.may_be_empty)

    def _connect(self, befores: Iterable[int], afters: Iterable[int]) -> None:
        afters = tuple(afters)
        self.steps.update((before, after) for before in befores for after in afters)

    def is_ambiguous(self) -> bool:
        """Tell whether some state can be reached from itself by the same characters on two different ways."""
        rings = _rings(self.steps)
        turns = {step: ways for step, ways in self.steps.items() if rings[step[0]] == rings[step[1]]}
        if any(ways > 1 for ways in turns.values()):
            return True
        if len(turns) > MOST_TURNS:
            return False
        left = self._pairs_from(rings, turns)
        back = self._pairs_from(rings, [(other, one) for one, other in turns])
        return any(one != other for one, other in left & back)

    def _pairs_from(self, rings: Mapping[int, int], turns: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Collect the pairs of states to which the same characters lead from one and the same state."""
        after = _neighbours(turns)

        def next_to(pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
            for one in after[pair[0]]:
                for other in after[pair[1]]:
                    if self.characters[one] & self.characters[other] and rings[one] == rings[other]:
                        yield one, other

        seen: set[tuple[int, int]] = set()
        waiting = [(state, state) for state in after]
        while waiting:
            pair = waiting.pop()
            if pair not in seen:
                seen.add(pair)
                waiting.extend(next_to(pair))
        return seen


def _neighbours(steps: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    after: dict[int, list[int]] = defaultdict(list)
    for one, other in steps:
        after[one].append(other)
        after.setdefault(other, [])
    return after


def _rings(steps: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give every state a number, the same to those that can be reached from one another (Kosaraju's algorithm)."""
    steps = list(steps)
    after, before = _neighbours(steps), _neighbours((other, one) for one, other in steps)
    order: dict[int, None] = {}
    for state in after:
        order |= dict.fromkeys(_downwards(state, after, order))
    rings: dict[int, int] = {}
    for state in reversed(order):
        rings |= dict.fromkeys(_downwards(state, before, rings), state)
    return rings


def _downwards(begin: int, after: Mapping[int, list[int]], known: Container[int]) -> list[int]:
    """List what can be reached from *begin* and is not yet *known*, each state behind those that it leads to."""
    done: dict[int, None] = {}
    seen, waiting = {begin}, [begin] if begin not in known else []
    while waiting:
        more = [other for other in after[waiting[-1]] if other not in seen and other not in known]
        if more:
            seen.add(more[0])
            waiting.append(more[0])
        else:
            done[waiting.pop()] = None
    return list(done)


def _automaton_of(regex: Regex) -> _Automaton:
    automaton = _Automaton()
    alphabet = _SAMPLE + "".join(sorted(set(_BEYOND.findall(regex.text))))
    frames = [_Frame("open")]
    for token in regex.tokens:
        match token.shape:
            case "open" | "look" | "atomic":
                frames.append(_Frame(token.shape))
            case "close":
                frames[-2].parts.append(_closed(automaton, frames.pop()))
            case "bar":
                frames[-1].alternatives.append(automaton.chain(frames[-1].parts))
                frames[-1].parts = []
            case "repeat":
                frames[-1].parts.append(automaton.repeat(frames[-1].parts.pop(), token.written))
            case "one":
                taken = matched_by(token.written, alphabet, ignores_case=regex.ignores_case)
                frames[-1].parts.append(automaton.state(taken))
            case _:
                frames[-1].parts.append(_Fragment())
    _closed(automaton, frames.pop())
    return automaton


def _closed(automaton: _Automaton, frame: _Frame) -> _Fragment:
    """Complete a group. A look-around takes no character, but what is in it is tried as anything else is."""
    ways = [*frame.alternatives, automaton.chain(frame.parts)]
    whole = _Fragment(
        any(way.may_be_empty for way in ways),
        frozenset().union(*(way.first for way in ways)),
        frozenset().union(*(way.last for way in ways)),
    )
    match frame.shape:
        case "look":
            return _Fragment()
        case "atomic":
            return automaton.opaque(whole)
        case _:
            return whole


def _bounds(sign: str) -> tuple[int, bool]:
    """Answer how often at least, and whether it may be several times more or less often."""
    counted = _COUNTED.match(sign)
    if not counted:
        return (1 if sign[0] == "+" else 0), sign[0] != "?"
    least, most = int(counted[1]), int(counted[3]) if counted[3] else None
    return least, bool(counted[2]) and most not in {least, 1}
