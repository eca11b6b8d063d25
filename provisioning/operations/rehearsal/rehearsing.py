"""Rehearse: read the tenant, play the change on a twin of it, and say what came of it, with what it cannot know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provisioning.model.base_address import shown_address
from provisioning.model.job import Job
from provisioning.operations.rehearsal.emulator import Starter
from provisioning.operations.rehearsal.playing import MakePlan, Played, lines_of_changes, play
from provisioning.operations.rehearsal.report import Fate, RehearsalReport, counts_of
from provisioning.operations.rehearsal.tenant import Tell, TenantCopy
from provisioning.operations.rehearsal.twin import NOW, Twin, address_at, not_copied
from provisioning.planning.job_status import HELD_BACK
from provisioning.planning.rules import Weight

PlannerOf = Callable[[Twin, TenantCopy], MakePlan]
"""Gives what plans the stack's declaration on a twin."""


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """How twins are played."""

    stack: str
    start: Starter
    planner: PlannerOf
    tell: Tell

    async def play(self, twin: Twin, copy: TenantCopy) -> Played:
        """Play what the stack declares on a twin.

        :raises TwinError: when the emulator does not start, or does not do as it is told.
        """
        return await play(twin, self.start, self.planner(twin, copy), self.tell, has_run=copy.has_run)


def report_of_rehearsal(stack: str, copy: TenantCopy, twin: Twin, played: Played) -> RehearsalReport:
    """Say what came of it."""
    refusal = played.plan.refusal
    changes = lines_of_changes(played.plan.changes)
    return RehearsalReport(
        stack=stack,
        people=len(copy.people),
        groups=len(copy.groups),
        changes=tuple(_with_real_addresses(line, copy, twin) for line in changes),
        refusal=f"{refusal.message} {refusal.hint}".strip() if refusal else "",
        counts=counts_of(played.rows),
        rows=played.rows,
        samples=played.samples,
        notes=tuple(_notes(copy, played)),
        # The twin has nobody whom the plan cannot count.
        not_played=tuple(
            finding.sentence
            for finding in played.plan.findings
            if finding.weight is Weight.ACCEPTABLE and finding.number is None
        ),
    )


def _with_real_addresses(line: str, copy: TenantCopy, twin: Twin) -> str:
    held = copy.observed.connection.address
    line = line.replace(twin.base_address, shown_address(copy.settings.tenant_url))
    return line.replace(address_at(NOW, held), shown_address(held)) if held else line


def _notes(copy: TenantCopy, played: Played) -> Iterator[str]:
    yield from _of_the_job(copy.observed.job, played)
    if any(row.fate is Fate.HELD for row in played.rows):
        yield (
            "More would leave than the deletion threshold allows: Entra holds them back, quarantines the job, and asks "
            "by e-mail."
        )
    if copy.observed.job is None:
        yield "There is no job yet: the mappings that a new one starts with are the emulator's, after the tutorial."
    if copy.is_of_everybody and copy.is_of_groups:
        yield "Everybody is in scope, and so is every group: members were read of those alone that are assigned."
    if copy.left_out:
        yield f"Graph did not give {', '.join(sorted(copy.left_out))}, so that nobody has a value of it here."
    if keys := not_copied(copy):
        yield f"Not copied, because Graph does not show it: {', '.join(keys)}."
    if played.why_not:
        yield f"A first deployment that is refused is not played to its end: {played.why_not}"
    yield (
        "Accounts at the target that the job did not make are not known here, nor what was changed there by hand; and "
        "the emulator is a model of Entra's engine, not the engine."
    )


def _of_the_job(job: Job | None, played: Played) -> Iterator[str]:
    if job and job.quarantine:
        held = f" ({HELD_BACK})" if job.quarantine.reason == "TooManyDeletes" else ""
        yield (
            f"The job is in quarantine, {job.quarantine.reason}{held}; the twin's is not. What Entra holds back or has "
            "not sent since is not counted here."
        )
    if job and not job.is_switched_on and job.has_run:
        yield "The job is off: what changed in Entra since it was switched off is not told apart from what is declared."
    if not played.is_sent and not played.why_not:
        yield "The job would be off, so that nothing is sent before it is switched on."
