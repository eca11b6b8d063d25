"""The verbs that we use, over HTTP. Each is one request unless it says otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from provisioning.errors import GraphError, NotFoundError
from provisioning.graph import on_demand_wire, paths, watching_wire, wire
from provisioning.graph.apps import AppFacts, AppFound, GalleryApp, Licence, PrincipalFound
from provisioning.graph.claims import SignedIn, signed_in_by
from provisioning.graph.creation import JobCreation, refuse_unknown_template
from provisioning.graph.exchange import CREATED, NO_CONTENT, PASSING_TROUBLE, RESET, Exchange, Request
from provisioning.graph.pace import ON_DEMAND_PACE, Pace
from provisioning.graph.patience import Clock, WallClock
from provisioning.graph.people import (
    GROUP_FACTS,
    PeopleReader,
    PeopleStream,
    among,
    group_of,
    leads_elsewhere,
    path_of,
    quoted,
    read_person,
)
from provisioning.graph.refusals import hidden_in, rejection_of
from provisioning.graph.whole_objects import WholeObjects
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.credentials import Credentials
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.on_demand import OnDemandAnswer, Subject
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.model.provisioning_log import LogPage, LogQuestion
from provisioning.model.schema import SynchronizationSchema
from provisioning.model.synchronization_status import SynchronizationStatus

if TYPE_CHECKING:
    import httpx2

    from provisioning.graph.exchange import JsonObject, TokenSource

_Read = TypeVar("_Read")

APPEARS_WITHIN = timedelta(minutes=2)
"""How long a service principal may take to be known after it was made (graph 1.2)."""

IN_THE_BIN_WITHIN = timedelta(seconds=30)
"""How long it is waited for that something deleted shows in the recycle bin (reliability 3, rule 3)."""

LOG_PAGE = 500
"""Entries of the provisioning log that are asked for at once, of 2.6 KB each."""

HURRY = timedelta(seconds=5)
"""How long passing trouble is sat out by who looks again by themselves: one blip, and no outage."""

ANSWERS_WITHIN = 15.0
"""Seconds that an answer to them may take. Where a network swallows what is sent, nobody else says so."""

NOT_THERE_YET = (*PASSING_TROUBLE, NotFoundError)
"""What is sat out where something may have been made a moment ago."""


class GraphClient:
    """Microsoft Graph, as far as provisioning needs it.

    Every verb raises :class:`~provisioning.errors.GraphError` or one of its kinds when Graph says no or answers with
    something else than it documents, :class:`~provisioning.errors.MissingPermissionError` when the identity may not,
    and :class:`~provisioning.errors.SignInError` when there is none, or Graph does not accept its token.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        sign_in: TokenSource,
        root: str,
        clock: Clock | None = None,
        on_demand: Pace | None = None,
    ) -> None:
        self.clock = clock or WallClock()
        """By which it waits."""
        self._graph = Exchange(http, sign_in, root, self.clock)
        self._on_demand = on_demand or Pace(self.clock, *ON_DEMAND_PACE)
        """One for all who use this client, or sign in alike: the service counts by app, not by what they are about."""
        self._made: set[JobAddress] = set()
        """Made or adopted a moment ago, so that Graph may not know them everywhere yet (reliability 3, rule 3)."""

    def in_a_hurry(self, within: timedelta = HURRY) -> GraphClient:
        """Give the same client for who looks again by themselves: they would sooner hear that Graph does not answer.

        It shares connection and sign-in with this one, and closes with it.
        """
        hurried = copy(self)
        hurried._graph = replace(self._graph, within=within, answers_within=ANSWERS_WITHIN)  # noqa: SLF001 - its own
        return hurried

    async def close(self) -> None:
        """Hang up; nothing can be asked afterwards."""
        await self._graph.http.aclose()

    # Who asks

    async def signed_in(self) -> SignedIn | None:
        """Sign in, and tell as whom; ``None`` when the token does not tell. Graph is not asked."""
        return signed_in_by(await self._graph.sign_in.token())

    @property
    def graphs_time(self) -> datetime | None:
        """What Graph said the time is when it answered last; ``None`` when it did not say."""
        return self._graph.date

    async def peek(self, collection: str) -> None:
        """Read one of ``users`` or ``groups``, to see whether that is allowed.

        :raises MissingPermissionError: when it is not.
        """
        await self._graph.get(path_of(f"/{collection}", select=("id",), top=1), _nothing)

    async def licences(self) -> tuple[Licence, ...]:
        """List what the tenant subscribed to."""
        path = path_of("/subscribedSkus", select=("skuPartNumber", "capabilityStatus", "servicePlans"), top=0)
        return tuple(await self._graph.listed(path, wire.licence_of))

    # The app

    async def gallery_apps(self, name: str) -> tuple[GalleryApp, ...]:
        """Find the apps of the gallery by their display name, whatever its case (graph: applicationtemplate-list)."""
        path = path_of("/applicationTemplates", only=f"displayName eq {quoted(name)}", top=0)
        return tuple(await self._graph.listed(path, wire.gallery_app_of))

    async def app_facts(self, principal: ServicePrincipalId) -> AppFacts:
        """Read what an app is called, what it was made from, and its roles.

        :raises NotFoundError: when there is no such service principal.
        """
        facts = "id,displayName,applicationTemplateId,appRoles"
        return await self._graph.get(f"/servicePrincipals/{principal}?$select={facts}", wire.app_facts_of)

    async def apps_from(self, template: str) -> tuple[AppFound, ...]:
        """Find the apps that were made from a gallery *template*."""
        only = f"applicationTemplateId eq {quoted(template)}"
        path = path_of("/servicePrincipals", select=("appId", "displayName", "id"), only=only)
        return tuple(sorted(await self._graph.listed(path, wire.app_of), key=lambda app: app.app_id))

    async def apps_of(self, template: str, display_name: str) -> tuple[AppFound, ...]:
        """Find the apps that were made from a gallery *template* and have exactly this display name.

        Graph compares names without regard to case, so the name is compared here.
        """
        return tuple(app for app in await self.apps_from(template) if app.name == display_name)

    async def apps_where(self, name: str, value: str) -> tuple[AppFound, ...]:
        """Find apps by the property *name* of Graph's, such as ``displayName``; with their roles and their template."""
        select = ("appId", "appRoles", "applicationTemplateId", "displayName", "id")
        path = path_of("/servicePrincipals", select=select, only=f"{name} eq {quoted(value)}")
        return tuple(sorted(await self._graph.listed(path, wire.app_of), key=lambda app: app.app_id))

    async def principals_among(
        self, kind: PrincipalKind, name: str, values: Collection[str]
    ) -> tuple[PrincipalFound, ...]:
        """Find groups or users whose property *name* is one of these, whatever the case; one request for fifteen."""
        select = ("displayName", "id", *(("userPrincipalName",) if kind is PrincipalKind.USER else ()))
        paths = among(f"/{kind.value}s", name, values, select)
        return tuple([found for path in paths for found in await self._graph.listed(path, wire.principal_of)])

    async def principals_by(self, kind: PrincipalKind, name: str, value: str) -> tuple[PrincipalFound, ...]:
        """Find groups or users by the property *name* of Graph's, whatever the case (graph: group-list, user-list)."""
        select = ("displayName", "id", *(("userPrincipalName",) if kind is PrincipalKind.USER else ()))
        only = f"id in ({quoted(value)})" if name == "id" else f"{name} eq {quoted(value)}"
        path = path_of(f"/{kind.value}s", select=select, only=only)
        return tuple(await self._graph.listed(path, wire.principal_of))

    async def application(self, app_id: str) -> str:
        """Find the object id of an application; empty when another tenant owns it, or it was deleted."""
        request = Request("GET", f"/applications(appId={quoted(app_id)})?$select=id")
        try:
            return await self._graph.ask(request, wire.id_of)
        except NotFoundError:
            return ""

    async def app_roles(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> tuple[AppRole, ...]:
        """Read the roles that the app declares. Waits for a service principal that may have been made a moment ago."""
        request = Request("GET", f"/servicePrincipals/{principal}?$select=id,appRoles")
        if may_be_new:
            return await self._graph.ask(request, wire.app_roles_of, within=APPEARS_WITHIN, unless=NOT_THERE_YET)
        return await self._graph.ask(request, wire.app_roles_of)

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """List the groups and users that the app is assigned to, by name; one request a page.

        The list may not show for a minute what was assigned or taken away (reliability 3, rule 3).
        """
        path = path_of(f"/servicePrincipals/{principal}/appRoleAssignedTo")
        found = await self._graph.listed(path, wire.assignment_of)
        return tuple(sorted((one for one in found if one), key=lambda one: (one.name, one.id)))

    async def assignments_held_by(self, known: Assignment, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        """Ask a group or user how it is assigned to the app, from its own end; empty when it is not, or is gone.

        A user's list has the assignments of groups, too, which are not the user's (graph: user-list-approleassignments;
        the filter is documented there and at group-list-approleassignments).
        """
        held_by = f"/{known.kind.value}s/{known.principal}/appRoleAssignments"
        try:
            found = await self._graph.listed(path_of(held_by, only=f"resourceId eq {principal}"), wire.assignment_of)
        except NotFoundError:
            return ()
        return tuple(one for one in found if one and one.principal == known.principal)

    async def assign(self, principal: ServicePrincipalId, wanted: Assignment) -> None:
        """Assign a group or user to the app (graph: serviceprincipal-post-approleassignedto).

        It is not sent twice: whether an equal one is refused, the documents do not say.
        """
        body = {"principalId": wanted.principal, "resourceId": principal, "appRoleId": wanted.role}
        path = f"/servicePrincipals/{principal}/appRoleAssignedTo"
        await self._graph.once(Request("POST", path, body, answered_by=CREATED), _nothing)

    async def unassign(self, principal: ServicePrincipalId, assignment: str) -> None:
        """Take an assignment away, by its own id. One that is gone already is taken away."""
        path = f"/servicePrincipals/{principal}/appRoleAssignedTo/{assignment}"
        await self._unless_gone(Request("DELETE", path, answered_by=NO_CONTENT))

    async def app_id(self, principal: ServicePrincipalId) -> str:
        """Find the app id of a service principal. :raises NotFoundError: when there is no such service principal."""
        path = f"/servicePrincipals/{principal}?$select=id,appId"
        return (await self._graph.get(path, wire.app_of)).app_id

    async def purge(self, deleted: str, *, may_be_new: bool = True) -> bool:
        """Delete for good what lies in the recycle bin, by object id; false when it does not lie there.

        What may have been deleted a moment ago is waited for.
        """
        request = Request("DELETE", f"/directory/deletedItems/{deleted}", answered_by=NO_CONTENT)
        unless = NOT_THERE_YET if may_be_new else PASSING_TROUBLE
        try:
            await self._graph.ask(request, _nothing, within=IN_THE_BIN_WITHIN, unless=unless)
        except NotFoundError:
            return False
        return True

    # Templates and jobs

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        """List what a job can be made from. Waits for a service principal that was made a moment ago."""
        return await self._first_list(paths.templates_of(principal), wire.template_of)

    async def jobs(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> list[Job]:
        """List the jobs. Waits for a service principal that may have been made a moment ago."""
        if may_be_new:
            return await self._first_list(paths.jobs_of(principal), wire.job_of)
        return await self._graph.listed(paths.jobs_of(principal), wire.job_of)

    async def job(self, address: JobAddress) -> Job | None:
        """Read a job; ``None`` when it is gone."""
        try:
            return await self._graph.get(paths.job_at(address), wire.job_of)
        except NotFoundError:
            return None

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        """List the jobs with their schedule and what came of their cycles.

        :raises NotFoundError: when there is no such service principal.
        """
        return await self._graph.listed(paths.jobs_of(principal), watching_wire.status_of)

    async def log_page(self, question: LogQuestion, page: str = "", *, at_most: int = LOG_PAGE) -> LogPage:
        """Read a page of the provisioning log, newest first: the first one, or the *page* that one before named.

        Graph takes five requests in ten seconds (Learn: graph/throttling-limits, reports); keeping to that is the
        caller's part.
        """
        path = page or watching_wire.log_path_of(question, at_most=at_most)
        return await self._graph.get(path, watching_wire.log_page_of)

    async def create_job(
        self, principal: ServicePrincipalId, template: TemplateId, *, made_before: bool = False
    ) -> Job:
        """Create a job, switched off, or adopt the one that a lost attempt made; a second one is never made.

        Whoever calls this has looked at the list of jobs, so it is not read again before the first attempt. But a
        list lags behind, and only the caller can know that an earlier run may have asked for the job and not lived to
        see the answer: *made_before* says so. Then the list is watched for as long as it may lag, a minute, before
        anything is asked for.

        :raises ConfigurationError: when the app does not offer the template; the sentence says what it offers.
        """
        unsure_since = self.clock.now() if made_before else None
        try:
            job = await JobCreation(self._graph, principal, template, unsure_since).job()
        except GraphError as error:
            await refuse_unknown_template(self._graph, principal, template, error)
            raise
        self._made.add(JobAddress(principal, job.id))
        return job

    async def delete_job(self, address: JobAddress) -> None:
        """Delete a job. Accounts at the target stay as they are. A job that is gone already is deleted."""
        await self._unless_gone(Request("DELETE", paths.job_at(address), answered_by=NO_CONTENT))

    async def start(self, address: JobAddress) -> None:
        """Switch a job on; it goes on where it was paused."""
        await self._ask_about(address, _action(address, "start"), _nothing)

    async def pause(self, address: JobAddress) -> None:
        """Switch a job off; a running cycle finishes first. A job that is gone already is off."""
        await self._unless_gone(_action(address, "pause"))

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        """Start over. *forgetting* are Graph's ``resetScope`` words, such as ``Watermark``."""
        await self._graph.act(_action(address, "restart", {"criteria": {"resetScope": ", ".join(forgetting)}}))

    async def provision_on_demand(self, address: JobAddress, rule: str, subject: Subject) -> OnDemandAnswer:
        """Provision a person, or a group with five members, at once, by the *rule* of the schema.

        Within five calls in ten seconds, whatever else this client provisions on demand. It may be repeated: what is
        done already is skipped.
        """
        body = on_demand_wire.on_demand_node(rule, subject)
        path = f"{paths.job_at(address)}/provisionOnDemand"
        return await self._graph.ask(
            Request("POST", path, body, pace=self._on_demand), on_demand_wire.on_demand_answer_of
        )

    # Credentials

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        """Let Entra try address and token, as *Test connection* does.

        :raises CredentialsRejectedError: when the target does not accept them; nothing is saved by this.
        :raises ConfigurationError: when the app does not offer the template; the sentence says what it offers.
        """
        request = Request(
            "POST",
            f"{paths.jobs_of(principal)}/validateCredentials",
            wire.credentials_node(template, credentials),
            answered_by=NO_CONTENT,
            refusal=lambda refusal: rejection_of(refusal, credentials.base_address),
            secrets=(credentials.token.reveal(), *hidden_in(credentials.base_address)),
        )
        try:
            await self._graph.act(request)
        except GraphError as error:
            await refuse_unknown_template(self._graph, principal, template, error)
            raise

    async def validate_saved(self, address: JobAddress, base_address: str) -> None:
        """Let Entra try the address and token that it holds. *base_address* is the one that it showed.

        :raises CredentialsRejectedError: when the target does not accept them.
        """
        request = Request(
            "POST",
            f"{paths.job_at(address)}/validateCredentials",
            {"useSavedCredentials": True, "credentials": []},
            answered_by=NO_CONTENT,
            refusal=lambda refusal: rejection_of(refusal, base_address, outcome="it is what Entra has saved"),
            secrets=hidden_in(base_address),
        )
        await self._graph.act(request)

    async def last_saved(self, principal: ServicePrincipalId) -> datetime | None:
        """Tell when address, token or scope were saved last; ``None`` when the audit log does not say, or no more.

        Names of activities are observed, not documented. It needs ``AuditLog.Read.All`` and ``Directory.Read.All``.
        """
        path = watching_wire.saves_path_of(principal)
        found = await self._graph.get(path, lambda node: wire.page_of(node, watching_wire.audited_at)[0])
        return max(found, default=None)

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        """Read the synchronization secrets; sensitive values are masked."""
        return dict(await self._graph.listed(paths.secrets_of(principal), wire.secret_of))

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        """Replace all synchronization secrets."""
        hidden = tuple(value for key, value in secrets.items() if key not in wire.SHOWN)
        body = wire.secrets_node(secrets)
        await self._graph.act(Request("PUT", paths.secrets_of(principal), body, answered_by=NO_CONTENT, secrets=hidden))

    # Schema

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        """Read the schema of a job."""
        return await self._ask_about(address, Request("GET", paths.schema_at(address)), wire.schema_of)

    async def save_schema(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        """Replace the schema of a job, which starts its initial cycle anew.

        It must be PUT: the service answers 404 to PATCH, whatever a generated client sends
        (graph: synchronization-synchronizationschema-update).
        """
        request = Request("PUT", paths.schema_at(address), schema.document, answered_by=NO_CONTENT)
        await self._ask_about(address, request, _nothing)

    async def reset_schema(self, address: JobAddress) -> None:
        """Put the schema of a job back to its template's, filters included, which starts its initial cycle anew."""
        await self._graph.act(Request("DELETE", paths.schema_at(address), answered_by=RESET))

    # People

    @property
    def whole_objects(self) -> WholeObjects:
        """Users and groups with their properties as they are, for a copy."""
        return WholeObjects(self._graph)

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        """Read whom *principals* bring along, and *everybody* when asked, with the source *attributes* named.

        Fifteen groups or users a request; then for each security group one request a page of members and one for the
        groups that it holds, and one more for its size once the limit is reached. Roles are the assignments' to tell.
        """
        return await PeopleReader(self._graph, attributes, at_most).read(principals, everybody=everybody)

    def each_person(
        self, principals: Sequence[Assignment], *, attributes: Collection[str], everybody: bool
    ) -> AsyncIterator[Person]:
        """Give whom *principals* bring along, and *everybody* else where that is asked, as they are read, each once.

        Of the principals that bring somebody, the first is told. One request for each user and each page of a group.
        """
        return PeopleStream(self._graph, attributes).read(principals, everybody=everybody)

    async def person(self, named: str, *, attributes: Collection[str]) -> Person | None:
        """Read one user, by id or user principal name, with the source *attributes* named; ``None`` when there is none.

        One request, and a second one when Graph does not have an attribute that nobody here knows.
        """
        if leads_elsewhere(named):
            return None
        try:
            return await read_person(self._graph.get, named, attributes)
        except NotFoundError:
            return None

    async def groups_around(self, user: str) -> frozenset[str]:
        """List the ids of all groups that a user is in, through other groups too; one request.

        Graph: directoryobject-getmembergroups.
        """
        body = {"securityEnabledOnly": False}
        request = Request("POST", f"/users/{quote(user, safe='')}/getMemberGroups", body)
        return await self._graph.ask(request, lambda node: frozenset(map(str, node["value"])))

    async def direct_groups(self, user: str, page: str = "") -> tuple[tuple[AssignedGroup, ...], str]:
        """List the groups that a user is a direct member of: a page of 999, and where the next one is."""
        path = f"/users/{quote(user, safe='')}/memberOf/microsoft.graph.group"
        first = path_of(path, select=GROUP_FACTS)
        groups, following = await self._graph.get(page or first, lambda node: wire.page_of(node, group_of))
        return tuple(groups), following

    async def groups_in(self, group: str) -> tuple[AssignedGroup, ...]:
        """List the groups that are direct members of a group: the first 999; one request."""
        path = f"/groups/{quote(group, safe='')}/members/microsoft.graph.group"
        groups, _ = await self._graph.get(path_of(path, select=GROUP_FACTS), lambda node: wire.page_of(node, group_of))
        return tuple(groups)

    async def groups_named(self, name: str) -> list[AssignedGroup]:
        """Find the groups of a display name; several may have it."""
        path = path_of("/groups", select=GROUP_FACTS, only=f"displayName eq {quoted(name)}")
        return await self._graph.listed(path, group_of)

    async def user_id(self, named: str) -> str:
        """Find the object id of a user by id or user principal name; empty when there is none."""
        if leads_elsewhere(named):
            return ""
        try:
            return await self._graph.get(f"/users/{quote(named, safe='')}?$select=id", wire.id_of)
        except NotFoundError:
            return ""

    # What several of these need

    async def _first_list(self, path: str, read: Callable[[JsonObject], _Read]) -> list[_Read]:
        """List what may not be there yet, because the service principal was made a moment ago."""
        return await self._graph.listed(path, read, within=APPEARS_WITHIN, unless=NOT_THERE_YET)

    async def _ask_about(self, address: JobAddress, request: Request, read: Callable[[JsonObject], _Read]) -> _Read:
        """Ask about a job; one that we made a moment ago is waited for when Graph says that it does not exist."""
        if address not in self._made:
            return await self._graph.ask(request, read)
        return await self._graph.ask(request, read, within=APPEARS_WITHIN, unless=NOT_THERE_YET)

    async def _unless_gone(self, request: Request) -> None:
        try:
            await self._graph.act(request)
        except NotFoundError:
            return


def _nothing(_: object) -> None:
    """Read an answer that says no more than that it was done."""


def _action(address: JobAddress, verb: str, body: JsonObject | None = None) -> Request:
    return Request("POST", f"{paths.job_at(address)}/{verb}", body, answered_by=NO_CONTENT)
