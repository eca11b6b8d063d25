"""Kinds of objects and target attributes: unknown, read-only, required, or not to be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from provisioning.language.checking import nearest_to
from provisioning.model.mapping import AttributeDefinition, ObjectKind
from provisioning.planning.rules.case import Case
from provisioning.planning.rules.finding import Finding, Weight


def unknown_kinds(case: Case) -> Iterator[Finding]:
    """Find what is asked of kinds that the app does not provision; that they are not provisioned is nothing to do.

    A gallery app may have an object mapping for users alone (graph: synchronization-objectmapping).
    """
    declared = case.declared
    asked = {
        "mappings": [kind for kind, mappings in declared.mappings.items() if any(mappings.values())],
        "filters": [kind for kind, wanted in declared.filters.items() if wanted is not None],
        "objects": [kind for kind in ObjectKind if declared.objects.get(kind) or declared.actions.get(kind)],
        "attributes": [kind for kind, attributes in declared.attributes.items() if attributes],
    }
    for setting, kinds in asked.items() if not case.is_partial else ():
        for kind in kinds:
            if not case.before.schema.of(kind).is_there:
                sentence = f"this app does not provision {kind.value}."
                yield Finding(Weight.REFUSED, sentence, f"{setting}.{kind.value}")


def unknown_targets(case: Case) -> Iterator[Finding]:
    """Find mappings of attributes that the app does not have (``SchemaAttributeNotFound``).

    Learn: application-provisioning-log-analytics; names are case-sensitive (azure-docs#58604).
    """
    for touched in case.touched():
        known = case.targets(touched.kind)
        if touched.after and known and touched.target not in known:
            close = nearest_to(touched.target, known)
            yield touched.mistake(f"the app has no such attribute{f'; the nearest is {close}' if close else ''}.")


def read_only_targets(case: Case) -> Iterator[Finding]:
    """Find mappings of what the app alone decides. The ``id`` must never be mapped (Learn: known-issues)."""
    for touched in case.touched():
        is_read_only = touched.definition is not None and touched.definition.read_only
        if touched.after and (is_read_only or touched.target == "id"):
            yield touched.mistake(
                f"this attribute is set by {case.app} itself, so it cannot be mapped.", hint="Remove it."
            )


def required_targets(case: Case) -> Iterator[Finding]:
    """Find required attributes that nothing would write (``MandatoryFieldsMissing``)."""
    for touched in case.touched():
        if touched.definition is None or not touched.definition.required:
            continue
        is_required = f"this attribute is required by {case.app}"
        if touched.after is None:
            if touched.before is not None:
                yield touched.mistake(f"{is_required}, so its mapping cannot be removed.")
        elif not touched.after.written and touched.after.default is None:
            yield touched.mistake(f"{is_required}, and it would have no source and no default.")


def unlisted_attributes(case: Case) -> Iterator[Finding]:
    """Find attributes that are added where the schema lists none, so that there is no list to add them to."""
    for side in _added(case) if not case.is_partial else ():
        if case.before.schema.of(side.kind).is_there and not side.held:
            yield Finding(
                Weight.REFUSED,
                f"the schema of this app does not list the attributes of {side.kind.value} that {side.whose} has, so "
                "none can be added.",
                f"attributes.{side.kind.value}.{min(side.attributes)}",
                hint="Remove it; it may be mapped as it is.",
            )


def added_attributes(case: Case) -> Iterator[Finding]:
    """Find added attributes that contradict one that is there.

    Learn: customize-application-attributes#editing-the-list-of-supported-attributes.
    """
    for side in _added(case):
        for name, attribute in sorted(side.attributes.items()):
            there = _there(attribute, side.held)
            if there:
                sentence = f"{side.whose} has it already, {there}."
                yield Finding(Weight.REFUSED, sentence, f"attributes.{side.kind.value}.{name}")


def useless_attributes(case: Case) -> Iterator[Finding]:
    """Find added attributes of the app that nothing would write.

    Learn: customize-application-attributes#editing-the-list-of-supported-attributes.
    """
    for kind, attributes in case.declared.attributes.items() if not case.is_partial else ():
        mapped, held = case.after.schema.of(kind).mappings, case.before.schema.of(kind).targets
        for name, attribute in sorted(attributes.items()) if held else ():
            if name not in mapped and not _there(attribute, held):
                hint = f"Add mappings.{kind.value}.{name}."
                place = f"attributes.{kind.value}.{name}"
                yield Finding(Weight.WARNING, "no mapping writes this attribute.", place, hint)


class _Side(NamedTuple):
    """Attributes of a kind that are added to one side, and those that it has."""

    kind: ObjectKind
    attributes: Mapping[str, AttributeDefinition]
    held: Mapping[str, AttributeDefinition]
    whose: str


def _added(case: Case) -> Iterator[_Side]:
    schema, declared = case.before.schema, case.declared
    for kind in ObjectKind:
        if declared.attributes.get(kind):
            yield _Side(kind, declared.attributes[kind], schema.of(kind).targets, "the app")
        if declared.sources.get(kind):
            yield _Side(kind, declared.sources[kind], schema.of(kind).sources, "Entra")


def _there(attribute: AttributeDefinition, held: Mapping[str, AttributeDefinition]) -> str:
    """Say how an attribute is there already, where that contradicts it; empty when it does not."""
    name, there = attribute.name, held.get(attribute.name)
    if there and (there.type, there.multivalued) != (attribute.type, attribute.multivalued):
        return f"as {there.type} {'of several values' if there.multivalued else 'of one value'}"
    twin = next((other for other in held if other != name and other.casefold() == name.casefold()), None)
    return f"written {twin}" if twin and not there else ""
