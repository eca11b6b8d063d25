"""Plans that an administrator can read: what the service holds, what is declared, and what is said about it.

Each folder is a case. ``observed.json`` is what Graph holds, ``desired.yaml`` what is declared, as under ``elium:`` in
a stack, ``people.json`` who there is (``times`` makes many of one), ``groups.json`` which groups were read, and ``plan.txt`` what is printed: the lines of
``pulumi preview`` under the resource. ``make plans``, which is ``pytest tests/plans --rewrite``, writes every
``plan.txt`` anew; read what it changes before it is committed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from builders import PRINCIPAL, TOKEN

from provisioning.errors import ConfigurationError
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.preview import configuration_of
from provisioning.planning.configuration import Desired
from provisioning.planning.plan import Plan, plan_of
from provisioning.planning.rendering import as_text
from provisioning.planning.rules import Acceptance
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

HERE = Path(__file__).parent
CASES = sorted(folder.parent.name for folder in HERE.glob("*/desired.yaml"))
LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com", "secretToken": TOKEN}
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
TOLD_APART = ("name", "times", "assigned", "enabled", "roles")


@pytest.mark.parametrize("case", CASES)
def test_a_plan_says(case: str, rewrites: bool) -> None:  # noqa: FBT001 - a fixture
    expected = HERE / case / "plan.txt"
    if rewrites:
        expected.write_text(said_of(HERE / case), encoding="utf-8")

    assert said_of(HERE / case) == expected.read_text(encoding="utf-8")


def test_there_are_cases_enough_to_read() -> None:
    assert len(CASES) >= 20


def said_of(case: Path) -> str:
    """Make the plan of a case, and give what an administrator reads."""
    try:
        return f"{as_text(plan_in(case))}\n"
    except ConfigurationError as refusal:
        return "Refused\n" + "".join(f"{indent(reason, '  ')}\n" for reason in refusal.reasons)


def plan_in(case: Path) -> Plan:
    observed = json.loads((case / "observed.json").read_text(encoding="utf-8"))
    written = yaml.safe_load((case / "desired.yaml").read_text(encoding="utf-8"))
    entrants = written.pop("acceptEntrants", None)
    inputs = parsed(JobInputs, LEAST | written, place="elium:")
    desired = Desired(
        schema=inputs.schema_part,
        scope=inputs.scope if "scope" in written else None,
        keeps_leavers=inputs.skip_out_of_scope_deletions,
        delete_threshold=inputs.delete_threshold,
        accepted_leavers=inputs.accept_leavers,
    )
    before = configuration_of(SynchronizationSchema(observed["schema"]), observed["secrets"])
    plan = plan_of(before, desired, app="Elium")
    plan = replace(plan, acceptance=Acceptance(inputs.accept_leavers, entrants))
    return plan.judged(people_in(case), now=NOW) if plan.touches_people else plan


def people_in(case: Path) -> People:
    written = json.loads((case / "people.json").read_text(encoding="utf-8"))
    groups = case / "groups.json"
    return People(
        tuple(a_person(person, number) for person in written for number in range(1, person.get("times", 1) + 1)),
        groups=tuple(map(a_group, json.loads(groups.read_text(encoding="utf-8")) if groups.exists() else ())),
    )


def a_group(written: dict[str, Any]) -> AssignedGroup:
    return AssignedGroup(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}
    )


def a_person(written: dict[str, Any], number: int) -> Person:
    numbered = {name: value.replace("{n}", str(number)) for name, value in written.items() if isinstance(value, str)}
    attributes = {name: numbered.get(name, value) for name, value in written.items() if name not in TOLD_APART}
    return Person(
        id=numbered["name"],
        name=numbered["name"],
        attributes=attributes,
        is_assigned=written.get("assigned", True),
        is_enabled=written.get("enabled", True),
        roles=tuple({"value": role, "displayName": role} for role in written.get("roles", ())),
    )
