"""Who is read in order to judge a plan, what is said when nobody can be, and when the token is tested."""

from __future__ import annotations

import pytest
from builders import PRINCIPAL, a_declaration, a_declared_schema, a_job, an_assignment, some_people
from carrying_out import judging, planned
from recording import USER_ROLE, RecordingService

from provisioning.errors import (
    CredentialsRejectedError,
    GraphError,
    MissingPermissionError,
    ProvisioningError,
    ThrottledError,
    UnavailableError,
)
from provisioning.language import Expression, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.declaration import DeclaredSchema
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.observed import Observed
from provisioning.model.person import AssignedGroup, People
from provisioning.operations import judge
from provisioning.operations.judge import judged_plan
from provisioning.planning.plan import Circumstances
from provisioning.planning.rules import Acceptance

STAFF = an_assignment()
SALES = a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])})
RUNS = a_job(on=True, status="Active")


def mapped(source: str) -> DeclaredSchema:
    """Declare the mapping of the title."""
    declared = DeclaredMapping("title", {"source": Expression.parse(source)})
    return a_declared_schema(mappings={ObjectKind.USERS: {"title": declared}})


def a_service(**differences: object) -> RecordingService:
    """Give a job that has run, for a group of two."""
    service = RecordingService(
        held=RUNS,
        secrets_held={"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*", "SyncAll": "false"},
        assignments_held=(STAFF,),
        people_held=People(some_people(2, department="IT", mail="x@acme.example")),
    )
    for name, value in differences.items():
        setattr(service, name, value)
    return service


def people_read(service: RecordingService) -> list[str]:
    return [asked for asked in service.asked if asked.startswith("people")]


async def test_nobody_is_read_when_nothing_changes() -> None:
    service = a_service()

    plan = await planned(service, a_declaration())

    assert (bool(plan), people_read(service)) == (False, [])


async def test_people_are_read_with_the_attributes_that_decide() -> None:
    service = a_service()

    plan = await planned(service, a_declaration(schema=SALES))

    assert people_read(service) == ["people Staff: department, userPrincipalName"]
    assert plan.impact
    assert plan.impact.leaving.names == ("P0 of staff", "P1 of staff")


async def test_everybody_is_read_when_the_scope_is_or_becomes_all() -> None:
    service = a_service(secrets_held={"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*"})
    await planned(service, a_declaration(scope=Scope.ALL))
    service.secrets_held["SyncAll"] = "True"
    await planned(service, a_declaration(scope=Scope.ASSIGNED))

    assert people_read(service) == ["people Staff and everybody: userPrincipalName"] * 2


async def test_those_who_come_and_those_who_go_are_read_together() -> None:
    service = a_service()

    await planned(service, a_declaration(assignments=(an_assignment("Guests"),)))

    assert people_read(service) == ["people Guests, Staff: userPrincipalName"]


async def test_values_are_compared_for_a_preview_and_not_for_an_update() -> None:
    service = a_service()

    await planned(service, a_declaration(schema=mapped("[mail]")))
    updating = people_read(service)
    await planned(service, a_declaration(schema=mapped("[mail]")), judging(shows_values=True))

    assert (updating, people_read(service)) == ([], ["people Staff: mail, userPrincipalName"])


async def test_the_people_of_a_first_deployment_are_counted_before_there_is_an_app() -> None:
    service = RecordingService(people_held=People(some_people(3)))
    declaration = a_declaration(assignments=(an_assignment(role=""),))

    plan = await judged_plan(service, None, Observed(), declaration, Circumstances(), judging())

    assert (service.asked, plan.impact and plan.impact.entering.count) == (["people Staff:"], 3)


async def test_the_roles_are_read_once_a_mapping_reads_them() -> None:
    service = a_service()

    plan = await planned(service, a_declaration(schema=mapped("SingleAppRoleAssignment([appRoleAssignments])")))

    assert service.asked.count("roles") == 1
    assert plan.observed.roles == (USER_ROLE,)


async def test_of_an_app_that_is_not_there_yet_no_roles_are_read() -> None:
    service = RecordingService()
    declaration = a_declaration(schema=mapped("SingleAppRoleAssignment([appRoleAssignments])"))

    await judged_plan(service, None, Observed(), declaration, Circumstances(), judging())

    assert "roles" not in service.asked


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            MissingPermissionError("no"),
            "This identity may not read people: grant it User.Read.All, GroupMember.Read.All and Application.Read.All.",
        ),
        (GraphError("Graph does not do that.", status=400), "People could not be read. Graph does not do that."),
    ],
)
async def test_people_who_cannot_be_read_are_told_in_a_sentence(refusal: ProvisioningError, told: str) -> None:
    service = a_service(refusing={"people": refusal})

    assert (await planned(service, a_declaration(schema=SALES))).why_uncounted == told


@pytest.mark.parametrize("error", [UnavailableError("away", status=503), ThrottledError("slow down", status=429)])
async def test_a_number_that_was_accepted_does_not_stand_for_people_who_cannot_be_read_just_now(
    error: GraphError,
) -> None:
    service = a_service(refusing={"people": error})

    with pytest.raises(type(error)):
        await planned(service, a_declaration(schema=SALES), acceptance=Acceptance(2))

    unmoved = await planned(service, a_declaration(schema=mapped("[mail]")), judging(shows_values=True))
    assert unmoved.why_uncounted == f"People could not be read. {error.message}"


@pytest.mark.parametrize(("members", "is_counted"), [(0, False), (2, True)])
async def test_a_group_whose_members_are_hidden_is_not_taken_to_be_empty(members: int, *, is_counted: bool) -> None:
    hidden = AssignedGroup("staff", "Staff", members=members, hides_members=True)
    service = a_service(people_held=People(some_people(members), groups=(hidden,)))

    plan = await planned(service, a_declaration(assignments=()))

    assert bool(plan.impact) is is_counted
    assert is_counted or plan.why_uncounted == (
        "The members of Staff are hidden: grant this identity Member.Read.Hidden."
    )


async def test_a_limit_of_zero_reads_nobody_and_refuses_what_could_take_people_away() -> None:
    service = a_service()

    plan = await planned(service, a_declaration(schema=SALES), judging(read_at_most=0))

    assert people_read(service) == []
    assert plan.refusal
    assert plan.refusal.message == (
        "How many people this takes away from is not known. The estimate is switched off (impactLimit: 0)."
    )


async def test_roles_that_cannot_be_read_stop_the_plan() -> None:
    service = a_service(refusing={"roles": UnavailableError("away", status=503)})

    with pytest.raises(UnavailableError):
        await planned(service, a_declaration(schema=mapped("SingleAppRoleAssignment([appRoleAssignments])")))


async def test_a_new_address_is_tested() -> None:
    service = a_service(secrets_held={"BaseAddress": "https://other.example", "SecretToken": "*"})

    await judge.test_credentials(service, PRINCIPAL, await planned(service, a_declaration()))

    assert service.asked[-1] == "validate https://acme.elium.com/scim/v2"


async def test_what_is_not_new_is_not_tested() -> None:
    service = a_service()

    await judge.test_credentials(service, PRINCIPAL, await planned(service, a_declaration(schema=SALES)))

    assert not any(asked.startswith("validate") for asked in service.asked)


async def test_a_plan_without_the_token_itself_cannot_be_tested() -> None:
    service = a_service()

    await judge.test_credentials(
        service, PRINCIPAL, await planned(service, a_declaration(token=None), token_is_new=True)
    )

    assert not any(asked.startswith("validate") for asked in service.asked)


async def test_a_token_that_the_app_does_not_accept_changes_nothing() -> None:
    service = a_service(refusing={"validate": CredentialsRejectedError("no")})

    with pytest.raises(CredentialsRejectedError):
        await judge.test_credentials(service, PRINCIPAL, await planned(service, a_declaration(), token_is_new=True))

    assert service.writes == []
