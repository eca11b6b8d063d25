"""The resource ``SynchronizationJob``: Pulumi's callbacks, over plain values.

The state holds the inputs in canonical form, with the token's fingerprint, what the service told, and
:class:`~provisioning.provider.notes.Notes`. What is to be done was planned and judged by the plan resource of the same
program, if there is one, and is taken over from it; a job that stands alone plans and judges by itself, with the same
value.
"""

from __future__ import annotations

from dataclasses import replace

from provisioning.errors import (
    ConfigurationError,
    GraphError,
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    SignInError,
)
from provisioning.model.assignment import Assignment
from provisioning.model.base_address import base_address_of
from provisioning.model.credentials import Fingerprint
from provisioning.model.declaration import Declaration, OnDestroy
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.model.observed import Observed
from provisioning.operations.apply import Applying
from provisioning.operations.jobs import Leaving, remove
from provisioning.operations.judge import READ_AT_MOST, Judging, judged_plan, test_credentials
from provisioning.operations.kept_token import refuse_to_save_without_the_token
from provisioning.operations.observe import observe, read_back
from provisioning.planning.job_status import notices_of_job
from provisioning.planning.plan import Circumstances, Plan
from provisioning.planning.rules import Acceptance
from provisioning.planning.steps import CreateJob, describe_step
from provisioning.provider.known import as_far_as_known, checked
from provisioning.provider.notes import Notes
from provisioning.provider.outputs import OUTPUTS, error_after, kept, outputs_after, outputs_of
from provisioning.provider.pending import listed, without_what_is_gone
from provisioning.provider.process import Process, declaration_in, digest_of, show
from provisioning.provider.properties import UNKNOWN, Plain, differences, has_unknown
from provisioning.provider.readback import DEFAULTS, inputs_of
from provisioning.provider.turn import Differences, ReadBack, Turn
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

REPLACES = ("servicePrincipalId", "templateId")
"""A job belongs to one service principal and is made from one template."""


class SynchronizationJobCallbacks:
    """What Pulumi asks of the resource."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def check(self, before: Plain, written: Plain, *, salt: bytes) -> Plain:
        """Check what was written and give it in canonical form, the token replaced by its fingerprint.

        :raises ConfigurationError: with every mistake and its place.
        """
        inputs, unknown = checked(JobInputs, written)
        canonical = inputs.canonical()
        if "secretToken" not in unknown:
            token = canonical["secretToken"]
            earlier = before.get("secretToken")
            canonical["secretToken"] = self._process.tokens.fingerprint(token, before=earlier, salt=salt)
        if isinstance(before.get("servicePrincipalId"), str):
            self._process.declared_before.add(ServicePrincipalId(before["servicePrincipalId"]))
        canonical["baseAddress"] = _as_completed_before(canonical["baseAddress"], before.get("baseAddress"))
        return canonical | dict.fromkeys(unknown, UNKNOWN)

    async def diff(self, turn: Turn) -> Differences:
        """Tell where the declaration differs from what was declared before, and what is to be heard of the job."""
        self._process.may_have_a_job.discard(JobAddress.parse(turn.id).service_principal)
        places = differences(*turn.lasting())
        replaces = tuple(
            name for name in REPLACES if name in places and turn.after.get(name) not in (None, turn.state.get(name))
        )
        await self._warn_of_job(turn)
        notes = Notes.of(turn.state)
        is_due = notes.restart_is_due and _said(turn.after, "status") == "on"
        return Differences(places, replaces, is_unfinished=notes.is_unfinished or is_due)

    async def create(self, turn: Turn) -> tuple[str, Plain]:
        """Configure provisioning for the first time.

        :raises UnfinishedError: when the job exists and a later step failed.
        :raises UnsafeChangeError: when it is refused; then nothing was changed.
        """
        if turn.is_preview:
            await self._foresee(turn)
            return "", turn.after | dict.fromkeys(OUTPUTS, UNKNOWN)
        applying = await self._applied(turn)
        return str(applying.address), outputs_after(turn, applying)

    async def update(self, turn: Turn) -> Plain:
        """Bring about what changed, and what is still due from before.

        :raises UnfinishedError: when some of it was done and a later step failed.
        :raises UnsafeChangeError: when it is refused; then nothing was changed.
        """
        if turn.is_preview:
            await self._foresee(turn)
            kept = (*OUTPUTS, "portalUrl", "replacedSchemaVersion")
            return turn.after | {name: turn.state[name] for name in kept if name in turn.state}
        return outputs_after(turn, await self._applied(turn))

    async def read(self, turn: Turn) -> ReadBack | None:
        """See what the service holds; ``None`` when the job is gone. For an import, state and inputs are empty."""
        address = JobAddress.parse(turn.id)
        is_declared = any(turn.before.get(name) for name in ("mappings", "filters", "objects", "attributes"))
        observed = await read_back(await self._process.connect(), address, with_schema=is_declared)
        job, should_run = observed.job, bool(turn.before) and _said(turn.before, "status") == "on"
        self._process.jobs[address] = job, observed.beside
        await self._warn_of(turn, address, should_run=should_run)
        if job is None:
            return None
        inputs = without_what_is_gone(inputs_of(address, observed, turn.before), await self._assigned(turn, address))
        notes = _seen(observed, Notes.of(turn.state), turn.before)
        version = observed.schema.version if observed.schema else turn.state.get("schemaVersion", "")
        outputs = outputs_of(address, job) | {"schemaVersion": version} | kept(turn) | notes.outputs()
        return ReadBack(str(address), inputs | outputs, inputs)

    async def delete(self, turn: Turn) -> None:
        """Delete the job, once nobody is left who is provisioned by it, or where an earlier ``up`` accepted that.

        :raises UnsafeChangeError: when people would be left behind; then nothing was changed.
        """
        # The inputs before the state: what speaks of one run is not a change, so it never reaches the state.
        said = turn.before or turn.state
        on_destroy = OnDestroy(said.get("onDestroy", OnDestroy.REFUSE.value))
        notes = Notes.of(turn.state)
        leaving = Leaving(on_destroy, notes.app, listed(said), notes.left_in)
        judging = Judging(int(said.get("impactLimit", READ_AT_MOST)), now=self._process.now)
        left = await remove(await self._process.connect(), JobAddress.parse(turn.id), leaving, judging)
        if left.text:
            await (turn.warn if left.is_warning else turn.inform)(left.text)

    async def _assigned(self, turn: Turn, address: JobAddress) -> tuple[Assignment, ...]:
        """Look up who of those that an earlier run assigned still is; nobody is asked where it assigned nobody."""
        declared = listed(turn.before)
        return await self._process.look_up_assigned(address.service_principal, declared) if declared else ()

    async def _warn_of_job(self, turn: Turn) -> None:
        """Tell of quarantine and the like. Where nobody can look, that is told, and the run goes on."""
        # A job that this run switches on need not be switched on.
        should_run = _said(turn.before, "status") == _said(turn.after, "status") == "on"
        try:
            await self._warn_of(turn, JobAddress.parse(turn.id), should_run=should_run)
        except (GraphError, MissingPermissionError, SignInError) as error:
            await turn.warn(f"The job could not be looked at: {error}")

    async def _warn_of(self, turn: Turn, address: JobAddress, *, should_run: bool) -> None:
        """Tell what is to be heard of a job, once in a process."""
        if address in self._process.shown:
            return
        job, beside = await self._process.look_at(address)
        self._process.shown.add(address)
        for sentence in notices_of_job(address, job, beside, should_run=should_run):
            await turn.warn(sentence)

    async def _foresee(self, turn: Turn) -> None:
        """Say what an update would do, where no plan resource has said so, and refuse what it would refuse."""
        handed = self._handed(turn)
        decides = declaration_in(turn.after) | {"assignments": turn.after.get("assignments")}
        if handed is None and not has_unknown(decides):
            declared = as_far_as_known(JobInputs, turn.after)
            handed = await self._planned(turn, declared, declared.declaration(None))
            await self._tell_of_another(turn)
            await show(handed, turn.say)
            handed.refuse_unless_accepted(though_changed_elsewhere=True)
        elif handed is not None:
            there = self._there_already(turn, handed)
            if there and there.service_principal in self._process.declared_before:
                await turn.warn(REPLACED)
            else:
                handed = await self._taken_over(turn, handed)
        if handed is not None and self._with_notes(handed, turn).changed_elsewhere:
            await turn.warn(CHANGED_ELSEWHERE)
        if handed is not None and self._keeps_token(turn):
            refuse_to_save_without_the_token(handed)

    async def _taken_over(self, turn: Turn, handed: Plan) -> Plan:
        """Add what only this job remembers, and tell of the calls, where that makes them others than were told."""
        plan = self._with_notes(handed, turn)
        if plan.steps != handed.steps:
            calls = "\n".join(f"  {describe_step(step)}" for step in plan.steps)
            await turn.inform(f"calls, with what is still due of this job\n{calls}")
        return plan

    async def _applied(self, turn: Turn) -> Applying:
        """Take over or make the plan, and carry it out."""
        declared = parsed(JobInputs, turn.after, place="")
        graph, handed, gone = await self._process.connect(), self._handed(turn), None
        if handed is not None and (there := self._there_already(turn, handed)):
            gone = None if await graph.job(there) else there.job
        if handed is not None and gone is None:
            plan = await self._taken_over(turn, handed)
        else:
            handed, token = None, self._process.tokens.token(declared.secret_token)
            plan = await self._planned(turn, declared, declared.declaration(token), gone)
            await self._tell_of_another(turn)
            await show(plan, turn.say)
        plan.refuse_unless_accepted()
        if self._keeps_token(turn):
            refuse_to_save_without_the_token(plan)
        if not (handed and handed.tests_credentials):
            await test_credentials(graph, declared.principal, plan)
        made_before = declared.principal in self._process.may_have_a_job
        if made_before and any(isinstance(step, CreateJob) for step in plan.steps):
            await turn.warn(LOOKS_FIRST)
        applying = Applying(graph, declared.principal, plan, self._process.archive, made_before=made_before)
        try:
            await applying.run()
        except ProvisioningError as error:
            raise error_after(turn, applying, error) from error
        return applying

    async def _planned(
        self, turn: Turn, declared: JobInputs, declaration: Declaration, gone: JobId | None = None
    ) -> Plan:
        """Plan and judge without a plan resource, and without a job that is *gone*, though lists may still have it."""
        principal = None if turn.after.get("servicePrincipalId") is UNKNOWN else declared.principal
        graph, observed = await self._process.connect(), Observed()
        if principal is not None:
            job = JobAddress.parse(turn.id).job if turn.id else None
            observed = await observe(
                graph,
                principal,
                template=declaration.template,
                job=job,
                gone=gone,
                waits=None if turn.id else turn.inform,
            )
            if job is not None and observed.job is None:
                raise _gone(job)
        acceptance = Acceptance(declared.accept_leavers, declared.accept_entrants, _spent(turn))
        circumstances = Circumstances(
            declared_before=_assigned_before(turn),
            acceptance=acceptance,
            app=self._process.app_names.get(declared.principal, Notes.of(turn.state).app),
        )
        judging = Judging(declared.impact_limit, shows_values=turn.is_preview, now=self._process.now)
        circumstances = _with_turn(circumstances, turn, keeps_token=self._keeps_token(turn))
        plan = await judged_plan(graph, principal, observed, declaration, circumstances, judging)
        if declared.assignments is None and (plan.people is not None or not turn.id):
            await turn.warn(UNSAID)
        return plan

    def _with_notes(self, plan: Plan, turn: Turn) -> Plan:
        """Add to a plan what only the state of the job remembers."""
        return plan.under(_with_turn(plan.circumstances, turn, keeps_token=self._keeps_token(turn)))

    def _keeps_token(self, turn: Turn) -> bool:
        return self._process.tokens.is_kept(turn.after.get("secretToken"))

    def _there_already(self, turn: Turn, handed: Plan) -> JobAddress | None:
        """Give the job that was there when its app was judged, if one is made now.

        It is taken over, unless it is the one whose place the new one takes: the engine deletes that first, where
        another instance of the provider is named, or where plan and job are asked to be replaced.
        """
        if turn.id or handed.observed.job is None:
            return None
        return JobAddress(ServicePrincipalId(turn.after["servicePrincipalId"]), handed.observed.job.id)

    async def _tell_of_another(self, turn: Turn) -> None:
        """Say which plan is carried out, where the one that was judged first is of another declaration."""
        principal = turn.after.get("servicePrincipalId")
        judged = {digest for whose, digest in self._process.plans if whose == principal}
        if judged and _digest(turn.after) not in judged:
            await turn.warn(KEPT_AS_IT_IS)

    def _handed(self, turn: Turn) -> Plan | None:
        """Find the plan that the plan resource judged in this process for the same declaration, and of this job."""
        principal = turn.after.get("servicePrincipalId")
        plan = self._process.plans.get((principal if isinstance(principal, str) else "", _digest(turn.after)))
        if plan is None or not turn.id:
            return plan
        return plan if plan.observed.job and plan.observed.job.id == JobAddress.parse(turn.id).job else None


UNSAID = (
    "assignments is not said, so nobody is counted who comes or goes because an assignment is made or taken away. Say "
    "who is assigned, or put a ProvisioningPlan before the assignments."
)

KEPT_AS_IT_IS = (
    "The program keeps something of this job as it is, by ignoreChanges or a transform, and the plan of the app was "
    "not told. That was judged as if it were changed as well; what is done is this plan."
)

REPLACED = (
    "The job is replaced, as it is asked to be: it is deleted, which is refused while it provisions people, and made "
    "anew. The new one finds their accounts by what they are matched by, in a first cycle."
)

COMPLETED_BEFORE = "/scim/v2"
"""What the release before, which knew one app alone, put behind every address."""

LOOKS_FIRST = (
    "An earlier run may have made the job without knowing, and what was just made is not listed at once: before "
    "another job is made, this one is looked for, for a minute."
)

CHANGED_ELSEWHERE = (
    "Somebody else changed the schema of this job since it was last looked at. `pulumi up` will refuse to replace it; "
    "run `pulumi refresh` first and look at what is different."
)


def _gone(job: JobId) -> NotFoundError:
    """Say that a job was deleted by hand: an update cannot give another id, and only a refresh forgets it."""
    return NotFoundError(
        f"The job {job} no longer exists, so it cannot be changed.",
        status=0,
        hint="Run `pulumi refresh`, and then `pulumi up`, which makes a new one.",
    )


def _as_completed_before(address: str, earlier: object) -> str:
    """Give the address that the release before made of the same text, where the state holds that.

    It put the path of the tutorial behind what a program wrote. Without it, the first run of this release would save an
    address at which nobody answers SCIM.
    """
    try:
        completed = base_address_of(address, COMPLETED_BEFORE)
    except ConfigurationError:
        return address
    return completed if completed == earlier else address


def _digest(inputs: Plain) -> str:
    declaration = declaration_in(inputs)
    return "" if has_unknown(declaration) else digest_of(declaration)


def _spent(turn: Turn) -> frozenset[str]:
    """List the acceptances that are spent: none while the change that they were for is not finished."""
    return frozenset() if Notes.of(turn.state).is_unfinished else turn.spent


def _with_turn(circumstances: Circumstances, turn: Turn, *, keeps_token: bool) -> Circumstances:
    notes = Notes.of(turn.state)
    changes_scope = bool(turn.id) and _said(turn.before, "scope") != _said(turn.after, "scope")
    given, declared = turn.before.get("secretToken"), turn.after.get("secretToken")
    is_known = Fingerprint.parse(str(given or "")) is not None
    return replace(
        circumstances,
        token_is_new=given != declared and is_known,
        token_is_unsure=not keeps_token and (notes.is_unfinished or (given != declared and not is_known)),
        # A plan resource may remember a run whose job nothing remembers, because it was cut while it adopted it; and a
        # job that was imported is remembered, and not by a plan.
        is_adopted=not turn.id or circumstances.is_adopted,
        restart_is_due=notes.restart_is_due or changes_scope,
        schema_seen=notes.schema_seen,
    )


def _assigned_before(turn: Turn) -> tuple[Assignment, ...] | None:
    if "assignments" not in turn.before:
        return None
    return as_far_as_known(JobInputs, turn.before).assigned


def _said(inputs: Plain, name: str) -> object:
    """Give an input, or its default."""
    return inputs.get(name, DEFAULTS[name])


def _seen(observed: Observed, notes: Notes, before: Plain) -> Notes:
    """Remember what was read. A scope that is another than was known changed, perhaps by a run of ours that was cut."""
    has_drifted = bool(before) and observed.connection.scope.value != _said(before, "scope")
    seen = notes.seeing(observed.schema.meaning) if observed.schema else notes
    return replace(seen, restart_is_due=notes.restart_is_due or has_drifted)
