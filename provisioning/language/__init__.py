"""The two little languages that administrators of Entra write: expressions and scoping filters.

An *expression* computes the value of a target attribute from the attributes of a person. A *scoping filter* says from
the same attributes whether the person is provisioned at all. Both are read, checked, evaluated and written here, and
nothing else happens here: no network, no clock, no chance of its own.
"""

from __future__ import annotations

from provisioning.errors import EvaluationError, ExpressionError, ParseError, TooSlowError
from provisioning.language.choices import BY_THE_REFERENCE, EMPTY_CONDITION, Choices, EmptyCondition
from provisioning.language.dotnet.regex import MATCH_LIMIT
from provisioning.language.expression import Expression
from provisioning.language.functions.surroundings import Chance
from provisioning.language.functions.table import FUNCTIONS, Function, Kind, Need
from provisioning.language.operators import OPERATORS, Operator, operators_for
from provisioning.language.reading import LONGEST
from provisioning.language.scoping import ClauseGroup, Misfit, RefusedOperand, ScopingFilter, Verdict
from provisioning.language.values import Attributes, Role, Value

__all__ = [
    "BY_THE_REFERENCE",
    "EMPTY_CONDITION",
    "FUNCTIONS",
    "LONGEST",
    "MATCH_LIMIT",
    "OPERATORS",
    "Attributes",
    "Chance",
    "Choices",
    "ClauseGroup",
    "EmptyCondition",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "Function",
    "Kind",
    "Misfit",
    "Need",
    "Operator",
    "ParseError",
    "RefusedOperand",
    "Role",
    "ScopingFilter",
    "TooSlowError",
    "Value",
    "Verdict",
    "operators_for",
]
