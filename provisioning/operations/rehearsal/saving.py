"""Save a twin, with made-up names unless somebody wants the real ones: a file that ``python -m emulator --seed`` takes.

Before a twin with made-up names is saved, the same change is played on it. It is saved when the same became of as many,
so that whoever uses it sees what was seen in the tenant.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from provisioning.errors import ConfigurationError, ProvisioningError
from provisioning.language.clauses import Clause
from provisioning.language.nodes import Text, walk
from provisioning.model.assignment import Assignment
from provisioning.model.connection import NOTIFICATION_KEY, Connection
from provisioning.model.identifiers import JobId, ServicePrincipalId
from provisioning.model.mapping import ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.lookups import Principal
from provisioning.operations.rehearsal.made_up_names import MadeUpNames, names_keeping
from provisioning.operations.rehearsal.tenant import GroupCopy, TenantCopy
from provisioning.operations.stack_state import Kept, StackState
from provisioning.planning.plan import plan_of
from provisioning.words import counted

KEY_FOLDER = Path(".state") / "rehearsal"
"""Below the stack's project: where the key lies by which names are made up, and which is in no twin."""

KEY_BYTES = 32


class Names(Enum):
    """Which names a saved twin has."""

    MADE_UP = "made-up"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A copy with made-up names, and what the engine knows of the stack with the same."""

    copy: TenantCopy
    kept: StackState


def key_of(stack: str, folder: Path) -> bytes:
    """Read the stack's key, or make it: with the same key, twins can be compared.

    :raises ConfigurationError: when it can be neither read nor written.
    """
    file = folder / KEY_FOLDER / f"{stack.replace('/', '.')}.key"
    try:
        if file.exists():
            return file.read_bytes()
        made = secrets.token_bytes(KEY_BYTES)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(file, made)
    except OSError as error:
        raise ConfigurationError(
            f"The key for made-up names cannot be kept in {file}: {error.strerror}.",
            hint="Let the folder be written, or save the twin with --names kept.",
        ) from error
    return made


def made_up(copy: TenantCopy, kept: StackState, key: bytes) -> MadeUp:
    """Give the copy with made-up names and ids.

    :raises ConfigurationError: when a filter looks into names that are to be replaced.
    """
    schemas = _schemas_of(copy)
    names = names_keeping(key, _clauses_of(schemas), _literals_of(schemas))
    ids = _ids(copy, names)
    return MadeUp(_renamed(copy, names, ids), _restated(kept, ids))


def refuse_unlike(real: tuple[object, ...], made: tuple[object, ...]) -> None:
    """Refuse a twin on which something else becomes of people than on the copy that it was made from.

    :raises ProvisioningError: then; nothing was saved.
    """
    if real != made:
        raise ProvisioningError(
            "Nothing was saved: with made-up names the same change does something else, because a mapping or a filter "
            "depends on what the names are.",
            hint="Save it with --names kept, and keep the file to yourselves.",
        )


def save(seed: Mapping[str, Any], file: Path) -> None:
    """Write a twin, for our eyes only; one that lies there is replaced at once, or not at all.

    :raises ConfigurationError: when it cannot be written.
    """
    try:
        _write(file, json.dumps(seed, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise ConfigurationError(
            f"--save: {file} cannot be written: {error.strerror}.", hint="Name a file in a folder that can be written."
        ) from error


def what_is_in(copy: TenantCopy, names: Names) -> str:
    """Say what a saved twin holds."""
    holds = f"It holds {counted(len(copy.people), 'person', 'people')} and {counted(len(copy.groups), 'group')} with"
    if names is Names.KEPT:
        return f"{holds} their real names and ids: keep it to yourselves."
    return (
        f"{holds} made-up names and ids; mappings, filters, roles, and the values that they compare with, are the "
        "tenant's."
    )


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    try:
        beside.write_bytes(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _schemas_of(copy: TenantCopy) -> tuple[SynchronizationSchema, ...]:
    plan = plan_of(copy.observed, copy.declaration)
    return plan.before.schema, plan.after.schema


def _clauses_of(schemas: tuple[SynchronizationSchema, ...]) -> Iterator[Clause]:
    for schema in schemas:
        for kind in ObjectKind:
            scoping = schema.of(kind).filter
            yield from scoping.clauses if scoping else ()


def _literals_of(schemas: tuple[SynchronizationSchema, ...]) -> Iterator[str]:
    for schema in schemas:
        for kind in ObjectKind:
            for mapping in schema.of(kind).mappings.values():
                nodes = walk(mapping.source.root) if mapping.source else ()
                yield from (node.value for node in nodes if isinstance(node, Text))


def _ids(copy: TenantCopy, names: MadeUpNames) -> dict[str, str]:
    """Give the other id of everything but people: what the state of the stack may name."""
    found = [
        *(each.principal for each in copy.observed.assignments),
        *(each.id for each in copy.declared),
        *copy.groups,
    ]
    ids = {one: names.id(one) for one in found}
    if copy.principal:
        ids[copy.principal] = names.id(copy.principal)
    if copy.observed.job:
        job = copy.observed.job
        # An id of Entra's has the tenant's in it.
        ids[job.id] = f"{job.template}.{names.id(job.id).replace('-', '')}.{names.id(f'{job.id} app')}"
    return ids


def _renamed(copy: TenantCopy, names: MadeUpNames, ids: Mapping[str, str]) -> TenantCopy:
    settings = copy.settings
    email = settings.notification_email
    principals = tuple(Principal(ids[each.id], each.kind, ids[each.id]) for each in copy.declared)
    declared = copy.declaration.assignments
    # By ids: a display name may be shared, and nobody is asked for by one here.
    named = {"groups": [one.id for one in principals if one.kind.value == "group"]}
    named["users"] = [one.id for one in principals if one.kind.value == "user"]
    told = {**named, **({"notification_email": names.text(email)} if email else {})}
    observed, job = copy.observed, copy.observed.job
    return replace(
        copy,
        settings=settings.model_copy(update=told),
        declared=principals,
        declaration=replace(copy.declaration, assignments=_assigned(declared, ids) if declared is not None else None),
        principal=ServicePrincipalId(ids[copy.principal]) if copy.principal else None,
        observed=replace(
            observed,
            job=replace(job, id=JobId(ids[job.id])) if job else None,
            connection=_connection(observed.connection, names),
            schema=_schema(observed.schema, ids),
            assignments=_assigned(observed.assignments, ids),
        ),
        people={names.id(person): names.node(node) for person, node in copy.people.items()},
        managers={names.id(person): names.node(node) for person, node in copy.managers.items()},
        groups={names.id(group): _group(each, names) for group, each in copy.groups.items()},
    )


def _group(group: GroupCopy, names: MadeUpNames) -> GroupCopy:
    subgroups = tuple(names.node(node) for node in group.subgroups)
    return GroupCopy(names.node(group.node), tuple(map(names.id, group.members)), subgroups)


def _assigned(assignments: tuple[Assignment, ...], ids: Mapping[str, str]) -> tuple[Assignment, ...]:
    return tuple(replace(each, principal=ids[each.principal], name=ids[each.principal], id="") for each in assignments)


def _connection(connection: Connection, names: MadeUpNames) -> Connection:
    """Replace whom Entra writes to; where the app answers is replaced by every twin."""
    notification = connection.notification
    if notification is None:
        return connection
    told = json.loads(connection.held[NOTIFICATION_KEY]) | {"Recipients": names.text(notification.email)}
    return Connection({**connection.held, NOTIFICATION_KEY: json.dumps(told)})


def _restated(kept: StackState, ids: Mapping[str, str]) -> StackState:
    return StackState(_kept(kept.app, ids), _kept(kept.plan, ids), _kept(kept.job, ids))


def _kept(kept: Kept, ids: Mapping[str, str]) -> Kept:
    return Kept(*_with_ids([kept.id, kept.state, kept.inputs], ids))


def _schema(schema: SynchronizationSchema | None, ids: Mapping[str, str]) -> SynchronizationSchema | None:
    """Give a schema another id: it has the job's."""
    return SynchronizationSchema(_with_ids(schema.document, ids)) if schema else None


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a JSON value
    """Replace ids wherever they stand in a text, such as ``<service principal>/<job>``."""
    written = json.dumps(value)
    for before, after in ids.items():
        written = written.replace(before, after)
    return json.loads(written)
