"""The door of the provisioning service: templates, jobs, secrets, schema, credentials, cycles, logs."""

from __future__ import annotations

import copy
import random
import time
from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.engine import deletions, secrets, template
from emulator.engine.cycle import Cycle
from emulator.engine.dialect import Dialect, dialect_of
from emulator.engine.entry import Entry, Run
from emulator.engine.export import Case
from emulator.engine.job import Job, ResetScope
from emulator.engine.on_demand import OnDemand, provision
from emulator.engine.plan import understand
from emulator.engine.quarantine import has_expired
from emulator.engine.reports import Reports
from emulator.engine.scim import ProbeError, ScimClient
from emulator.engine.scope import Scope
from emulator.engine.secrets import Credentials
from emulator.engine.states import JobEvent, JobState
from emulator.engine.status import as_graph
from emulator.engine.target import over_http
from emulator.engine.visit import Visit, probe
from emulator.moods.knobs import Knobs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from emulator.company.store import JsonObject, Synchronization, Tenant, World
    from emulator.engine.on_demand import Subject
    from emulator.engine.plan import SyncPlan
    from emulator.engine.reports import Log
    from emulator.engine.target import Target
    from provisioning.language import Chance

PORTAL_RESTART = frozenset({ResetScope.QUARANTINE_STATE, ResetScope.WATERMARK, ResetScope.ESCROWS})
"""What a restart forgets that names nothing, like the portal's button (graph: synchronizationjobrestartcriteria)."""


class ProvisioningService:
    """Everything under ``/synchronization``, and what goes on behind it."""

    def __init__(
        self,
        world: World,
        *,
        knobs: Knobs | None = None,
        connect: Callable[[str, str], Target] | None = None,
        wait: Callable[[timedelta], Awaitable[None]] | None = None,
        chance: Chance | None = None,
    ) -> None:
        """Serve a world. *wait* lets the time of a ``Retry-After`` pass; by default the company's clock is moved."""
        self.world = world
        self.knobs = knobs or Knobs()
        self._connect = connect or over_http(self.knobs)
        self._wait = wait or self._move_clock
        self._chance = chance or random.SystemRandom()
        self._reports = Reports(world, self.knobs)
        self._on_demand = OnDemand(self.knobs)
        self.stopwatch: Callable[[], float] = time.monotonic
        """Seconds of the machine, for the durations of the log."""
        self.own_token: Callable[[str], str] = lambda _: ""
        """Makes Entra's own token for a tenant, which a target gets when no secret token was saved."""

    # Templates and jobs

    def templates_of(self, tenant: Tenant, service_principal_id: str) -> list[JsonObject]:
        """List the synchronization templates of a service principal: none without a connector."""
        principal = tenant.directory.get(service_principal_id)
        gallery_id = principal.properties.get("applicationTemplateId") or ""
        named = template.template_ids_of(self.world, tenant, service_principal_id)
        return [template.template(one, gallery_id, is_default=one == named[0]) for one in named]

    def create_job(self, tenant: Tenant, service_principal_id: str, template_id: str) -> Job:
        """Create a job, switched off, with the template's schema (graph: synchronizationjob-post).

        :raises Refusal: 400 when the service principal has no such template.
        """
        principal = tenant.directory.get(service_principal_id)
        if template_id not in template.template_ids_of(self.world, tenant, service_principal_id):
            raise Refusal(400, "UnknownError", f"The template '{template_id}' is not one of this service principal's.")
        known = [one for one in self.jobs_of(tenant, service_principal_id) if one.template_id == template_id]
        if known and self.knobs.second_job == "existing":
            return known[0]
        if known and self.knobs.second_job == "conflict":
            raise Refusal(409, "Conflict", "A synchronization job for this template exists.")
        suffix = self.world.id() if known else principal.properties.get("appId") or self.world.id()
        job_id = f"{template_id}.{tenant.id.replace('-', '')}.{suffix}"
        schema = template.schema(template_id, schema_id=job_id, version="v1.2")
        job = Job(job_id, tenant.id, principal.id, template_id, schema, self.world.clock.now())
        job.settings = {"AzureIngestionAttributeOptimization": "False", "LookaheadQueryEnabled": "False"}
        tenant.synchronization_of(service_principal_id).jobs[job_id] = job
        return job

    def jobs_of(self, tenant: Tenant, service_principal_id: str) -> list[Job]:
        """List the jobs of a service principal, in the order of creation."""
        return list(self._of(tenant, service_principal_id).jobs.values())

    def job_of(self, tenant: Tenant, service_principal_id: str, job_id: str) -> Job:
        """Look up a job. :raises Refusal: 404 when there is none."""
        found: Job | None = self._of(tenant, service_principal_id).jobs.get(job_id)
        if found is None:
            raise Refusal.not_found(job_id)
        return found

    def delete_job(self, tenant: Tenant, service_principal_id: str, job_id: str) -> None:
        """Delete a job with all it remembers; nothing is sent to the target (graph: synchronizationjob-delete).

        :raises Refusal: 404 when there is none.
        """
        del self._of(tenant, service_principal_id).jobs[self.job_of(tenant, service_principal_id, job_id).id]

    def as_graph(self, job: Job) -> JsonObject:
        """Show a job as Graph does."""
        return as_graph(job, self.knobs)

    # Start, pause, restart

    def start(self, job: Job) -> None:
        """Start a job or go on where it was paused; a quarantine is lifted (graph: synchronizationjob-start)."""
        was_going = job.is_running and job.state is not JobState.QUARANTINE
        job.happen(JobEvent.START)
        job.quarantine = None
        if not was_going:
            job.next_cycle = self.world.clock.now()

    def pause(self, job: Job) -> None:
        """Pause a job; a cycle that runs comes to its end (graph: synchronizationjob-pause; Learn: known-issues)."""
        job.happen(JobEvent.PAUSE)
        job.next_cycle = None

    def restart(self, job: Job, reset_scope: frozenset[ResetScope]) -> None:
        """Let a job forget what the scope names and begin a cycle at once (graph: synchronizationjob-restart)."""
        scopes = reset_scope or PORTAL_RESTART
        job.forget(scopes)
        job.epoch += 1
        lifts = bool(scopes & {ResetScope.QUARANTINE_STATE, ResetScope.FULL, ResetScope.NONE})
        job.happen(JobEvent.RESTART if lifts else JobEvent.RESTART_IN_QUARANTINE)
        if lifts:
            job.quarantine, job.escrows_pruned = None, False
        job.next_cycle = self.world.clock.now()

    # Schema

    def schema_of(self, job: Job) -> JsonObject:
        """Give a job's schema."""
        return copy.deepcopy(job.schema)

    def replace_schema(self, job: Job, schema: JsonObject) -> None:
        """Save a whole schema; the next cycle is an initial one, links stay (Learn: customize-application-attributes).

        A quarantine ends with it, and what waits in escrow is forgotten: what failed may work now (Learn:
        application-provisioning-quarantine-status).

        :raises Refusal: 400 naming every mistake, when it cannot be understood or its rule is not the job's.
        """
        compiled = understand(schema, any_filter=self.knobs.unfilterable == "saved")
        if compiled.rule_id != job.schema["synchronizationRules"][0]["id"]:
            raise Refusal(400, "BadRequest", f"The schema cannot be saved. There is no rule '{compiled.rule_id}'.")
        moment = self.world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        job.schema = {**copy.deepcopy(schema), "id": job.id, "version": f"Date:{moment}, ActivityId:{self.world.id()}"}
        job.compiled = compiled
        job.watermark = None
        job.epoch += 1
        if job.quarantine is not None:
            self._release(job)

    def reset_schema(self, job: Job) -> None:
        """Go back to the template's schema, filters included (graph: synchronizationschema-delete)."""
        self.replace_schema(job, template.schema(job.template_id, schema_id=job.id))

    # Secrets and credentials

    def secrets_of(self, tenant: Tenant, service_principal_id: str) -> list[JsonObject]:
        """Show the secrets, sensitive values masked."""
        return secrets.shown(self._of(tenant, service_principal_id).secrets)

    def save_secrets(
        self, tenant: Tenant, service_principal_id: str, pairs: Sequence[Mapping[str, str | None]]
    ) -> None:
        """Replace the whole list; an empty value removes its key.

        :raises Refusal: 400 when a key cannot be, or the notification settings cannot be read.
        """
        held = secrets.replaced(pairs)
        secrets.check_notification(held)
        self._of(tenant, service_principal_id).secrets = held

    async def validate_credentials(
        self,
        tenant: Tenant,
        service_principal_id: str,
        *,
        template_id: str | None = None,
        credentials: Sequence[Mapping[str, str]] | None = None,
    ) -> None:
        """Try an address and a token; ``None`` tries the saved ones (graph: synchronizationjob-validatecredentials).

        :raises Refusal: 400 with the connector's code and what the target answered; the token is never part of it.
        """
        saved = self._of(tenant, service_principal_id).secrets
        given = saved if credentials is None else secrets.replaced(credentials)
        plan = self._plan_for(tenant, service_principal_id, template_id)
        client = self._client(tenant, Credentials.of(given), given)
        try:
            await probe(client, plan, self.world, self.knobs)
        except ProbeError as error:
            raise Refusal(400, error.code, error.message) from error
        finally:
            await client.target.aclose()

    # Cycles

    async def run_cycle(self, job: Job) -> None:
        """Run one cycle now, due or not; a job that is already in a cycle finishes that one.

        :raises Refusal: 409 when the service has disabled the job, or its service principal is deleted: nothing is sent
            for it any more.
        """
        now = self.world.clock.now()
        if job.in_cycle:
            return
        if job.service_principal_id not in self.world.tenant(job.tenant_id).directory.objects:
            raise Refusal(409, "Conflict", "The service principal of the job is deleted: restore it first.")
        if job.state is JobState.DISABLED:
            raise Refusal(409, "Conflict", "The job was disabled after four weeks of quarantine: start it first.")
        if job.quarantine and job.state is JobState.QUARANTINE and has_expired(job.quarantine, now, self.knobs):
            job.happen(JobEvent.EXPIRE)
            job.next_cycle = None
            return
        job.in_cycle = True
        try:
            await self._run(job, now)
        finally:
            job.in_cycle, job.progress = False, None

    async def run_due(self) -> None:
        """Run a cycle of every job that is due by the company's clock."""
        now = self.world.clock.now()
        for job in list(self._jobs()):
            if job.is_running and job.next_cycle is not None and job.next_cycle <= now:
                await self.run_cycle(job)

    def next_due(self) -> datetime | None:
        """Tell when the next cycle of any job is due; ``None`` when nothing runs."""
        due = [job.next_cycle for job in self._jobs() if job.is_running and job.next_cycle is not None]
        return min(due, default=None)

    # On demand

    async def provision_on_demand(
        self, tenant: Tenant, service_principal_id: str, job: Job, parameters: object
    ) -> JsonObject:
        """Provision one object now and tell how it went; the answer is a success even when it did not go well.

        :raises Refusal: 400 for a malformed call, 404 for an unknown object, 429 beyond five calls in ten seconds.
        """
        plan = self._compiled(job)
        subject = self._on_demand.subject_in(parameters, plan.rule_id)
        tenant.directory.get(subject.object_id)
        self._on_demand.admit(self.world.clock.now())
        held = self._of(tenant, service_principal_id).secrets
        credentials = Credentials.of(held)
        visit = self._visit(tenant, job, credentials, held, sync_all=credentials.sync_all, on_demand=True)
        try:
            await visit.probe()
            case = await provision(visit, subject)
        except ProbeError as error:
            case = self._unreached(visit, subject, error)
        finally:
            await visit.client.target.aclose()
        return self._on_demand.answer(case, self._reports.journal_of(job.id))

    # Object connections (beta)

    def object_connection(self, job: Job, object_id: str) -> JsonObject:
        """Show a link, found by the source id or by the target id (Learn: manage-object-connections).

        :raises Refusal: 404 when there is none.
        """
        link = job.links.get(object_id) or job.links.get(job.sources.get(object_id, ""))
        if link is None:
            raise Refusal.not_found(object_id)
        return {
            "objectId": link.source_id,
            "sourceAnchor": link.source_id,
            "targetAnchor": link.target_id,
            "displayName": link.name,
            "objectTypeName": link.kind,
        }

    def delete_object_connection(self, job: Job, object_id: str) -> None:
        """Drop a link; nothing is sent, and the object is matched anew when it is next looked at.

        :raises Refusal: 409 unless the job is paused or disabled.
        """
        if job.is_running:
            raise Refusal(409, "Conflict", "The job must be paused or disabled to delete object connections.")
        job.unlink(job.sources.get(object_id, object_id))

    # Logs

    def log(self, tenant: Tenant) -> Log:
        """Show the provisioning log of a tenant, oldest first, as ``provisioningObjectSummary``."""
        return self._reports.log(tenant)

    def audits(self, tenant: Tenant) -> list[JsonObject]:
        """List what the service itself wrote into the directory audit log: quarantines."""
        return self._reports.audits(tenant)

    @property
    def outbox(self) -> list[JsonObject]:
        """The e-mails that would have been sent, oldest first."""
        return list(self._reports.outbox)

    def empty_outbox(self) -> None:
        """Forget them."""
        self._reports.outbox.clear()

    # Inside

    async def _run(self, job: Job, now: datetime) -> None:
        tenant = self.world.tenant(job.tenant_id)
        held = tenant.synchronization_of(job.service_principal_id).secrets
        credentials = Credentials.of(held)
        if not self.knobs.scope_switch_needs_restart and job.sync_all != credentials.sync_all:
            job.watermark = None
        if job.watermark is None or job.sync_all is None:
            job.sync_all = credentials.sync_all
        reason = job.quarantine.reason if job.quarantine else None
        visit = self._visit(tenant, job, credentials, held, sync_all=job.sync_all)
        visit.is_full = job.watermark is None
        try:
            await Cycle(visit, deletions.threshold(held, job.settings), now).run()
        finally:
            await visit.client.target.aclose()
        if job.quarantine is not None and job.quarantine.reason != reason:
            self._reports.quarantined(visit, job.quarantine, secrets.recipients(held))

    def _visit(
        self,
        tenant: Tenant,
        job: Job,
        credentials: Credentials,
        held: Mapping[str, str],
        *,
        sync_all: bool,
        on_demand: bool = False,
    ) -> Visit:
        flags, plan = f"?{credentials.flags}", self._compiled(job)
        return Visit(
            world=self.world,
            tenant=tenant,
            job=job,
            plan=plan,
            knobs=self.knobs,
            credentials=credentials,
            client=self._client(tenant, credentials, held),
            scope=Scope(tenant.directory, job.service_principal_id, sync_all, self.knobs, self.world.clock.now()),
            random=self._chance,
            dialect=Dialect.LEGACY if on_demand else dialect_of(flags, self.knobs),
            run=Run(self.world.id(), job.id),
            log=self._reports.opened_for(tenant, job, plan),
            stopwatch=self.stopwatch,
        )

    def _client(self, tenant: Tenant, credentials: Credentials, held: Mapping[str, str]) -> ScimClient:
        # Without a token Entra sends one of its own (Learn: use-scim-to-provision-users-and-groups#authorization).
        token = held.get("SecretToken") or self.own_token(tenant.id)
        return ScimClient(
            target=self._connect(credentials.base_address, token),
            base=credentials.base_address,
            knobs=self.knobs,
            clock=self.world.clock,
            wait=self._wait,
            flags=credentials.flags if self.knobs.send_url_flags else "",
        )

    def _compiled(self, job: Job) -> SyncPlan:
        if job.compiled is None:
            # What was saved under another knob stays readable.
            job.compiled = understand(job.schema, any_filter=True)
        return job.compiled

    def _plan_for(self, tenant: Tenant, service_principal_id: str, template_id: str | None) -> SyncPlan:
        """Choose the schema whose matching attributes the probe asks for: a job's, else the template's."""
        jobs = self.jobs_of(tenant, service_principal_id)
        job = next((one for one in jobs if template_id in {None, one.template_id}), None)
        if job is not None:
            return self._compiled(job)
        named = template.template_ids_of(self.world, tenant, service_principal_id)
        if not named or template_id not in {None, *named}:
            raise Refusal(400, "UnknownError", f"The template '{template_id}' is not one of this service principal's.")
        return understand(template.schema(template_id or named[0]))

    def _release(self, job: Job) -> None:
        """End a quarantine as a saved mapping does; a job that is paused or disabled stays so."""
        job.quarantine, job.escrows = None, {}
        if job.state is JobState.QUARANTINE:
            job.happen(JobEvent.RESTART)
            job.next_cycle = self.world.clock.now()

    def _of(self, tenant: Tenant, service_principal_id: str) -> Synchronization:
        tenant.directory.get(service_principal_id)
        return tenant.synchronization_of(service_principal_id)

    def _jobs(self) -> Iterator[Job]:
        for tenant in self.world.tenants.values():
            for service_principal_id, synchronization in tenant.synchronization.items():
                # A job sleeps while its service principal is in the recycle bin (inferred: azure docs' recovery FAQ).
                if service_principal_id in tenant.directory.objects:
                    yield from synchronization.jobs.values()

    def _unreached(self, visit: Visit, subject: Subject, error: ProbeError) -> Case:
        """Word a connection test that failed, as the first and only step of provision on demand."""
        source = visit.tenant.directory.get(subject.object_id)
        name = str(source.properties.get("displayName") or subject.object_id)
        entry = Entry(visit.run, visit.now, subject.kind, subject.object_id, name, name)
        entry.failed(error.code, error.message)
        plan = visit.plan.of(subject.kind)
        if plan is None:
            raise Refusal.bad_request(f"Objects of the type {subject.kind} are not provisioned by this job.")
        return Case(plan, {}, entry)

    async def _move_clock(self, pause: timedelta) -> None:
        self.world.clock.advance(pause)
