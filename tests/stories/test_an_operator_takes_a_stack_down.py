"""Taking a stack down with proof: what is shown, refused and done, in which order, and what shows it of each person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from json_schema import mistakes
from operating import READER, Operator, Ran, operating

from emulator.company.store import Kind
from emulator.elium.behaviour import Fault as EliumFault
from emulator.moods.faults import Fault
from provisioning.commands.exit_codes import ExitCode

SCHEMA = Path(__file__).parents[2] / "schemas/elium-teardown.schema.json"

TEARDOWN = (
    "Application.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "GroupMember.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.ReadWrite.All",
    "User.Read.All",
)
"""What the manual gives an identity that takes down; the engine's own destroys the stack."""

PURGE = "Application.ReadWrite.OwnedBy"

ADA, ALAN, GRACE = "ada.byron@contoso.com", "alan.turing@contoso.com", "grace.hopper@contoso.com"
GUEST = "linus.pauling_fabrikam.com#EXT#@contoso.onmicrosoft.com"
ON_DEMAND = "POST jobs/{job}/provisionOnDemand"
WRITES = re.compile("(POST|PUT|PATCH|DELETE) ")


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=TEARDOWN) as operator:
        yield operator


def checksum_of(operator: Operator, *options: str) -> str:
    """Look what would be done, which does nothing."""
    ran = operator.elium("teardown", "dev", "--json", *options, client=READER)
    assert [call for call in ran.calls if WRITES.match(call)] == []
    assert mistakes(ran.document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    return str(ran.document["checksum"])


def take_down(operator: Operator, *options: str) -> Ran:
    """Look, and do exactly that."""
    return operator.elium(
        "teardown", "dev", "--json", *options, "--doit", checksum_of(operator, *options), client=READER
    )


def proof(ran: Ran) -> dict[str, list[str]]:
    """By name, who says that an account is closed."""
    return {
        name_in(person): [one["source"] for one in person["evidence"]]
        for person in ran.document["people"]
        if person["kind"] == "user"
    }


def evidence(ran: Ran) -> list[Any]:
    """All that is told of people."""
    return [one for person in ran.document["people"] if person["kind"] == "user" for one in person["evidence"]]


def name_in(person: Any) -> str:
    return str(person["name"]).rpartition("(")[2].rstrip(")")


def refusal(operator: Operator, *options: str) -> str:
    """Look, and try to do it all the same: nothing is written by either."""
    shown = operator.elium("teardown", "dev", "--json", *options)
    tried = operator.elium("teardown", "dev", *options, "--doit", shown.document["checksum"])

    assert (shown.code, tried.code, shown.document["state"]) == (ExitCode.REFUSED, ExitCode.REFUSED, "refused")
    assert [call for call in (*shown.calls, *tried.calls) if WRITES.match(call)] == []
    return " · ".join(f"{one['sentence']} {one['wayOn']}" for one in shown.document["obstacles"])


def test_the_manual_gives_the_identity_what_it_has_here() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/permissions.md").read_text(encoding="utf-8")
    chapter = page.partition("## An identity that takes down")[2].partition("\n## ")[0]

    assert tuple(re.findall(r"^\| `([A-Za-z.]+)` \|", chapter, re.MULTILINE)) == TEARDOWN


def test_what_would_happen_is_shown_and_is_the_same_the_next_time(operator: Operator) -> None:
    ran = operator.elium("teardown", "dev", client=READER)

    assert ran.out.splitlines()[0] == "dev: this is what a teardown would do; nothing was done"
    assert f"  on-demand   open    Ada Byron ({ADA})" in ran.out.splitlines()
    assert ran.err == f"To do exactly this: elium teardown dev --doit {checksum_of(operator)}\n"
    assert len(operator.active) == 10


def test_ten_people_are_closed_and_proven_before_the_job_goes(operator: Operator) -> None:
    ran = take_down(operator)

    assert (ran.code, operator.active, operator.is_destroyed) == (0, [], True)
    assert set(map(tuple, proof(ran).values())) == {("on-demand", "log")}
    assert (len(proof(ran)), ran.document["state"]) == (10, "finished")
    writes = [call.partition("/")[0] if "appRole" in call else call for call in ran.calls if WRITES.match(call)]
    last = ["POST jobs/{job}/pause", "DELETE jobs/{job}"]
    assert writes == ["DELETE appRoleAssignedTo", *[ON_DEMAND] * 11, *last, writes[-1]]
    assert ran.slept == [10.0, 10.0]


def test_the_journal_is_the_operator_s_alone_and_a_second_run_says_that_it_is_over(operator: Operator) -> None:
    done = take_down(operator)
    again = operator.elium("teardown", "dev", "--doit", done.document["checksum"])
    (journal,) = (operator.folder / ".state/teardown").glob("*.json")

    assert again.out.startswith("dev: taken down on 2026-01-15 09:00 UTC; 10 of 10 accounts are closed, with proof\n")
    assert (again.code, again.calls) == (0, [])
    assert (journal.name, journal.stat().st_mode & 0o777) == ("dev.json", 0o600)


def test_elium_itself_is_the_proof_where_its_token_is_given_and_the_token_is_written_nowhere(
    operator: Operator,
) -> None:
    report = operator.folder / "proof.json"
    ran = take_down(operator, "--target-token", "env:ELIUM_SECRET_TOKEN", "--report", str(report))

    assert (ran.code, set(map(tuple, proof(ran).values()))) == (0, {("target", "on-demand", "log")})
    token = operator.environment["ELIUM_SECRET_TOKEN"]
    written = [file.read_text(encoding="utf-8") for file in operator.folder.rglob("*") if file.is_file()]
    assert not any(token in text for text in (ran.shown, *written))
    assert json.loads(report.read_text(encoding="utf-8")) == ran.document


def test_a_job_stays_as_long_as_elium_says_that_an_account_is_active(operator: Operator) -> None:
    operator.elium_site.faults.append(EliumFault(method="PATCH", status=204, times=1))
    ran = take_down(operator, "--target-token", "env:ELIUM_SECRET_TOKEN")

    assert ran.code == ExitCode.STILL_WAITING
    assert "1 account not shown to be closed: Ada Byron" in ran.document["error"]["message"]
    assert (operator.active, operator.is_destroyed, "DELETE jobs/{job}" in ran.calls) == ([ADA], False, False)


@pytest.mark.parametrize("way", ["file", "command", "ask"])
def test_the_token_comes_from_where_the_operator_has_it(operator: Operator, way: str) -> None:
    token = operator.environment["ELIUM_SECRET_TOKEN"]
    (operator.folder / "token").write_text(f"{token}\n", encoding="utf-8")
    where = {"file": f"file:{operator.folder}/token", "command": f"command:cat {operator.folder}/token", "ask": "ask"}

    ran = operator.elium("teardown", "dev", "--target-token", where[way], answer=token)

    assert (ran.code, "Elium is asked at " in ran.err, token in ran.shown) == (0, True, False)


def test_a_token_on_the_command_line_is_refused_and_not_repeated(operator: Operator) -> None:
    ran = operator.elium("teardown", "dev", "--target-token", "s3cr3t-t0k3n")

    assert (ran.code, ran.calls, "s3cr3t" in ran.shown) == (ExitCode.CONFIGURATION, [], False)


def test_what_was_not_accepted_is_not_done(operator: Operator) -> None:
    ran = operator.elium("teardown", "dev", "--doit", "00000000")

    assert (ran.code, [call for call in ran.calls if WRITES.match(call)]) == (ExitCode.REFUSED, [])


def test_a_threshold_in_the_way_is_told_with_both_ways_on(operator: Operator) -> None:
    operator.save(SyncNotificationSettings=json.dumps({"DeleteThresholdEnabled": True, "DeleteThresholdValue": 3}))
    told = refusal(operator)

    assert "10 people and 1 group would leave, and the deletion threshold is 3" in told
    assert "Set elium:deleteThreshold to 12, or to 0" in told
    assert "--force-deletes" in told


def test_a_threshold_is_put_aside_by_a_checksum_of_its_own(operator: Operator) -> None:
    operator.save(SyncNotificationSettings=json.dumps({"DeleteThresholdEnabled": True, "DeleteThresholdValue": 3}))
    plain = operator.elium("teardown", "dev", "--json").document["checksum"]
    refused = operator.elium("teardown", "dev", "--force-deletes", "--doit", plain)
    ran = take_down(operator, "--force-deletes")

    assert (refused.code, ran.code, operator.active) == (ExitCode.REFUSED, 0, [])
    assert ran.calls.count("POST jobs/{job}/restart") == 1
    assert ON_DEMAND not in ran.calls


def test_disables_that_are_held_back_are_not_lost_with_the_job(operator: Operator) -> None:
    operator.hold_back()
    told = refusal(operator)
    ran = take_down(operator, "--force-deletes")

    assert "The job holds disables and deletions back" in told
    assert (ran.code, operator.active, len(proof(ran))) == (0, [], 10)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda one: one.save(SkipOutOfScopeDeletions="True"), "because skipOutOfScopeDeletions says so"),
        (lambda one: one.map_users(flowTypes="Add, Delete"), "open"),
        (lambda one: one.map_users(enabled=False), "because users are no longer provisioned"),
        (lambda one: one.elium("pause", "dev", "--yes"), "The job is switched off, so that no cycle closes anybody."),
        (lambda one: one.save(SyncAll="true"), "Everybody is in scope"),
    ],
    ids=["skip", "no update", "no users", "paused", "all"],
)
def test_what_would_leave_accounts_open_is_refused_before_anything_is_touched(
    operator: Operator, wrong: Any, said: str
) -> None:
    wrong(operator)

    assert said in refusal(operator)
    assert len(operator.active) == 10


def test_a_quarantine_is_refused_with_what_releases_it(operator: Operator) -> None:
    operator.save(SecretToken="wrong")
    operator.cycle()

    assert "in quarantine (EncounteredQuarantineException)" in refusal(operator)


def test_a_scope_of_everybody_is_narrowed_first_which_needs_the_token(operator: Operator) -> None:
    operator.save(SyncAll="true")
    operator.elium("restart", "dev", "--reset", "Watermark", "--yes")
    operator.served.run_due()
    before = len(operator.active)
    ran = take_down(operator, "--target-token", "env:ELIUM_SECRET_TOKEN")

    assert before > 10
    assert (ran.code, operator.active) == (0, [])
    writes = [call for call in ran.calls if WRITES.match(call)]
    assert writes[0] == "PUT secrets"
    assert writes[2] == "POST jobs/{job}/restart"


def test_somebody_with_two_roles_and_two_ways_in_is_closed_once(operator: Operator) -> None:
    operator.assign(operator.id_of(ALAN))
    operator.assign(operator.id_of(ALAN), role=1)
    operator.cycle()
    ran = take_down(operator)

    assert (ran.code, operator.active, ran.calls.count(ON_DEMAND)) == (0, [], 11)
    assert len([call for call in ran.calls if call.startswith("DELETE appRoleAssignedTo")]) == 3


def test_a_guest_is_closed_like_anybody(operator: Operator) -> None:
    operator.assign(operator.id_of(GUEST))
    operator.cycle()
    before = len(operator.active)
    ran = take_down(operator, "--target-token", "env:ELIUM_SECRET_TOKEN")

    assert (before, ran.code, operator.active) == (11, 0, [])
    assert proof(ran)[GUEST] == ["target", "on-demand", "log"]


def test_somebody_who_was_disabled_last_week_has_an_old_line_and_is_not_asked_for(operator: Operator) -> None:
    operator.ask("PATCH", f"/users/{operator.id_of(ADA)}", {"accountEnabled": False})
    operator.served.advance(timedelta(days=7))
    ran = take_down(operator)

    (ada,) = [person for person in ran.document["people"] if name_in(person) == ADA]
    assert (ada["way"], ada["why"], ada["isClosed"]) == ("none", "disabled in Entra", True)
    assert [(one["source"], one["at"][:10]) for one in ada["evidence"]] == [("log", "2026-01-15")]
    assert (ran.code, operator.active, ran.calls.count(ON_DEMAND)) == (0, [], 10)


def test_somebody_who_was_disabled_a_minute_ago_is_closed_by_a_cycle(operator: Operator) -> None:
    operator.ask("PATCH", f"/users/{operator.id_of(ADA)}", {"accountEnabled": False})
    ran = take_down(operator)

    assert (ran.code, operator.active, proof(ran)[ADA]) == (0, [], ["log"])
    assert sum(ran.slept) > 600


def test_somebody_who_left_the_group_a_minute_ago_is_found_in_the_log(operator: Operator) -> None:
    group = next(
        one.id for one in operator.tenant.directory.all(Kind.GROUP) if one.properties["displayName"] == "Elium users"
    )
    operator.ask("DELETE", f"/groups/{group}/members/{operator.id_of(ADA)}/$ref")
    ran = take_down(operator)

    (ada,) = [person for person in ran.document["people"] if name_in(person) == ADA]
    assert (ada["why"], ada["way"]) == ("left already, and not closed yet", "on-demand")
    assert (ran.code, operator.active) == (0, [])


def test_a_call_that_fails_once_is_repeated(operator: Operator) -> None:
    route = "POST /servicePrincipals/{id}/synchronization/jobs/{job}/provisionOnDemand"
    operator.served.emulator.entra.faults.add([Fault(route=route, status=500, code="InternalServerError", after=3)])
    ran = take_down(operator)

    assert (ran.code, operator.active, ran.calls.count(ON_DEMAND)) == (0, [], 12)


def test_a_log_that_asks_to_slow_down_is_waited_for(operator: Operator) -> None:
    throttled = Fault(route="GET /auditLogs/provisioning", status=429, code="TooManyRequests", retry_after=30, times=2)
    checksum = checksum_of(operator)
    operator.served.emulator.entra.faults.add([throttled])
    ran = operator.elium("teardown", "dev", "--json", "--doit", checksum, client=READER)

    assert (ran.code, operator.active, ran.slept.count(30.0)) == (0, [], 2)


def test_without_the_log_the_answers_are_proof_and_what_is_not_seen_is_told() -> None:
    with operating(roles=[role for role in TEARDOWN if not role.startswith("ProvisioningLog")]) as operator:
        ran = take_down(operator)

    assert (ran.code, operator.active, set(map(tuple, proof(ran).values()))) == (0, [], {("on-demand",), ()})
    assert any("may not read the provisioning log" in note for note in ran.document["notes"])
    assert any("does not say whether they have an account: Claude" in note for note in ran.document["notes"])


def test_somebody_who_is_assigned_meanwhile_is_not_left_behind(operator: Operator) -> None:
    checksum = checksum_of(operator)
    operator.assign(operator.id_of(GRACE))
    ran = operator.elium("teardown", "dev", "--doit", checksum)

    assert (ran.code, [call for call in ran.calls if WRITES.match(call)]) == (ExitCode.REFUSED, [])


def test_accounts_can_be_retained_and_then_nobody_is_touched(operator: Operator) -> None:
    ran = take_down(operator, "--accounts", "retain")

    assert (ran.code, len(operator.active), operator.is_destroyed) == (0, 10, True)
    assert [call for call in ran.calls if WRITES.match(call)][:2] == ["POST jobs/{job}/pause", "DELETE jobs/{job}"]
    assert "nobody disables them" in ran.document["notes"][0]


def test_a_purge_leaves_nothing_in_the_bin(operator: Operator) -> None:
    shown = operator.elium("teardown", "dev", "--purge", "--json").document
    ran = operator.elium("teardown", "dev", "--purge", "--doit", shown["checksum"])
    left = operator.ask("GET", "/directory/deletedItems/microsoft.graph.application")["value"]

    assert (ran.code, left) == (0, [])


def test_a_purge_needs_what_the_manual_says_and_no_more() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/permissions.md").read_text(encoding="utf-8")
    assert f"needs `{PURGE}` besides; `--purge` needs it too." in page

    with operating(roles=[*TEARDOWN, PURGE]) as operator:
        ran = take_down(operator, "--purge")
        left = operator.ask("GET", "/directory/deletedItems/microsoft.graph.application")["value"]

    assert (ran.code, ran.document["state"], ran.document["notes"], left) == (0, "finished", [], [])


def test_a_purge_that_is_not_allowed_is_only_an_interruption(operator: Operator) -> None:
    checksum = checksum_of(operator, "--purge")
    refused = operator.elium("teardown", "dev", "--purge", "--doit", checksum, client=READER)
    closed = operator.active == [] and operator.is_destroyed
    done = operator.elium("teardown", "dev", "--purge", "--doit", checksum)
    left = operator.ask("GET", "/directory/deletedItems/microsoft.graph.application")["value"]

    assert (refused.code, closed) == (ExitCode.SIGN_IN, True)
    assert f"{PURGE} together with the directory role Cloud Application Administrator" in refused.err
    assert (done.code, left) == (0, [])
    assert [call for call in done.calls if WRITES.match(call) and "deletedItems" not in call] == []


def test_whoever_may_not_take_assignments_away_is_told_what_allows_it() -> None:
    with operating(roles=[role for role in TEARDOWN if not role.startswith("AppRole")]) as operator:
        ran = operator.elium("teardown", "dev", "--doit", checksum_of(operator), client=READER)

    assert (ran.code, "AppRoleAssignment.ReadWrite.All" in ran.err) == (ExitCode.SIGN_IN, True)


@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
def test_a_report_names_each_person_with_the_evidence(operator: Operator, suffix: str) -> None:
    file = operator.folder / f"proof.{suffix}"
    take_down(operator, "--report", str(file))
    text = file.read_text(encoding="utf-8")

    assert "10 of 10 accounts are closed, with proof" in text
    assert len(re.findall(r"on-demand: disable, 2026-01-15 09:00:[01]0, [0-9a-f-]{36}", text)) == 10


def test_a_report_of_another_form_is_refused_before_anything_is_asked(operator: Operator) -> None:
    ran = operator.elium("teardown", "dev", "--report", "proof.pdf")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])


def test_a_job_that_somebody_deleted_is_told_with_the_only_way_back(operator: Operator) -> None:
    operator.ask("DELETE", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}")
    ran = operator.elium("teardown", "dev")

    assert ran.code == ExitCode.GRAPH
    assert "and not by a teardown that is known here" in ran.err


def test_accounts_can_be_deleted_where_the_connector_supports_it(operator: Operator) -> None:
    told = refusal(operator, "--accounts", "delete")
    ran = take_down(operator, "--accounts", "delete", "--target-token", "env:ELIUM_SECRET_TOKEN")

    assert "Entra deletes nobody who is only unassigned" in told
    assert (ran.code, operator.elium_site.users) == (0, [])
    assert {one["says"] for one in evidence(ran) if one["source"] == "target"} == {"deleted"}


def test_a_connector_that_does_not_delete_is_told(operator: Operator) -> None:
    operator.map_users(flowTypes="Add, Update")

    assert "actions do not have `delete`" in refusal(operator, "--accounts", "delete")


def test_a_token_that_elium_does_not_take_is_told_before_anything_is_touched(operator: Operator) -> None:
    (operator.folder / "token").write_text("not-the-token", encoding="utf-8")
    ran = operator.elium("teardown", "dev", "--target-token", f"file:{operator.folder}/token", "--doit", "00000000")

    assert (ran.code, [call for call in ran.calls if WRITES.match(call)]) == (ExitCode.GRAPH, [])
    assert "The app does not accept the token" in ran.err


def test_somebody_whom_no_cycle_has_reached_is_shown_to_have_no_account(operator: Operator) -> None:
    operator.assign(operator.id_of(GRACE))
    ran = take_down(operator)

    (grace,) = [person for person in ran.document["people"] if name_in(person) == GRACE]
    assert (ran.code, [one["says"] for one in grace["evidence"]]) == (0, ["no account was ever made"])


def test_what_cannot_be_shown_keeps_the_job_and_says_what_would_show_it() -> None:
    with operating(roles=[role for role in TEARDOWN if not role.startswith("ProvisioningLog")]) as operator:
        operator.assign(operator.id_of(GRACE))
        ran = take_down(operator)

        assert (ran.code, operator.active, operator.is_destroyed) == (ExitCode.STILL_WAITING, [], False)
        assert "1 account not shown to be closed: Grace Hopper" in ran.document["error"]["message"]
        assert "Give the target's token (--target-token)" in ran.document["error"]["hint"]
        assert 2_400 < sum(ran.slept) < 3_000


def test_ctrl_c_is_only_an_interruption(operator: Operator) -> None:
    checksum = checksum_of(operator)
    stopped = operator.elium("teardown", "dev", "--doit", checksum, wakes=1)
    ran = operator.elium("teardown", "dev", "--json", "--doit", checksum, client=READER)

    assert stopped.code == ExitCode.INTERRUPTED
    assert "Stopped. What is done is in the journal; the same command goes on." in stopped.err
    # The second process does not know the pace of the first: the service turns it away once.
    assert (stopped.calls.count(ON_DEMAND), ran.calls.count(ON_DEMAND)) == (10, 2)
    assert (ran.code, operator.active) == (0, [])


def test_a_stack_that_was_deployed_again_is_another_teardown(operator: Operator) -> None:
    take_down(operator)
    journal = operator.folder / ".state/teardown/dev.json"
    told = json.loads(journal.read_text(encoding="utf-8"))
    told["plan"]["job_id"] = "elium.of.another.time"
    journal.write_text(json.dumps(told), encoding="utf-8")
    operator.is_destroyed = False

    ran = operator.elium("teardown", "dev")

    assert (ran.code, "deleted, and" in ran.err or "is gone" in ran.err) == (ExitCode.GRAPH, True)
    assert [file.name for file in journal.parent.glob("*.json")] == ["dev.json"]


def test_somebody_who_left_and_is_too_old_for_the_log_is_closed_by_the_cycle_that_is_waited_for(
    operator: Operator,
) -> None:
    operator.served.advance(timedelta(days=31))
    group = next(
        one.id for one in operator.tenant.directory.all(Kind.GROUP) if one.properties["displayName"] == "Elium users"
    )
    operator.ask("DELETE", f"/groups/{group}/members/{operator.id_of(ADA)}/$ref")
    ran = take_down(operator)

    assert ADA not in proof(ran)
    assert (ran.code, operator.active, len(proof(ran))) == (0, [], 10)
    assert "another cycle is waited for" in " ".join(ran.document["notes"])
