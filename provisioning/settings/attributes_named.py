"""The source attributes that mappings and filters name: whether the directory has them, before it is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from provisioning.errors import ConfigurationError
from provisioning.language import Expression, ScopingFilter
from provisioning.model.mapping import ObjectKind
from provisioning.settings.mistakes import sentence_of
from provisioning.settings.shared import JobSettings
from provisioning.settings.written import Clauses
from provisioning.settings.written_objects import is_extension

Read = tuple[str, "Collection[str]", "Callable[[Collection[str]], object]"]
"""Where it was written, what it names, and what reads it again and refuses each name that is not among the known."""


def unknown_attributes(
    written: JobSettings, place: str, *, known: Mapping[ObjectKind, Collection[str]]
) -> Iterator[str]:
    """Tell of each attribute that is named and is not among the *known* of its kind: where, and what was meant.

    Extensions of the directory are known by the form of their names, whether they are declared or the job's schema
    has them already: what it has is seen by the plan alone.
    """
    for kind, names in known.items():
        for where, named, read in _read_by(written, kind):
            unknown = {name for name in named if name not in names and not is_extension(name)}
            for name in sorted(unknown):
                try:
                    read({*names, *named} - {name})
                except ConfigurationError as error:
                    yield f"{place}{where}: {sentence_of(error)}"


def _read_by(written: JobSettings, kind: ObjectKind) -> Iterator[Read]:
    mappings = {ObjectKind.USERS: written.mappings.users, ObjectKind.GROUPS: written.mappings.groups}[kind]
    for target, mapping in mappings.items():
        if mapping is not None and mapping.source is not None:
            where, source = f"mappings.{kind.value}.{target}.source", mapping.source
            yield where, Expression.parse(source).attributes, _expression(source)
    filters = {ObjectKind.USERS: written.filters.users, ObjectKind.GROUPS: written.filters.groups}[kind]
    for clause in _clauses(filters or []):
        yield f"filters.{kind.value}", ScopingFilter.parse([clause]).attributes, _clause(clause)


def _clauses(written: Clauses) -> Iterator[str]:
    """Give the clauses of every form that a filter may have."""
    for part in written.values() if isinstance(written, dict) else written:
        yield from [part] if isinstance(part, str) else part


def _expression(source: str) -> Callable[[Collection[str]], object]:
    return lambda names: Expression.parse(source, attributes=names)


def _clause(clause: str) -> Callable[[Collection[str]], object]:
    return lambda names: ScopingFilter.parse([clause], attributes=names)
