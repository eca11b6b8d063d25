"""What an administrator must hear of a job as it is: quarantine, a switch that is off, another job, a job that is gone.

The same sentences are told by preview, update and refresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job, Quarantine

HELD_BACK = "TooManyDeletes"
"""Why a job is in quarantine while it holds disables and deletions back (Learn: accidental-deletions)."""

RELEASES: Mapping[str, tuple[str, str]] = {
    "EncounteredQuarantineException": (
        "Entra cannot talk to the app with the address and token that it has",
        "declare a token or an address that works; the next attempt then lifts it",
    ),
    "EncounteredEscrowProportionThreshold": (
        "over 40 % of the changes failed",
        "mend the causes that the provisioning logs name, then restart the job, forgetting Escrows",
    ),
    "EncounteredBaseEscrowThreshold": (
        "too many changes failed",
        "mend the causes that the provisioning logs name, then restart the job, forgetting Escrows",
    ),
    "EncounteredTotalEscrowThreshold": (
        "too many changes failed",
        "mend the causes that the provisioning logs name, then restart the job, forgetting Escrows",
    ),
    HELD_BACK: (
        "more people would be disabled than deleteThreshold allows, so nobody was",
        "bring them back and wait for a cycle; or let them go: `elium restart --reset ForceDeletes` names them first",
    ),
    "QuarantinedOnDemand": ("Microsoft stopped it by hand", "ask Microsoft's support"),
    "QuarantineOnDemand": ("Microsoft stopped it by hand", "ask Microsoft's support"),
}
"""By Graph's reason: what it means, and what releases it (Learn: application-provisioning-quarantine-status,
accidental-deletions; the page writes the last one in two ways)."""

LOOK_AGAIN = "Run `pulumi refresh`, look at what is different, and then run `pulumi up` again."
"""What to do when somebody else changed the schema meanwhile."""

UNKNOWN_RELEASE = ("the service gives no documented reason", "look at the provisioning page of the app in the portal")


def notices_of_job(
    address: JobAddress, job: Job | None, beside: Sequence[Job], *, should_run: bool | None
) -> Iterator[str]:
    """Say what is not as it should be, a sentence each.

    *should_run* is what is declared of the switch; ``None`` when nobody says.
    """
    if job is None:
        yield (
            f"The job {address.job} no longer exists. If its app was deleted as well, restore that first "
            "(docs/how-to/when-a-run-was-cut.md); if not, `pulumi refresh` forgets it, and `pulumi up` then makes a "
            "new one, which finds existing accounts by the matching attribute. Whoever it provisioned may still have "
            "an active account, which nobody disables before the new one has had a cycle: take nobody out until then."
        )
        return
    if job.quarantine is not None:
        yield _quarantined(job.quarantine)
    elif should_run and not job.is_on:
        yield (
            "The job is switched off, although status is on: nobody is provisioned or disabled. Run `pulumi refresh`, "
            "then `pulumi up`, which switches it on."
        )
    for other in beside:
        state = "runs" if other.is_on else "is switched off"
        yield (
            f"Another job of this app, {other.id}, {state}: each job keeps its own links to accounts. Look at it in "
            "the portal, and delete the one that is not meant."
        )


def _quarantined(quarantine: Quarantine) -> str:
    meaning, release = RELEASES.get(quarantine.reason, UNKNOWN_RELEASE)
    since = f" since {quarantine.began:%Y-%m-%d %H:%M} UTC" if quarantine.began else ""
    return f"The job is in quarantine{since} ({quarantine.reason}): {meaning}. What releases it: {release}."


def holds_back(job: Job | None) -> bool:
    """Tell whether a job is known to hold disables and deletions back. One that is paused meanwhile does not say so."""
    return job is not None and job.quarantine is not None and job.quarantine.reason == HELD_BACK
