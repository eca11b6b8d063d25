"""A job's schema as a file: kept under its version, compared by what it means, and brought back by a judged plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from provisioning.errors import ConfigurationError, ExpressionError, NotFoundError, UnsafeChangeError
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.model.mapping import ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.apply import Applying
from provisioning.operations.archive import SchemaFolder, written
from provisioning.operations.judge import Judging, judged_plan
from provisioning.operations.observe import observe
from provisioning.operations.port import Graph
from provisioning.operations.watching import StackJob
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rendering import notices, printed
from provisioning.planning.report import PlanReport, report_of
from provisioning.planning.rules import Acceptance, Weight
from provisioning.planning.rules.finding import AcceptingSetting
from provisioning.planning.whole_schema import declared_by


class SchemaAct(Enum):
    """What is done with a schema."""

    EXPORT = "export"
    DIFF = "diff"
    IMPORT = "import"
    ROLLBACK = "rollback"
    RESET = "reset"


REPLACING = frozenset({SchemaAct.IMPORT, SchemaAct.ROLLBACK, SchemaAct.RESET})

OPTIONS: Mapping[AcceptingSetting, str] = {
    AcceptingSetting.LEAVERS: "--accept-leavers",
    AcceptingSetting.ENTRANTS: "--accept-entrants",
}

AFTERWARDS = (
    "Where the stack's file declares something else, `pulumi up` says that somebody changed the schema; after "
    "`pulumi refresh` it brings back what is declared."
)


@dataclass(frozen=True, slots=True)
class SchemaReport:
    """What was done with a job's schema, or would be."""

    stack: str
    job_id: str
    act: SchemaAct
    version: str
    """The version that the job had."""
    file: str
    """The file that was written or read; empty when it was the template's schema."""
    plan: PlanReport | None
    """What turns the job's schema into the other one; null for an export."""
    is_done: bool
    """Whether something was written or replaced."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A schema that another one is compared with, or replaced by."""

    schema: SynchronizationSchema
    file: str = ""
    """Where it lies; empty for the template's."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A schema that is going to be replaced: what is shown before somebody is asked."""

    meant: StackJob
    act: SchemaAct
    plan: Plan
    file: str

    @property
    def stack(self) -> str:
        """To which stack."""
        return self.meant.stack

    @property
    def lines(self) -> tuple[str, ...]:
        """What comes of it."""
        return (*printed(notices(self.plan)), AFTERWARDS, f"checksum {self.checksum}")

    @property
    def is_severe(self) -> bool:
        """Tell whether it cannot be taken back: what is replaced is kept, and can be rolled back to."""
        return False

    @property
    def checksum(self) -> str:
        """What this is accepted by."""
        return self.plan.checksum

    def refuse_unless_accepted(self) -> None:
        """Let the plan pass.

        :raises UnsafeChangeError: with the numbers, and the options that accept them.
        """
        refusal, acceptance = self.plan.refusal, self.plan.circumstances.acceptance
        if refusal is None:
            return
        numbers: dict[AcceptingSetting, int] = {}
        for each in self.plan.findings:
            if each.weight is Weight.ACCEPTABLE and not acceptance.covers(each):
                numbers[each.accepts] = max(each.number or 1, numbers.get(each.accepts, 0))
        options = " ".join(f"{OPTIONS[setting]} {number}" for setting, number in numbers.items())
        raise UnsafeChangeError(f"{refusal.message} Nothing was done.", hint=f"If that is meant: {options}")

    def report(self, *, is_done: bool) -> SchemaReport:
        """Say what would be done, or was."""
        job, version = self.meant.address.job, self.plan.before.schema.version
        return SchemaReport(self.stack, job, self.act, version, self.file, report_of(self.plan), is_done)


async def exported(graph: Graph, meant: StackJob, folder: SchemaFolder, file: Path | None) -> SchemaReport:
    """Write a job's schema, as Graph gives it, to *file*, or into the folder under its version."""
    schema = await graph.schema(meant.address)
    kept = _written(schema, file) if file else folder.keep(meant.address, schema)
    return SchemaReport(meant.stack, meant.address.job, SchemaAct.EXPORT, schema.version, str(kept), None, is_done=True)


async def compared(graph: Graph, meant: StackJob, file: Path | None) -> Replacement:
    """Tell what turns a job's schema into that of a *file*, or of its template. Nobody is counted.

    :raises ConfigurationError: when there is no such file, or it is not a schema.
    """
    given = read_schema(file) if file else None
    job = await _job_of(graph, meant.address)
    held = await graph.schema(meant.address)
    wanted = Wanted(given or await _of_template(graph, meant.address, job), str(file or ""))
    plan = plan_of(Observed(job, schema=held), _declaration(held, wanted))
    return Replacement(meant, SchemaAct.DIFF, plan, wanted.file)


async def replacement(
    graph: Graph, meant: StackJob, act: SchemaAct, acceptance: Acceptance, *, file: Path | None, folder: SchemaFolder
) -> Replacement:
    """Plan how a job's schema becomes another one, and judge that like any change.

    The other one is that of a *file*; without, a reset takes the template's, and a rollback the newest kept one that
    means something else.

    :raises ConfigurationError: when there is no such schema, or it has what the job cannot have.
    """
    if file is None and act is SchemaAct.IMPORT:
        raise ConfigurationError("No file is named that could be imported.", hint="Write it behind the stack.")
    given = Wanted(read_schema(file), str(file)) if file else None
    address = meant.address
    observed = await observe(graph, address.service_principal, job=address.job)
    if observed.job is None or observed.schema is None:
        raise _gone(address)
    if given is None and act is SchemaAct.ROLLBACK:
        given = _newest(folder, address, observed.schema)
    wanted = given or Wanted(await _of_template(graph, address, observed.job))
    declaration = _declaration(observed.schema, wanted)
    circumstances = Circumstances(acceptance=acceptance)
    judging = Judging(shows_values=True)
    plan = await judged_plan(graph, address.service_principal, observed, declaration, circumstances, judging)
    return Replacement(meant, act, plan, wanted.file)


async def replace_schema(graph: Graph, change: Replacement, folder: SchemaFolder) -> None:
    """Do what was shown; what is replaced is kept before.

    :raises UnsafeChangeError: when it takes people away, or in, and that is not accepted.
    :raises ConflictError: when somebody else changed the schema since it was looked at.
    """
    change.refuse_unless_accepted()
    principal = change.meant.address.service_principal
    await Applying(graph, principal, change.plan, folder, looks_again=True).run()


def read_schema(file: Path) -> SynchronizationSchema:
    """Read a schema as it was exported.

    :raises ConfigurationError: when it cannot be read, or is something else.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read: {error.strerror}.", hint="Name a file that elium schema export wrote."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{file}: is not JSON: {error}.", hint="Export the schema once more.") from error
    schema = SynchronizationSchema(document)
    if not _is_schema(schema):
        raise ConfigurationError(
            f"{file}: is not a synchronization schema: it maps neither users nor groups.",
            hint="Name a file that elium schema export wrote.",
        )
    return schema


def _written(schema: SynchronizationSchema, file: Path) -> Path:
    try:
        return written(schema, file)
    except OSError as error:
        raise ConfigurationError(
            f"{file}: the schema cannot be written: {error.strerror}.", hint="Name another file."
        ) from error


def _is_schema(schema: SynchronizationSchema) -> bool:
    """Tell whether a document is a schema: all that is understood is read, so that another shape shows here."""
    try:
        return any(schema.of(kind).is_there for kind in ObjectKind) and bool(schema.meaning)
    except (AttributeError, KeyError, TypeError):
        return False


def _declaration(held: SynchronizationSchema, wanted: Wanted) -> Declaration:
    try:
        return Declaration(schema=declared_by(wanted.schema, over=held))
    except ExpressionError as error:
        raise ConfigurationError(
            f"{wanted.file or 'The template'}: a scoping filter cannot be read. {error.message}",
            hint="Correct it in the portal, and export the schema once more.",
        ) from error


def _newest(folder: SchemaFolder, address: JobAddress, held: SynchronizationSchema) -> Wanted:
    kept = [Wanted(read_schema(file), str(file)) for file in folder.kept_of(address)]
    others = [each for each in kept if each.schema.meaning != held.meaning]
    if not others:
        raise ConfigurationError(
            f"There is nothing to roll back to: {folder.folder} has no schema of this job that means something else.",
            hint="Name a file, or go back to the template's: elium schema reset",
        )
    return max(others, key=lambda each: _age(each.schema.version))


def _age(version: str) -> tuple[bool, str]:
    """Order versions: those that a save made begin with its moment, and whatever else there is came before."""
    return version.startswith("Date:"), version


async def _of_template(graph: Graph, address: JobAddress, job: Job) -> SynchronizationSchema:
    templates = await graph.templates(address.service_principal)
    schema = next((each.schema for each in templates if each.id == job.template), None)
    if schema is None:
        raise ConfigurationError(
            f"Graph does not show the schema of the template {job.template}.",
            hint="Restore the default mappings in the portal.",
        )
    return schema


async def _job_of(graph: Graph, address: JobAddress) -> Job:
    job = await graph.job(address)
    if job is None:
        raise _gone(address)
    return job


def _gone(address: JobAddress) -> NotFoundError:
    return NotFoundError(
        f"The job {address.job} no longer exists.", status=0, hint="Run `pulumi refresh`, and then `pulumi up`."
    )
