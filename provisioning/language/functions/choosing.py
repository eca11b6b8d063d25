"""The functions that do not simply evaluate every argument: ``Coalesce``, ``IIF``, ``Switch`` and ``Replace``.

Each is built once for a call, from the arguments as they are written and as they evaluate, and then used for every
person. That the branches not taken are never evaluated is seen in Microsoft's own samples: a ``NumFromDate`` of an
empty date stands in the default of a ``Switch`` whose ``""`` key matches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from provisioning.errors import EvaluationError
from provisioning.language.functions.logic import truth_of
from provisioning.language.functions.replacing import SOURCE, WAYS
from provisioning.language.functions.surroundings import Surroundings
from provisioning.language.nodes import Argument, Attribute, Blank, Call, Comparison
from provisioning.language.values import Attributes, Value, is_empty, is_null, text_of

Evaluator: TypeAlias = Callable[[Attributes, Surroundings], Value]
"""What a node becomes: a function of the person and the surroundings."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One argument of a call."""

    written: Argument
    """What stands there."""

    value: Evaluator
    """What it evaluates to, when it is asked."""


_NOTHING_ELSE = frozenset({"IsNull", "IsNullOrEmpty", "IsPresent", "IsNothing", "IsString", "Not", "CBool"})
"""Functions through which a condition still looks at an attribute itself."""


def coalesce(branches: Sequence[Branch]) -> Evaluator:
    """``Coalesce``: the first that is not null (Learn: functions#coalesce)."""

    def first_present(attributes: Attributes, surroundings: Surroundings) -> Value:
        passed_over = is_empty if surroundings.choices.coalesce_skips_empty_text else is_null
        for branch in branches:
            value = branch.value(attributes, surroundings)
            if not passed_over(value):
                return value
        return None

    return first_present


def iif(branches: Sequence[Branch]) -> Evaluator:
    """``IIF``: what it does when its condition looks at something empty is left open (Learn: functions#iif)."""
    condition, when_true, when_false = branches
    watched = looked_at(condition.written)

    def chosen(attributes: Attributes, surroundings: Surroundings) -> Value:
        reading = surroundings.choices.iif_on_empty_attribute
        compares = reading == "compares"
        lacking = None if compares else next((name for name in watched if is_empty(attributes.get(name))), None)
        outcome = None if lacking else condition.value(attributes, surroundings)
        if compares or not is_null(outcome):
            return (when_true if truth_of(outcome) else when_false).value(attributes, surroundings)
        if reading == "fails":
            raise _undecided(lacking)
        return when_false.value(attributes, surroundings) if reading == "is false" else None

    return chosen


def _undecided(lacking: str | None) -> EvaluationError:
    if lacking is None:
        return EvaluationError("The condition of IIF has no value.")
    return EvaluationError(
        f"The condition of IIF looks at [{lacking}], which is empty.",
        hint=f'Use Switch, whose key "" matches an empty value: Switch([{lacking}], …, "", …)',
    )


def looked_at(condition: Argument) -> tuple[str, ...]:
    """List the attributes that *condition* looks at directly, or through a test such as ``IsPresent``."""
    match condition:
        case Attribute(name):
            return (name,)
        case Comparison(left, _, right):
            return looked_at(left) + looked_at(right)
        case Call(name, arguments) if name in _NOTHING_ELSE:
            return looked_at(arguments[0])
        case _:
            return ()


def switch(branches: Sequence[Branch]) -> Evaluator:
    """``Switch``: compares texts with their case; null matches the key ``""`` as an empty text does."""
    source, default, *rest = (branch.value for branch in branches)
    pairs = tuple(zip(rest[::2], rest[1::2], strict=True))

    def chosen(attributes: Attributes, surroundings: Surroundings) -> Value:
        value = text_of(source(attributes, surroundings)) or ""
        for key, result in pairs:
            if (text_of(key(attributes, surroundings)) or "") == value:
                return result(attributes, surroundings)
        return default(attributes, surroundings)

    return chosen


def replace(names: Sequence[str]) -> Callable[[Sequence[Branch]], Evaluator]:
    """``Replace``: which arguments are present says what it does."""

    def build(branches: Sequence[Branch]) -> Evaluator:
        given = [
            (name, branch.value)
            for name, branch in zip(names, branches, strict=False)
            if not isinstance(branch.written, Blank)
        ]
        way = WAYS[frozenset(name for name, _ in given) - {SOURCE}]

        def replaced(attributes: Attributes, surroundings: Surroundings) -> Value:
            texts = {name: text_of(evaluator(attributes, surroundings)) for name, evaluator in given}
            return way(texts, surroundings.choices.regex_limit)

        return replaced

    return build
