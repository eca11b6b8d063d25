"""Reading the log: at Graph's pace, and each entry once, whatever pages overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from answers import JumpingClock

from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.graph.pace import Pace
from provisioning.model.provisioning_log import LogEntry, LogPage, LogQuestion
from provisioning.operations.logs import LogReader, id_of, since_of
from provisioning.operations.spans import span_of

JOB = LogQuestion("elium.7a")
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


@dataclass
class Log:
    """Answers pages out of a list of their ids, again and again; and knows one user."""

    pages: list[list[int]]
    asked: list[LogQuestion] = field(default_factory=list)
    fails_at: int | None = None
    """The page that cannot be read."""

    async def log_page(self, question: LogQuestion, page: str = "", *, at_most: int = 500) -> LogPage:
        del at_most
        self.asked.append(question)
        number = int(page or 0)
        if number == self.fails_at:
            raise UnavailableError("Graph does not answer.", status=503, asked="GET logs")
        following = str(number + 1) if number + 1 < len(self.pages) else ""
        return LogPage(tuple(map(an_entry, self.pages[number])), following)

    async def user_id(self, named: str) -> str:
        return "0a" if named == "ada@contoso.com" else ""

    async def statuses(self, _: Any) -> Any:
        raise NotImplementedError

    async def secrets(self, _: Any) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


def an_entry(number: int) -> LogEntry:
    return LogEntry(str(number), NOW, "create", "success", "0a", "Ada", "User")


async def test_no_more_than_five_requests_go_out_in_ten_seconds() -> None:
    log, clock = Log([[number] for number in range(12)]), JumpingClock()
    reader = LogReader(log, clock, Pace(clock))

    assert [entry.id async for entry in reader.read(JOB)] == [str(number) for number in range(12)]
    assert clock.slept == [10.0, 10.0]


async def test_pages_that_overlap_give_each_entry_once() -> None:
    clock = JumpingClock()
    reader = LogReader(Log([[5, 4], [4, 3], [3, 2]]), clock, Pace(clock))

    assert [entry.id async for entry in reader.read(JOB)] == ["5", "4", "3", "2"]


async def test_no_page_is_asked_for_beyond_what_is_wanted() -> None:
    log, clock = Log([[3, 2], [1]]), JumpingClock()

    assert [entry.id async for entry in LogReader(log, clock, Pace(clock)).read(JOB, at_most=2)] == ["3", "2"]
    assert len(log.asked) == 1


async def test_following_gives_what_is_new_oldest_first_and_looks_back_for_what_comes_late() -> None:
    log, clock = Log([[2, 1]]), JumpingClock()
    following = LogReader(log, clock, Pace(clock)).follow(LogQuestion("elium.7a", since=clock.now()))
    first = [(await anext(following)).id, (await anext(following)).id]
    log.pages = [[4, 2, 3, 1]]
    clock.moment += timedelta(hours=1)
    second = [(await anext(following)).id, (await anext(following)).id]
    log.pages = [[5]]
    last = (await anext(following)).id

    assert (first, second, last) == (["1", "2"], ["3", "4"], "5")
    assert log.asked[-1].since == clock.now() - timedelta(minutes=5, seconds=15)


async def test_what_could_not_be_read_to_its_end_is_given_to_whoever_asks_again() -> None:
    clock = JumpingClock()
    log = Log([[3, 2], []])
    reader = LogReader(log, clock, Pace(clock))
    log.fails_at = 1
    with pytest.raises(UnavailableError):
        await reader.news(JOB)

    log.fails_at = None
    assert [entry.id for entry in await reader.news(JOB)] == ["2", "3"]
    assert await reader.news(JOB) == []


async def test_a_person_is_found_by_name_and_one_who_is_gone_by_id() -> None:
    gone = "a7cb45cf-f65a-5cf5-ac49-ec475281d1eb"

    assert await id_of(Log([]), "ada@contoso.com") == "0a"
    assert await id_of(Log([]), gone) == gone
    with pytest.raises(ConfigurationError, match="no user 'bob@contoso"):
        await id_of(Log([]), "bob@contoso.com")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("7d", NOW - timedelta(days=7)),
        ("2026-01-02T03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("2026-01-02T03:04+01:00", datetime(2026, 1, 2, 2, 4, tzinfo=UTC)),
    ],
)
def test_how_far_to_look_back_is_a_span_or_a_moment(written: str, moment: datetime) -> None:
    assert since_of(NOW, written) == moment


@pytest.mark.parametrize("written", ["", "h", "-3h", "3", "3w", "٣h", "999999d", "yesterday"])
def test_what_is_no_span_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ConfigurationError, match=r"--within: .* is not a span of time"):
        span_of(written, option="--within")
