"""How everybody stands, as an operator sees it: before and after somebody leaves, fails, or is not reached yet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from operating import READER, Operator, operating

ADA, GRACE, CLAUDE = "ada.byron@contoso.com", "grace.hopper@contoso.com", "claude.shannon@contoso.com"
SCHEMA = Path(__file__).parents[2] / "schemas/elium-people.schema.json"


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


def standings(operator: Operator, *more: str) -> dict[str, str]:
    ran = operator.elium("people", "dev", "--json", *more, client=READER)
    assert ran.code == 0, ran.err
    lines = [json.loads(line) for line in ran.out.splitlines()]
    return {line["person"].rpartition("(")[2].rstrip(")"): line["standing"] for line in lines}


def test_everybody_who_is_assigned_is_told_with_few_calls(operator: Operator) -> None:
    ran = operator.elium("people", "dev")

    assert ran.err == "10 provisioned, 1 excluded\n"
    assert [call.partition("/")[0] for call in ran.calls] == [
        *("GET jobs", "GET jobs", "GET secrets", "GET appRoleAssignedTo"),
        *("GET auditLogs", "GET groups", "GET groups"),
    ]


def test_whoever_is_assigned_and_disabled_is_left_out_and_says_so(operator: Operator) -> None:
    assert standings(operator)[CLAUDE] == "excluded"


def test_somebody_new_waits_until_a_cycle_has_run(operator: Operator) -> None:
    operator.assign(operator.id_of(GRACE))
    before = standings(operator)
    operator.cycle()

    assert (before[GRACE], standings(operator)[GRACE]) == ("waiting", "provisioned")


def test_whoever_is_unassigned_leaves_with_the_next_cycle_and_has_left_then(operator: Operator) -> None:
    operator.unassign()
    before = set(standings(operator).values())
    operator.cycle()

    assert (before, set(standings(operator).values())) == ({"leaving"}, {"left"})
    assert operator.active == []


def test_what_is_held_back_leaves_the_account_open(operator: Operator) -> None:
    operator.hold_back()

    assert set(standings(operator).values()) == {"leaving"}
    assert len(operator.active) == 10


def test_a_log_that_does_not_reach_back_makes_people_quiet(operator: Operator) -> None:
    operator.elium("wait", "dev", "--for", "steady")

    assert standings(operator, "--since", "1m")[ADA] == "quiet"


def test_only_some_are_shown_and_all_are_counted(operator: Operator) -> None:
    ran = operator.elium("people", "dev", "--only", "excluded", "--only", "failing")

    assert [line.split()[0] for line in ran.out.splitlines()] == ["excluded"]
    assert ran.err == "10 provisioned, 1 excluded\n"


def test_csv_has_the_names_of_the_schema_and_a_line_for_each(operator: Operator) -> None:
    ran = operator.elium("people", "dev", "--csv")
    rows = list(csv.DictReader(ran.out.splitlines()))
    names: Any = json.loads(SCHEMA.read_text(encoding="utf-8"))["required"]

    assert list(rows[0]) == names
    assert len(rows) == 11


def test_where_everybody_is_considered_everybody_is_told(operator: Operator) -> None:
    operator.save(SyncAll="true")

    assert standings(operator)[GRACE] == "waiting"


def test_the_permissions_of_the_manual_are_enough() -> None:
    roles = ["Application", "GroupMember", "ProvisioningLog", "Synchronization", "User"]
    with operating(roles=[f"{role}.Read.All" for role in roles]) as operator:
        assert standings(operator)[ADA] == "provisioned"
