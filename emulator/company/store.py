"""What exists: tenants, the objects of their directories, and how those are related.

Theory of operation. A :class:`Directory` holds every object of a tenant by its id, in the shape that Microsoft Graph
shows (``properties`` has Graph's camelCase names, ``id`` included), and the relations between objects in indexes that
answer in both directions. Every change is written to :attr:`Directory.journal`, which only grows: who wants to know
what happened since a moment keeps the length of the journal and reads on from there. So an incremental cycle, or a
delta query, costs by what changed and not by the size of the company.

Nothing here knows HTTP, permissions, or what the provisioning service makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from emulator.company.clock import Clock

JsonObject = dict[str, Any]
"""A JSON object as Graph writes it."""

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""The app role of an assignment that names none (Learn: assign-user-or-group-access-portal)."""
EXTENSION_PROPERTIES = "_extensionProperties"
"""Where an application keeps the extensions that it registered; names that begin with an underscore are never shown."""


class Kind(Enum):
    """What a directory object is; the value is Graph's type name."""

    USER = "user"
    GROUP = "group"
    APPLICATION = "application"
    SERVICE_PRINCIPAL = "servicePrincipal"


class Aspect(Enum):
    """What changed about an object."""

    CREATED = "created"
    PROPERTIES = "properties"
    MEMBERS = "members"
    """A group's members, or a member's groups: both objects get a change."""
    MANAGER = "manager"
    ASSIGNMENTS = "assignments"
    """The app roles that a principal holds."""
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"


class Change(NamedTuple):
    """One line of the journal."""

    object_id: str
    aspect: Aspect


class Journal(Sequence[Change]):
    """Every change there was, in order. It only grows; a position in it is a watermark.

    It is kept in two columns: a row of its own for each line would make every person a tenth heavier.
    """

    __slots__ = ("_aspects", "_ids")

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._ids: list[str] = []
        self._aspects: list[Aspect] = []
        for change in changes:
            self.note(change.object_id, change.aspect)

    def note(self, object_id: str, aspect: Aspect) -> None:
        """Write a line."""
        self._ids.append(object_id)
        self._aspects.append(aspect)

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> list[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | list[Change]:
        if isinstance(index, slice):
            return list(map(Change, self._ids[index], self._aspects[index]))
        return Change(self._ids[index], self._aspects[index])


class _Shape:
    """What objects of one kind have in common: the names of their properties, which Python keeps once (PEP 412)."""


_SHAPES: dict[Kind, type[_Shape]] = {kind: type(kind.value, (_Shape,), {}) for kind in Kind}


def _with_shared_names(kind: Kind, properties: JsonObject) -> JsonObject:
    """Copy properties into a dictionary that is half as large as its like."""
    shape, texts = _SHAPES[kind](), dict[str, str]()
    for name, value in properties.items():
        # A text that stands twice is kept once: most people have their user principal name for a mail address.
        setattr(shape, name, texts.setdefault(value, value) if isinstance(value, str) else value)
    return vars(shape)


@dataclass(slots=True)
class DirectoryObject:
    """A user, group, application or service principal."""

    kind: Kind
    properties: JsonObject
    """As Graph shows it, ``id`` included."""
    deleted: datetime | None = None
    """When it went to the recycle bin; ``None`` while it lives."""

    @property
    def id(self) -> str:
        """The object id, such as ``3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b``."""
        identifier: str = self.properties["id"]
        return identifier


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a principal holds an app role on a service principal."""

    id: str
    """43 characters: base64url of the principal and a random id (graph: serviceprincipal-post-approleassignedto)."""
    principal_id: str
    resource_id: str
    app_role_id: str
    created: datetime


@dataclass(slots=True)
class Directory:
    """The objects of one tenant and their relations."""

    clock: Clock
    objects: dict[str, DirectoryObject] = field(default_factory=dict)
    """What lives, by object id, in the order of creation."""
    deleted: dict[str, DirectoryObject] = field(default_factory=dict)
    """The recycle bin, by object id."""
    journal: Journal = field(default_factory=Journal)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    """Every app role assignment, by its id."""
    _members: dict[str, dict[str, None]] = field(default_factory=dict)
    _groups: dict[str, list[str]] = field(default_factory=dict)
    _owners: dict[str, dict[str, None]] = field(default_factory=dict)
    _managers: dict[str, str] = field(default_factory=dict)
    _reports: dict[str, dict[str, None]] = field(default_factory=dict)
    _assigned_to: dict[str, dict[str, None]] = field(default_factory=dict)
    _assignments_of: dict[str, list[str]] = field(default_factory=dict)
    """A list, like the groups of a member: most have one, and a table for each would cost more than it tells."""
    _few: dict[Kind, dict[str, DirectoryObject]] = field(init=False, repr=False)
    """What lives of the kinds that there are few of; people are so many that a second table would cost too much."""

    def __post_init__(self) -> None:
        self._few = {kind: {} for kind in Kind if kind is not Kind.USER}
        for thing in self.objects.values():
            self._list(thing)

    # Objects

    def add(self, kind: Kind, properties: JsonObject) -> DirectoryObject:
        """Create an object from what Graph would show of it; ``id`` must be given."""
        created = DirectoryObject(kind, _with_shared_names(kind, properties))
        self.objects[created.id] = created
        self._list(created)
        self._note(created.id, Aspect.CREATED)
        return created

    def find(self, object_id: str, *kinds: Kind) -> DirectoryObject | None:
        """Look up a living object, of one of *kinds* when any are named."""
        found = self.objects.get(object_id.lower()) or self.objects.get(object_id)
        return found if found and (not kinds or found.kind in kinds) else None

    def get(self, object_id: str, *kinds: Kind) -> DirectoryObject:
        """Look up a living object. :raises Refusal: 404 when there is none of *kinds*."""
        found = self.find(object_id, *kinds)
        if found is None:
            raise Refusal.not_found(object_id)
        return found

    def all(self, kind: Kind) -> Iterator[DirectoryObject]:
        """Yield every living object of a kind, in the order of creation."""
        few = self._few.get(kind)
        if few is not None:
            return iter(few.values())
        return (candidate for candidate in self.objects.values() if candidate.kind is kind)

    def change(self, object_id: str, properties: JsonObject) -> None:
        """Set some properties of a living object."""
        self.get(object_id).properties.update(properties)
        self._note(object_id, Aspect.PROPERTIES)

    def delete(self, object_id: str) -> None:
        """Move an object to the recycle bin, where it keeps its relations for thirty days."""
        gone = self.get(object_id)
        gone.deleted = self.clock.now()
        self.deleted[gone.id] = self.objects.pop(gone.id)
        if gone.kind in self._few:
            del self._few[gone.kind][gone.id]
        self._note(gone.id, Aspect.DELETED)

    def restore(self, object_id: str) -> DirectoryObject:
        """Bring an object back from the recycle bin. :raises Refusal: 404 when it is not there."""
        back = self._from_bin(object_id)
        back.deleted = None
        self.objects[back.id] = self.deleted.pop(back.id)
        self._list(back)
        self._note(back.id, Aspect.RESTORED)
        return back

    def purge(self, object_id: str) -> None:
        """Delete an object for good, with its relations. :raises Refusal: 404 when it is not in the recycle bin."""
        gone = self._from_bin(object_id)
        for assignment_id in [*self._assigned_to.get(gone.id, ()), *self._assignments_of.get(gone.id, ())]:
            self.unassign(assignment_id)
        for group_id in list(self._groups.get(gone.id, ())):
            self.remove_member(group_id, gone.id)
        for member_id in list(self._members.get(gone.id, ())):
            self.remove_member(gone.id, member_id)
        for report_id in list(self._reports.get(gone.id, ())):
            self.set_manager(report_id, None)
        self.set_manager(gone.id, None)
        self._owners.pop(gone.id, None)
        del self.deleted[gone.id]
        self._note(gone.id, Aspect.PURGED)

    # Groups and their direct members

    def add_member(self, group_id: str, member_id: str) -> None:
        """Make an object a direct member of a group."""
        self._members.setdefault(group_id, {})[member_id] = None
        groups = self._groups.get(member_id, ())
        if group_id not in groups:
            self._groups[member_id] = _one_longer(groups, group_id)
        self._note(group_id, Aspect.MEMBERS)
        self._note(member_id, Aspect.MEMBERS)

    def remove_member(self, group_id: str, member_id: str) -> None:
        """End a direct membership. :raises Refusal: 404 when there is none."""
        if member_id not in self._members.get(group_id, ()):
            raise Refusal.not_found(member_id)
        del self._members[group_id][member_id]
        self._groups[member_id].remove(group_id)
        self._note(group_id, Aspect.MEMBERS)
        self._note(member_id, Aspect.MEMBERS)

    def members_of(self, group_id: str) -> list[DirectoryObject]:
        """List the living direct members of a group."""
        return self._living(self._members.get(group_id, {}))

    def groups_of(self, member_id: str) -> list[DirectoryObject]:
        """List the living groups that have this object as a direct member."""
        return self._living(self._groups.get(member_id, ()))

    def is_member(self, group_id: str, member_id: str) -> bool:
        """Tell whether an object is a direct member of a group."""
        return member_id in self._members.get(group_id, ())

    # Owners and managers

    def add_owner(self, object_id: str, owner_id: str) -> None:
        """Make an object an owner of another."""
        self._owners.setdefault(object_id, {})[owner_id] = None

    def remove_owner(self, object_id: str, owner_id: str) -> None:
        """End an ownership. :raises Refusal: 404 when there is none."""
        if owner_id not in self._owners.get(object_id, ()):
            raise Refusal.not_found(owner_id)
        del self._owners[object_id][owner_id]

    def owners_of(self, object_id: str) -> list[DirectoryObject]:
        """List the living owners of an object."""
        return self._living(self._owners.get(object_id, {}))

    def set_manager(self, user_id: str, manager_id: str | None) -> None:
        """Give a user a manager, or none."""
        before = self._managers.pop(user_id, None)
        if before == manager_id:
            if manager_id is not None:
                self._managers[user_id] = manager_id
            return
        if before is not None:
            self._reports[before].pop(user_id, None)
        if manager_id is not None:
            self._managers[user_id] = manager_id
            self._reports.setdefault(manager_id, {})[user_id] = None
        self._note(user_id, Aspect.MANAGER)

    def manager_of(self, user_id: str) -> DirectoryObject | None:
        """Look up the living manager of a user."""
        manager_id = self._managers.get(user_id)
        return self.objects.get(manager_id) if manager_id else None

    def has_manager(self, user_id: str) -> bool:
        """Tell whether a user has a manager, also one in the recycle bin."""
        return user_id in self._managers

    def reports_of(self, manager_id: str) -> list[DirectoryObject]:
        """List the living users who have this manager."""
        return self._living(self._reports.get(manager_id, {}))

    # App role assignments

    def assign(self, assignment: Assignment) -> None:
        """Record an app role assignment."""
        self.assignments[assignment.id] = assignment
        self._assigned_to.setdefault(assignment.resource_id, {})[assignment.id] = None
        held = self._assignments_of.get(assignment.principal_id, ())
        if assignment.id not in held:
            self._assignments_of[assignment.principal_id] = _one_longer(held, assignment.id)
        self._note(assignment.principal_id, Aspect.ASSIGNMENTS)

    def unassign(self, assignment_id: str) -> None:
        """Delete an app role assignment. :raises Refusal: 404 when there is none."""
        gone = self.assignments.pop(assignment_id, None)
        if gone is None:
            raise Refusal.not_found(assignment_id)
        del self._assigned_to[gone.resource_id][assignment_id]
        self._assignments_of[gone.principal_id].remove(assignment_id)
        self._note(gone.principal_id, Aspect.ASSIGNMENTS)

    def assigned_to(self, resource_id: str) -> list[Assignment]:
        """List who holds a role on a service principal."""
        return [self.assignments[key] for key in self._assigned_to.get(resource_id, ())]

    def assignments_of(self, principal_id: str) -> list[Assignment]:
        """List the roles that a principal holds anywhere."""
        return [self.assignments[key] for key in self._assignments_of.get(principal_id, ())]

    def inconsistencies(self) -> Iterator[str]:
        """Tell where the two directions of a relation do not agree; none in a directory that was only changed here."""
        yield from _disagreement("membership", self._members, self._groups)
        yield from _disagreement("manager", {one: [self._managers[one]] for one in self._managers}, self._reports)
        assignments = self.assignments.values()
        resources = {one.id: [one.resource_id] for one in assignments}
        principals = {one.id: [one.principal_id] for one in assignments}
        yield from _disagreement("assignment of a resource", resources, self._assigned_to)
        yield from _disagreement("assignment of a principal", principals, self._assignments_of)

    def _list(self, thing: DirectoryObject) -> None:
        if thing.kind in self._few:
            self._few[thing.kind][thing.id] = thing

    def _living(self, ids: Iterable[str]) -> list[DirectoryObject]:
        return [self.objects[key] for key in ids if key in self.objects]

    def _from_bin(self, object_id: str) -> DirectoryObject:
        if object_id not in self.deleted:
            raise Refusal.not_found(object_id)
        return self.deleted[object_id]

    def _note(self, object_id: str, aspect: Aspect) -> None:
        self.journal.note(object_id, aspect)


def _one_longer(known: Iterable[str], another: str) -> list[str]:
    """Put one more behind. A copy has no room to grow: most people are in one group and hold one role."""
    return [*known, another].copy()


def _disagreement(name: str, forth: Mapping[str, Iterable[str]], back: Mapping[str, Iterable[str]]) -> Iterator[str]:
    pairs = {(one, other) for one, others in forth.items() for other in others}
    if pairs != {(one, other) for other, ones in back.items() for one in ones}:
        yield f"a {name} is known to one side only."


@dataclass(slots=True)
class Synchronization:
    """What hangs under a service principal's ``/synchronization``: one set of secrets, and jobs by id."""

    secrets: dict[str, str] = field(default_factory=dict)
    """Key to value, such as ``BaseAddress``; one set per service principal, not per job."""
    jobs: dict[str, Any] = field(default_factory=dict)
    """The provisioning service's jobs, by id, in the order of creation (``emulator.engine.job.Job``)."""


@dataclass(slots=True)
class Tenant:
    """One Microsoft Entra tenant."""

    id: str
    display_name: str
    domain: str
    """The verified domain that user principal names end with, such as ``contoso.com``."""
    directory: Directory
    synchronization: dict[str, Synchronization] = field(default_factory=dict)
    """By service principal id."""

    @property
    def initial_domain(self) -> str:
        """The domain that the tenant was born with, such as ``contoso.onmicrosoft.com``."""
        return f"{self.domain.partition('.')[0]}.onmicrosoft.com"

    def synchronization_of(self, service_principal_id: str) -> Synchronization:
        """Give the synchronization of a service principal, empty when nothing was configured yet."""
        return self.synchronization.setdefault(service_principal_id, Synchronization())


@dataclass(slots=True)
class World:
    """Everything there is: the tenants, and the gallery that they share."""

    clock: Clock
    new_id: Callable[[], UUID]
    """Where identifiers come from: ``uuid.uuid4``, or a counted source in tests."""
    tenants: dict[str, Tenant] = field(default_factory=dict)
    """By tenant id."""
    gallery: dict[str, JsonObject] = field(default_factory=dict)
    """Application templates as Graph shows them, by id; the emulator's extras are under ``_``-names and never shown."""

    def tenant(self, tenant_id: str) -> Tenant:
        """Look up a tenant by its id or a domain of it. :raises Refusal: 404 when there is none."""
        for tenant in self.tenants.values():
            if tenant_id.lower() in {tenant.id, tenant.domain, tenant.initial_domain}:
                return tenant
        raise Refusal.not_found(tenant_id)

    def add_tenant(self, tenant_id: str, display_name: str, domain: str) -> Tenant:
        """Create an empty tenant."""
        self.tenants[tenant_id] = Tenant(tenant_id, display_name, domain, Directory(self.clock))
        return self.tenants[tenant_id]

    def id(self) -> str:
        """Make a new identifier, such as ``3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b``."""
        return str(self.new_id())
