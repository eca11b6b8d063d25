"""Whether what a snapshot holds can be a world, found out before anything moves.

Two questions: is every value of the type that its class declares, and do the parts point to one another? A world that
answers both can be reset, advanced and written down again; one that does not would fail later, in other hands.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from emulator.company import values
from emulator.company.clock import Clock
from emulator.company.refusal import Refusal
from emulator.company.shapes import SHAPES
from emulator.company.store import Directory, DirectoryObject, JsonObject, Kind, Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

GIVEN_ANEW = frozenset({"clock", "compiled", "_few"})
"""Fields that are not written down: they are given anew, or worked out again."""
_NAMES = {"datetime": datetime, "UUID": UUID, "Clock": Clock, "JsonObject": JsonObject}
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.USER: ("id",),
    Kind.GROUP: ("id",),
    Kind.APPLICATION: ("id", "appId", "displayName"),
    Kind.SERVICE_PRINCIPAL: ("id", "appId"),
}
"""The properties that others rely on, by kind of object."""
_ENTRY = ("id", "displayName", "homePageUrl", "_key")
"""What a gallery entry needs to be instantiated."""


@dataclass(frozen=True, slots=True)
class JobNotation:
    """What the provisioning service tells about its jobs, which are written down with the company."""

    classes: tuple[type, ...]
    """All that a job is made of."""
    masked: frozenset[str]
    """The keys of a connection whose values are secret."""
    problems: Callable[[Tenant, str, str, object], Iterator[str]]
    """Tells what is wrong with a job: its tenant, the ids of its service principal and its own, and itself."""


def check_tenant(tenant_id: str, tenant: object, jobs: JobNotation) -> None:
    """Refuse a tenant that cannot be one. :raises Refusal: 400 with the first reason."""
    for problem in _tenant_problems(tenant_id, tenant, jobs):
        raise Refusal.bad_request(f"The snapshot cannot be taken: {problem}")


def check_gallery(gallery: object) -> None:
    """Refuse a gallery that cannot be one. :raises Refusal: 400 with the first reason."""
    entries = gallery if isinstance(gallery, dict) else {"": None}
    for entry_id, entry in entries.items():
        if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in _ENTRY):
            raise Refusal.bad_request(f"The snapshot cannot be taken: the gallery entry '{entry_id}' is not complete.")


def _tenant_problems(tenant_id: str, tenant: object, jobs: JobNotation) -> Iterator[str]:
    yield from misfits(tenant, Tenant, f"tenants/{tenant_id}")
    if not isinstance(tenant, Tenant):
        return
    if tenant.id != tenant_id:
        yield f"the tenant '{tenant_id}' calls itself '{tenant.id}'."
    yield from _directory_problems(tenant.directory)
    for principal_id, synchronization in tenant.synchronization.items():
        for job_id, job in synchronization.jobs.items():
            yield from jobs.problems(tenant, principal_id, job_id, job)


def _directory_problems(directory: Directory) -> Iterator[str]:
    for object_id, thing in [*directory.objects.items(), *directory.deleted.items()]:
        yield from _object_problems(object_id, thing)
    held = {*directory.objects, *directory.deleted}
    for assignment_id, assignment in directory.assignments.items():
        ends = (assignment.principal_id, assignment.resource_id)
        if assignment.id != assignment_id or not held.issuperset(ends):
            yield f"the assignment '{assignment_id}' leads nowhere."
    yield from directory.inconsistencies()


def _object_problems(object_id: str, thing: DirectoryObject) -> Iterator[str]:
    if thing.properties.get("id") != object_id:
        yield f"the object '{object_id}' has another id."
    shape = SHAPES[thing.kind]
    for name, default in shape.properties("beta").items():
        try:
            values.check_type(name, thing.properties.get(name), default, shape.title)
        except Refusal as refusal:
            yield f"the object '{object_id}': {refusal.message}"
    missing = [name for name in _NEEDED[thing.kind] if not isinstance(thing.properties.get(name), str)]
    yield from (f"the {thing.kind.value} '{object_id}' has no {name}." for name in missing)


def misfits(value: object, hint: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - any annotation
    """Tell where a value is not of the type that is declared for it."""
    origin = get_origin(hint)
    if hint is Any:
        return
    if origin in {Union, UnionType}:
        if all(any(True for _ in misfits(value, part, at)) for part in get_args(hint)):
            yield f"{at} cannot be {value!r:.60}."
    elif origin in {dict, list, set, tuple}:
        yield from _misfits_inside(value, origin, get_args(hint), at)
    elif not _is_of(value, hint):
        yield f"{at} cannot be {value!r:.60}."
    elif is_dataclass(hint):
        for name, inner in _hints(cast("Any", hint)).items():
            yield from misfits(getattr(value, name), inner, f"{at}/{name.strip('_')}")


def _is_of(value: object, hint: type | None) -> bool:
    """Tell whether a value is of a class: a moment with its zone, a truth that is not a number."""
    if hint is None:
        return value is None
    if hint is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    if hint in {int, float}:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint)


def _misfits_inside(value: object, origin: type, parts: tuple[Any, ...], at: str) -> Iterator[str]:
    if not isinstance(value, origin):
        yield f"{at} cannot be {value!r:.60}."
    elif origin is tuple:
        items = cast("tuple[Any, ...]", value)
        if len(items) != len(parts):
            yield f"{at} has {len(items)} parts."
        for item, part in zip(items, parts, strict=False):
            yield from misfits(item, part, at)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from misfits(key, parts[0], f"{at}: a name")
            yield from misfits(item, parts[1], f"{at}/{key}")
    else:
        for item in value:  # type: ignore[attr-defined]  # a list or a set
            yield from misfits(item, parts[0], at)


@cache
def _hints(known: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the known classes
    # Only what is written down is asked about: what a field is that is given anew need not be known here.
    annotations = {part.name: part.type for part in fields(known) if part.name not in GIVEN_ANEW}
    return get_type_hints(SimpleNamespace(__annotations__=annotations), vars(sys.modules[known.__module__]), _NAMES)
