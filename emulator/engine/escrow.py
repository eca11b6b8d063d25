"""When a failed object is tried again (Learn: application-provisioning-quarantine-status#retry-duration)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.engine.job import Escrow, Job
    from emulator.moods.knobs import Knobs


def failed(job: Job, entry: Escrow, now: datetime, knobs: Knobs) -> Escrow | None:
    """Remember a failure, the first or one more; give what stands in escrow now.

    ``None`` says that the last chance is over: the entry is dropped after four weeks.
    """
    key = (entry.source_id, entry.is_reference)
    known = job.escrows.get(key)
    if known is None:
        entry.next_attempt = now
        job.escrows[key] = entry
        return entry
    if now - known.created >= knobs.escrow_lifetime:
        del job.escrows[key]
        return None
    known.attempts += 1
    known.code = entry.code
    known.next_attempt = _next_attempt(known, now, knobs)
    return known


def succeeded(job: Job, source_id: str, *, is_reference: bool = False) -> None:
    """Take an object out of escrow."""
    job.escrows.pop((source_id, is_reference), None)


def due(job: Job, now: datetime) -> list[Escrow]:
    """List what is to be tried again."""
    return [entry for entry in job.escrows.values() if entry.next_attempt <= now]


def _next_attempt(entry: Escrow, now: datetime, knobs: Knobs) -> datetime:
    """Reckon the next attempt: the first wait from the retry, the others from the first failure, then daily."""
    if entry.attempts < len(knobs.escrow_retries):
        wait = knobs.escrow_retries[entry.attempts]
        planned = (now if entry.attempts == 1 else entry.created) + wait
        if planned > now:
            return planned
    return now + knobs.escrow_daily
