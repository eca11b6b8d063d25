"""Plans that an administrator can read: what the service holds, what is declared, and what is said about it.

Each folder is a case. ``observed.json`` is what Graph holds: ``schema``, ``secrets``, and where it matters
``assignments`` by name, ``isOn`` and ``hasRun``. ``desired.yaml`` is what is declared, as under ``elium:`` in a stack,
and ``assignments`` by name; ``people.json`` who there is (``times`` makes many of one, ``through`` names who brings
them), ``groups.json`` which groups were read, and ``plan.txt`` what is printed: the lines of ``pulumi preview`` under
the resource. ``make plans``, which is ``pytest tests/plans --rewrite``, writes every ``plan.txt`` anew; read what it
changes before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from builders import PRINCIPAL, TOKEN

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.connection import Connection
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, People, Person
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.plan import Circumstances, Plan, plan_of
from provisioning.planning.rendering import as_text
from provisioning.planning.rules import Acceptance
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

HERE = Path(__file__).parent
CASES = sorted(folder.parent.name for folder in HERE.glob("*/desired.yaml"))
LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com", "secretToken": TOKEN}
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
TOLD_APART = ("name", "times", "assigned", "enabled", "roles", "through")
TEMPLATE = TemplateId("elium")
STAFF = "Elium users"


@pytest.mark.parametrize("case", CASES)
def test_a_plan_says(case: str, rewrites: bool) -> None:  # noqa: FBT001 - a fixture
    expected = HERE / case / "plan.txt"
    if rewrites:
        expected.write_text(said_of(HERE / case), encoding="utf-8")

    assert said_of(HERE / case) == expected.read_text(encoding="utf-8")


def test_there_are_cases_enough_to_read() -> None:
    assert len(CASES) >= 40


def said_of(case: Path) -> str:
    """Make the plan of a case, and give what an administrator reads."""
    try:
        return f"{as_text(plan_in(case))}\n"
    except ConfigurationError as refusal:
        return "Refused\n" + "".join(f"{indent(reason, '  ')}\n" for reason in refusal.reasons)


def plan_in(case: Path) -> Plan:
    held = json.loads((case / "observed.json").read_text(encoding="utf-8"))
    written = yaml.safe_load((case / "desired.yaml").read_text(encoding="utf-8"))
    assigned = written.pop("assignments", None)
    inputs = parsed(JobInputs, LEAST | written, place="elium:")
    circumstances = Circumstances(acceptance=Acceptance(inputs.accept_leavers, inputs.accept_entrants), app="Elium")
    plan = plan_of(observed(held, case), declared(inputs, written, assigned), circumstances)
    return plan.judged(people_in(case), now=NOW) if plan.touches_people else plan


def observed(held: Mapping[str, Any], case: Path) -> Observed:
    """Build what the service holds; roles are held by groups of their name."""
    roles = {role for person in people_written(case) for role in person.get("roles", ())}
    is_on = held.get("isOn", True)
    job = Job(JobId("elium.1"), TEMPLATE, is_on, "Active" if held.get("hasRun", True) else "NotRun")
    return Observed(
        job=replace(job, last_began=NOW if held.get("hasRun", True) else None),
        template=SynchronizationTemplate(TEMPLATE),
        connection=Connection(held["secrets"]),
        schema=SynchronizationSchema(held["schema"]),
        assignments=assignments_of(held.get("assignments", [STAFF, *sorted(roles)])),
        roles=tuple(AppRole(role, role, role) for role in sorted(roles)),
    )


def declared(inputs: JobInputs, written: Mapping[str, Any], assigned: list[str] | None) -> Declaration:
    """Build what is declared; what is not written stays as the service has it, address and token too."""
    declaration = inputs.declaration(None)
    connection = replace(
        declaration.connection,
        address=declaration.connection.address if "baseAddress" in written else None,
        scope=declaration.connection.scope if "scope" in written else None,
    )
    return replace(
        declaration,
        connection=connection,
        on=declaration.on if "status" in written else None,
        assignments=None if assigned is None else assignments_of(assigned),
    )


def assignments_of(names: Iterable[str]) -> tuple[Assignment, ...]:
    return tuple(Assignment(name, PrincipalKind.GROUP, name, name) for name in names)


def people_written(case: Path) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = json.loads((case / "people.json").read_text(encoding="utf-8"))
    return people


def people_in(case: Path) -> People:
    groups = case / "groups.json"
    return People(
        tuple(a_person(each, number) for each in people_written(case) for number in range(1, each.get("times", 1) + 1)),
        groups=tuple(map(a_group, json.loads(groups.read_text(encoding="utf-8")) if groups.exists() else ())),
    )


def a_group(written: dict[str, Any]) -> AssignedGroup:
    named: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in written.items()
    }
    return AssignedGroup(**named)


def a_person(written: dict[str, Any], number: int) -> Person:
    numbered = {name: value.replace("{n}", str(number)) for name, value in written.items() if isinstance(value, str)}
    attributes = {name: numbered.get(name, value) for name, value in written.items() if name not in TOLD_APART}
    through = written.get("through") or written.get("roles") or ([STAFF] if written.get("assigned", True) else [])
    return Person(
        id=numbered["name"],
        name=numbered["name"],
        attributes=attributes,
        is_enabled=written.get("enabled", True),
        through=frozenset(through),
    )
