"""An expression of an attribute mapping: read once, then evaluated for everyone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Self, final

from provisioning.errors import EvaluationError
from provisioning.language.checking import check
from provisioning.language.choices import BY_THE_REFERENCE, Choices
from provisioning.language.concerns import concerns_about
from provisioning.language.dotnet.backtracking import can_take_for_ever
from provisioning.language.evaluation import built
from provisioning.language.functions.choosing import looked_at
from provisioning.language.functions.surroundings import ALONE, Chance, Surroundings
from provisioning.language.functions.table import FUNCTIONS, Need
from provisioning.language.graph_form import Json, source_of, text_in
from provisioning.language.insight import emptiness_of, ends_of, patterns_in
from provisioning.language.nodes import Attribute, Call, Operand, walk
from provisioning.language.reading import read
from provisioning.language.values import Attributes, Value


@final
class Expression:
    """What computes the value of one target attribute.

    >>> expression = Expression.parse('Join(" ",[givenName],  [surname])')
    >>> expression.evaluate({"givenName": "Ada", "surname": "Byron"})
    'Ada Byron'
    >>> str(expression)
    'Join(" ", [givenName], [surname])'

    Two expressions are equal when their canonical texts are.
    """

    __slots__ = ("_evaluator", "_text", "_written", "attributes", "functions", "root")

    root: Operand
    """Its tree."""

    attributes: frozenset[str]
    """The source attributes that it reads, such as ``{"givenName", "surname"}``."""

    functions: frozenset[str]
    """The functions that it calls, such as ``{"Join"}``."""

    def __init__(self, root: Operand, text: str) -> None:
        nodes = walk(root)
        self.root = root
        self._text = text
        self._written = root.written
        self._evaluator = built(root, text)
        self.attributes = frozenset(node.name for node in nodes if isinstance(node, Attribute))
        self.functions = frozenset(node.name for node in nodes if isinstance(node, Call))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read *text*. Which attributes the source has is not asked here: a schema knows.

        :raises ParseError: when Entra would refuse to save it, with the place and what was probably meant.
        """
        return _parsed(text)

    @classmethod
    def from_graph(cls, source: Mapping[str, object]) -> Self:
        """Read the ``source`` of an ``attributeMapping``, of which the ``expression`` counts.

        :raises ParseError: when it holds no expression.
        """
        return cls.parse(text_in(source))

    def to_graph(self) -> dict[str, Json]:
        """Write it as the ``source`` of an ``attributeMapping``, with its parameters taken apart."""
        return source_of(self.root)

    @property
    def concerns(self) -> tuple[EvaluationError, ...]:
        """What is wrong with it whoever it is evaluated for, such as a pattern that is not a regular expression."""
        return tuple(concerns_about(self.root, self._text))

    @property
    def conditions(self) -> frozenset[str]:
        """The attributes that an ``IIF`` looks at: what it does without one of them is left open, and has a default."""
        calls = [node for node in walk(self.root) if isinstance(node, Call) and node.name == "IIF"]
        return frozenset(name for call in calls for name in looked_at(call.arguments[0]))

    @property
    def needs(self) -> frozenset[Need]:
        """What :meth:`evaluate` must be given besides the attributes."""
        return frozenset(need for name in self.functions for need in FUNCTIONS[name].needs)

    @property
    def ends(self) -> tuple[Operand, ...]:
        """What it may give as its value: constants, attributes and calls, behind all that only chooses among them."""
        return ends_of(self.root)

    @property
    def slow_patterns(self) -> tuple[str, ...]:
        """The regular expressions in it that can take for ever on some texts, as they are written."""
        return tuple(pattern for pattern in patterns_in(self.root) if can_take_for_ever(pattern))

    def may_be_empty(self, sure: Collection[str] = (), *, choices: Choices = BY_THE_REFERENCE) -> bool:
        """Tell whether it gives nothing, or an empty text, to somebody who has at least the *sure* attributes.

        It errs on the side of yes. An attribute that is empty is taken to be nothing, as the directory keeps no empty
        texts. Who is failed is given nothing either, but that is told by the error and not here.
        """
        return bool(emptiness_of(self.root, sure, choices))

    def evaluate(
        self,
        attributes: Attributes,
        *,
        now: datetime | None = None,
        random: Chance | None = None,
        default_domain: str | None = None,
        choices: Choices = BY_THE_REFERENCE,
    ) -> Value:
        """Compute the value for a person or group with these *attributes*. ``None`` means that nothing flows.

        :raises EvaluationError: when there is no value, or when a function needs *now*, *random* or *default_domain*
            and was not given it.
        """
        is_alone = now is None and random is None and default_domain is None and choices is BY_THE_REFERENCE
        surroundings = ALONE if is_alone else Surroundings(now, random, default_domain, choices)
        try:
            return self._evaluator(attributes, surroundings)
        except RecursionError:
            raise EvaluationError(
                "So many functions cannot be evaluated inside each other.", text=self._text, position=0
            ) from None

    def __str__(self) -> str:
        return self._written

    def __repr__(self) -> str:
        return f"Expression.parse({self._written!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self._written == other._written

    def __hash__(self) -> int:
        return hash(self._written)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Expression.parse, (self._written,)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Expression:
    root = read(text)
    check(root, text)
    return Expression(root, text)
