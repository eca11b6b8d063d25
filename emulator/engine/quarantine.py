"""When a job is quarantined, and when it is tried again (Learn: application-provisioning-quarantine-status)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.engine.job import Quarantine

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.engine.job import SyncError
    from emulator.moods.knobs import Knobs


@dataclass(frozen=True, slots=True)
class Failures:
    """What the thresholds are held against."""

    objects: int
    """Objects that failed, references aside."""
    references: int
    successes: int


def reason_of(failures: Failures, knobs: Knobs) -> str | None:
    """Name the reason to quarantine a job for its failures, or ``None``.

    Looked at from 5,000 failures on: more than 40 % of the events, or more than 40,000; references count only for the
    absolute 60,000. Which of Graph's names belongs to which number is inferred.
    """
    if failures.objects + failures.references > knobs.quarantine_total:
        return "EncounteredTotalEscrowThreshold"
    if failures.objects < knobs.quarantine_from:
        return None
    if failures.objects > knobs.quarantine_failures:
        return "EncounteredBaseEscrowThreshold"
    share = failures.objects / (failures.objects + failures.successes)
    return "EncounteredEscrowProportionThreshold" if share > knobs.quarantine_share else None


def imposed(known: Quarantine | None, reason: str, error: SyncError, now: datetime, knobs: Knobs) -> Quarantine:
    """Impose a quarantine, or leave the one in force for longer: attempts become rarer, down to one a day."""
    count = known.series_count + 1 if known else 1
    waits = knobs.quarantine_retries
    return Quarantine(
        reason=reason,
        error=error,
        current_began=now,
        series_began=known.series_began if known else now,
        next_attempt=now + waits[min(count, len(waits)) - 1],
        series_count=count,
    )


def has_expired(quarantine: Quarantine, now: datetime, knobs: Knobs) -> bool:
    """Tell whether four weeks are over, so that the job is disabled."""
    return now - quarantine.series_began > knobs.quarantine_lifetime
