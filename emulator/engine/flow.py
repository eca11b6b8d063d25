"""Attribute flow: what each mapping gives for one object, and how that differs from what the target has.

Nothing here talks to anybody. :func:`created` decides what a new account gets, :func:`changed` what an existing one
does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from provisioning.language import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from emulator.company.store import JsonObject
    from emulator.engine.plan import Flow
    from emulator.moods.knobs import Knobs
    from provisioning.language import Chance, Role, Value


@dataclass(frozen=True, slots=True)
class Change:
    """A target attribute that gets another value."""

    flow: Flow
    before: Value
    after: Value
    """``None`` empties it, which only the knob ``flow_null_values`` does."""


class FlowError(Exception):
    """That a value cannot flow; the object fails."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        """As the provisioning log names it, such as ``MandatoryFieldsMissing`` (Learn: concept-provisioning-logs)."""
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Flows:
    """Evaluates mappings in one moment."""

    knobs: Knobs
    now: datetime
    random: Chance
    default_domain: str

    def value_of(self, flow: Flow, attributes: Mapping[str, Value]) -> Value:
        """Compute what a mapping gives. An empty text is nothing, unless ``empty_text_flows``.

        :raises FlowError: when the expression cannot be evaluated for this object.
        """
        if flow.attribute is not None:
            return attributes.get(flow.attribute)
        if flow.expression is None:
            return None
        try:
            value = flow.expression.evaluate(
                attributes,
                now=self.now,
                random=self.random,
                default_domain=self.default_domain,
                choices=self.knobs.language,
            )
        except EvaluationError as error:
            message = f"The value of {flow.target.text} could not be computed from {flow.text}: {error}"
            raise FlowError("EntrySynchronizationError", message) from error
        return value if value or (value is not None and self.knobs.empty_text_flows) else None

    def created(self, flows: Iterable[Flow], attributes: Mapping[str, Value]) -> list[Change]:
        """Decide what a new object gets: no nulls, defaults filled in (Learn: customize-application-attributes).

        :raises FlowError: when a required attribute has no value, or a single-valued one several.
        """
        changes = []
        for flow in flows:
            value = self.value_of(flow, attributes)
            value = flow.default if value is None else value
            if value is not None:
                changes.append(Change(flow, None, _fitting(flow, value)))
            elif flow.required:
                reason = f"The attribute {flow.target.text} is required and has no value."
                raise FlowError("MandatoryFieldsMissing", reason)
        return changes

    def changed(self, flows: Iterable[Flow], attributes: Mapping[str, Value], target: JsonObject) -> list[Change]:
        """Decide what an existing object gets, by comparing with what the target has *now*.

        (Learn: customize-application-attributes; known-issues: null values do not flow.)

        :raises FlowError: when a single-valued attribute would get several values.
        """
        return [change for flow in flows for change in self._change(flow, attributes, target)]

    def _change(self, flow: Flow, attributes: Mapping[str, Value], target: JsonObject) -> Iterator[Change]:
        if flow.flow_type == "ObjectAddOnly":
            return
        before = observed(flow, target)
        value = self.value_of(flow, attributes)
        if value is None and not flow.text and before is None:
            # A mapping of the type None leaves the target alone, but fills an empty attribute with its default.
            value = flow.default
        if value is None:
            if self.knobs.flow_null_values and before is not None and flow.text:
                yield Change(flow, before, None)
            return
        if before is not None and flow.flow_type == "AttributeAddOnly":
            return
        after = _fitting(flow, value)
        if flow.flow_type in {"ValueAddOnly", "MultiValueAddOnly"} or flow.calls("AppRoleAssignmentsComplex"):
            after = _additions(before, after)
        if after is not None and (flow.always or not is_same(flow, before, after)):
            yield Change(flow, before, after)


def observed(flow: Flow, target: JsonObject) -> Value:
    """Read a target attribute as a value of the engine: a text, or a list."""
    return _text(flow.target.find(target))


def is_same(flow: Flow, before: Value, after: Value) -> bool:
    """Tell whether two values are equal for a target attribute; case counts only when it is ``caseExact``.

    (Learn: functions-for-customizing-application-data#tolower.)
    """
    if isinstance(before, str) and isinstance(after, str):
        exact = flow.case_exact and flow.type != "Boolean"
        return before == after if exact else before.casefold() == after.casefold()
    return _as_set(before) == _as_set(after)


def _text(value: Any) -> Value:  # noqa: ANN401 - a SCIM resource is JSON
    match value:
        case None | "" | []:
            return None
        case bool():
            return "True" if value else "False"
        case list():
            return cast("Sequence[Role]", value)
        case dict():
            return _text(value.get("value"))
        case _:
            return str(value)


def _fitting(flow: Flow, value: Value) -> Value:
    if isinstance(value, str) or value is None:
        return value
    if flow.multivalued:
        return value
    if len(value) == 1:
        only = value[0]
        return only if isinstance(only, str) else (only.get("value") or only.get("displayName"))
    # Learn: concept-provisioning-logs, SchemaPropertyCanOnlyAcceptValue.
    reason = f"The attribute {flow.target.text} takes one value, not {len(value)}."
    raise FlowError("SchemaPropertyCanOnlyAcceptValue", reason)


def _key(item: object) -> str:
    return str(item.get("value")) if isinstance(item, dict) else str(item)


def _as_set(value: Value) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset({value}) if isinstance(value, str) else frozenset(_key(item) for item in value)


def _additions(before: Value, after: Value) -> Value:
    """Keep what the target does not have yet (graph: attributeMapping, ``ValueAddOnly``)."""
    if after is None or isinstance(after, str):
        return after
    present = _as_set(before)
    return cast("Sequence[str]", [item for item in after if _key(item) not in present]) or None
