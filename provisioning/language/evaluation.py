"""From a tree to a function of the person: built once, called for everyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias, assert_never

from provisioning.errors import EvaluationError
from provisioning.language.dotnet.regex import placed
from provisioning.language.functions.choosing import Branch, Evaluator
from provisioning.language.functions.logic import compared
from provisioning.language.functions.surroundings import Surroundings
from provisioning.language.functions.table import FUNCTIONS, TAKE, Choosing, NotOffered, Plain, Surrounded
from provisioning.language.nodes import Argument, Attribute, Blank, Call, Comparison, Number, Operand, Text, Word, fold
from provisioning.language.values import Attributes, Value, boolean, is_null

Taken: TypeAlias = tuple[Callable[[Value], object], Evaluator]
Place: TypeAlias = Callable[[EvaluationError], EvaluationError]


def built(root: Operand, text: str) -> Evaluator:
    """Build the function that evaluates the tree below *root*, which was read from *text*."""
    return fold(root, lambda node, below: _built(node, below, text))


def _built(node: Argument, below: Sequence[Evaluator], text: str) -> Evaluator:
    match node:
        case Attribute(name):
            return lambda attributes, _: attributes.get(name)
        case Text(value) | Number(value=value):
            return lambda _attributes, _surroundings: value
        case Word(name):
            return lambda _attributes, _surroundings: name
        case Blank():
            return lambda _attributes, _surroundings: None
        case Comparison():
            return _comparison(node, *below)
        case Call():
            return _call(node, below, text)
        case _:
            assert_never(node)


def _comparison(node: Comparison, left: Evaluator, right: Evaluator) -> Evaluator:
    sign = node.operator
    as_numbers = isinstance(node.left, Number) or isinstance(node.right, Number)

    def evaluate(attributes: Attributes, surroundings: Surroundings) -> Value:
        one, other = left(attributes, surroundings), right(attributes, surroundings)
        if surroundings.choices.iif_on_empty_attribute != "compares" and (is_null(one) or is_null(other)):
            return None
        return boolean(compared(one, sign, other, as_numbers=as_numbers))

    return evaluate


def _call(node: Call, below: Sequence[Evaluator], text: str) -> Evaluator:
    function = FUNCTIONS[node.name]
    parameters = function.parameters_for(len(node.arguments))
    branches = [Branch(*both) for both in zip(node.arguments, below, strict=True)]
    taken = [
        (_nothing if isinstance(branch.written, Blank) else TAKE[parameter.kind], branch.value)
        for parameter, branch in zip(parameters, branches, strict=True)
    ]
    place = partial(placed, text=text, position=node.position)
    match function.implementation:
        case Plain(call):
            return _plain(call, taken, place)
        case Surrounded(call):
            return _surrounded(call, taken, place)
        case Choosing(build):
            return _choosing(build(branches), place)
        case NotOffered():
            raise AssertionError(f"{function.name} passed the check")
        case _:
            assert_never(function.implementation)


def _plain(call: Callable[..., Value], taken: Sequence[Taken], place: Place) -> Evaluator:
    def evaluate(attributes: Attributes, surroundings: Surroundings) -> Value:
        try:
            return call(*[take(evaluator(attributes, surroundings)) for take, evaluator in taken])
        except EvaluationError as error:
            raise place(error) from None

    return evaluate


def _surrounded(call: Callable[..., Value], taken: Sequence[Taken], place: Place) -> Evaluator:
    def evaluate(attributes: Attributes, surroundings: Surroundings) -> Value:
        try:
            return call(surroundings, *[take(evaluator(attributes, surroundings)) for take, evaluator in taken])
        except EvaluationError as error:
            raise place(error) from None

    return evaluate


def _choosing(chosen: Evaluator, place: Place) -> Evaluator:
    def evaluate(attributes: Attributes, surroundings: Surroundings) -> Value:
        try:
            return chosen(attributes, surroundings)
        except EvaluationError as error:
            raise place(error) from None

    return evaluate


def _nothing(_: Value) -> None:
    return None
