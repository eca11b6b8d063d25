"""What a row of the table of functions says: parameters, what the function gives and needs, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, TypeVar

from provisioning.language.functions.choosing import Branch, Evaluator
from provisioning.language.functions.emptiness import Rule, as_source
from provisioning.language.values import Value, number_of, text_of

Below = TypeVar("Below")


class Kind(Enum):
    """What an argument is taken as, or what a function gives."""

    TEXT = "text"
    NUMBER = "whole number"
    ANY = "any value"
    CONDITION = "condition"
    BOOLEAN = "True or False"
    TEXTS = "several values"
    AS_GIVEN = "what it is given, or a part of it"


class Need(Enum):
    """What an evaluation needs besides the attributes."""

    NOW = "the present moment"
    CHANCE = "a source of chance"
    DOMAIN = "the tenant's default domain"


def _as_it_is(value: Value) -> Value:
    return value


TAKE: Mapping[Kind, Callable[[Value], object]] = {
    Kind.TEXT: text_of,
    Kind.NUMBER: number_of,
    Kind.ANY: _as_it_is,
    Kind.CONDITION: _as_it_is,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    name: str
    """Its name in Microsoft's reference, such as ``oldValue``."""

    key: str = ""
    """Its name in Graph, such as ``Find``; empty when it is the same."""

    kind: Kind = Kind.TEXT
    required: bool = True
    repeated: bool = False
    words: tuple[str, ...] = ()
    """The bare words that it may be, such as ``vbTextCompare``."""

    check: Callable[[str], object] | None = None
    """What refuses a constant that can never do, by an evaluation error."""

    is_pattern: bool = False
    """Whether it is a regular expression."""

    is_handed_on: bool = False
    """Whether the function may give this argument as it is."""

    @property
    def graph_key(self) -> str:
        """Its name in Graph."""
        return self.key or self.name


@dataclass(frozen=True, slots=True)
class Plain:
    """Every argument is evaluated, and the function is called with what they gave."""

    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Surrounded:
    """As :class:`Plain`, and the first argument is what surrounds the evaluation: the time, chance, the choices."""

    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Choosing:
    """The function itself decides which arguments are evaluated."""

    build: Callable[[Sequence[Branch]], Evaluator]


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Entra knows the function, but not for provisioning to an application such as this."""

    reason: str


Implementation: TypeAlias = Plain | Surrounded | Choosing | NotOffered


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table."""

    name: str
    parameters: tuple[Parameter, ...]
    summary: str
    """What it does, in one sentence."""

    implementation: Implementation
    source: str = "Learn: functions-for-customizing-application-data"
    """Where Microsoft describes it."""

    shorter: tuple[Parameter, ...] | None = None
    """A second, shorter list of parameters that is also understood."""

    gives: Kind = Kind.TEXT
    """What its value is."""

    needs: frozenset[Need] = frozenset()
    """What it needs besides its arguments."""

    emptiness: Rule = as_source
    """How it can come to give nothing, or an empty text."""

    @property
    def signature(self) -> str:
        """How it is called, such as ``Mid(source, start, length)``."""
        shown = [parameter.name if parameter.required else f"[{parameter.name}]" for parameter in self.parameters]
        more = ["…"] if any(parameter.repeated for parameter in self.parameters) else []
        return f"{self.name}({', '.join(shown + more)})"

    def takes(self, count: int) -> bool:
        """Tell whether it can be called with *count* arguments. Optional ones at the end may be left out."""
        fixed = [parameter for parameter in self.parameters if not parameter.repeated]
        repeated = len(self.parameters) - len(fixed)
        if repeated:
            return count > len(fixed) and (count - len(fixed)) % repeated == 0
        least = max((place for place, parameter in enumerate(fixed, start=1) if parameter.required), default=0)
        return least <= count <= len(fixed) or (self.shorter is not None and count == len(self.shorter))

    def parameters_for(self, count: int) -> tuple[Parameter, ...]:
        """List the parameters that *count* arguments stand for, a repeated one as often as it is meant."""
        if self.shorter is not None and count == len(self.shorter):
            return self.shorter
        fixed = tuple(parameter for parameter in self.parameters if not parameter.repeated)
        repeated = self.parameters[len(fixed) :]
        rounds = (count - len(fixed)) // len(repeated) if repeated else 0
        return (fixed + repeated * rounds)[:count]

    def handed_on(self, below: Sequence[Below]) -> tuple[Below, ...]:
        """Pick, out of one thing *below* for each argument, those whose arguments it may give as they are."""
        parameters = self.parameters_for(len(below))
        return tuple(each for parameter, each in zip(parameters, below, strict=True) if parameter.is_handed_on)
