"""A synchronization schema, understood: what flows where, for users and for groups.

Graph's JSON is read once, when a job is created or its schema is saved. A schema that cannot be understood is refused
here, with every reason at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from emulator.company.refusal import Refusal
from emulator.engine import schema_rules as rules
from emulator.engine import schema_types
from emulator.engine.paths import TargetPath
from provisioning.language import Expression, ExpressionError, ScopingFilter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.company.store import JsonObject

_ATTRIBUTE = re.compile(r"\[([\w.]+)\]\Z")

COMPUTED = frozenset({"IsSoftDeleted", "appRoleAssignments", "manager", "members"})
"""Source attributes that are not properties of the object but follow from its relations."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How one target attribute gets its value (graph: synchronization-attributemapping)."""

    target: TargetPath
    expression: Expression | None
    """What computes the value; ``None`` for a mapping of the type None, which has a default only."""
    attribute: str | None
    """The source attribute, when the expression is nothing but one."""
    text: str
    """The expression as it was written."""
    type: str = "String"
    """Of the target attribute, such as ``Boolean``."""
    case_exact: bool = False
    multivalued: bool = False
    required: bool = False
    priority: int = 0
    flow_type: str = "Always"
    always: bool = False
    """Whether it is sent although nothing changed (``FlowAlways``)."""
    default: str | None = None

    @property
    def is_reference(self) -> bool:
        """Whether it points to another object and waits for the second pass."""
        return self.type == "Reference"

    @property
    def depends_on_scope(self) -> bool:
        """Whether leaving changes it (Learn: customize-application-attributes, IsSoftDeleted)."""
        return self.reads("IsSoftDeleted")

    def reads(self, attribute: str) -> bool:
        """Whether the expression asks for a source attribute."""
        return self.expression is not None and attribute in self.expression.attributes

    def calls(self, function: str) -> bool:
        """Whether the expression uses a function."""
        return self.expression is not None and function in self.expression.functions


@dataclass(frozen=True)
class ObjectPlan:
    """One object mapping: users to users, or groups to groups (graph: synchronization-objectmapping)."""

    kind: str
    """``User`` or ``Group``."""
    target_type: str
    enabled: bool
    adds: bool
    updates: bool
    deletes: bool
    filter: ScopingFilter | None
    """Who is in scope, by all three sets of groups (graph: filter)."""
    flows: tuple[Flow, ...]
    names: frozenset[str] = frozenset()
    """The source attributes that are read."""
    operands: frozenset[str] = frozenset()
    """Those of them that filters ask for."""
    reads_roles: bool = False
    """Whether a mapping uses ``appRoleAssignments``."""

    @cached_property
    def matching(self) -> tuple[Flow, ...]:
        """The matching attributes, in their order (Learn: customize-application-attributes#matching)."""
        return tuple(sorted((flow for flow in self.flows if flow.priority > 0), key=lambda flow: flow.priority))

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The source attributes that scope and matching ask for."""
        asked = {name for flow in self.matching if flow.expression for name in flow.expression.attributes}
        return frozenset(asked | self.operands) - COMPUTED

    @cached_property
    def values(self) -> tuple[Flow, ...]:
        """What flows in the first pass."""
        return tuple(flow for flow in self.flows if not flow.is_reference)

    @cached_property
    def leaving(self) -> tuple[Flow, ...]:
        """What is sent of someone who leaves."""
        return tuple(flow for flow in self.values if flow.depends_on_scope)

    @cached_property
    def switched(self) -> tuple[Flow, ...]:
        """What the directory's own switch of an account changes; only the knob ``account_enabled_disables`` asks."""
        return tuple(flow for flow in self.values if flow.reads("accountEnabled"))

    @cached_property
    def references(self) -> tuple[Flow, ...]:
        """What flows in the second pass."""
        return tuple(flow for flow in self.flows if flow.is_reference)


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """A whole schema."""

    rule_id: str
    source_name: str
    target_name: str
    users: ObjectPlan | None
    groups: ObjectPlan | None

    def of(self, kind: str) -> ObjectPlan | None:
        """Look up the plan for ``User`` or ``Group``; ``None`` when that mapping is absent or switched off."""
        plan = self.users if kind == "User" else self.groups
        return plan if plan and plan.enabled else None


def understand(schema: JsonObject, *, any_filter: bool = False) -> SyncPlan:
    """Compile a schema. With *any_filter* also one that Entra would not filter by.

    :raises Refusal: 400, naming every mistake.
    """
    # First of all: what follows relies on it.
    problems = list(schema_types.misfits(schema))
    if problems:
        _refuse(problems)
    try:
        problems += rules.wrong_words(schema)
        rule = schema["synchronizationRules"][0]
        targets = _attributes_of(schema, rule["targetDirectoryName"])
        sources = _attributes_of(schema, rule["sourceDirectoryName"])
        for mapping in rule["objectMappings"]:
            problems += rules.unmatched_or_missing(mapping, targets.get(mapping["targetObjectName"], {}))
            if not any_filter:
                problems += rules.unfilterable(mapping, sources.get(mapping["sourceObjectName"], {}))
        plans = [_object_plan(mapping, sources, targets, problems) for mapping in rule["objectMappings"]]
        named = (str(rule["id"]), str(rule["sourceDirectoryName"]), str(rule["targetDirectoryName"]))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        _refuse([f"The schema is not complete: {error}."], error)
    if problems:
        _refuse(list(dict.fromkeys(problems)))
    by_kind = {plan.kind: plan for plan in plans}
    return SyncPlan(*named, by_kind.get("User"), by_kind.get("Group"))


def _refuse(problems: list[str], cause: Exception | None = None) -> NoReturn:
    raise Refusal(400, "BadRequest", "The schema cannot be saved. " + " ".join(problems)) from cause


def _attributes_of(schema: JsonObject, directory: str) -> Mapping[str, Mapping[str, JsonObject]]:
    """Index the attribute definitions of a directory: object name, then attribute name."""
    found = next((one for one in schema["directories"] if one["name"] == directory), None)
    if found is None:
        raise KeyError(f"directory {directory}")
    return {one["name"]: {attribute["name"]: attribute for attribute in one["attributes"]} for one in found["objects"]}


def _object_plan(
    mapping: JsonObject,
    sources: Mapping[str, Mapping[str, JsonObject]],
    targets: Mapping[str, Mapping[str, JsonObject]],
    problems: list[str],
) -> ObjectPlan:
    kind, target_type = mapping["sourceObjectName"], mapping["targetObjectName"]
    if kind not in sources or target_type not in targets:
        problems.append(f"There is no object mapping from {kind!r} to {target_type!r}.")
    known, allowed = sources.get(kind, {}), targets.get(target_type, {})
    flows = tuple(_flows(mapping, allowed, problems))
    actions = rules.words_in(mapping.get("flowTypes") or "Add,Update,Delete", rules.ACTIONS)
    mentioned = {name for flow in flows if flow.expression for name in flow.expression.attributes}
    unknown = sorted(mentioned - known.keys())
    problems += [f"The source attribute {name!r} of {kind} does not exist." for name in unknown]
    operands = _operands(mapping)
    return ObjectPlan(
        kind=kind,
        target_type=target_type,
        enabled=bool(mapping.get("enabled", True)),
        adds="Add" in actions,
        updates="Update" in actions,
        deletes="Delete" in actions,
        filter=_filter(mapping, problems),
        flows=flows,
        names=frozenset(mentioned | operands) - COMPUTED,
        operands=frozenset(operands) - COMPUTED,
        reads_roles="appRoleAssignments" in mentioned,
    )


def _flows(mapping: JsonObject, allowed: Mapping[str, JsonObject], problems: list[str]) -> Iterator[Flow]:
    for one in mapping["attributeMappings"]:
        target = one["targetAttributeName"]
        definition = allowed.get(target)
        if definition is None:
            problems.append(f"The target attribute {target!r} does not exist.")
            continue
        if definition.get("anchor"):
            problems.append(f"The target attribute {target!r} is the anchor and cannot be mapped.")
            continue
        try:
            yield _flow(one, definition)
        except ExpressionError as error:
            problems.append(f"The expression for {target!r} cannot be read: {error}")


def _flow(one: JsonObject, definition: JsonObject) -> Flow:
    source = one.get("source")
    expression = Expression.from_graph(source) if source else None
    text = str(expression or "")
    alone = _ATTRIBUTE.match(text)
    return Flow(
        target=TargetPath.parse(one["targetAttributeName"]),
        expression=expression,
        attribute=alone[1] if alone else None,
        text=text,
        type=rules.word_in(definition.get("type"), rules.ATTRIBUTE_TYPES) or "String",
        case_exact=bool(definition.get("caseExact")),
        multivalued=bool(definition.get("multivalued")),
        required=bool(definition.get("required")),
        priority=int(one.get("matchingPriority") or 0),
        flow_type=rules.word_in(one.get("flowType") or "Always", rules.FLOW_TYPES) or "Always",
        always=rules.word_in(one.get("flowBehavior"), rules.FLOW_BEHAVIORS) == "FlowAlways",
        default=_default(one, definition),
    )


def _default(one: JsonObject, definition: JsonObject) -> str | None:
    """Find what stands in for nothing: the mapping's own default, or that of a required attribute.

    (graph: synchronization-attributemapping; synchronization-attributedefinition.)
    """
    told: str | None = one.get("defaultValue")
    return definition.get("defaultValue") if told is None and definition.get("required") else told


def _filter(mapping: JsonObject, problems: list[str]) -> ScopingFilter | None:
    scope = mapping.get("scope") or {}
    if not any(scope.get(name) for name in rules.FILTER_GROUPS):
        return None
    try:
        read = ScopingFilter.from_graph(scope)
        # A regular expression is understood only when it is used.
        read.admits(dict.fromkeys(read.attributes, "any"))
    except ExpressionError as error:
        problems.append(f"The scoping filter cannot be read: {error}")
        return None
    return read


def _operands(mapping: JsonObject) -> set[str]:
    scope = mapping.get("scope") or {}
    groups = [group for name in rules.FILTER_GROUPS for group in scope.get(name) or ()]
    return {clause["sourceOperandName"] for group in groups for clause in group.get("clauses") or ()}
