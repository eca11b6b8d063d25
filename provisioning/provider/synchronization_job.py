"""The resource ``SynchronizationJob``: Pulumi's callbacks, over plain values.

The state holds the inputs in canonical form, with the token's fingerprint, and what the service told. Two outputs are
notes to ourselves: ``unfinished`` when a creation stopped half-way, ``restartIsDue`` when the scope changed while the
job was off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from provisioning.errors import ProvisioningError
from provisioning.model.identifiers import JobAddress, TemplateId
from provisioning.operations.configure import FoundJob, bring_about, find_or_create_job
from provisioning.operations.observe import observe
from provisioning.operations.remove import remove
from provisioning.operations.update import Part, update
from provisioning.provider.properties import UNKNOWN, Plain, differences
from provisioning.provider.readback import inputs_of
from provisioning.provider.tokens import SeenTokens
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from provisioning.model.job import Job
    from provisioning.operations.port import Synchronization
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

    def __init__(self, connect: Callable[[], Awaitable[Synchronization]]) -> None:
        self._connect = connect
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

    async def create(self, inputs: Plain, *, preview: bool) -> tuple[str, Plain]:
        """Configure provisioning for the first time. In a preview nothing is asked and nothing is done.

        :raises UnfinishedError: when the job exists and a later step failed.
        """
        if preview:
            return "", inputs | dict.fromkeys(("jobId", "templateId", "schemaVersion", "jobStatus"), UNKNOWN)
        declared = parsed(JobInputs, inputs, place="")
        declaration = declared.declaration(self._tokens.token(declared.secret_token))
        graph = await self._connect()
        found = await find_or_create_job(graph, declared.principal, declaration)
        outputs = _outputs(found.address, found.job)
        try:
            version = await bring_about(graph, found, declaration)
        except ProvisioningError as error:
            raise UnfinishedError(found.address, inputs | outputs | {"unfinished": True}, error) from error
        return str(found.address), inputs | outputs | {"schemaVersion": version}

    async def update(self, address: JobAddress, state: Plain, before: Plain, after: Plain, *, preview: bool) -> Plain:
        """Bring about what changed; all of it, when the creation had stopped half-way."""
        kept = {key: state[key] for key in ("jobId", "templateId", "jobStatus", "portalUrl") if key in state}
        version = state.get("schemaVersion", "")
        if preview:
            return after | kept | {"schemaVersion": version}
        declared = parsed(JobInputs, after, place="")
        declaration = declared.declaration(self._tokens.token(declared.secret_token))
        graph = await self._connect()
        if state.get("unfinished"):
            found = await find_or_create_job(graph, declared.principal, declaration)
            read = await bring_about(graph, FoundJob(found.job, address, was_there=True), declaration)
            return after | _outputs(address, found.job) | {"schemaVersion": read}
        changed = {part for name, part in PARTS.items() if after.get(name) != before.get(name)}
        read, restart_is_due = await update(
            graph,
            address,
            TemplateId(state["templateId"]),
            declaration,
            changed,
            restart_is_due=bool(state.get("restartIsDue")),
        )
        notes = {"restartIsDue": True} if restart_is_due else {}
        return after | kept | {"schemaVersion": read or version} | notes

    async def read(self, address: JobAddress, state: Plain, before: Plain) -> ReadBack | None:
        """See what the service holds; ``None`` when the job is gone. For an import, *state* and *before* are empty."""
        graph = await self._connect()
        is_declared = any(before.get(name) for name in ("mappings", "filters", "objects"))
        observed = await observe(graph, address, with_schema=is_declared)
        if observed is None:
            return None
        inputs = inputs_of(address, observed, before)
        notes = {key: state[key] for key in ("unfinished", "restartIsDue") if key in state}
        version = observed.schema.version if observed.schema else state.get("schemaVersion", "")
        outputs = _outputs(address, observed.job) | {"schemaVersion": version}
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


PORTAL_URL = "https://portal.azure.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Provisioning/objectId/{principal}"
"""The page of the tutorial, for this app."""


def _has_unknown(value: Any) -> bool:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return any(map(_has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(_has_unknown, value))
    return value is UNKNOWN
