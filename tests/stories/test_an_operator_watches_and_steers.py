"""An operator, the command, and a served emulator in virtual time: what is asked, what is said, what comes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from json_schema import mistakes
from operating import READER, Operator, operating

from provisioning.commands.exit_codes import ExitCode
from provisioning.operations.switching import FORGETS, Reset

SCHEMAS = Path(__file__).parents[2] / "schemas"
ADA = "ada.byron@contoso.com"


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture(scope="module")
def reader() -> Iterator[Operator]:
    """Nothing is changed in this one's world."""
    with operating() as operator:
        yield operator


def test_a_status_takes_two_calls_of_an_identity_that_only_reads(reader: Operator) -> None:
    ran = reader.elium("status", "dev", client="elium-reader")

    assert ran.out.splitlines()[:2] == ["dev: running", "  Provisioning runs."]
    assert (ran.code, ran.calls, ran.err) == (0, ["GET jobs", "GET secrets"], "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "dev"),
        ("logs", "dev"),
        ("wait", "dev"),
        ("pause", "dev"),
        ("doctor", "dev"),
        ("rotate-token", "dev", "--new-token", "env:ELIUM_SECRET_TOKEN"),
    ],
)
def test_json_is_one_document_of_the_documented_schema(reader: Operator, arguments: tuple[str, ...]) -> None:
    ran = reader.elium(*arguments, "--json")

    assert mistakes(ran.document, schema(arguments[0]), "") == []


def test_an_error_is_a_document_of_the_documented_schema(reader: Operator) -> None:
    ran = reader.elium("status", "prod", "--json")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert mistakes(ran.document, schema("error"), "") == []


def test_a_status_can_be_watched_until_ctrl_c(operator: Operator) -> None:
    ran = operator.elium("status", "dev", "--watch", "--json", wakes=41)
    lines = [json.loads(line) for line in ran.out.splitlines()]

    assert [line["lastCycle"]["began"][11:16] for line in lines] == ["09:00", "09:40"]
    assert all(mistakes(line, schema("status-line"), "") == [] for line in lines)
    assert (ran.code, ran.err) == (ExitCode.INTERRUPTED, "Stopped. Nothing was changed.\n")


def test_ctrl_c_of_a_real_process_ends_it_in_a_sentence(reader: Operator) -> None:
    command = [sys.executable, "-m", "provisioning.commands", "status", reader.address, "--watch"]
    environment = {**os.environ, **reader.environment}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()

    assert first == f"{reader.address}: running\n"
    assert (process.returncode, err) == (ExitCode.INTERRUPTED, "Stopped. Nothing was changed.\n")


def test_an_identity_that_may_not_is_told_the_least_that_is_missing(reader: Operator) -> None:
    ran = reader.elium(
        "logs",
        "dev",
        client="elium-owner",
    )

    assert ran.code == ExitCode.SIGN_IN
    assert "  next: Grant it the application permission ProvisioningLog.Read.All" in ran.err
    assert "  request: " in ran.err


def test_an_app_that_is_gone_is_told(reader: Operator) -> None:
    ran = reader.elium("status", "a7cb45cf-f65a-5cf5-ac49-ec475281d1eb/elium.x")

    assert ran.code == ExitCode.GRAPH


def test_a_job_that_is_gone_is_told_with_what_to_do(reader: Operator) -> None:
    ran = reader.elium("status", f"{reader.principal}/elium.x")

    assert ran.code == ExitCode.GRAPH
    assert "error: The job elium.x no longer exists." in ran.err


def test_waiting_for_the_next_cycle_shows_progress_and_lets_time_pass(operator: Operator) -> None:
    ran = operator.elium("wait", "dev", "--for", "cycle")

    assert ran.out.splitlines()[0] == "dev: cycle reached"
    assert ran.err.splitlines()[0] == "waited 0 s, the last cycle took 0 s"
    assert len(ran.calls) == 41


def test_waiting_for_a_steady_state_ends_when_a_cycle_found_nothing_to_do(operator: Operator) -> None:
    assert operator.elium("wait", "dev", "--for", "steady").out.startswith("dev: steady reached")


def test_waiting_ends_when_time_is_up(operator: Operator) -> None:
    ran = operator.elium("wait", "dev", "--for", "cycle", "--within", "5m")

    assert ran.code == ExitCode.STILL_WAITING
    assert "After 300 seconds there is still no cycle that began since; last seen: running." in ran.err


def test_a_person_s_log_is_asked_for_by_id(reader: Operator) -> None:
    ran = reader.elium("logs", "dev", "--person", ADA, "--action", "create")

    assert ran.out == f"2026-01-15 09:00:00  warning create       {ADA}  UnableToResolveReferenceAttributeValue\n"
    assert ran.calls == [f"GET users/{ADA}", "GET auditLogs/provisioning"]


def test_a_limit_says_that_there_is_more(reader: Operator) -> None:
    ran = reader.elium("logs", "dev", "--limit", "2")

    assert len(ran.out.splitlines()) == 2
    assert ran.err == "There are more than 2; these are the newest. For more: --limit 20\n"


def test_the_log_is_followed_and_each_entry_is_told_once(operator: Operator) -> None:
    ran = operator.elium("logs", "dev", "--follow", "--json", wakes=200)
    lines = [json.loads(line) for line in ran.out.splitlines()]

    assert len({line["id"] for line in lines}) == len(lines) > 10
    assert all(mistakes(line, schema("logs-line"), "") == [] for line in lines)
    assert ran.code == ExitCode.INTERRUPTED


def test_a_pause_is_asked_about_and_done(operator: Operator) -> None:
    refused = operator.elium("pause", "dev", answer="n")
    done = operator.elium("pause", "dev", answer="y")

    assert (refused.code, refused.calls) == (ExitCode.OTHER, ["GET jobs"])
    assert "Do it? [y/N]" in refused.err
    assert (done.code, done.out, done.calls) == (0, "dev: pause done\n", ["GET jobs", "POST jobs/{job}/pause"])
    assert operator.elium("status", "dev").out.splitlines()[2] == "  What to do: elium start dev"


def test_what_is_done_already_is_told_and_not_asked_about(operator: Operator) -> None:
    ran = operator.elium("start", "dev")

    assert (ran.code, ran.out, ran.calls) == (0, "The job is on already.\n", ["GET jobs"])


def test_without_a_terminal_nothing_is_done_unless_it_is_said(operator: Operator) -> None:
    ran = operator.elium("pause", "dev")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, ["GET jobs"])
    assert "next: To do it: --yes" in ran.err


def test_json_shows_what_would_be_done_and_never_asks(operator: Operator) -> None:
    shown = operator.elium("pause", "dev", "--json", answer="y")
    done = operator.elium("pause", "dev", "--json", "--doit", shown.document["checksum"])

    assert (shown.code, shown.document["isDone"]) == (ExitCode.CONFIGURATION, False)
    assert (done.code, done.document["isDone"]) == (0, True)


def test_a_started_job_goes_on(operator: Operator) -> None:
    operator.elium("pause", "dev", "--yes")
    operator.elium("start", "dev", "--yes")

    assert operator.elium("wait", "dev", "--for", "cycle").code == 0


def test_a_restart_says_what_each_word_forgets(operator: Operator) -> None:
    ran = operator.elium("restart", "dev", "--reset", "watermark, Escrows", "--yes")

    assert ran.out == "dev: restart done\n"
    assert ran.err.splitlines()[:2] == [
        f"Forgets {FORGETS[Reset.WATERMARK]}.",
        "Forgets what failed and waits to be tried again.",
    ]
    assert ran.calls[-1] == "POST jobs/{job}/restart"


def test_what_cannot_be_taken_back_is_not_done_for_a_yes(operator: Operator) -> None:
    ran = operator.elium("restart", "dev", "--reset", "Full", "--yes")
    mistyped = operator.elium("restart", "dev", "--reset", "Full", answer="y")

    assert (ran.code, mistyped.code) == (ExitCode.CONFIGURATION, ExitCode.OTHER)
    assert operator.elium("restart", "dev", "--reset", "Full", answer="dev").code == 0


def test_a_word_that_cannot_be_forgotten_asks_nobody(operator: Operator) -> None:
    ran = operator.elium("restart", "dev", "--reset", "Watermarks,All")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert "Watermarks, All cannot be forgotten." in ran.err


class TestAThresholdThatHoldsDeletionsBack:
    """What seems to heal it is refused; what carries the deletions out names everybody."""

    @pytest.fixture
    def operator(self, operator: Operator) -> Operator:
        operator.hold_back()
        return operator

    def test_it_is_told_in_plain_words_and_by_the_exit_code(self, operator: Operator) -> None:
        ran = operator.elium("status", "dev")

        assert ran.code == ExitCode.QUARANTINE
        assert "  The job is in quarantine: more people would be disabled than deleteThreshold allows" in ran.out
        assert operator.elium("wait", "dev").code == ExitCode.QUARANTINE

    @pytest.mark.parametrize(
        "arguments",
        [("start", "dev"), ("restart", "dev", "--reset", "QuarantineState"), ("restart", "dev", "--reset", "Full")],
    )
    def test_it_is_not_cleared_silently(self, operator: Operator, arguments: tuple[str, ...]) -> None:
        ran = operator.elium(*arguments, "--yes")

        assert ran.code == ExitCode.REFUSED
        assert not any(call.startswith("POST") for call in ran.calls)

    def test_it_is_carried_out_for_the_checksum_of_those_who_were_named(self, operator: Operator) -> None:
        shown = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--json")
        other = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--doit", "00000000")
        assert other.code == ExitCode.REFUSED
        assert len(operator.active) == 10
        assert {"Elium users", *operator.active} == set(shown.document["held"])

        done = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--doit", shown.document["checksum"])
        operator.served.run_due()
        assert (done.code, operator.active) == (0, [])

    def test_a_pause_does_not_hide_it_from_a_start(self, operator: Operator) -> None:
        operator.elium("pause", "dev", "--yes")
        shown = operator.elium("start", "dev", "--json")
        done = operator.elium("start", "dev", "--yes")
        operator.served.run_due()

        assert {"Elium users", *operator.active} == set(shown.document["held"])
        assert "Held back before it was switched off, and again by its next cycle, unless brought back: " in done.err
        assert "elium restart dev --reset ForceDeletes" in done.err
        assert (done.code, operator.status()["quarantine"]["reason"]) == (0, "TooManyDeletes")
        assert len(operator.active) == 10

    def test_a_start_that_the_threshold_lets_close_accounts_is_accepted_by_its_checksum(
        self, operator: Operator
    ) -> None:
        operator.elium("pause", "dev", "--yes")
        operator.save(SyncNotificationSettings=json.dumps({"Enabled": True, "Recipients": "it@contoso.com"}))
        shown = operator.elium("start", "dev", "--yes", "--json")
        assert (shown.code, shown.document["isDone"]) == (ExitCode.CONFIGURATION, False)
        assert "Disabled or deleted by the next cycle, unless brought back: Elium users, ada" in shown.err

        done = operator.elium("start", "dev", "--doit", shown.document["checksum"])
        operator.served.run_due()
        assert (done.code, operator.active) == (0, [])

    def test_it_is_carried_out_of_a_paused_job_too(self, operator: Operator) -> None:
        operator.elium("pause", "dev", "--yes")
        shown = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--json")
        assert {"Elium users", *operator.active} == set(shown.document["held"])

        done = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--doit", shown.document["checksum"])
        operator.served.run_due()
        assert (done.code, operator.active) == (0, [])

    def test_whoever_was_let_go_before_the_pause_is_not_held_back_any_more(self, operator: Operator) -> None:
        shown = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--json")
        operator.elium("restart", "dev", "--reset", "ForceDeletes", "--doit", shown.document["checksum"])
        operator.served.run_due()
        operator.elium("pause", "dev", "--yes")
        ran = operator.elium("start", "dev", "--json", "--yes")

        assert (ran.code, ran.document["held"], operator.active) == (0, [], [])

    def test_a_restart_of_a_paused_job_names_them_as_well(self, operator: Operator) -> None:
        operator.elium("pause", "dev", "--yes")
        ran = operator.elium("restart", "dev", "--reset", "Watermark", "--yes")

        assert "Held back before it was switched off, and again by its next cycle" in ran.err

    def test_the_status_says_how_they_are_let_go(self, operator: Operator) -> None:
        assert "elium restart --reset ForceDeletes` names them first" in operator.elium("status", "dev").out


def test_there_must_be_something_to_carry_out(operator: Operator) -> None:
    operator.elium("pause", "dev", "--yes")
    ran = operator.elium("restart", "dev", "--reset", "ForceDeletes")

    assert ran.code == ExitCode.CONFIGURATION
    assert "holds nothing back" in ran.err


def test_a_start_of_a_job_that_holds_nothing_back_takes_three_calls(operator: Operator) -> None:
    operator.elium("pause", "dev", "--yes")

    assert operator.elium("start", "dev", "--yes").calls == [
        "GET jobs",
        "GET auditLogs/provisioning",
        "POST jobs/{job}/start",
    ]


def test_where_the_log_may_not_be_read_a_start_says_what_it_does_not_know() -> None:
    with operating(roles=["Synchronization.ReadWrite.All"]) as operator:
        operator.elium("pause", "dev", "--yes")
        ran = operator.elium("start", "dev", "--yes", client=READER)

    assert (ran.code, "Whether disables are held back from before cannot be seen" in ran.err) == (0, True)


def test_a_token_that_elium_refuses_is_a_quarantine_that_says_so(operator: Operator) -> None:
    operator.save(SecretToken="canary-that-is-wrong")
    operator.cycle()
    ran = operator.elium("status", "dev", "--json")

    assert ran.code == ExitCode.QUARANTINE
    assert ran.document["quarantine"]["reason"] == "EncounteredQuarantineException"
    assert "canary-that-is-wrong" not in ran.out


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"elium-{name}.schema.json").read_text(encoding="utf-8"))


def test_what_was_shown_does_not_stand_for_a_threshold_that_was_put_away_meanwhile(operator: Operator) -> None:
    operator.hold_back()
    operator.elium("pause", "dev", "--yes")
    shown = operator.elium("start", "dev", "--json")
    assert "and again by its next cycle" in shown.err
    operator.save(SyncNotificationSettings=json.dumps({"Enabled": True, "Recipients": "it@contoso.com"}))

    ran = operator.elium("start", "dev", "--doit", shown.document["checksum"])
    operator.served.run_due()

    assert (ran.code, len(operator.active)) == (ExitCode.REFUSED, 10)


def test_another_quarantine_does_not_hide_whose_disables_are_held_back(operator: Operator) -> None:
    operator.hold_back()
    held = operator.active
    token = operator.tenant.synchronization_of(operator.principal).secrets["SecretToken"]
    operator.save(SecretToken="canary-that-is-wrong")
    operator.cycle()
    assert operator.status()["quarantine"]["reason"] == "EncounteredQuarantineException"
    settings = json.dumps({"Enabled": True, "Recipients": "it@contoso.com"})
    operator.save(SecretToken=token, SyncNotificationSettings=settings)

    ran = operator.elium("start", "dev", "--yes", "--json")
    operator.served.run_due()

    assert (ran.code, operator.active) == (ExitCode.CONFIGURATION, held)
    assert set(held) < set(ran.document["held"])


def test_what_carries_deletions_out_names_those_who_left_since_they_were_held_back(operator: Operator) -> None:
    grace = "grace.hopper@contoso.com"
    users = operator.ask("GET", f"/servicePrincipals/{operator.principal}/appRoleAssignedTo")["value"]
    operator.assign(operator.make_group("More", operator.id_of(grace)))
    operator.cycle()
    settings = {"Enabled": True, "Recipients": "it@contoso.com", "DeleteThresholdEnabled": True}
    operator.save(SyncNotificationSettings=json.dumps({**settings, "DeleteThresholdValue": 3}))
    for held in users:
        operator.ask("DELETE", f"/servicePrincipals/{operator.principal}/appRoleAssignedTo/{held['id']}")
    operator.cycle()
    shown = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--json")
    operator.unassign()

    ran = operator.elium("restart", "dev", "--reset", "ForceDeletes", "--doit", shown.document["checksum"])
    operator.served.run_due()

    assert (ran.code, grace in shown.err, len(operator.active)) == (ExitCode.REFUSED, False, 11)
    assert f"So is whoever left since: {grace}." in ran.err
