"""An operator asks for the plan of a stack, in virtual time and without an engine: what is asked, and what is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from operating import APPLIED, Operator, operating

from provisioning.commands.exit_codes import ExitCode

IMPORTED = """
import sys
import provisioning.commands.plan
print(sorted({"azure", "grpc", "httpx2", "pulumi", "pulumi_azuread"} & sys.modules.keys()))
"""


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


def declare(operator: Operator, **settings: Any) -> None:
    operator.declared = {**APPLIED, **settings}


def test_without_a_change_six_things_are_read_and_nobody(operator: Operator) -> None:
    declare(operator)
    ran = operator.elium("plan", "dev", "--exit-code")

    assert (ran.code, ran.out, ran.err) == (0, "Nothing to do.\n", "")
    assert ran.calls == [
        *("GET applicationTemplates", "GET groups", "GET jobs"),
        *("GET appRoleAssignedTo", "GET secrets", "GET jobs/{job}/schema"),
    ]


def test_neither_pulumi_s_sdk_nor_what_asks_graph_is_imported_before_it_is_needed() -> None:
    told = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout == "[]\n"


def test_a_quarantine_is_told_with_the_plan(operator: Operator) -> None:
    operator.save(SecretToken="wrong")
    operator.served.run_cycle(operator.job)
    declare(operator, status="off")
    ran = operator.elium("plan", "dev", "--json")

    assert any("quarantine" in sentence for sentence in ran.document["warnings"])
    assert [change["text"] for change in ran.document["plan"]["changes"]] == ["~ status: on → off"]


def test_another_app_in_its_place_would_leave_people_behind(operator: Operator) -> None:
    declare(operator, galleryApp="Marketo")
    ran = operator.elium("plan", "dev")

    assert ran.code == ExitCode.REFUSED
    assert "The application would be replaced, and its job deleted with it. Up to 10 people" in ran.err


def test_another_app_in_its_place_is_told_where_that_is_accepted(operator: Operator) -> None:
    declare(operator, galleryApp="Marketo", onDestroy="retain")
    ran = operator.elium("plan", "dev")

    assert "The application 'Elium' would be replaced by one that is made from 'Marketo'.\n" in ran.out
    assert "  create the job, switched off\n" in ran.out


def test_an_assignment_that_somebody_took_away_is_told_before_anything_else(operator: Operator) -> None:
    operator.unassign()
    declare(operator)
    ran = operator.elium("plan", "dev")

    assert ran.code == ExitCode.GRAPH
    assert "Not assigned any more, although an earlier run assigned it: group Elium users." in ran.err


def test_an_app_that_the_stack_does_not_know_stops_a_first_deployment(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "resources", list)
    ran = operator.elium("plan", "dev")

    assert ran.code == ExitCode.CONFIGURATION
    assert "an application 'Elium' of this gallery app exists already, which this stack does not know" in ran.err


def test_every_mistake_in_the_settings_is_told_and_nothing_is_asked(operator: Operator) -> None:
    declare(operator, scope="some", filters={"users": ["department EQUAL Sales"]})
    ran = operator.elium("plan", "dev")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert ("elium:scope" in ran.err, "elium:filters.users.0" in ran.err) == (True, True)


def test_a_stack_that_is_not_there_is_told(operator: Operator) -> None:
    assert operator.elium("plan", "prod").code == ExitCode.CONFIGURATION


def test_the_expected_plan_passes_and_every_other_one_is_refused_by_name(operator: Operator) -> None:
    agreed = operator.elium("plan", "dev", "--json").document["plan"]["checksum"]
    same = operator.elium("plan", "dev", "--expect", agreed)
    declare(operator, mappings={"users": {"title": "[city]"}})
    other = operator.elium("plan", "dev", "--expect", agreed)

    assert (same.code, other.code) == (ExitCode.OK, ExitCode.REFUSED)
    now = other.out.rstrip().rpartition("checksum ")[2]
    assert f"What would be done now has the checksum {now}, and {agreed} was expected. Nothing was done." in other.err


def test_a_plan_is_another_one_when_somebody_else_would_get_another_value(operator: Operator) -> None:
    agreed = operator.elium("plan", "dev", "--json").document["plan"]["checksum"]
    group = operator.ask("GET", "/groups?$filter=displayName eq 'Elium users'")["value"][0]["id"]
    operator.tenant.directory.add_member(group, operator.id_of("grace.hopper@contoso.com"))

    assert operator.elium("plan", "dev", "--expect", agreed).code == ExitCode.REFUSED


def test_what_becomes_of_the_app_is_agreed_to_with_the_plan(operator: Operator) -> None:
    declare(operator)
    agreed = operator.elium("plan", "dev", "--json").document["plan"]["checksum"]
    declare(operator, displayName="Elium (all)")
    renamed = operator.elium("plan", "dev", "--expect", agreed)

    assert renamed.code == ExitCode.REFUSED
    assert operator.elium("plan", "dev", "--expect", renamed.out.rstrip().rpartition("checksum ")[2]).code == 0


def test_as_json_another_plan_is_still_one_document_and_why_stands_beside_it(operator: Operator) -> None:
    ran = operator.elium("plan", "dev", "--json", "--expect", "1a2b3c4d")

    assert (ran.code, ran.document["hasChanges"]) == (ExitCode.REFUSED, True)
    assert f"has the checksum {ran.document['plan']['checksum']}, and 1a2b3c4d was expected." in ran.err


def test_a_refused_plan_stays_refused_though_it_is_the_expected_one(operator: Operator) -> None:
    declare(operator, filters={"users": ["department EQUALS Nowhere"]})
    refused = operator.elium("plan", "dev", "--json")

    assert operator.elium("plan", "dev", "--expect", refused.document["plan"]["checksum"]).code == ExitCode.REFUSED


def test_a_checksum_that_a_pipeline_lost_is_not_taken_for_an_agreement(operator: Operator) -> None:
    ran = operator.elium("plan", "dev", "--expect", "")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
