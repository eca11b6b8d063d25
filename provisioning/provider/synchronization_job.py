"""The resource ``SynchronizationJob``: Pulumi's callbacks, over plain values.

The state holds the inputs in canonical form, with the token's fingerprint, and what the service told. Some outputs
are notes to ourselves: ``unfinished`` when a creation stopped half-way, ``adopted`` when that job was there before us,
``restartIsDue`` when the scope changed while the job was off, and ``schemaIsOurs`` when we saved the schema after it
was last read, so that its version is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from provisioning.errors import ConfigurationError, ProvisioningError, UnsafeChangeError
from provisioning.model.declaration import DeclaredSchema
from provisioning.model.identifiers import JobAddress, TemplateId
from provisioning.operations.configure import FoundJob, bring_about, find_or_create_job
from provisioning.operations.observe import observe
from provisioning.operations.preview import preview as preview_of
from provisioning.operations.remove import remove
from provisioning.operations.save_schema import Precautions, the_moment
from provisioning.operations.update import Outdated, Part, update
from provisioning.planning.configuration import Desired
from provisioning.provider.properties import UNKNOWN, Plain, differences
from provisioning.provider.readback import inputs_of
from provisioning.provider.telling import Notice, Tell, notices_of, tell_nobody
from provisioning.provider.tokens import SeenTokens
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from provisioning.model.job import Job
    from provisioning.operations.port import Synchronization
    from provisioning.operations.save_schema import Shelf
    from provisioning.planning.plan import Plan as JobPlan
    from provisioning.provider.properties import Difference

PARTS: Mapping[str, Part] = {
    "baseAddress": Part.CREDENTIALS,
    "secretToken": Part.CREDENTIALS,
    "notification": Part.SETTINGS,
    "deleteThreshold": Part.SETTINGS,
    "skipOutOfScopeDeletions": Part.SETTINGS,
    "scope": Part.SCOPE,
    "mappings": Part.SCHEMA,
    "filters": Part.SCHEMA,
    "objects": Part.SCHEMA,
    "attributes": Part.SCHEMA,
    "status": Part.SWITCH,
}
"""Which calls an input's change needs."""

REPLACES = ("servicePrincipalId", "templateId")
"""A job belongs to one service principal and is made from one template."""

PLACEHOLDERS = {
    "servicePrincipalId": "unknown",
    "baseAddress": "https://unknown.invalid",
    "secretToken": "unknown",
}
"""What stands in for a needed input that only an update will know, while the others are checked."""


class UnfinishedError(ProvisioningError):
    """The job was created, but not all of it was configured. The state must keep its id."""

    def __init__(self, address: JobAddress, properties: Plain, cause: ProvisioningError) -> None:
        super().__init__(
            f"The job {address.job} exists, but its configuration stopped half-way: {cause.message}",
            hint=cause.hint or "Run `pulumi up` again to finish.",
        )
        self.address = address
        self.properties = properties


@dataclass(frozen=True, slots=True)
class JobDiff:
    """How the declaration differs from the state."""

    places: Mapping[str, Difference] = field(default_factory=dict)
    """By place, in Pulumi's notation."""
    replaces: tuple[str, ...] = ()
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the service holds of a resource."""

    id: str
    properties: Plain
    inputs: Plain


class SynchronizationJobCallbacks:
    """What Pulumi asks of the resource. *connect* gives Graph, and is not called before something must be asked."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Synchronization]],
        *,
        shelf: Shelf | None = None,
        now: Callable[[], datetime] = the_moment,
    ) -> None:
        self._connect = connect
        self._shelf = shelf
        self._now = now
        self._tokens = SeenTokens()

    def check(self, before: Plain, written: Plain, *, salt: bytes) -> Plain:
        """Check what was written and give it in canonical form, the token replaced by its fingerprint.

        :raises ConfigurationError: with every mistake and its place.
        """
        unknown = {key for key, value in written.items() if _has_unknown(value)}
        known = {key: value for key, value in written.items() if key not in unknown and value is not None}
        stand_ins = {key: value for key, value in PLACEHOLDERS.items() if key in unknown}
        canonical = parsed(JobInputs, {**known, **stand_ins}, place="").canonical()
        if "secretToken" not in unknown:
            token = canonical["secretToken"]
            canonical["secretToken"] = self._tokens.fingerprint(token, before=before.get("secretToken"), salt=salt)
        return canonical | dict.fromkeys(unknown, UNKNOWN)

    def diff(self, state: Plain, before: Plain, after: Plain) -> JobDiff:
        """Tell where the declaration differs from what was declared before."""
        places = differences(before, after)
        replaces = tuple(name for name in REPLACES if name in places and after.get(name) not in (None, state.get(name)))
        return JobDiff(places, replaces, is_unfinished=bool(state.get("unfinished")))

    async def create(self, inputs: Plain, *, preview: bool, tell: Tell = tell_nobody) -> tuple[str, Plain]:
        """Configure provisioning for the first time. In a preview nothing is asked and nothing is done.

        :raises UnfinishedError: when the job exists and a later step failed.
        :raises UnsafeChangeError: when a job was there and too many people would leave; then nothing was changed.
        """
        if preview:
            return "", inputs | dict.fromkeys(("jobId", "templateId", "schemaVersion", "jobStatus"), UNKNOWN)
        declared = parsed(JobInputs, inputs, place="")
        declaration = declared.declaration(self._tokens.token(declared.secret_token))
        graph, precautions = await self._connect(), self._precautions(declared, {})
        found = await find_or_create_job(graph, declared.principal, declaration, precautions)
        outputs = _outputs(found.address, found.job)
        try:
            configured = await bring_about(graph, found, declaration, precautions)
        except ProvisioningError as error:
            if found.was_there and isinstance(error, UnsafeChangeError | ConfigurationError):
                raise
            notes = {"unfinished": True} | ({"adopted": True} if found.was_there else {})
            raise UnfinishedError(found.address, inputs | outputs | notes, error) from error
        await _tell_of(configured.plan if found.was_there else None, tell)
        return str(found.address), inputs | outputs | _versions(configured.plan, configured.replaced_version, {})

    async def update(
        self,
        address: JobAddress,
        state: Plain,
        before: Plain,
        after: Plain,
        *,
        preview: bool,
        tell: Tell = tell_nobody,
    ) -> Plain:
        """Bring about what changed; all of it, when the creation had stopped half-way."""
        kept = {key: state[key] for key in ("jobId", "templateId", "jobStatus", "portalUrl") if key in state}
        changed = {part for name, part in PARTS.items() if after.get(name) != before.get(name)}
        if preview:
            await self._foresee(address, state, after, changed, tell)
            return after | kept | _versions(None, "", state)
        declared = parsed(JobInputs, after, place="")
        declaration = declared.declaration(self._tokens.token(declared.secret_token))
        graph = await self._connect()
        precautions = self._precautions(declared, state)
        if state.get("unfinished"):
            found = await find_or_create_job(graph, declared.principal, declaration, precautions)
            again = FoundJob(found.job, address, was_there=True, is_unfinished=not state.get("adopted"))
            configured = await bring_about(graph, again, declaration, precautions)
            versions = _versions(configured.plan, configured.replaced_version, state)
            return after | _outputs(address, found.job) | versions
        job = Outdated(address, TemplateId(state["templateId"]), restart_is_due=bool(state.get("restartIsDue")))
        updated = await update(graph, job, declaration, changed, precautions)
        await _tell_of(updated.plan, tell)
        notes = {"restartIsDue": True} if updated.restart_is_due else {}
        return after | kept | _versions(updated.plan, updated.replaced_version, state) | notes

    async def _foresee(
        self, address: JobAddress, state: Plain, after: Plain, changed: AbstractSet[Part], tell: Tell
    ) -> None:
        """Say what an update would do, and refuse what it would refuse.

        What only the update will know cannot be foreseen, and neither can the rest of a creation.
        """
        if state.get("unfinished") or not changed & {Part.SCHEMA, Part.SCOPE} or _has_unknown(_noticed(after)):
            return
        known = {name: value for name, value in after.items() if not _has_unknown(value)}
        declared = parsed(JobInputs, PLACEHOLDERS | known, place="")
        plan = await preview_of(
            await self._connect(),
            address,
            _desired(declared, changed),
            now=self._now(),
            at_most=declared.impact_limit,
        )
        await _tell_of(plan, tell)
        seen, current = _seen_version(state), plan.before.schema.version
        if plan.changes_schema and seen and seen != current:
            await tell(Notice(MOVED.format(seen=seen, current=current)))
        plan.refuse_unless_accepted()

    def _precautions(self, declared: JobInputs, state: Plain) -> Precautions:
        return Precautions(
            accepted_leavers=declared.accept_leavers,
            read_at_most=declared.impact_limit,
            seen_version=_seen_version(state),
            shelf=self._shelf,
            now=self._now,
        )

    async def read(self, address: JobAddress, state: Plain, before: Plain) -> ReadBack | None:
        """See what the service holds; ``None`` when the job is gone. For an import, *state* and *before* are empty."""
        graph = await self._connect()
        is_declared = any(before.get(name) for name in ("mappings", "filters", "objects", "attributes"))
        observed = await observe(graph, address, with_schema=is_declared)
        if observed is None:
            return None
        inputs = inputs_of(address, observed, before)
        notes = {key: state[key] for key in ("unfinished", "adopted", "restartIsDue") if key in state}
        versions = _versions(None, "", state)
        if observed.schema:
            versions = {name: versions[name] for name in ("replacedSchemaVersion",) if name in versions}
            versions |= {"schemaVersion": observed.schema.version}
        outputs = _outputs(address, observed.job) | versions
        return ReadBack(str(address), inputs | outputs | notes, inputs)

    async def delete(self, address: JobAddress) -> None:
        """Pause and delete the job. Accounts at Elium stay as they are."""
        await remove(await self._connect(), address)


def _outputs(address: JobAddress, job: Job) -> Plain:
    quarantine = {"quarantineReason": job.quarantine.reason} if job.quarantine else {}
    return {
        "jobId": job.id,
        "templateId": job.template,
        "jobStatus": {"code": job.status} | quarantine,
        "portalUrl": PORTAL_URL.format(principal=address.service_principal),
    }


def _versions(plan: JobPlan | None, replaced: str, state: Plain) -> Plain:
    """Tell the schema's version as last read, the one that was last replaced, and whether that came later.

    What the service calls a schema that we saved is not known without asking, which is not worth a call.
    """
    known = {name: state[name] for name in ("replacedSchemaVersion", "schemaIsOurs") if name in state}
    read = {"schemaVersion": state.get("schemaVersion", "")}
    if plan is None:
        return read | known
    known.pop("schemaIsOurs", None)
    ours = {"replacedSchemaVersion": replaced, "schemaIsOurs": True} if replaced else {}
    return {"schemaVersion": plan.before.schema.version} | known | ours


def _seen_version(state: Plain) -> str:
    """Tell the schema's version when it was last looked at; empty when what is there now is our own doing."""
    return "" if state.get("schemaIsOurs") else str(state.get("schemaVersion") or "")


def _desired(declared: JobInputs, changed: AbstractSet[Part]) -> Desired:
    """Take what changed, as far as people notice it."""
    return Desired(
        schema=declared.schema_part if Part.SCHEMA in changed else DeclaredSchema(),
        scope=declared.scope if Part.SCOPE in changed else None,
        keeps_leavers=declared.skip_out_of_scope_deletions,
        is_on=declared.status == "on",
        delete_threshold=declared.delete_threshold,
        accepted_leavers=declared.accept_leavers,
    )


async def _tell_of(plan: JobPlan | None, tell: Tell) -> None:
    for notice in notices_of(plan) if plan else ():
        await tell(notice)


def _noticed(inputs: Plain) -> Plain:
    """Take the inputs that people notice."""
    return {name: inputs.get(name) for name in ("mappings", "filters", "objects", "attributes", "scope")}


MOVED = (
    "Somebody else changed the schema of this job: it was {seen} when it was last looked at and is {current} now. "
    "`pulumi up` will refuse to replace it; run `pulumi refresh` first and look at what is different."
)

PORTAL_URL = "https://portal.azure.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Provisioning/objectId/{principal}"
"""The page of the tutorial, for this app."""


def _has_unknown(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return any(map(_has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(_has_unknown, value))
    return value is UNKNOWN
