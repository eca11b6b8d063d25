"""What Entra lets an administrator save, and then fails every person by: said before anyone is failed."""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.errors import EvaluationError
from provisioning.language.functions.choosing import looked_at
from provisioning.language.functions.table import FUNCTIONS, Kind, Parameter
from provisioning.language.nodes import Argument, Attribute, Call, Comparison, Number, Operand, Text, Word, walk
from provisioning.language.values import number_of

_EMPTINESS = frozenset({"IsNothing", "IsNull", "IsNullOrEmpty", "IsPresent"})


def concerns_about(root: Operand, text: str) -> Iterator[EvaluationError]:
    """List what is wrong with the tree below *root* whoever it is evaluated for, in the order of the text.

    These errors are not raised but handed over: a constant that its function cannot use, and an ``IIF`` that asks
    whether an attribute is empty, which Microsoft calls unsupported (Learn: functions#iif).
    """
    for node in walk(root):
        if not isinstance(node, Call):
            continue
        for parameter, argument in zip(
            FUNCTIONS[node.name].parameters_for(len(node.arguments)), node.arguments, strict=True
        ):
            yield from _about_constant(parameter, argument, text)
        if node.name == "IIF":
            yield from _about_condition(node.arguments[0], text)


def _about_constant(parameter: Parameter, argument: Argument, text: str) -> Iterator[EvaluationError]:
    if not isinstance(argument, Text | Number | Word):
        return
    value = argument.name if isinstance(argument, Word) else argument.value
    try:
        if parameter.kind is Kind.NUMBER:
            number_of(value)
        if parameter.check is not None:
            parameter.check(value)
    except EvaluationError as error:
        yield EvaluationError(error.problem, text=text, position=argument.position, hint=error.hint)


def _about_condition(condition: Argument, text: str) -> Iterator[EvaluationError]:
    watched = looked_at(condition)
    if watched and any(_asks_emptiness(node) for node in walk(condition)):
        yield EvaluationError(
            f"IIF cannot ask whether [{watched[0]}] is empty.",
            text=text,
            position=next(node.position for node in walk(condition) if isinstance(node, Attribute)),
            hint=f'Use Switch, whose key "" matches an empty value: Switch([{watched[0]}], …, "", …)',
        )


def _asks_emptiness(node: Argument) -> bool:
    match node:
        case Call(name, (Attribute(),)) if name in _EMPTINESS:
            return True
        case Comparison(Attribute(), "=" | "<>", Text("")) | Comparison(Text(""), "=" | "<>", Attribute()):
            return True
        case _:
            return False
