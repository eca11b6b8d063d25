"""Findings about target attributes: unknown, read-only, required, or not to be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.planning.findings.case import Case, nearest
from provisioning.planning.findings.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator


def unknown_kinds(case: Case) -> Iterator[Finding]:
    """Find what is declared about kinds that the app does not provision."""
    declared = case.declared
    for setting, kinds in (
        ("mappings", declared.mappings),
        ("filters", declared.filters),
        ("objects", {**declared.objects, **declared.actions}),
        ("attributes", declared.attributes),
    ):
        for kind in kinds:
            if not case.observed.has(kind):
                sentence = f"this app does not provision {kind.value}."
                yield Finding(Severity.ERROR, f"{setting}.{kind.value}", sentence)


def unknown_targets(case: Case) -> Iterator[Finding]:
    """Find mappings of attributes that Elium does not have (``SchemaAttributeNotFound``).

    Learn: application-provisioning-log-analytics; names are case-sensitive (azure-docs#58604).
    """
    for touched in case.touched():
        known = case.targets(touched.kind)
        if touched.after and known and touched.target not in known:
            close = nearest(touched.target, known)
            yield touched.finding(f"the app has no such attribute{f'; the nearest is {close}' if close else ''}.")


def read_only_targets(case: Case) -> Iterator[Finding]:
    """Find mappings of what Elium alone decides. The ``id`` must never be mapped (Learn: known-issues)."""
    for touched in case.touched():
        is_read_only = touched.definition is not None and touched.definition.read_only
        if touched.after and (is_read_only or touched.target == "id"):
            yield touched.finding("Elium itself sets this attribute, so it cannot be mapped.", hint="Remove it.")


def required_targets(case: Case) -> Iterator[Finding]:
    """Find required attributes that nothing would write (``MandatoryFieldsMissing``)."""
    for touched in case.touched():
        if touched.definition is None or not touched.definition.required:
            continue
        if touched.after is None:
            if touched.before is not None:
                yield touched.finding("Elium requires this attribute, so its mapping cannot be removed.")
        elif not touched.after.written and touched.after.default is None:
            yield touched.finding("Elium requires this attribute, and it would have no source and no default.")


def added_attributes(case: Case) -> Iterator[Finding]:
    """Find added attributes that contradict one that is there, or that nothing would write."""
    for kind, attributes in case.declared.attributes.items():
        held, mapped = case.observed.target_attributes(kind), case.after(kind)
        for name, attribute in sorted(attributes.items()):
            place = f"attributes.{kind.value}.{name}"
            there = held.get(name)
            twin = next((other for other in held if other != name and other.casefold() == name.casefold()), None)
            if there and (there.type, there.multivalued) != (attribute.type, attribute.multivalued):
                many = "of several values" if there.multivalued else "of one value"
                yield Finding(Severity.ERROR, place, f"the app has it already, as {there.type} {many}.")
            elif twin:
                yield Finding(Severity.ERROR, place, f"the app has it already, written {twin}.")
            elif name not in mapped:
                hint = f"Add mappings.{kind.value}.{name}."
                yield Finding(Severity.WARNING, place, "no mapping writes this attribute.", hint)
