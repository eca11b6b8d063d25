"""Save a planned schema, and keep the one that it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from provisioning.errors import ConflictError
from provisioning.operations.preview import READ_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioning.model.identifiers import JobAddress
    from provisioning.model.schema import SynchronizationSchema
    from provisioning.operations.port import Synchronization
    from provisioning.planning.plan import Plan


class Shelf(Protocol):
    """Where schemas that are replaced are kept."""

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        """Keep a schema."""


def the_moment() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Precautions:
    """What is looked at before something is changed, and what is kept."""

    accepted_leavers: int | None = None
    """How many people may leave, where somebody has said so."""
    read_at_most: int = READ_AT_MOST
    """How many people are read in order to count them; 0 reads nobody."""
    seen_version: str = ""
    """The schema's version when it was last looked at; empty when what is there now is our own doing."""
    shelf: Shelf | None = None
    now: Callable[[], datetime] = the_moment


async def save_schema(
    graph: Synchronization, address: JobAddress, plan: Plan, precautions: Precautions, *, look_again: bool = False
) -> str:
    """Save the schema of a plan and give the version that it replaced, empty when there was nothing to save.

    *look_again* is for a plan that took a while to make: the schema is read once more right before it is replaced.

    :raises ConflictError: when somebody else changed the schema since it was looked at; then nothing was changed.
    """
    if not plan.changes_schema:
        return ""
    version = plan.before.schema.version
    refuse_if_moved(precautions.seen_version, version)
    if look_again:
        refuse_if_moved(version, (await graph.schema(address)).version)
    if precautions.shelf:
        precautions.shelf.keep(address, plan.before.schema)
    await graph.save_schema(address, plan.after.schema)
    return version


def refuse_if_moved(seen: str, current: str) -> None:
    """Refuse to replace a schema that is not the one that was looked at.

    :raises ConflictError: when both versions are known and differ.
    """
    if seen and current and seen != current:
        raise ConflictError(
            f"Somebody else changed the schema of this job: it was {seen} when it was last looked at and is {current} "
            "now. Nothing was changed.",
            status=0,
            hint="Run `pulumi refresh`, look at what is different, and then run `pulumi up` again.",
        )
