"""A world written down as JSON, and brought back: what exists, the jobs with all they remember, the accounts at Elium.

Not part of it: logs, faults and other moods, and secrets. The token of a tenant of Elium is written as the name of the
tenant and filled in again; any other secret of a connection is left out and has to be saved again. Client secrets are
those of the emulator that brings the world back.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from emulator.company.clock import LATEST
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
from emulator.engine import job as jobs
from emulator.engine.secrets import MASKED
from emulator.engine.states import JobState
from emulator.populate import renew_secret
from emulator.refusal import Refusal
from emulator.snapshot_check import check_gallery, check_tenant

if TYPE_CHECKING:
    from emulator.company.clock import Clock
    from emulator.company.seed import Seed
    from emulator.company.store import JsonObject
    from emulator.elium import Elium

_LONGEST_REASON = 300
FORMAT = 1
"""Changes when a snapshot of before could not be read any more."""

_CLASSES: dict[str, Any] = {
    known.__name__: known
    for known in (
        *(Aspect, Assignment, Change, Directory, DirectoryObject, Kind, Synchronization, Tenant, JobState),
        *(jobs.Escrow, jobs.Execution, jobs.Job, jobs.Link, jobs.Progress, jobs.Quarantine, jobs.SyncError),
    )
}
_LEFT_OUT = frozenset({"clock", "compiled", "_few"})
"""Fields that are given anew, or worked out again."""


def taken(world: World, seed: Seed, elium: Elium) -> JsonObject:
    """Write down a world, and the accounts at Elium."""
    tokens = {tenant.token: tenant.name for tenant in seed.elium}
    tenants = {tenant_id: _written(tenant) for tenant_id, tenant in world.tenants.items()}
    for tenant in tenants.values():
        for synchronization in tenant["synchronization"].values():
            synchronization["secrets"] = _without_secrets(synchronization["secrets"], tokens)
    return {
        "format": FORMAT,
        "time": world.clock.now().isoformat(),
        "gallery": world.gallery,
        "tenants": tenants,
        "elium": {name: tenant.taken() for name, tenant in elium.tenants.items()},
    }


def brought_back(snapshot: JsonObject, before: World, seed: Seed, elium: Elium) -> World:
    """Make the world of a snapshot, and put Elium's accounts back.

    Nothing moves before all of it was understood: neither the clock nor the accounts.

    :raises Refusal: 400 with the reason when it is no snapshot.
    """
    if snapshot.get("format") != FORMAT:
        raise Refusal.bad_request(f"This is no snapshot of format {FORMAT}.")
    try:
        moment = _moment_of(snapshot)
        world = _world_of(snapshot, before, seed)
        accounts = {name: elium.tenant(name).understood(told) for name, told in _known(elium, snapshot)}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        # Whatever a part that is not what it should be led to; its own words help the one who wrote it.
        message = f"The snapshot cannot be read: {type(error).__name__}: {error}"
        raise Refusal.bad_request(message[:_LONGEST_REASON]) from error
    _catch_up(before.clock, moment)
    for name, resources in accounts.items():
        elium.tenant(name).put_back(resources)
    return world


def _moment_of(snapshot: JsonObject) -> datetime:
    moment = datetime.fromisoformat(snapshot["time"])
    if moment.tzinfo is None or moment > LATEST:
        raise Refusal.bad_request(f"The snapshot's time, '{snapshot['time']}', is not a moment before {LATEST.year}.")
    return moment


def _world_of(snapshot: JsonObject, before: World, seed: Seed) -> World:
    check_gallery(snapshot["gallery"])
    world = World(before.clock, before.new_id, gallery=dict(snapshot["gallery"]))
    tokens = {tenant.name: tenant.token or "" for tenant in seed.elium}
    for tenant_id, written in snapshot["tenants"].items():
        tenant = _read(written, before.clock)
        if isinstance(tenant, Tenant):
            for synchronization in tenant.synchronization.values():
                synchronization.secrets = _with_tokens(synchronization.secrets, tokens)
        check_tenant(tenant_id, tenant)
        world.tenants[tenant_id] = tenant
    if not world.tenants:
        raise Refusal.bad_request("The snapshot has no tenant.")
    for client in seed.clients:
        renew_secret(world, seed, client)
    return world


def _known(elium: Elium, snapshot: JsonObject) -> list[tuple[str, list[JsonObject]]]:
    return [(name, told) for name, told in snapshot["elium"].items() if name in elium.tenants]


def _catch_up(clock: Clock, moment: datetime) -> None:
    """Be no earlier than the snapshot; a clock that is further on stays there."""
    if clock.now() < moment:
        clock.advance(moment - clock.now())


def _without_secrets(secrets: JsonObject, tokens: dict[str | None, str]) -> JsonObject:
    kept = {key: value for key, value in secrets.items() if key not in MASKED}
    held = {key: {"$token": tokens[value]} for key, value in secrets.items() if key in MASKED and value in tokens}
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
            names = [part.name for part in fields(value) if part.name not in _LEFT_OUT]
            return {"$is": type(value).__name__, **{name: _written(getattr(value, name)) for name in names}}
        case _:
            raise TypeError(f"A snapshot cannot hold a {type(value).__name__}.")


def _written_mapping(value: dict[Any, Any]) -> JsonObject:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {key: _written(item) for key, item in value.items()}
    return {"$pairs": [[list(key) if isinstance(key, tuple) else key, _written(item)] for key, item in value.items()]}


def _read(value: Any, clock: Clock) -> Any:  # noqa: ANN401, PLR0911 - any value of a world, each kind in its own way
    match value:
        case list():
            return [_read(item, clock) for item in value]
        case {"$at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"$for": seconds}:
            return timedelta(seconds=seconds)
        case {"$name": [str(class_name), str(name)]}:
            return _CLASSES[class_name][name]
        case {"$change": [str(object_id), str(aspect)]}:
            return Change(object_id, Aspect[aspect])
        case {"$set": list(items)}:
            return set(items)
        case {"$pairs": list(pairs)}:
            return dict(_read_pair(pair, clock) for pair in pairs)
        case {"$is": str(class_name), **parts}:
            return _made(_CLASSES[class_name], {str(name): _read(item, clock) for name, item in parts.items()}, clock)
        case dict():
            return {str(key): _read(item, clock) for key, item in value.items()}
        case _:
            return value


def _read_pair(pair: list[Any], clock: Clock) -> tuple[Any, Any]:
    key, item = pair
    return tuple(key) if isinstance(key, list) else key, _read(item, clock)


def _made(known: type[Any], parts: dict[str, Any], clock: Clock) -> Any:  # noqa: ANN401 - one of the known classes
    given = {part.name: parts.pop(part.name) for part in fields(known) if part.init and part.name in parts}
    if known is Directory:
        given["clock"] = clock
        given["journal"] = Journal(given["journal"])
    return known(**given)
