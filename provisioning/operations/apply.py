"""Carry out a plan: one loop over its steps. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol, assert_never

from provisioning.errors import ConfigurationError, ConflictError
from provisioning.model.connection import Connection
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import Job
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.port import Graph
from provisioning.planning.job_status import LOOK_AGAIN
from provisioning.planning.plan import Plan, plan_of
from provisioning.planning.steps import CreateJob, Pause, Restart, SaveConnection, SaveSchema, Start, Step


class Archive(Protocol):
    """Where schemas that are replaced are kept."""

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> object:
        """Keep a schema."""


@dataclass(slots=True)
class Applying:
    """A plan on its way: what was done of it so far. When a step fails, the rest is still due."""

    graph: Graph
    principal: ServicePrincipalId
    plan: Plan
    archive: Archive | None = None
    made_before: bool = False
    """Whether an earlier run, which was cut, may have made the job."""
    looks_again: bool = False
    """Whether somebody was asked since the plan was made, so that the schema may be another one by now."""
    job: Job | None = None
    """The job, once it is there."""
    done: list[Step] = field(default_factory=list)
    replaced: SynchronizationSchema | None = None
    """The schema that was replaced, when one was."""
    saved: SynchronizationSchema | None = None
    """The schema that was saved."""

    @property
    def address(self) -> JobAddress:
        """Where the job lives.

        :raises LookupError: before it is there.
        """
        if self.job is None:
            raise LookupError("The job is not there yet.")
        return JobAddress(self.principal, self.job.id)

    @property
    def due(self) -> tuple[Step, ...]:
        """The steps that were not taken."""
        return self.plan.steps[len(self.done) :]

    async def run(self) -> None:
        """Take every step in order.

        :raises ConflictError: when somebody else changed the schema since the plan was made.
        :raises ProvisioningError: when Graph refuses a step; those before it are done.
        """
        self.job = self.job or self.plan.observed.job
        for step in self.due:
            await self._take(step)
            self.done.append(step)

    async def _take(self, step: Step) -> None:
        match step:
            case CreateJob(template):
                self.job = await self._created(template)
            case Pause():
                await self.graph.pause(self.address)
            case SaveSchema(schema):
                await self._save_schema(schema)
            case SaveConnection(connection):
                await self._save_connection(connection)
            case Start():
                await self.graph.start(self.address)
            case Restart(forgetting):
                await self.graph.restart(self.address, forgetting)
            case _:
                assert_never(step)

    async def _created(self, template: TemplateId) -> Job:
        return await self.graph.create_job(self.principal, template, made_before=self.made_before)

    async def _save_connection(self, connection: Connection) -> None:
        token = self.plan.declaration.token
        if token is None:
            raise ConfigurationError(
                "The app's secret token is not known here, and Graph replaces all settings at once.",
                hint="Run `pulumi up` with the program that declares the token.",
            )
        await self.graph.save_secrets(self.principal, connection.to_save(token.reveal()))

    async def _save_schema(self, schema: SynchronizationSchema) -> None:
        """Save what was planned, over what is there now."""
        replaced = self.plan.before.schema
        if self.plan.observed.job is None:
            replaced = await self.graph.schema(self.address)
            schema = self._over(replaced)
        elif self.looks_again or self.plan.takes_a_while:
            refuse_if_changed_elsewhere(replaced.version, (await self.graph.schema(self.address)).version)
        if self.archive:
            self.archive.keep(self.address, replaced)
        await self.graph.save_schema(self.address, schema)
        self.replaced, self.saved = replaced, schema

    def _over(self, schema: SynchronizationSchema) -> SynchronizationSchema:
        """Plan again over what a new job starts with, because a template need not show its schema.

        :raises ConfigurationError: when it has no place for something that is declared.
        :raises UnsafeChangeError: when what is declared would disable nobody who leaves, or find nobody.
        """
        observed = replace(self.plan.observed, schema=schema)
        plan = plan_of(observed, self.plan.declaration, self.plan.circumstances)
        plan.refuse_unless_accepted()
        return plan.after.schema


def refuse_if_changed_elsewhere(seen: str, current: str) -> None:
    """Refuse to replace a schema that is not the one that was looked at.

    :raises ConflictError: when both versions are known and differ.
    """
    if seen and current and seen != current:
        raise ConflictError(
            f"Somebody else changed the schema of this job: it was {seen} when it was looked at and is {current} now. "
            "It was not replaced.",
            status=0,
            hint=LOOK_AGAIN,
        )
