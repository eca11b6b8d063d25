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
