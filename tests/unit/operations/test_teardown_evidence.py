"""What counts as proof of an account that is closed, and what does not; and the journal that is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.account import Account
from provisioning.model.assignment import PrincipalKind
from provisioning.model.on_demand import OnDemandAnswer, Result
from provisioning.operations.standing import Last
from provisioning.operations.teardown.evidence import of_account, of_answer, of_log
from provisioning.operations.teardown.journal import Journal, JournalFile
from provisioning.operations.teardown.leaver import Evidence, Leaver, Source, Way
from provisioning.operations.teardown.plan import Options, Plan, Step

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def a_leaver(name: str = "Ada", *, why: str = "", was_open: bool | None = True, seen: datetime | None = NOW) -> Leaver:
    return Leaver(name.lower(), name, PrincipalKind.USER, Way.CYCLE, why, was_open=was_open, seen=seen)


def a_line(action: str = "disable", *, at: datetime = LATER, is_open: bool | None = False) -> Last:
    return Last("Ada", action, "success", "", at, "t1", is_open)


def a_plan(*people: Leaver, **differences: Any) -> Plan:
    usual = {"stack": "dev", "service_principal_id": "sp", "job_id": "job", "options": Options(), "assignments": ()}
    return Plan(**{**usual, "people": people, **differences})


@pytest.mark.parametrize(
    ("leaver", "line", "is_proof"),
    [
        (a_leaver(), a_line(), True),
        (a_leaver(), a_line("other"), True),
        (a_leaver(), a_line("update", is_open=True), False),
        (a_leaver(), None, False),
        (a_leaver(), a_line(at=NOW), True),
        (a_leaver(was_open=False), a_line(at=NOW), False),
        (a_leaver(was_open=False), a_line(at=LATER), True),
        (a_leaver(was_open=False, why="disabled in Entra"), a_line(at=NOW), True),
        (a_leaver(was_open=None), a_line("other", is_open=None), False),
    ],
    ids=[
        "disabled since",
        "skipped since, and disabled before that",
        "updated since",
        "no line",
        "disabled within the second in which it was planned",
        "in scope, and only the line that was there already",
        "in scope, and a new line",
        "out of scope before, and an old line",
        "a line that touched no account, in a log that may lack others",
    ],
)
def test_a_line_of_the_log_is_proof_when_it_is_new_or_somebody_had_left_before(
    leaver: Leaver, line: Last | None, *, is_proof: bool
) -> None:
    assert (of_log(leaver, line, is_whole=False) is not None) is is_proof


def test_a_whole_log_shows_that_there_never_was_an_account() -> None:
    evidence = of_log(a_leaver(was_open=None), a_line("other", is_open=None), is_whole=True)

    assert evidence is not None
    assert evidence.says == "no account was ever made"


@pytest.mark.parametrize(
    ("answer", "is_proof"),
    [
        (OnDemandAnswer(Result.SUCCESS, "disable"), True),
        (OnDemandAnswer(Result.SUCCESS, "delete"), True),
        (OnDemandAnswer(Result.SUCCESS, "update"), False),
        (OnDemandAnswer(Result.SKIPPED, "other", "NotEffectivelyEntitled"), False),
        (OnDemandAnswer(Result.FAILURE, "disable"), False),
    ],
)
def test_an_answer_is_proof_only_when_it_closed_the_account(answer: OnDemandAnswer, *, is_proof: bool) -> None:
    assert (of_answer(answer, NOW) is not None) is is_proof


def test_the_target_s_word_is_proof_when_the_account_is_inactive_or_gone() -> None:
    told = [of_account(account, NOW) for account in (None, Account("t", "a", False), Account("t", "a", True))]  # noqa: FBT003

    assert [one and one.says for one in told] == ["there is no account", "active is false", None]


def test_evidence_is_kept_strongest_first_and_once_a_source() -> None:
    leaver = a_leaver().shown(Evidence(Source.LOG, "disable", NOW), is_enough=True)
    leaver = leaver.shown(Evidence(Source.TARGET, "active is false", NOW), is_enough=False)
    leaver = leaver.shown(Evidence(Source.LOG, "delete", LATER), is_enough=False)

    assert [one.says for one in leaver.evidence] == ["active is false", "delete"]
    assert leaver.is_closed


def test_a_checksum_is_over_what_is_done_to_whom() -> None:
    plan = a_plan(a_leaver("Ada"), a_leaver("Alan"))
    same = [
        a_plan(a_leaver("Alan"), a_leaver("Ada").shown(Evidence(Source.LOG, "disable", NOW), is_enough=True)),
        a_plan(a_leaver("Ada"), a_leaver("Alan"), takes_at_most=timedelta(hours=1), notes=("other",)),
    ]
    other = [
        a_plan(a_leaver("Ada")),
        a_plan(a_leaver("Ada"), a_leaver("Alan"), options=Options(purges=True)),
        a_plan(a_leaver("Ada"), a_leaver("Alan"), options=Options(forces_deletes=True)),
        a_plan(a_leaver("Ada"), a_leaver("Alan"), job_id="another"),
    ]

    assert {one.checksum for one in same} == {plan.checksum}
    assert plan.checksum not in {one.checksum for one in other}


def test_a_journal_comes_back_as_it_was_written_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    leaver = a_leaver().shown(Evidence(Source.ON_DEMAND, "disable", NOW, "change"), is_enough=True)
    journal = Journal(a_plan(leaver), NOW).with_done(Step.UNASSIGN, LATER)
    file = JournalFile.of("org/project/dev", tmp_path)
    file.write(journal)

    assert file.read() == journal
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.path.parent.iterdir()] == ["org_project_dev.json"]


def test_a_journal_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    file = JournalFile.of("dev", tmp_path)
    assert file.read() is None

    file.path.parent.mkdir(parents=True)
    file.path.write_text('{"plan": 1}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        file.read()


def test_a_journal_that_cannot_be_written_stops_everything(tmp_path: Path) -> None:
    (tmp_path / ".state").write_text("a file", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="Nothing more was done"):
        JournalFile.of("dev", tmp_path).write(Journal(a_plan(), NOW))


def test_the_journal_of_a_teardown_that_is_over_is_kept_under_its_date(tmp_path: Path) -> None:
    file = JournalFile.of("dev", tmp_path)
    file.write(Journal(a_plan(), NOW, finished=LATER))
    file.put_aside(Journal(a_plan(), NOW, finished=LATER))

    assert [one.name for one in file.path.parent.iterdir()] == ["dev.20260115T090100.json"]
