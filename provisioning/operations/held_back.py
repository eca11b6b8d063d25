"""Whose disables and deletions the service holds back: more would leave in one cycle than the threshold allows.

A job in quarantine says that it holds some back. Once it is paused it does not say so any more, and neither does one
that was off when a cycle ran (operating facts 1.9), or that came into another quarantine on top: then the log alone
knows, by a line for each person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from provisioning.errors import MissingPermissionError
from provisioning.model.job import Job
from provisioning.model.provisioning_log import LogEntry, LogQuestion
from provisioning.operations.logs import LogReader
from provisioning.planning.job_status import holds_back

HELD = "stagedDelete"
"""What the log calls a deletion that is held back (Learn: accidental-deletions)."""

LET_GO = ("disable", "delete")


async def held_back(log: LogReader, job: Job) -> Mapping[str, str]:
    """Tell whose disables and deletions are held back, each id with a name; nobody of a job that runs well.

    One question of the log where nobody is, three where somebody is. Whoever was brought back meanwhile is listed until
    a cycle has seen it.

    :raises MissingPermissionError: when the log may not be read.
    """
    if job.is_on and job.quarantine is None:
        return {}
    since = job.quarantine.began if job.quarantine and holds_back(job) else None
    held = await _newest(log, LogQuestion(job.id, since=since, action=HELD))
    if not held:
        return {}
    oldest = min(entry.at for entry in held.values())
    gone: dict[str, datetime] = {}
    for action in LET_GO:
        for source, entry in (await _newest(log, LogQuestion(job.id, since=oldest, action=action))).items():
            gone[source] = max(entry.at, gone.get(source, entry.at))
    return {source: entry.name for source, entry in held.items() if source not in gone or gone[source] < entry.at}


async def held_back_if_seen(log: LogReader, job: Job) -> tuple[str, ...] | None:
    """List their names as :func:`held_back` tells them; ``None`` where the log may not be read."""
    try:
        return tuple(sorted((await held_back(log, job)).values()))
    except MissingPermissionError:
        return None


async def _newest(log: LogReader, question: LogQuestion) -> dict[str, LogEntry]:
    found: dict[str, LogEntry] = {}
    async for entry in log.read(question):
        found.setdefault(entry.source_id, entry)
    return found
