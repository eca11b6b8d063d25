"""Provisioning people and groups at once: what is asked, at which pace, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from operating import READER, Operator, operating

from emulator.company.store import Kind
from emulator.moods.faults import Fault
from provisioning.commands.exit_codes import ExitCode

ON_DEMAND = (
    "Application.Read.All",
    "GroupMember.Read.All",
    "Synchronization.ReadWrite.All",
    "User.Read.All",
)
"""What the manual gives an identity that provisions on demand."""

ADA, GRACE = "ada.byron@contoso.com", "grace.hopper@contoso.com"
ALAN = "alan.turing@contoso.com"
CALL = "POST jobs/{job}/provisionOnDemand"


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=ON_DEMAND) as operator:
        yield operator


def test_somebody_who_was_assigned_a_moment_ago_has_an_account_at_once(operator: Operator) -> None:
    operator.assign(operator.id_of(GRACE))

    ran = operator.elium("provision", "dev", GRACE, "--yes", client=READER)

    assert ran.out == f"done          create   Grace Hopper ({GRACE})\n"
    assert (ran.code, GRACE in operator.active) == (0, True)
    assert ran.calls == ["GET jobs/{job}/schema", f"GET users/{GRACE}", CALL]


def test_what_an_answer_proves_is_not_overstated(operator: Operator) -> None:
    ran = operator.elium("provision", "dev", ALAN, GRACE, "--yes", "--json", client=READER)

    told = [(row["outcome"], row["code"]) for row in ran.document["rows"]]
    assert told == [("up-to-date", "RedundantExport"), ("not-in-scope", "NotEffectivelyEntitled")]


def test_a_group_takes_five_members_a_call_and_keeps_the_pace(operator: Operator) -> None:
    everybody = [user.id for user in operator.tenant.directory.all(Kind.USER)]
    group = operator.make_group("Newcomers", *everybody)
    operator.assign(group)

    ran = operator.elium("provision", "dev", "--group", "Newcomers", "--yes", "--json", client=READER)

    calls = -(-len(everybody) // 5)
    assert (ran.code, ran.calls.count(CALL), ran.document["calls"]) == (0, calls, calls)
    assert ran.document["takes"] == calls * 2
    assert ran.slept == [10.0] * ((calls - 1) // 5)


@pytest.mark.parametrize("by_name", [True, False])
def test_many_whom_a_threshold_keeps_are_not_closed_by_a_yes_that_stands_in_a_script(
    operator: Operator, *, by_name: bool
) -> None:
    staff = operator.active
    operator.make_group("Left", *map(operator.id_of, staff))
    operator.hold_back()
    named = ("provision", "dev", *(staff if by_name else ("--group", "Left")))

    refused = operator.elium(*named, "--yes", "--json", client=READER)
    open_still = operator.active
    done = operator.elium(*named, "--doit", refused.document["checksum"], client=READER)

    assert (refused.code, refused.document["isDone"], open_still) == (ExitCode.CONFIGURATION, False, staff)
    assert "10 people are not in scope any more, and disabled by that where their account is open: Ada" in refused.err
    assert len(refused.document["closing"]) == len(staff)
    assert (done.code, operator.active) == (0, [])


def test_who_is_in_scope_is_not_among_those_who_are_closed(operator: Operator) -> None:
    staff, everybody = operator.active, [user.id for user in operator.tenant.directory.all(Kind.USER)]
    operator.make_group("Everybody", *everybody)

    ran = operator.elium("provision", "dev", "--group", "Everybody", "--json", client=READER)

    assert not any(who in name for who in staff for name in ran.document["closing"])
    assert any("Grace Hopper" in name for name in ran.document["closing"])


def test_few_are_provisioned_without_a_look_at_everybody(operator: Operator) -> None:
    ran = operator.elium("provision", "dev", *operator.active[:5], "--yes", client=READER)

    assert {call.split()[0] for call in ran.calls} == {"GET", "POST"}
    assert [call for call in ran.calls if "secrets" in call or "members" in call] == []


def test_where_nobody_can_see_who_is_in_scope_it_may_be_anybody() -> None:
    with operating(roles=[each for each in ON_DEMAND if each != "Application.Read.All"]) as operator:
        named = (f"{operator.principal}/{operator.job}", *operator.active)
        ran = operator.elium("provision", *named, "--yes", "--json", client=READER)

        assert (ran.code, len(ran.document["closing"])) == (ExitCode.CONFIGURATION, len(operator.active))


def test_what_graph_refuses_once_is_repeated_and_what_fails_ends_with_1(operator: Operator) -> None:
    route = "POST /servicePrincipals/{id}/synchronization/jobs/{job}/provisionOnDemand"
    operator.served.emulator.entra.faults.add([Fault(route=route, status=500, code="InternalServerError")])
    once = operator.elium("provision", "dev", ADA, "--yes", client=READER)
    operator.served.emulator.entra.faults.add([Fault(route=route, status=400, code="BadRequest")])
    failed = operator.elium("provision", "dev", ADA, GRACE, "--yes", client=READER)

    assert (once.code, once.calls.count(CALL)) == (0, 2)
    assert failed.code == ExitCode.OTHER
    assert failed.out.startswith("failed ")
    assert failed.calls.count(CALL) == 2


def test_nothing_is_done_before_it_is_accepted(operator: Operator) -> None:
    asked = operator.elium("provision", "dev", ADA, answer="n")
    unasked = operator.elium("provision", "dev", ADA, "--json")

    assert (asked.code, CALL in asked.calls) == (ExitCode.OTHER, False)
    assert (unasked.code, unasked.document["isDone"], CALL in unasked.calls) == (ExitCode.CONFIGURATION, False, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "error: Nobody is named."),
        (("nobody@contoso.com",), "error: There is no user 'nobody@contoso.com' in this tenant."),
        (("--group", "Nobodies"), "error: There is no group 'Nobodies' in this tenant."),
    ],
)
def test_who_is_nobody_is_told(operator: Operator, arguments: tuple[str, ...], said: str) -> None:
    ran = operator.elium("provision", "dev", *arguments, "--yes")

    assert (ran.code, ran.err.splitlines()[0]) == (ExitCode.CONFIGURATION, said)
