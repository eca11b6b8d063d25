"""What shows that accounts are closed: the log, read once for all, and the target, asked about each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from provisioning.errors import MissingPermissionError
from provisioning.model.account import Account
from provisioning.model.identifiers import JobId
from provisioning.model.on_demand import OnDemandAnswer
from provisioning.model.provisioning_log import LogQuestion
from provisioning.operations.logs import LogReader
from provisioning.operations.on_demand import is_closed_by
from provisioning.operations.standing import CLOSED, Last
from provisioning.operations.teardown.leaver import Evidence, Leaver, Source

OVERLAP = timedelta(minutes=5)
"""Lines may come into the log later than others that happened after them."""

PERSON = "User"


class Target(Protocol):
    """The target, asked itself. :class:`provisioning.target.accounts.Accounts` has it."""

    async def account(self, target_id: str, match: tuple[str, str] | None) -> Account | None:
        """Find an account."""

    async def delete(self, target_id: str) -> None:
        """Delete an account; one that is gone already is deleted."""


@dataclass(slots=True)
class LogIndex:
    """The last line about each, by object id."""

    lasts: dict[str, Last] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    """The ids of those who are people."""
    newest: datetime | None = None
    oldest: datetime | None = None

    def open_people(self, besides: Collection[str]) -> Mapping[str, Last]:
        """Give people whose account is open by the log, besides those who are known."""
        return {
            one: last for one, last in self.lasts.items() if last.is_open and one in self.people and one not in besides
        }


async def index_of(log: LogReader, job: str, since: datetime | None = None) -> LogIndex | None:
    """Read the log from a moment on; ``None`` where this identity may not."""
    index, kept = LogIndex(), dict[str, str]()
    asked = LogQuestion(JobId(job), since=since - OVERLAP if since else None)
    # Each time anew: a reader gives an entry once, and here the last of all are wanted.
    reader = LogReader(log.graph, log.clock, log.pace)
    try:
        async for entry in reader.read(asked):
            index.newest, index.oldest = index.newest or entry.at, entry.at
            if entry.kind == PERSON:
                index.people.add(entry.source_id)
            last = index.lasts.get(entry.source_id)
            index.lasts[entry.source_id] = last.before(entry) if last else Last.of(entry, kept)
    except MissingPermissionError:
        return None
    return index


def of_log(leaver: Leaver, last: Last | None, *, is_whole: bool) -> Evidence | None:
    """Read the log's evidence; ``None`` where it shows nothing, or only what it showed before somebody left.

    Of somebody who was out of scope already an old line is good, since nobody writes a new one; of everybody else a
    line is needed that was not there when the teardown was planned. That compares Graph's own times alone. Where the
    log has every cycle, a new line that touched no account says that there never was one.
    """
    if last is None or last.is_open:
        return None
    is_newly_closed = last.is_open is False and leaver.was_open is not False
    is_new = is_newly_closed or leaver.seen is None or last.at > leaver.seen
    if not (is_new or leaver.why):
        return None
    if last.is_open is None:
        return Evidence(Source.LOG, "no account was ever made", last.at) if is_whole and not leaver.was_open else None
    return Evidence(Source.LOG, last.action if last.action in CLOSED else "closed before", last.at, last.target_id)


def of_account(account: Account | None, at: datetime) -> Evidence | None:
    """Read what the target says; ``None`` when the account is active."""
    if account is None:
        return Evidence(Source.TARGET, "there is no account", at)
    return None if account.is_active else Evidence(Source.TARGET, "active is false", at, account.id)


def of_answer(answer: OnDemandAnswer, at: datetime) -> Evidence | None:
    """Read the answer to a call; that somebody was skipped shows nothing."""
    return Evidence(Source.ON_DEMAND, answer.action, at, answer.change_id) if is_closed_by(answer) else None
