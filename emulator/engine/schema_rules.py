"""What a schema may not say although it can be read: words out of a closed list, filters that Entra does not take.

Graph's enumerations are closed (graph: synchronization-attributemapping, -objectmapping, -attributedefinition,
-directorydefinition): a word that is not one of them is refused with 400 and never means its neighbour. Words are taken
in any case, because published samples differ. What the pages forbid in a scoping filter is refused too; whether the
service does that when a filter is saved is inferred, and so the knob ``unfilterable``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.numbers import integer
from provisioning.language import ExpressionError, ScopingFilter
from provisioning.language.operators import is_integer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.company.store import JsonObject

FLOW_TYPES = ("Always", "ObjectAddOnly", "MultiValueAddOnly", "ValueAddOnly", "AttributeAddOnly")
FLOW_BEHAVIORS = ("FlowWhenChanged", "FlowAlways")
ACTIONS = ("None", "Add", "Update", "Delete")
"""Of ``flowTypes``, flags in one text: blanks after the commas or none."""
ATTRIBUTE_TYPES = ("String", "Integer", "Reference", "Binary", "Boolean", "DateTime")
MUTABILITIES = ("ReadWrite", "ReadOnly", "Immutable", "WriteOnly")
SOURCE_TYPES = ("Attribute", "Constant", "Function")
DISCOVERABILITIES = ("None", "AttributeNames", "AttributeDataTypes", "AttributeReadOnly", "ReferenceAttributes")
FILTER_GROUPS = ("groups", "categoryFilterGroups", "inputFilterGroups")

_NEVER_ASKED = ("Reference", "Binary")
_NUMERIC = ("GREATERTHAN", "GREATERTHANOREQUALS")


def word_in(text: object, words: tuple[str, ...]) -> str | None:
    """Find the word of a closed list, whatever its case; ``None`` when it is not one of them."""
    folded = str(text).strip().casefold()
    return next((word for word in words if word.casefold() == folded), None)


def words_in(text: object, words: tuple[str, ...]) -> frozenset[str]:
    """Read flags such as ``Add, Update``; those that are not words of the list are left out."""
    found = (word_in(one, words) for one in str(text).split(","))
    return frozenset(word for word in found if word)


def wrong_words(schema: JsonObject) -> Iterator[str]:
    """Name every word that its enumeration does not have."""
    for directory in schema["directories"]:
        yield from _flags("discoverabilities", directory.get("discoverabilities"), DISCOVERABILITIES)
        for thing in directory["objects"]:
            for attribute in thing["attributes"]:
                yield from _word("type", attribute.get("type"), ATTRIBUTE_TYPES)
                yield from _word("mutability", attribute.get("mutability"), MUTABILITIES)
    for rule in schema["synchronizationRules"]:
        for mapping in rule["objectMappings"]:
            yield from _flags("flowTypes", mapping.get("flowTypes"), ACTIONS)
            for flow in mapping["attributeMappings"]:
                yield from _word("flowType", flow.get("flowType"), FLOW_TYPES)
                yield from _word("flowBehavior", flow.get("flowBehavior"), FLOW_BEHAVIORS)
                yield from _word("type", (flow.get("source") or {}).get("type"), SOURCE_TYPES)


def unmatched_or_missing(mapping: JsonObject, definitions: Mapping[str, JsonObject]) -> Iterator[str]:
    """Name what an object mapping cannot do without, and what it has twice.

    A matching attribute is needed, and every required attribute (Learn: customize-application-attributes).
    """
    if not mapping.get("enabled", True):
        return
    flows = mapping["attributeMappings"]
    kind, targets = mapping["sourceObjectName"], [flow["targetAttributeName"] for flow in flows]
    twice = sorted({target for target in targets if targets.count(target) > 1})
    yield from (f"The target attribute {target!r} is mapped twice." for target in twice)
    if not any(_number(flow.get("matchingPriority")) > 0 for flow in flows):
        yield f"The mapping of {kind} has no matching attribute."
    required = sorted(name for name, one in definitions.items() if one.get("required") and not one.get("anchor"))
    missing = [name for name in required if name not in targets]
    yield from (f"The target attribute {name!r} is required and not mapped." for name in missing)


def unfilterable(mapping: JsonObject, definitions: Mapping[str, JsonObject]) -> Iterator[str]:
    """Name every clause that Entra would not filter by: attributes it does not have, lists, dates, references.

    Learn: define-conditional-rules-for-provisioning-user-accounts; known-issues#scoping-filters.
    """
    scope = mapping.get("scope") or {}
    clauses = [
        clause for name in FILTER_GROUPS for group in scope.get(name) or () for clause in group.get("clauses") or ()
    ]
    kind = mapping["sourceObjectName"]
    for clause in clauses:
        name = clause["sourceOperandName"]
        if name not in definitions:
            yield f"The scoping filter of {kind} asks for {name!r}, which does not exist."
        elif word_in(definitions[name].get("type"), _NEVER_ASKED):
            yield f"{name} cannot be filtered by: it is a {str(definitions[name]['type']).lower()}."
        yield from _no_numbers(clause)
    yield from _refused_clauses(scope, definitions)


def _refused_clauses(scope: JsonObject, definitions: Mapping[str, JsonObject]) -> Iterator[str]:
    """Name attributes that cannot be filtered by, and operators of another type (graph: …-filteroperators).

    An operator of which the pages contradict each other stands: ``GREATER_THAN`` on a text of digits.
    """
    types = {name: word_in(one.get("type"), ATTRIBUTE_TYPES) or "String" for name, one in definitions.items()}
    several = [name for name, one in definitions.items() if one.get("multivalued")]
    dates = [name for name, type_ in types.items() if type_ == "DateTime"]
    try:
        read = ScopingFilter.from_graph(scope)
    except ExpressionError:
        # Told where the filter is read.
        return
    refused = read.refused_operands(several=several, dates=dates)
    yield from (str(one) for one in refused)
    told = {one.clause.attribute for one in refused}
    asked = {name: type_ for name, type_ in types.items() if name not in told and type_ not in _NEVER_ASKED}
    yield from (f"{one} {one.hint}" for one in read.misfits(asked) if not one.is_disputed)


def _no_numbers(clause: JsonObject) -> Iterator[str]:
    """GREATER_THAN compares whole numbers on both sides (Learn: define-conditional-rules-…)."""
    operator = str(clause.get("operatorName")).replace("_", "").replace(" ", "").upper()
    if operator in _NUMERIC:
        wrong = [one for one in (clause.get("targetOperand") or {}).get("values") or () if not is_integer(str(one))]
        yield from (f"{clause['operatorName']} takes a whole number, not {one!r}." for one in wrong)


def _word(name: str, given: object, words: tuple[str, ...]) -> Iterator[str]:
    if given is not None and word_in(given, words) is None:
        yield f"Requested value '{given}' was not found: {name} is one of {', '.join(words)}."


def _flags(name: str, given: object, words: tuple[str, ...]) -> Iterator[str]:
    if given is None:
        return
    for one in str(given).split(","):
        yield from _word(name, one.strip(), words)


def _number(value: object) -> int:
    return value if isinstance(value, int) else integer(str(value)) or 0
