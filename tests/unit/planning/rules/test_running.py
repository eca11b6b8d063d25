from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_configuration, a_mapping_node, a_schema, edited

from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.connection import Scope
from provisioning.model.mapping import ObjectKind
from provisioning.model.schema import SynchronizationSchema
from provisioning.planning.changes import SwitchObjects
from provisioning.planning.configuration import Configuration
from provisioning.planning.rules import AcceptingSetting, Case, Finding, Weight, may_make_leave
from provisioning.planning.rules.running import (
    kept_accounts,
    moved_address,
    restart,
    scope_restart,
    switched,
    threshold,
)
from provisioning.planning.touched import Group, Impact

ACTIVE = a_mapping_node("active", "x", source={"type": "Function", "expression": "Not([IsSoftDeleted])"})
JOB = a_configuration(a_schema(ACTIVE))
CHANGED = JOB.with_schema(a_schema(ACTIVE, a_mapping_node("title", "mail")))
SOMETHING = (SwitchObjects(ObjectKind.USERS, on=True),)


def with_groups(schema: SynchronizationSchema) -> SynchronizationSchema:
    """Let groups be provisioned too."""
    rule = schema.document["synchronizationRules"][0]
    groups = {"sourceObjectName": "Group", "targetObjectName": "Group", "enabled": True, "attributeMappings": []}
    rules = [{**rule, "objectMappings": [*rule["objectMappings"], groups]}]
    return SynchronizationSchema({**schema.document, "synchronizationRules": rules})


@pytest.mark.parametrize(
    ("was_on", "is_on", "known", "weight", "begins"),
    [
        (True, False, {}, Weight.WARNING, "The job is switched off: nobody gets an account, and nobody who leaves is"),
        (False, True, {}, Weight.NOTE, "The job is switched on: what changed meanwhile follows with its first cycle."),
        (False, False, {"changes": SOMETHING}, Weight.NOTE, "The job is off: none of this reaches the app before it"),
    ],
)
def test_a_job_that_is_switched_or_off_is_told(
    was_on: bool,  # noqa: FBT001 - a parameter of the test
    is_on: bool,  # noqa: FBT001 - a parameter of the test
    known: dict[str, Any],
    weight: Weight,
    begins: str,
) -> None:
    (finding,) = switched(Case(replace(JOB, is_on=was_on), replace(JOB, is_on=is_on), **known))

    assert finding.weight is weight
    assert finding.sentence.startswith(begins)


@pytest.mark.parametrize(
    "case",
    [
        Case(JOB, JOB, SOMETHING),
        Case(replace(JOB, is_on=False), JOB, has_run=False),
        Case(replace(JOB, is_on=False), replace(JOB, is_on=False)),
    ],
)
def test_a_job_that_stays_as_it_is_is_not_told(case: Case) -> None:
    assert list(switched(case)) == []


@pytest.mark.parametrize(
    ("case", "count"),
    [
        (Case(JOB, CHANGED), 1),
        (Case(JOB, JOB), 0),
        (Case(JOB, CHANGED, has_run=False), 0),
        (Case(JOB, replace(CHANGED, is_on=False)), 0),
    ],
)
def test_a_schema_that_is_saved_restarts_the_cycle_of_a_job_that_runs(case: Case, count: int) -> None:
    assert len(list(restart(case))) == count


@pytest.mark.parametrize(("is_on", "when"), [(True, "at once"), (False, "when the job is switched on")])
def test_a_new_scope_waits_for_a_restart(is_on: bool, when: str) -> None:  # noqa: FBT001 - a parameter of the test
    (finding,) = scope_restart(Case(JOB, a_configuration(JOB.schema, scope=Scope.ALL, is_on=is_on)))

    assert finding.sentence == f"The new scope takes effect with a restart, which follows {when}."


STAFF = Assignment("staff", PrincipalKind.GROUP, "Staff", "role")
ADA = Assignment("ada", PrincipalKind.USER, "Ada", "role")


def unassigned(most: int | None, leaving: int, *, groups: bool = True, **differences: Any) -> list[str]:
    """Take everybody's assignment away while the threshold is so many."""
    before = a_configuration(with_groups(JOB.schema) if groups else JOB.schema, assignments=(STAFF, ADA))
    after = a_configuration(before.schema, delete_threshold=most, **differences)
    impact = Impact(leaving, in_scope_before=leaving, leaving=Group(leaving))
    return [finding.sentence for finding in threshold(Case(before, after, impact=impact))]


def test_groups_that_leave_count_against_the_threshold_as_well_as_people() -> None:
    assert unassigned(10, 10) == [
        (
            "11 leave, among them 1 group, and deleteThreshold is 10: Entra will disable nobody and put the job in "
            "quarantine, until somebody allows it."
        )
    ]


@pytest.mark.parametrize("sentences", [unassigned(11, 10), unassigned(10, 10, groups=False), unassigned(None, 99)])
def test_as_many_as_the_threshold_may_leave(sentences: list[str]) -> None:
    assert sentences == []


def test_people_whose_accounts_stay_open_do_not_count_against_it() -> None:
    assert unassigned(3, 10, keeps_leavers=True) == []


def users_of(configuration: Configuration, **differences: Any) -> Configuration:
    """Give a job whose users are provisioned differently."""
    node = {**(configuration.schema.of(ObjectKind.USERS).node or {}), **differences}
    schema = edited(configuration.schema, ObjectKind.USERS, lambda users: replace(users, node=node))
    return configuration.with_schema(schema)


def by(expression: str, **differences: Any) -> Configuration:
    """Give a job whose ``active`` is another expression."""
    source = {"type": "Function", "expression": expression}
    return a_configuration(a_schema(a_mapping_node("active", "x", source=source, **differences)))


SKIPS = a_configuration(JOB.schema, keeps_leavers=True)
LATER = "once the job is switched on"


@pytest.mark.parametrize(
    ("before", "after", "why", "when"),
    [
        (SKIPS, JOB, "skipOutOfScopeDeletions says so", "by the restart"),
        (SKIPS, CHANGED, "skipOutOfScopeDeletions says so", "by the restart"),
        (SKIPS, replace(CHANGED, is_on=False), "skipOutOfScopeDeletions says so", LATER),
        (SKIPS, a_configuration(JOB.schema, scope=Scope.ALL), "skipOutOfScopeDeletions says so", "by the restart"),
        (users_of(JOB, flowTypes="Add"), JOB, "accounts are not updated", "by the restart"),
        (users_of(JOB, enabled=False), JOB, "users are no longer provisioned", "by the restart"),
        (a_configuration(), JOB, "no mapping disables people who leave", "by the restart"),
        (
            by("Not([IsSoftDeleted])", flowType="ObjectAddOnly"),
            JOB,
            "no mapping disables people who leave",
            "by the re",
        ),
        (by("[accountEnabled]"), JOB, "active reads accountEnabled alone", "by the restart"),
        (by("Tomorrow([IsSoftDeleted])"), JOB, "active is Tomorrow([IsSoftDeleted]), which cannot be read", "by the"),
    ],
)
def test_accounts_that_stayed_open_may_not_be_closed_in_passing(
    before: Configuration, after: Configuration, why: str, when: str
) -> None:
    (finding,) = kept_accounts(Case(before, after))

    assert (finding.weight, finding.number, finding.accepts) == (Weight.ACCEPTABLE, None, AcceptingSetting.LEAVERS)
    assert finding.sentence.startswith(f"Accounts of people who left may have stayed open until now, because {why}")
    assert f". They are disabled {when}" in finding.sentence


@pytest.mark.parametrize(
    "case",
    [
        Case(SKIPS, JOB, has_run=False),
        Case(SKIPS, a_configuration(CHANGED.schema, keeps_leavers=True)),
        Case(SKIPS, by("[accountEnabled]")),
        Case(by("[accountEnabled]"), by("[accountEnabled]", flowBehavior="FlowAlways")),
    ],
)
def test_nobody_is_asked_about_accounts_that_nothing_closes(case: Case) -> None:
    assert list(kept_accounts(case)) == []


def test_who_were_always_disabled_are_not_told() -> None:
    assert list(kept_accounts(Case(JOB, CHANGED))) == []


def moved(before: str, after: str, **known: Any) -> list[Finding]:
    held, wanted = a_configuration(address=before), a_configuration(address=after)
    usual: dict[str, Any] = {"impact": Impact(3, in_scope_before=3, in_scope_after=3)}
    return list(moved_address(Case(held, wanted, **(usual | known))))


def test_another_host_leaves_the_accounts_of_everybody_in_scope_behind() -> None:
    (finding,) = moved("https://old.elium.com/scim", "https://new.elium.com/scim")

    assert finding.sentence.startswith("Accounts at old.elium.com stay as they are, and nobody disables them any more")
    assert (finding.weight, finding.number) == (Weight.ACCEPTABLE, 3)
    assert [each.number for each in moved("https://old.elium.com", "https://new.elium.com", impact=None)] == [None]


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        (
            "/accounts/one/scim/v2",
            "/accounts/two/scim/v2",
            ("scim.example/accounts/one ", "scim.example/accounts/two "),
        ),
        (
            "/scim/v2/orgs/one",
            "/scim/v2/orgs/two",
            ("scim.example/scim/v2/orgs/one ", "scim.example/scim/v2/orgs/two "),
        ),
        ("/scim/v2", "/acme/scim/v2", ("scim.example ", "scim.example/acme ")),
    ],
)
def test_another_place_at_the_same_host_leaves_them_behind_too(old: str, new: str, names: tuple[str, str]) -> None:
    (finding,) = moved(f"https://ada:secret@scim.example{old}?code=secret", f"https://scim.example{new}")

    assert all(f"at {name}" in finding.sentence for name in names)
    assert "secret" not in finding.sentence


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("https://old.elium.com:443/SCIM", "https://old.elium.com/?aadOptscim062020", {}),
        ("https://old.elium.com/scim", "https://OLD.elium.com/scim/v2", {}),
        ("https://old.elium.com", "https://new.elium.com", {"has_run": False}),
        ("", "https://new.elium.com", {}),
    ],
)
def test_the_same_host_and_a_first_one_leave_nobody_behind(before: str, after: str, known: dict[str, Any]) -> None:
    assert moved(before, after, **known) == []


def test_an_address_of_another_host_is_worth_reading_people_for() -> None:
    before, after = (a_configuration(address=f"https://{name}.elium.com") for name in ("old", "new"))

    assert may_make_leave(before, after)
    assert not may_make_leave(before, before)
