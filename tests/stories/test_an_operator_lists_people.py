"""How everybody stands, as an operator sees it: before and after somebody leaves, fails, or is not reached yet."""

from __future__ import annotations

import csv
import io
import json
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from json_schema import mistakes
from operating import READER, Operator, operating

from provisioning.commands.exit_codes import ExitCode

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


TARGET = ("--target-token", "env:ELIUM_SECRET_TOKEN")


def at_elium(operator: Operator, method: str, path: str, **body: Any) -> None:
    """Do something at Elium itself, as one of its administrators."""
    schema = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **body}
    with httpx2.Client(
        base_url=f"{operator.served.origin}/elium/{operator.elium_site.name}/scim/v2",
        headers={"authorization": f"Bearer {operator.environment['ELIUM_SECRET_TOKEN']}"},
        verify=ssl.create_default_context(cafile=operator.served.ca_file),
    ) as http:
        http.request(method, path, json=schema if body else None).raise_for_status()


def test_an_account_that_nobody_manages_and_somebody_without_one_are_told(operator: Operator) -> None:
    ada = next(user["id"] for user in operator.elium_site.users if user["userName"] == ADA)
    at_elium(operator, "DELETE", f"/Users/{ada}")
    at_elium(operator, "POST", "/Users", userName="root@elium", active=True)
    at_elium(operator, "POST", "/Users", userName="gone@elium", active=False)
    ran = operator.elium("people", "dev", *TARGET, "--only", "no-account", "--only", "unmanaged")

    assert [line.split() for line in ran.out.splitlines()] == [
        ["no-account", "Ada", "Byron", f"({ADA})"],
        ["unmanaged", "root@elium"],
    ]
    assert ran.err.splitlines()[-1] == "9 provisioned, 1 excluded, 1 no-account, 1 unmanaged"
    assert operator.environment["ELIUM_SECRET_TOKEN"] not in ran.shown


def test_an_account_that_somebody_closed_at_elium_is_told_beside_what_the_log_says(operator: Operator) -> None:
    ada = next(user["id"] for user in operator.elium_site.users if user["userName"] == ADA)
    at_elium(operator, "PUT", f"/Users/{ada}", userName=ADA, active=False)
    ran = operator.elium("people", "dev", *TARGET)

    assert [line for line in ran.out.splitlines() if "inactive" in line] == [
        f"provisioned Ada Byron ({ADA})  but the account is inactive"
    ]


def test_elium_says_who_has_an_account_where_the_log_is_too_short(operator: Operator) -> None:
    operator.elium("wait", "dev", "--for", "steady")
    ran = operator.elium("people", "dev", "--json", "--since", "1m", *TARGET)
    lines = [json.loads(line) for line in ran.out.splitlines()]

    quiet = [line["account"] for line in lines if line["standing"] == "quiet"]
    assert quiet == ["active"] * 10
    assert [mistakes(line, json.loads(SCHEMA.read_text(encoding="utf-8")), "") for line in lines] == [[]] * 11


def test_whoever_was_unassigned_before_the_log_begins_has_an_account_that_nobody_manages(operator: Operator) -> None:
    operator.ask("POST", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}/pause")
    operator.served.advance(timedelta(days=31))
    operator.unassign()
    ran = operator.elium("people", "dev", *TARGET)

    assert {line.split()[0] for line in ran.out.splitlines()} == {"unmanaged"}
    assert ran.err.splitlines()[-1] == "10 unmanaged"


def test_a_wrong_token_of_elium_is_told_before_anybody_is_listed(operator: Operator) -> None:
    operator.environment["OLD"] = "not-the-token-0123456789"
    ran = operator.elium("people", "dev", "--target-token", "env:OLD")

    assert (ran.code, ran.out) == (ExitCode.GRAPH, "")
    assert "The app does not accept the token" in ran.err


def test_a_name_that_a_spreadsheet_would_compute_is_harmless_in_csv_and_itself_elsewhere(operator: Operator) -> None:
    names = ["=1+2", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    for name in names:
        at_elium(operator, "POST", "/Users", userName=name, active=True)
    as_csv = operator.elium("people", "dev", "--csv", "--only", "unmanaged", *TARGET)
    as_json = operator.elium("people", "dev", "--json", "--only", "unmanaged", *TARGET)

    cells = [row[1] for row in csv.reader(io.StringIO(as_csv.out, newline=""))][1:]
    assert sorted(cells) == sorted(f"'{name}" for name in names)
    assert {json.loads(line)["person"] for line in as_json.out.splitlines()} == set(names)


def test_the_permissions_of_the_manual_are_enough() -> None:
    roles = ["Application", "GroupMember", "ProvisioningLog", "Synchronization", "User"]
    with operating(roles=[f"{role}.Read.All" for role in roles]) as operator:
        assert standings(operator)[ADA] == "provisioned"
