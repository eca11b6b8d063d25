"""Kinds of objects and target attributes: unknown, read-only, required, or not to be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.model.mapping import ObjectKind
from provisioning.planning.rules.case import nearest
from provisioning.planning.rules.finding import Finding, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.planning.rules.case import Case


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
            if not case.before.schema.has(kind):
                sentence = f"this app does not provision {kind.value}."
                yield Finding(Weight.REFUSED, sentence, f"{setting}.{kind.value}")


def unknown_targets(case: Case) -> Iterator[Finding]:
    """Find mappings of attributes that Elium does not have (``SchemaAttributeNotFound``).

    Learn: application-provisioning-log-analytics; names are case-sensitive (azure-docs#58604).
    """
    for touched in case.touched():
        known = case.targets(touched.kind)
        if touched.after and known and touched.target not in known:
            close = nearest(touched.target, known)
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
    for kind, attributes in case.declared.attributes.items():
        has_none = case.before.schema.has(kind) and not case.before.schema.target_attributes(kind)
        if attributes and has_none and not case.is_partial:
            sentence = f"the schema of this app does not list the attributes of {kind.value}, so none can be added."
            yield Finding(
                Weight.REFUSED, sentence, f"attributes.{kind.value}", hint="Remove it; it may be mapped as it is."
            )


def added_attributes(case: Case) -> Iterator[Finding]:
    """Find added attributes that contradict one that is there, or that nothing would write.

    Learn: customize-application-attributes#editing-the-list-of-supported-attributes.
    """
    for kind, attributes in case.declared.attributes.items():
        held, mapped = case.before.schema.target_attributes(kind), case.after.schema.mappings(kind)
        for name, attribute in sorted(attributes.items()):
            place = f"attributes.{kind.value}.{name}"
            there = held.get(name)
            twin = next((other for other in held if other != name and other.casefold() == name.casefold()), None)
            if there and (there.type, there.multivalued) != (attribute.type, attribute.multivalued):
                many = "of several values" if there.multivalued else "of one value"
                yield Finding(Weight.REFUSED, f"the app has it already, as {there.type} {many}.", place)
            elif twin:
                yield Finding(Weight.REFUSED, f"the app has it already, written {twin}.", place)
            elif name not in mapped and case.before.schema.has(kind) and not case.is_partial:
                hint = f"Add mappings.{kind.value}.{name}."
                yield Finding(Weight.WARNING, "no mapping writes this attribute.", place, hint)
