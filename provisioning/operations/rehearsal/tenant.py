"""Read a tenant as far as a twin of it needs: its set-up, and the people and groups whom that is about.

Nothing is written. Of a person, only who it is, whether the account is enabled, and what a mapping or a filter reads,
of the set-up as it is or as it is declared, is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from provisioning.errors import ConfigurationError, GraphError, NotFoundError
from provisioning.graph.apps import AppFacts
from provisioning.graph.attributes import properties_for, unknown_among
from provisioning.graph.people import ALWAYS_READ, REFUSED_PROPERTY
from provisioning.graph.whole_objects import WholeObjects
from provisioning.model.assignment import PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import ServicePrincipalId, TemplateId
from provisioning.model.mapping import ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.sources import group_source_attribute
from provisioning.operations.apps import refuse_a_second_app
from provisioning.operations.directory import Directory, gallery_template_id, principals
from provisioning.operations.lookups import Principal
from provisioning.operations.observe import app_is_gone, observe
from provisioning.operations.port import Graph
from provisioning.operations.stack_state import StackState
from provisioning.planning.plan import plan_of
from provisioning.settings.inputs import inputs_of_plan, job_inputs
from provisioning.settings.mistakes import parsed
from provisioning.settings.plan import PlanInputs
from provisioning.settings.stack import Settings
from provisioning.words import counted

MANAGER = "manager"

READ_AT_FIRST = frozenset(
    {
        *("userPrincipalName", "displayName", "givenName", "surname", "jobTitle", "mail", "mailNickname"),
        *("preferredLanguage", "physicalDeliveryOfficeName", "streetAddress", "city", "state", "postalCode"),
        *("country", "telephoneNumber", "mobile", "facsimileTelephoneNumber", "employeeId", "department", MANAGER),
    }
)
"""What the mappings read that a SCIM app of the gallery starts with, for an app that has none yet
(Learn: customize-application-attributes; elium-provisioning-tutorial, step 8)."""

Node = Mapping[str, Any]
"""A user or group as Graph shows it; only what was selected."""

Tell = Callable[[str], None]


class Tenant(Graph, Directory, Protocol):
    """Microsoft Graph, as far as a copy needs it. :class:`provisioning.graph.client.GraphClient` has it."""

    @property
    def whole_objects(self) -> WholeObjects:
        """Users and groups with their properties as they are."""

    async def app_facts(self, principal: ServicePrincipalId) -> AppFacts:
        """Read what an app is called, what it was made from, and its roles."""


@dataclass(frozen=True, slots=True)
class GroupCopy:
    """A group that is assigned, or is to be."""

    node: Node
    members: tuple[str, ...]
    """The object ids of the users who are direct members."""
    subgroups: tuple[Node, ...]
    """The groups that are members of it, by name alone; their members are not provisioned."""


@dataclass(frozen=True, slots=True)
class TenantCopy:
    """What was read of a tenant."""

    settings: Settings
    gallery: str
    """The id of the gallery's application template that the stack declares."""
    declared: tuple[Principal, ...]
    """Whom the stack declares to be assigned."""
    declaration: Declaration
    principal: ServicePrincipalId | None = None
    """The app's service principal; ``None`` where there is none yet."""
    app: AppFacts | None = None
    observed: Observed = field(default_factory=Observed)
    people: Mapping[str, Node] = field(default_factory=dict)
    """By object id."""
    managers: Mapping[str, Node] = field(default_factory=dict)
    """Whom people report to, by the person's object id."""
    groups: Mapping[str, GroupCopy] = field(default_factory=dict)
    """By object id."""
    left_out: frozenset[str] = frozenset()
    """Attributes that Graph did not give."""

    @property
    def has_run(self) -> bool:
        """Tell whether people may be provisioned already."""
        return self.observed.has_run

    @property
    def is_of_everybody(self) -> bool:
        """Tell whether everybody is in scope, as it is or as it is declared, whoever is assigned."""
        before = self.observed.connection.scope
        return Scope.ALL in (before if self.has_run else None, self.declaration.connection.scope or before)

    @property
    def is_of_groups(self) -> bool:
        """Tell whether groups are provisioned, as it is or as it is declared."""
        plan = plan_of(self.observed, self.declaration)
        return any(side.schema.of(ObjectKind.GROUPS).is_enabled for side in (plan.before, plan.after))


async def read_tenant(graph: Tenant, settings: Settings, kept: StackState, tell: Tell) -> TenantCopy:
    """Read what a rehearsal of these *settings* needs; *kept* is what the engine knows of the stack.

    :raises ConfigurationError: when something is declared that does not exist, or cannot be.
    :raises MissingPermissionError: when the identity may not read it.
    """
    gallery = await gallery_template_id(graph, settings.gallery_app, before=settings.place)
    _refuse_another_app(kept, gallery, settings)
    declared = await principals(graph, settings.groups, settings.users, before=settings.place)
    principal = _principal_of(kept)
    inputs = inputs_of_plan(
        settings, job_inputs(settings, principal), template_id=gallery, assigned=[each.inputs for each in declared]
    )
    written = parsed(PlanInputs, {name: value for name, value in inputs.items() if value is not None}, place="")
    copy = TenantCopy(settings, gallery, tuple(declared), written.declaration(None), principal)
    if principal is None:
        await refuse_a_second_app(graph, gallery, settings.display_name, principal=None)
    else:
        copy = await _with_set_up(graph, copy, principal, written.template_id or kept.plan.state.get("templateId"))
    return await _with_people(graph.whole_objects, copy, tell)


async def _with_set_up(
    graph: Tenant, copy: TenantCopy, principal: ServicePrincipalId, template: str | None
) -> TenantCopy:
    try:
        app = await graph.app_facts(principal)
    except NotFoundError as error:
        raise app_is_gone(principal, error) from error
    observed = await observe(graph, principal, template=TemplateId(template) if template else None)
    return replace(copy, app=app, observed=observed)


async def _with_people(objects: WholeObjects, copy: TenantCopy, tell: Tell) -> TenantCopy:
    reading = _Reading(objects, attributes_of(copy, ObjectKind.USERS))
    try:
        await reading.read(copy)
    except GraphError as error:
        unknown = unknown_among(reading.attributes)
        if error.status != REFUSED_PROPERTY or not unknown:
            raise
        # A tenant's own list may name what no user has; which of them it is, Graph need not say.
        reading = _Reading(objects, reading.attributes - unknown, unknown)
        await reading.read(copy)
    tell(f"read {counted(len(reading.people), 'person', 'people')} and {counted(len(reading.groups), 'group')}")
    return replace(
        copy,
        people=reading.people,
        managers=reading.managers,
        groups=reading.groups,
        left_out=frozenset(reading.left_out),
    )


@dataclass(slots=True)
class _Reading:
    """Reads people once, whoever brings them along."""

    objects: WholeObjects
    attributes: frozenset[str]
    left_out: frozenset[str] = frozenset()
    people: dict[str, Node] = field(default_factory=dict)
    managers: dict[str, Node] = field(default_factory=dict)
    groups: dict[str, GroupCopy] = field(default_factory=dict)

    async def read(self, copy: TenantCopy) -> None:
        """Read groups with their members, users who are assigned themselves, and everybody where that is in scope."""
        select = {*ALWAYS_READ, *properties_for(self.attributes)}
        named = _named_by(copy)
        for node in await self.objects.groups(named[PrincipalKind.GROUP], _group_properties(copy)):
            members = self._take(await self.objects.members(node["id"], select))
            subgroups = await self.objects.subgroups(node["id"])
            self.groups[node["id"]] = GroupCopy(_plain(node), members, tuple(map(_plain, subgroups)))
        missing = named[PrincipalKind.USER] - self.people.keys()
        self._take(await self.objects.users(sorted(missing), select))
        if copy.is_of_everybody:
            self._take(await self.objects.everybody(select))
            if copy.is_of_groups:
                # By name alone: members of all of them would be two calls for each group of the tenant.
                for node in await self.objects.every_group(_group_properties(copy)):
                    self.groups.setdefault(node["id"], GroupCopy(_plain(node), (), ()))
        if MANAGER in self.attributes:
            found = await self.objects.managers(self.people.keys())
            self.managers = {person: _plain(node) for person, node in found.items()}

    def _take(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        taken = {node["id"]: _plain(node) for node in nodes}
        for person, node in taken.items():
            self.people.setdefault(person, node)
        return tuple(taken)


def attributes_of(copy: TenantCopy, kind: ObjectKind) -> frozenset[str]:
    """List the source attributes that mappings and filters read, as they are and as they are declared.

    :raises ConfigurationError: when something is declared that cannot be.
    """
    plan = plan_of(copy.observed, copy.declaration)
    read = {name for schema in (plan.before.schema, plan.after.schema) for name in _read_by(schema, kind)}
    is_known = copy.observed.job is not None or kind is not ObjectKind.USERS
    return frozenset(read if is_known else read | READ_AT_FIRST)


def _read_by(schema: SynchronizationSchema, kind: ObjectKind) -> Collection[str]:
    mapping = schema.of(kind)
    sources = [each.source.attributes for each in mapping.mappings.values() if each.source]
    filtered = mapping.filter.attributes if mapping.filter else frozenset()
    return frozenset(filtered).union(*sources)


def _group_properties(copy: TenantCopy) -> frozenset[str]:
    named = map(group_source_attribute, attributes_of(copy, ObjectKind.GROUPS))
    return frozenset(attribute.property for attribute in named if attribute and attribute.property)


def _named_by(copy: TenantCopy) -> Mapping[PrincipalKind, frozenset[str]]:
    pairs = [(each.kind, each.principal) for each in copy.observed.assignments]
    pairs += [(each.kind, each.id) for each in copy.declared]
    return {kind: frozenset(one for of, one in pairs if of is kind) for kind in PrincipalKind}


def _refuse_another_app(kept: StackState, gallery: str, settings: Settings) -> None:
    """Refuse what would replace the app: accounts of the one before are no job's any more, and no cycle shows that."""
    if kept.app.id and kept.app.state.get("templateId") != gallery:
        raise ConfigurationError(
            f"galleryApp: the application would be replaced by one that is made from {settings.gallery_app!r}, which "
            "cannot be rehearsed.",
            hint="Look at what it does with `elium plan`.",
        )


def _principal_of(kept: StackState) -> ServicePrincipalId | None:
    known = kept.app.state.get("servicePrincipalObjectId") if kept.app.id else None
    return ServicePrincipalId(known) if isinstance(known, str) else None


def _plain(node: Node) -> dict[str, Any]:
    """Leave out what OData says about a node."""
    return {name: value for name, value in node.items() if not name.startswith("@")}
