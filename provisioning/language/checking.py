"""Whether an expression that can be read also means something: its functions exist and get what they need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from provisioning.errors import ParseError
from provisioning.language.foreign import foreign_function, foreign_word
from provisioning.language.functions.replacing import SOURCE, WAYS
from provisioning.language.functions.table import FUNCTIONS, Function, Kind, NotOffered, Parameter
from provisioning.language.nodes import Argument, Attribute, Blank, Call, Comparison, Operand, Word, walk
from provisioning.words import counted

_KEYWORDS = {
    "IgnoreAttributeFlow": "IgnoreAttributeFlow is offered only for provisioning from HR systems.",
    "IgnoreObjectFlow": "IgnoreObjectFlow is offered only for provisioning from HR systems.",
}


def check(root: Operand, text: str) -> None:
    """Check everything in the tree below *root*, which was read from *text*.

    :raises ParseError: about the first that is wrong.
    """
    if isinstance(root, Word):
        raise _misplaced(root, text)
    for node in walk(root):
        match node:
            case Call():
                _Checked(node, text).check()
            case Attribute(name, position) if not name:
                raise ParseError("The attribute has no name.", text=text, position=position)
            case Comparison(left, _, right):
                for side in (left, right):
                    if isinstance(side, Word):
                        raise _misplaced(side, text)
            case _:
                pass


def nearest_to(name: str, names: Iterable[str]) -> str:
    """Answer the one of *names* that *name* was probably meant to be; empty when none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in names}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[near[0]] if near else ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """One call, to be checked."""

    call: Call
    text: str

    def check(self) -> None:
        function = self._function()
        if isinstance(function.implementation, NotOffered):
            raise self._wrong(f"{function.name} is not offered here: {function.implementation.reason}.")
        self._check_count(function)
        parameters = function.parameters_for(len(self.call.arguments))
        for parameter, argument in zip(parameters, self.call.arguments, strict=True):
            self._check_argument(function, parameter, argument)
        if function.name == "Replace":
            self._check_way(parameters)

    def _function(self) -> Function:
        function = FUNCTIONS.get(self.call.name)
        if function is None:
            if foreign := foreign_function(self.call.name):
                raise self._wrong(f"There is no function {self.call.name}.", hint=foreign.hint)
            nearest = nearest_to(self.call.name, FUNCTIONS)
            if nearest.casefold() == self.call.name.casefold():
                problem = f"The names of functions are case-sensitive: this one is written {nearest}."
            else:
                problem = f"There is no function {self.call.name}." + (f" Did you mean {nearest}?" if nearest else "")
            raise self._wrong(problem, hint=f"Write {nearest}." if nearest else "")
        return function

    def _check_count(self, function: Function) -> None:
        count = len(self.call.arguments)
        if not function.takes(count):
            raise self._wrong(
                f"{function.name} cannot take {counted(count, 'argument')}.",
                hint=f"It is called as {function.signature}.",
            )

    def _check_argument(self, function: Function, parameter: Parameter, argument: Argument) -> None:
        match argument:
            case Blank() if parameter.required:
                raise self._wrong(
                    f"The {parameter.name} of {function.name} is missing.",
                    hint=f"It is called as {function.signature}.",
                )
            case Comparison(position=position) if parameter.kind is not Kind.CONDITION:
                raise ParseError(
                    "A comparison is understood only as the condition of IIF and in CBool.",
                    text=self.text,
                    position=position,
                )
            case Word() if argument.name not in parameter.words:
                raise _misplaced(argument, self.text)
            case _:
                pass

    def _check_way(self, parameters: Iterable[Parameter]) -> None:
        given = {
            parameter.name
            for parameter, argument in zip(parameters, self.call.arguments, strict=True)
            if not isinstance(argument, Blank)
        } - {SOURCE}
        if frozenset(given) not in WAYS:
            raise self._wrong(
                f"Replace does not know what to do with {_listed(sorted(given)) or 'its source alone'}.",
                hint=f"Give it {'; or '.join(_listed(sorted(way)) for way in WAYS)}.",
            )

    def _wrong(self, problem: str, *, hint: str = "") -> ParseError:
        return ParseError(problem, text=self.text, position=self.call.position, hint=hint)


def _misplaced(word: Word, text: str) -> ParseError:
    problem = _KEYWORDS.get(word.name, f"The bare word {word.name} has no meaning here.")
    if foreign := foreign_word(word.name):
        return ParseError(problem, text=text, position=word.position, hint=foreign.hint)
    nearest = nearest_to(word.name, FUNCTIONS)
    hint = (
        f'Write {nearest}(…), [{word.name}] or "{word.name}".'
        if nearest
        else (f'An attribute is written [{word.name}], a text "{word.name}".')
    )
    return ParseError(problem, text=text, position=word.position, hint="" if word.name in _KEYWORDS else hint)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
