"""Why somebody is, or is not, at Elium: the first check that does not hold, with what decides, in eight calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from operating import READER, Operator, Ran, operating

READS = (
    "Application.Read.All",
    "GroupMember.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.Read.All",
    "User.Read.All",
)
"""What the manual gives an identity that only reads."""

ADA, GRACE = "ada.byron@contoso.com", "grace.hopper@contoso.com"
GUEST = "linus.pauling_fabrikam.com#EXT#@contoso.onmicrosoft.com"
SALES = {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Sales"]}}
HAS_MAIL = {"sourceOperandName": "mail", "operatorName": "IS NOT NULL", "targetOperand": {"values": []}}


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating(roles=READS) as operator:
        yield operator


def explain(operator: Operator, person: str, *more: str) -> Ran:
    ran = operator.elium("explain", "dev", person, *more, client=READER)
    assert len(ran.calls) <= 8
    assert ran.code == 0, ran.err
    return ran


def findings(ran: Ran) -> dict[str, Any]:
    return {each["check"]: each["holds"] for each in ran.document["findings"]}


def sentence(ran: Ran, check: str) -> str:
    return next(str(each["sentence"]) for each in ran.document["findings"] if each["check"] == check)


def test_somebody_who_is_provisioned_through_a_group(operator: Operator) -> None:
    ran = explain(operator, ADA, "--json")

    assert sentence(ran, "assigned") == "Assigned through the group Elium users."
    assert (ran.document["isInScope"], ran.document["roles"], len(ran.calls)) == (True, ["User"], 8)
    assert {"target": "title", "value": "Knowledge Manager", "source": "[jobTitle]", "fails": False} in ran.document[
        "sends"
    ]
    assert ran.document["log"][0]["action"] == "create"


def test_somebody_who_is_not_assigned_at_all(operator: Operator) -> None:
    ran = explain(operator, GRACE)

    assert ran.out.startswith("Grace Hopper (grace.hopper@contoso.com): Not in scope. Not assigned to the app")
    assert "not assigned, or only through a group inside a group" in ran.out
    assert len(ran.calls) == 7


def test_somebody_in_a_group_that_is_inside_the_assigned_one(operator: Operator) -> None:
    inner = operator.make_group("Inner", operator.id_of(GRACE))
    operator.assign(operator.make_group("Outer", inner))
    ran = explain(operator, GRACE, "--json")

    assert sentence(ran, "assigned") == (
        "Only through Inner, inside Outer: members of nested groups are not provisioned."
    )
    assert (ran.document["isInScope"], len(ran.calls)) == (False, 8)
    assert [note.partition(":")[0] for note in ran.document["notes"]] == ["The log was not read"]


def test_of_groups_further_in_between_the_one_next_to_the_assigned_one_is_named(operator: Operator) -> None:
    middle = operator.make_group("Middle", operator.make_group("Inner", operator.id_of(GRACE)))
    operator.assign(operator.make_group("Outer", middle, operator.make_group("Others", operator.id_of(ADA))))

    assert sentence(explain(operator, GRACE, "--json"), "assigned") == (
        "Only through a group inside Middle, inside Outer: members of nested groups are not provisioned."
    )


def test_of_two_assigned_groups_around_somebody_as_many_chains_are_named_as_calls_allow(operator: Operator) -> None:
    inner = operator.make_group("Inner", operator.id_of(GRACE))
    for name in ("Outer A", "Outer B"):
        operator.assign(operator.make_group(name, inner))

    assert sentence(explain(operator, GRACE, "--json"), "assigned") == (
        "Only through Inner, inside Outer A; through a group inside Outer B: members of nested groups are not "
        "provisioned."
    )


def test_where_everybody_is_considered_no_chain_is_looked_for(operator: Operator) -> None:
    operator.assign(operator.make_group("Outer", operator.make_group("Inner", operator.id_of(GRACE))))
    operator.save(SyncAll="true")
    ran = explain(operator, GRACE, "--json")

    assert (ran.document["notes"], ran.document["log"] == []) == ([], False)


def test_a_group_that_is_not_security_enabled_brings_nobody(operator: Operator) -> None:
    operator.assign(operator.make_group("Friends", operator.id_of(GRACE), securityEnabled=False))

    assert sentence(explain(operator, GRACE, "--json"), "assigned") == (
        "Only through Friends, which is not security-enabled."
    )


def test_somebody_with_two_roles_by_two_ways(operator: Operator) -> None:
    operator.assign(operator.id_of(ADA), role=1)
    ran = explain(operator, ADA, "--json")

    assert sentence(ran, "assigned") == "Assigned directly, and through the group Elium users."
    assert set(ran.document["roles"]) == {"User", "msiam_access"}


def test_default_access_alone_is_told_as_the_doubt_that_it_is(operator: Operator) -> None:
    operator.assign(operator.id_of(GRACE), role=-1)
    ran = explain(operator, GRACE, "--json")

    assert (findings(ran)["role"], ran.document["isInScope"]) == (None, None)
    assert "the tutorial says that such people are not provisioned, a later page that they are" in sentence(ran, "role")


def test_a_guest_is_named_as_one(operator: Operator) -> None:
    operator.assign(operator.id_of(GUEST))
    ran = explain(operator, GUEST, "--json")

    assert (ran.document["isGuest"], ran.document["isInScope"]) == (True, True)
    assert sentence(ran, "matching") == "Matched by userName 'linus.pauling@fabrikam.com'."


def test_somebody_who_was_disabled(operator: Operator) -> None:
    operator.ask("PATCH", f"/users/{ADA}", {"accountEnabled": False})
    ran = explain(operator, ADA, "--json")

    assert findings(ran)["active"] is False
    assert "The account is disabled in Entra" in ran.document["conclusion"]


def test_each_clause_of_the_filter_is_told_with_its_value(operator: Operator) -> None:
    operator.map_users(scope={"groups": [{"name": "Sales only", "clauses": [HAS_MAIL, SALES]}]})
    ran = explain(operator, ADA, "--json")

    assert ran.document["clauses"] == [
        {"group": "Sales only", "clause": "mail IS NOT NULL", "value": ADA, "holds": True},
        {"group": "Sales only", "clause": "department EQUALS Sales", "value": "Knowledge", "holds": False},
    ]
    assert sentence(ran, "filter") == ("Does not pass the filter: department EQUALS Sales is not true of Knowledge.")
    assert (ran.document["isInScope"], ran.document["sends"]) == (False, [])


def test_whoever_passes_the_filter_is_told_by_which_group(operator: Operator) -> None:
    operator.map_users(scope={"groups": [{"name": "Mail", "clauses": [HAS_MAIL]}]})

    assert sentence(explain(operator, ADA, "--json"), "filter") == "Passes the filter: mail IS NOT NULL."


def test_where_everybody_is_considered_no_assignment_is_needed(operator: Operator) -> None:
    operator.save(SyncAll="true")
    ran = explain(operator, GRACE, "--json")

    assert sentence(ran, "assigned") == "Everybody is considered: the scope is all."
    assert ran.document["isInScope"] is True


def test_a_job_that_is_off_does_nothing_about_anybody(operator: Operator) -> None:
    operator.elium("pause", "dev", "--yes")
    ran = explain(operator, ADA)

    assert "In scope, but nothing happens. The job is switched off" in ran.out


@pytest.mark.parametrize("nested", [False, True])
def test_a_thousand_groups_take_eight_calls(operator: Operator, *, nested: bool) -> None:
    grace = operator.id_of(GRACE)
    for number in range(1_000):
        operator.make_group(f"Group {number:04}", grace)
    member = operator.make_group("Inner", grace) if nested else grace
    operator.assign(operator.make_group("The last one", member))
    ran = explain(operator, GRACE, "--json")

    assert (ran.document["isInScope"], len(ran.calls)) == (not nested, 8)
    assert (ran.document["notes"] == []) is not nested


def test_a_log_that_may_not_be_read_is_a_note_and_not_an_error() -> None:
    with operating(roles=[role for role in READS if "Log" not in role]) as operator:
        ran = explain(operator, ADA, "--json")

    assert ran.document["log"] == []
    (note,) = ran.document["notes"]
    assert note.startswith("The log could not be read. Grant it the application permission ProvisioningLog.Read.All")


def test_somebody_who_does_not_exist_is_refused_with_where_to_look(operator: Operator) -> None:
    ran = operator.elium("explain", "dev", "nobody@contoso.com")

    assert ran.code == 2
    assert "There is no user 'nobody@contoso.com' in this tenant." in ran.err


@pytest.mark.parametrize(
    ("arguments", "roles"),
    [
        (("status", "dev"), ["Synchronization.Read.All"]),
        (("wait", "dev"), ["Synchronization.Read.All"]),
        (("logs", "dev"), ["ProvisioningLog.Read.All"]),
        (("logs", "dev", "--person", ADA), ["ProvisioningLog.Read.All", "User.Read.All"]),
        (("explain", "dev", ADA), list(READS)),
        (("start", "dev"), ["Synchronization.ReadWrite.All"]),
        (("pause", "dev", "--yes"), ["Synchronization.ReadWrite.All"]),
        (("restart", "dev", "--reset", "Watermark", "--yes"), ["Synchronization.ReadWrite.All"]),
    ],
)
def test_the_permissions_of_the_manual_are_enough_for_each_verb(arguments: tuple[str, ...], roles: list[str]) -> None:
    with operating(roles=roles) as operator:
        ran = operator.elium(*arguments, client=READER)

    assert ran.code == 0, ran.err
