"""A world written down as JSON, and brought back: what exists, and the jobs with all they remember.

Not part of it: logs, faults and other moods, and secrets. The token of a tenant of Elium is written as the name of the
tenant and filled in again; any other secret of a connection is left out and has to be saved again. Client secrets are
those of the emulator that brings the world back.

What jobs are made of is told by the provisioning service, see :class:`JobNotation`: a company carries them only.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from emulator.company.clock import LATEST
from emulator.company.populate import renew_secret
from emulator.company.refusal import Refusal
from emulator.company.snapshot_check import GIVEN_ANEW, JobNotation, check_gallery, check_tenant
from emulator.company.store import (
    Aspect,
    Assignment,
    Change,
    Directory,
    DirectoryObject,
    Journal,
    Kind,
    Synchronization,
    Tenant,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.company.clock import Clock
    from emulator.company.seed import Seed
    from emulator.company.store import JsonObject

__all__ = ["FORMAT", "JobNotation", "brought_back", "moment_of", "reading", "taken"]

_LONGEST_REASON = 300
FORMAT = 1
"""Changes when a snapshot of before could not be read any more."""

_CLASSES = (Aspect, Assignment, Change, Directory, DirectoryObject, Kind, Synchronization, Tenant)


def taken(world: World, seed: Seed, jobs: JobNotation) -> JsonObject:
    """Write down a world."""
    tokens = {tenant.token: tenant.name for tenant in seed.elium}
    tenants = {tenant_id: _written(tenant) for tenant_id, tenant in world.tenants.items()}
    for tenant in tenants.values():
        for synchronization in tenant["synchronization"].values():
            synchronization["secrets"] = _without_secrets(synchronization["secrets"], tokens, jobs)
    return {"format": FORMAT, "time": world.clock.now().isoformat(), "gallery": world.gallery, "tenants": tenants}


@contextmanager
def reading(snapshot: JsonObject) -> Iterator[None]:
    """Understand the parts of a snapshot, whoever they belong to; nothing may move in here.

    :raises Refusal: 400 with the reason when it is not a snapshot, or a part of it is not what it should be.
    """
    if snapshot.get("format") != FORMAT:
        raise Refusal.bad_request(f"This is not a snapshot of format {FORMAT}.")
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        # Whatever a part that is not what it should be led to; its own words help the one who wrote it.
        message = f"The snapshot cannot be read: {type(error).__name__}: {error}"
        raise Refusal.bad_request(message[:_LONGEST_REASON]) from error


def moment_of(snapshot: JsonObject) -> datetime:
    """Read when a snapshot was taken. :raises Refusal: 400 when a clock cannot go there."""
    moment = datetime.fromisoformat(snapshot["time"])
    if moment.tzinfo is None or moment > LATEST:
        raise Refusal.bad_request(f"The snapshot's time, '{snapshot['time']}', is not a moment before {LATEST.year}.")
    return moment


def brought_back(snapshot: JsonObject, before: World, seed: Seed, jobs: JobNotation) -> World:
    """Make the world of a snapshot. :raises Refusal: 400 with the first thing that cannot be."""
    check_gallery(snapshot["gallery"])
    world = World(before.clock, before.new_id, gallery=dict(snapshot["gallery"]))
    classes = {known.__name__: known for known in (*_CLASSES, *jobs.classes)}
    tokens = {tenant.name: tenant.token or "" for tenant in seed.elium}
    for tenant_id, written in snapshot["tenants"].items():
        tenant = _read(written, before.clock, classes)
        if isinstance(tenant, Tenant):
            for synchronization in tenant.synchronization.values():
                synchronization.secrets = _with_tokens(synchronization.secrets, tokens)
        check_tenant(tenant_id, tenant, jobs)
        world.tenants[tenant_id] = tenant
    if not world.tenants:
        raise Refusal.bad_request("The snapshot has no tenant.")
    for client in seed.clients:
        renew_secret(world, seed, client)
    return world


def _without_secrets(secrets: JsonObject, tokens: dict[str | None, str], jobs: JobNotation) -> JsonObject:
    kept = {key: value for key, value in secrets.items() if key not in jobs.masked}
    held = {key: {"$token": tokens[value]} for key, value in secrets.items() if key in jobs.masked and value in tokens}
    return {**kept, **held}


def _with_tokens(secrets: dict[str, Any], tokens: dict[str, str]) -> dict[str, str]:
    return {
        str(key): tokens.get(value["$token"], "") if isinstance(value, dict) else value
        for key, value in secrets.items()
    }


def _written(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value of a world, each kind in its own way
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return {"$at": value.isoformat()}
        case timedelta():
            return {"$for": value.total_seconds()}
        case Enum():
            return {"$name": [type(value).__name__, value.name]}
        case Change():
            return {"$change": [value.object_id, value.aspect.name]}
        case dict():
            return _written_mapping(value)
        case list() | Journal():
            return [_written(item) for item in value]
        case set() | frozenset():
            return {"$set": sorted(value)}
        case _ if is_dataclass(value):
            names = [part.name for part in fields(value) if part.name not in GIVEN_ANEW]
            return {"$is": type(value).__name__, **{name: _written(getattr(value, name)) for name in names}}
        case _:
            raise TypeError(f"A snapshot cannot hold a {type(value).__name__}.")


def _written_mapping(value: dict[Any, Any]) -> JsonObject:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {key: _written(item) for key, item in value.items()}
    return {"$pairs": [[list(key) if isinstance(key, tuple) else key, _written(item)] for key, item in value.items()]}


def _read(value: Any, clock: Clock, classes: Mapping[str, Any]) -> Any:  # noqa: ANN401, PLR0911 - any value of a world, each kind in its own way
    match value:
        case list():
            return [_read(item, clock, classes) for item in value]
        case {"$at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"$for": seconds}:
            return timedelta(seconds=seconds)
        case {"$name": [str(class_name), str(name)]}:
            return classes[class_name][name]
        case {"$change": [str(object_id), str(aspect)]}:
            return Change(object_id, Aspect[aspect])
        case {"$set": list(items)}:
            return set(items)
        case {"$pairs": list(pairs)}:
            return dict(_read_pair(pair, clock, classes) for pair in pairs)
        case {"$is": str(class_name), **parts}:
            return _made(
                classes[class_name], {str(name): _read(item, clock, classes) for name, item in parts.items()}, clock
            )
        case dict():
            return {str(key): _read(item, clock, classes) for key, item in value.items()}
        case _:
            return value


def _read_pair(pair: list[Any], clock: Clock, classes: Mapping[str, Any]) -> tuple[Any, Any]:
    key, item = pair
    return tuple(key) if isinstance(key, list) else key, _read(item, clock, classes)


def _made(known: type[Any], parts: dict[str, Any], clock: Clock) -> Any:  # noqa: ANN401 - one of the known classes
    given = {part.name: parts.pop(part.name) for part in fields(known) if part.init and part.name in parts}
    if known is Directory:
        given["clock"] = clock
        given["journal"] = Journal(given["journal"])
    return known(**given)
