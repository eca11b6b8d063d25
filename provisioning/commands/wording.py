"""Reports as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from provisioning.model.provisioning_log import LogEntry
from provisioning.model.synchronization_status import Cycle, Progress
from provisioning.operations.doctor.checkup import Checkup, Verdict
from provisioning.operations.explanation import Explanation
from provisioning.operations.log_codes import words_of
from provisioning.operations.on_demand import ProvisionedRow
from provisioning.operations.rotating import RotationReport
from provisioning.operations.standing import AccountState, PersonStanding, Standing
from provisioning.operations.status import StatusReport
from provisioning.words import counted

WIDTH = 14
"""Of the column with the names of what is told."""


def lines_of_status(report: StatusReport) -> Iterator[str]:
    """Tell how a job is doing."""
    yield f"{report.stack}: {report.state.value}"
    yield f"  {report.sentence}"
    if report.what_to_do:
        yield f"  What to do: {report.what_to_do}"
    rows = {
        "since": moment(report.quarantine.since) if report.quarantine else "",
        "next try": moment(report.quarantine.next_attempt) if report.quarantine else "",
        "reason": report.quarantine.reason if report.quarantine else "",
        "Entra says": report.quarantine.message if report.quarantine else "",
        "last cycle": cycle_in_words(report.last_cycle) if report.last_cycle else "",
        "next cycle": "" if report.quarantine else moment(report.next_cycle),
        "progress": progress_in_words(report.progress) if report.progress else "",
        "synchronized": ", ".join(f"{name}: {count}" for name, count in report.counts.items()),
        "scope": report.scope,
        "threshold": _threshold(report.delete_threshold),
        "e-mail": report.notification_email or "nobody",
        "other jobs": ", ".join(report.other_jobs),
    }
    for name, text in rows.items():
        if text:
            yield f"  {name:<{WIDTH}}{text}"


MARKS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "?"}
"""How a check came out."""


def lines_of_explanation(report: Explanation, *, with_values: bool) -> Iterator[str]:
    """Tell why somebody is, or is not, provisioned."""
    yield report.conclusion
    for finding in report.findings:
        yield f"  {finding.check.value:<10}{MARKS[finding.holds]:<5}{finding.sentence}"
        if finding.what_to_do and not finding.holds:
            yield f"  {'':<15}{finding.what_to_do}"
    for clause in report.clauses:
        yield f"  {'clause':<10}{MARKS[clause.holds]:<5}{clause.clause}, of {clause.value or 'nothing'}"
    for entry in report.log:
        yield f"  {'log':<15}{line_of_entry(entry)}"
        if words := words_of(entry.code):
            yield f"  {'':<15}{'. To do: '.join(filter(None, words))}."
    for sent in report.sends if with_values else ():
        yield f"  {'sends':<10}{'fails' if sent.fails else '':<5}{sent.target} = {sent.value}  from {sent.source}"
    for note in report.notes:
        yield f"  {'note':<15}{note}"


def lines_of_checkup(report: Checkup) -> Iterator[str]:
    """Tell how each check came out, and how many came out how."""
    width = max(len(check.check) for check in report.checks) + 2
    for check in report.checks:
        yield f"{check.verdict.value:<9}{check.check:<{width}}{check.sentence}"
        if check.what_to_do:
            yield f"{'':<{width + 9}}{check.what_to_do}"
    counted = Counter(check.verdict for check in report.checks)
    yield f"{report.stack}: " + ", ".join(f"{counted[one]} {one.value}" for one in Verdict if counted[one])


def lines_of_rotation(report: RotationReport) -> Iterator[str]:
    """Tell what came of a rotation, and what is next."""
    yield f"{report.stack}: Entra has the new token, and can use it"
    if report.probe:
        yield f"  probe   {line_of_provisioned(report.probe)}"
    if report.is_restarted:
        yield "  restart the quarantine is ended; whether for good, the next cycle says"
    for sentence in report.next:
        yield f"  next    {sentence}"


def cycle_in_words(cycle: Cycle) -> str:
    """Tell what came of a cycle."""
    length = f", {span(cycle.length)}" if cycle.length is not None else ""
    return f"{moment(cycle.began)}{length}: {cycle.exported} exported, {cycle.failed} failed"


def progress_in_words(progress: Progress) -> str:
    """Tell how far a cycle is."""
    return f"{progress.done} of {progress.total} {progress.units}"


def line_of_entry(entry: LogEntry) -> str:
    """Tell an entry of the log in a line."""
    why = f"  {entry.code}" if entry.code else ""
    return f"{moment(entry.at, seconds=True)}  {entry.result:<8}{entry.action:<13}{entry.name}{why}"


def line_of_standing(one: PersonStanding) -> str:
    """Tell how somebody stands in a line."""
    is_told = one.code and one.standing not in {Standing.PROVISIONED, Standing.NO_ACCOUNT}
    why = f"  {one.meaning or one.code}" if is_told else ""
    if one.account is AccountState.INACTIVE and one.standing in {Standing.PROVISIONED, Standing.QUIET}:
        why += "  but the account is inactive"
    return f"{one.standing.value:<12}{one.person}{why}"


def line_of_provisioned(row: ProvisionedRow) -> str:
    """Tell in a line what came of one call."""
    why = ". To do: ".join(filter(None, (row.meaning, row.what_to_do)))
    code = f"{row.code}: " if row.code and why else row.code
    return f"{row.outcome.value:<14}{row.action:<9}{row.name}  {code}{why}".rstrip()


def moment(at: datetime | None, *, seconds: bool = False) -> str:
    """Write a moment as people read it; nothing for none."""
    if at is None:
        return ""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if seconds else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """Write a span in its two largest units.

    >>> span(timedelta(minutes=90)), span(timedelta(seconds=7))
    ('1 h 30 min', '7 s')
    """
    total = int(length.total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    counted = []
    for name, size in units:
        count, total = divmod(total, size)
        counted.append((count, name))
    first = next((place for place, (count, _) in enumerate(counted) if count), len(units) - 1)
    return " ".join(f"{count} {name}" for count, name in counted[first : first + 2] if count) or "0 s"


def _threshold(threshold: int | None) -> str:
    if threshold is None:
        return ""
    return f"{counted(threshold, 'disable or deletion', 'disables and deletions')} a cycle" if threshold else "off"
