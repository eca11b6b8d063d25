"""How functions can come to give nothing, told from whether their arguments can be empty.

Nothing (null) and an empty text are kept apart, because ``Coalesce`` passes over the first alone. A rule is asked about
the arguments that the function may hand on, when it hands any on, and about all of them otherwise. What fails gives
no value either, but it fails the person: that is not told here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Flag
from typing import TypeAlias


class Empty(Flag):
    """In which ways a value may be empty for somebody."""

    NEVER = 0
    NOTHING = 1
    BLANK = 2


Rule: TypeAlias = Callable[[Sequence[Empty]], Empty]
"""From the ways in which the arguments may be empty to those of the result."""


def surely_there(_: Sequence[Empty]) -> Empty:
    """Give a text whatever comes."""
    return Empty.NEVER


def always_possible(_: Sequence[Empty]) -> Empty:
    """Give nothing or an empty text, as the arguments at hand have it: ``Replace``."""
    return Empty.NOTHING | Empty.BLANK


def blank_possible(_: Sequence[Empty]) -> Empty:
    """Give an empty text rather than nothing: ``Left``, ``Word``."""
    return Empty.BLANK


def as_source(arguments: Sequence[Empty]) -> Empty:
    """Nothing in, nothing out: most functions, whose first argument is the source."""
    return arguments[0]


def as_last(arguments: Sequence[Empty]) -> Empty:
    """As :func:`as_source`, of the last argument: ``Prepend``."""
    return arguments[-1]


def shortened_source(arguments: Sequence[Empty]) -> Empty:
    """As :func:`as_source`, and nothing may be left of a text: ``Mid``, ``Trim``."""
    return arguments[0] | Empty.BLANK


def nothing_if_empty(arguments: Sequence[Empty]) -> Empty:
    """Turn every emptiness into nothing: ``IgnoreFlowIfNullOrEmpty``."""
    return Empty.NOTHING if arguments[0] else Empty.NEVER


def of_any(arguments: Sequence[Empty]) -> Empty:
    """Be as empty as any of them: ``IIF`` and ``Switch``, one of whose branches it is."""
    found = Empty.NEVER
    for argument in arguments:
        found |= argument
    return found


def first_present(arguments: Sequence[Empty]) -> Empty:
    """Be the first that is not nothing: ``Coalesce``. An empty text is not nothing (Learn: functions#coalesce)."""
    found = Empty.NEVER
    for argument in arguments:
        found |= argument & Empty.BLANK
        if Empty.NOTHING not in argument:
            return found
    return found | Empty.NOTHING


def of_sources_together(arguments: Sequence[Empty]) -> Empty:
    """Be an empty text when every source is empty: ``Join``, whose first argument is the separator."""
    return Empty.BLANK if all(arguments[1:]) else Empty.NEVER
