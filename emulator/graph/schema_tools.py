"""What Graph offers around a schema: its directories, the operators, the functions, and trying an expression.

The functions and operators are those of :mod:`provisioning.language`, so what is offered is what is evaluated.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from emulator.company.clock import as_graph_writes
from emulator.company.refusal import Refusal
from emulator.graph import collections, declared, synchronization
from emulator.graph.access import needs
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.routing import Handler, Route
from provisioning.language import EvaluationError, Expression, ParseError
from provisioning.language.functions.table import FUNCTIONS, Kind, NotOffered
from provisioning.language.operators import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.company.store import JsonObject
    from provisioning.language import Value
    from provisioning.language.functions.table import Function
    from provisioning.language.operators import Operator

    Find = Callable[[Call], JsonObject]

_TYPES = {Kind.TEXT: "String", Kind.NUMBER: "Integer", Kind.ANY: "String", Kind.CONDITION: "Boolean"}
_BOOLEAN = ("IS TRUE", "IS FALSE")
_INTEGER = ("GREATER_THAN", "GREATER_THAN_OR_EQUALS")


def list_directories(find: Find) -> Handler:
    """Make the handler that lists the two sides of a schema."""
    return lambda call: collections.plain_objects(call, find(call)["directories"], declared.DIRECTORY, _of(call))


def get_directory(find: Find) -> Handler:
    """Make the handler that shows one side of a schema."""

    def handler(call: Call) -> Answer:
        place = _of(call).rpartition("/")[0]
        return collections.plain_object(call, _directory(find(call), call), declared.DIRECTORY, place)

    return handler


def discover(find: Find) -> Handler:
    """Make the handler that looks at a side anew; only some connectors can (graph: directorydefinition-discover)."""

    def handler(call: Call) -> Answer:
        directory = _directory(find(call), call)
        if directory.get("discoverabilities") in {None, "None"}:
            raise Refusal.bad_request(f"The directory '{directory['name']}' does not support discovery.")
        now = as_graph_writes(call.entra.world.clock.now())
        return Answer(200, {"@odata.context": context(call, _of(call)), **directory, "discoveryDateTime": now})

    return handler


def filter_operators(find: Find) -> Handler:
    """Make the handler that lists the operators of scoping filters (graph: synchronizationschema-filteroperators)."""

    def handler(call: Call) -> Answer:
        find(call)
        return collections.plain_objects(call, map(_operator, OPERATORS.values()), declared.OPERATOR, "filterOperators")

    return handler


def functions(find: Find) -> Handler:
    """Make the handler that lists the functions of expressions (graph: synchronizationschema-functions)."""

    def handler(call: Call) -> Answer:
        find(call)
        offered = [each for each in FUNCTIONS.values() if not isinstance(each.implementation, NotOffered)]
        return collections.plain_objects(call, map(_function, offered), declared.FUNCTION, "functions")

    return handler


def parse_expression(find: Find) -> Handler:
    """Make the handler that reads an expression and tries it (graph: synchronizationschema-parseexpression)."""

    def handler(call: Call) -> Answer:
        find(call)
        text = call.json.get("expression")
        if not isinstance(text, str):
            raise Refusal.bad_request("A value is required for parameter 'expression'.")
        told = {"@odata.context": context(call, "microsoft.graph.parseExpressionResponse")}
        return Answer(200, {**told, **_parsed(call, text)})

    return handler


def _parsed(call: Call, text: str) -> JsonObject:
    try:
        expression = Expression.parse(text)
    except ParseError as error:
        return _told(error=_error("InvalidExpression", error.problem))
    tried = call.json.get("testInputObject")
    if tried is None:
        return _told(parsed=expression)
    if not isinstance(tried, dict):
        raise Refusal.bad_request("The parameter 'testInputObject' must be an object.")
    try:
        value = expression.evaluate(
            _attributes_in(tried),
            now=call.entra.world.clock.now(),
            random=random.SystemRandom(),
            default_domain=call.tenant.domain,
            choices=call.entra.knobs.language,
        )
    except EvaluationError as error:
        return _told(parsed=expression, error=_error("EvaluationFailed", error.problem))
    return _told(parsed=expression, values=_texts(value))


def _told(
    *, parsed: Expression | None = None, values: list[str] | None = None, error: JsonObject | None = None
) -> JsonObject:
    return {
        "error": error,
        "evaluationResult": values or [],
        "evaluationSucceeded": values is not None,
        "parsedExpression": parsed.to_graph() if parsed else None,
        "parsingSucceeded": parsed is not None,
    }


def _error(code: str, message: str) -> JsonObject:
    """Describe what went wrong; the codes are the emulator's own, because none are published."""
    return {"code": code, "message": message, "target": None, "details": [], "innerError": None}


def _attributes_in(tried: Mapping[str, Any]) -> dict[str, Value]:
    """Read the test input: key and value pairs, a list where there are several values."""
    pairs = tried.get("properties") or []
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise Refusal.bad_request("The properties of 'testInputObject' must be a list of keys and values.")
    return {str(pair["key"]): _value(pair.get("value")) for pair in pairs if pair.get("key")}


def _value(given: Any) -> Value:  # noqa: ANN401 - any JSON value
    match given:
        case None | str():
            return given
        case list():
            return [str(item) for item in given]
        case bool():
            return str(given)
        case _:
            return json.dumps(given)


def _texts(value: Value) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [item if isinstance(item, str) else json.dumps(dict(item)) for item in value]


def _operator(operator: Operator) -> JsonObject:
    if operator.name in _BOOLEAN:
        types = ["Boolean"]
    elif operator.name in _INTEGER:
        types = ["Integer"]
    else:
        types = ["Integer", "String"] if operator.takes_value else ["Integer", "String", "Binary", "Boolean"]
    return {
        "id": operator.name,
        "name": operator.name,
        "arity": "Binary" if operator.takes_value else "Unary",
        "multivaluedComparisonType": "All",
        "supportedAttributeTypes": types,
    }


def _function(function: Function) -> JsonObject:
    return {
        "id": function.name,
        "name": function.name,
        "parameters": [
            {
                "name": parameter.graph_key,
                "type": _TYPES[parameter.kind],
                "required": parameter.required,
                "allowMultipleOccurrences": parameter.repeated,
            }
            for parameter in function.parameters
        ],
    }


def _directory(schema: JsonObject, call: Call) -> JsonObject:
    for directory in schema["directories"]:
        if directory["id"] == call.ids["directory"]:
            found: JsonObject = directory
            return found
    raise Refusal.not_found(call.ids["directory"])


def _of(call: Call) -> str:
    return f"{call.path.strip('/')}"


_READ = needs("Synchronization.Read.All", owned=True, quiet=True)
_WRITE = needs("Synchronization.ReadWrite.All", owned=True, quiet=True)


def _routes(at: str, find: Find, whose: str) -> tuple[Route, ...]:
    one = f"{at}/directories/{{directory}}"
    return (
        Route("GET", f"{at}/directories", list_directories(find), _READ, f"list the directories of {whose}"),
        Route("GET", one, get_directory(find), _READ, f"show a directory of {whose}"),
        Route("POST", f"{one}/discover", discover(find), _WRITE, f"look at a directory of {whose} anew"),
        Route("GET", f"{at}/filterOperators", filter_operators(find), _READ, "list the operators of scoping filters"),
        Route("GET", f"{at}/functions", functions(find), _WRITE, "list the functions of expressions"),
        Route("POST", f"{at}/parseExpression", parse_expression(find), _WRITE, "read an expression and try it"),
    )


_AT = "/servicePrincipals/{id}/synchronization"

ROUTES = (
    *_routes(f"{_AT}/jobs/{{job}}/schema", synchronization.schema_of_job, "a job"),
    *_routes(f"{_AT}/templates/{{template}}/schema", synchronization.schema_of_template, "a template"),
)
