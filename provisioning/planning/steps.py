"""The steps of a plan: the calls that carry it out, computed once, in the one right order.

Role assignments are not among them: azuread makes and removes those, before or after the job's steps, as Pulumi
orders resources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from provisioning.model.connection import Connection
from provisioning.model.identifiers import TemplateId
from provisioning.model.job import Job
from provisioning.model.schema import SynchronizationSchema

WATERMARK = ("Watermark",)
"""What a change of scope makes the job forget, so that everybody is looked at again. Failures and a quarantine stay:
lifting one is a decision of its own (Learn: known-issues; graph: synchronizationjobrestartcriteria)."""


@dataclass(frozen=True, slots=True)
class CreateJob:
    """Make the job, switched off."""

    template: TemplateId


@dataclass(frozen=True, slots=True)
class Pause:
    """Switch the job off; a running cycle finishes."""


@dataclass(frozen=True, slots=True)
class SaveSchema:
    """Replace the job's schema, which starts its initial cycle anew."""

    schema: SynchronizationSchema
    """What is saved; of a job that is made by this plan, the one that it starts with is read first."""


@dataclass(frozen=True, slots=True)
class SaveConnection:
    """Replace the list of synchronization secrets; the token is put in when it is sent."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class Start:
    """Switch the job on; it goes on where it was."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Switch the job on and let it look at everybody again."""

    forgetting: tuple[str, ...] = WATERMARK


Step = CreateJob | Pause | SaveSchema | SaveConnection | Start | Restart


@dataclass(frozen=True, slots=True)
class Needs:
    """What the steps follow from."""

    job: Job | None
    """``None`` when the plan makes it."""
    template: TemplateId
    is_on: bool
    """Whether the job runs now."""
    stays_on: bool
    """Whether it is to run afterwards."""
    schema: SynchronizationSchema | None
    """What is to be saved; ``None`` when nothing is."""
    connection: Connection | None
    restart_is_due: bool
    """Whether everybody must be looked at again: the scope changes, or did, without the restart that belongs to it."""
    is_adopted: bool = False
    """Whether the job was there before anything of ours remembers it."""


def steps_of(needs: Needs) -> tuple[Step, ...]:
    """List the steps, in order."""
    return tuple(_of_new_job(needs) if needs.job is None else _of_job(needs))


def describe_step(step: Step) -> str:
    """Say a step in a few words."""
    match step:
        case CreateJob(template):
            return f"create the job{f' from template {template}' if template else ''}, switched off"
        case Pause():
            return "pause the job"
        case SaveSchema():
            return "save the schema"
        case SaveConnection():
            return "save address, token and settings"
        case Start():
            return "start the job"
        case Restart(forgetting):
            return f"restart the job, forgetting {', '.join(forgetting)}"
        case _:
            assert_never(step)


def _of_new_job(needs: Needs) -> Iterator[Step]:
    yield CreateJob(needs.template)
    # The tutorial's order: a job without an address cannot say whether its mappings suit.
    if needs.connection:
        yield SaveConnection(needs.connection)
    if needs.schema:
        yield SaveSchema(needs.schema)
    # Last: the first cycle looks at everybody, so everything that decides must be there.
    if needs.stays_on:
        yield Start()


def _of_job(needs: Needs) -> Iterator[Step]:
    is_restarted = needs.stays_on and needs.restart_is_due
    # First: whatever is saved below must not be carried out by a job that is to be off. An adopted job is paused too
    # before its scope changes: nothing remembers the restart if this is cut, but one that is found off is restarted.
    if needs.is_on and (not needs.stays_on or (needs.is_adopted and is_restarted)):
        yield Pause()
    # Before the connection: whoever changed the schema meanwhile must be noticed while nothing is saved yet.
    if needs.schema:
        yield SaveSchema(needs.schema)
    if needs.connection:
        yield SaveConnection(needs.connection)
    # Last: a restart looks at everybody again, so everything that decides must be there.
    if is_restarted:
        yield Restart()
    elif needs.stays_on and not needs.is_on:
        yield Start()
