"""From what is observed to what is declared: every call in its order, and what is left when one of them fails."""

from __future__ import annotations

from typing import Any

import pytest
from builders import (
    PRINCIPAL,
    TOKEN,
    a_declaration,
    a_declared_schema,
    a_job,
    a_mapping_node,
    a_schema,
    an_assignment,
    some_people,
)
from carrying_out import carried_out, planned
from recording import RecordingService

from provisioning.errors import (
    ConfigurationError,
    ConflictError,
    CredentialsRejectedError,
    UnavailableError,
    UnsafeChangeError,
)
from provisioning.language import Expression, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import JobAddress, TemplateId
from provisioning.model.job import Job
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.apply import Applying
from provisioning.planning.rules import Acceptance
from provisioning.planning.steps import Pause, Restart, SaveConnection, SaveSchema, Step, describe_step

TITLE = DeclaredMapping("title", {"source": Expression.parse("[mail]")})
A_MAPPING = a_declared_schema(mappings={ObjectKind.USERS: {"title": TITLE}})
A_FILTER = a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])})
NOBODY_IS_FOUND = a_declared_schema(
    mappings={ObjectKind.USERS: {"userName": DeclaredMapping("userName", {"match": None})}}
)
VALIDATE = "validate https://acme.elium.com/scim/v2"
TROUBLE = UnavailableError("Graph is away.", status=503)
OURS = {"BaseAddress": "https://acme.elium.com/scim/v2", "SecretToken": "*", "SyncAll": "false"}
RUNS = a_job(on=True, status="Active")


def running(**differences: Any) -> RecordingService:
    """Give a job that has run for a group, and is as it is declared."""
    usual = {"held": RUNS, "secrets_held": dict(OURS), "assignments_held": (an_assignment(),)}
    return RecordingService(**(usual | differences))


async def written(service: RecordingService, declaration: Declaration, **circumstances: Any) -> list[str]:
    """Carry out what is declared, and list what that wrote."""
    await carried_out(service, declaration, **circumstances)
    return service.writes


# A first configuration.


async def test_the_first_configuration_takes_the_order_of_the_tutorial() -> None:
    service = RecordingService(assignments_held=(an_assignment(),), people_held=People(some_people(2)))

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.asked == [
        "jobs",
        "templates",
        "assignments",
        "people Staff: mail",
        VALIDATE,
        "create job elium",
        "save secrets",
        "schema",
        "save schema",
        "start",
    ]


async def test_without_mappings_the_schema_is_not_looked_at() -> None:
    service = RecordingService()

    assert await written(service, a_declaration()) == ["create job elium", "save secrets", "start"]
    assert "schema" not in service.asked


async def test_a_job_that_is_to_be_off_is_not_started() -> None:
    assert await written(RecordingService(), a_declaration(on=False)) == ["create job elium", "save secrets"]


async def test_the_default_template_is_taken_unless_another_is_declared() -> None:
    two = RecordingService(template_ids=("first", "second"))
    declared = RecordingService(template_ids=("first", "second"))

    assert (await written(two, a_declaration()))[0] == "create job second"
    assert (await written(declared, a_declaration(template=TemplateId("first"))))[0] == "create job first"


async def test_credentials_that_are_rejected_leave_nothing_behind() -> None:
    service = RecordingService(refusing={"validate": CredentialsRejectedError("no")})

    with pytest.raises(CredentialsRejectedError):
        await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.writes == []


async def test_what_the_template_shows_to_be_impossible_is_refused_before_anything_is_made() -> None:
    service = RecordingService(template_schema=a_schema())
    mistyped = a_declared_schema(mappings={ObjectKind.USERS: {"titel": TITLE}})

    with pytest.raises(ConfigurationError, match="the app has no such attribute; the nearest is title"):
        await carried_out(service, a_declaration(schema=mistyped))

    assert service.asked == ["jobs", "templates", "assignments"]


async def test_what_only_the_job_shows_to_be_impossible_is_refused_before_it_is_started() -> None:
    service = RecordingService()
    mistyped = a_declared_schema(mappings={ObjectKind.USERS: {"titel": TITLE}})

    with pytest.raises(ConfigurationError, match="the app has no such attribute; the nearest is title"):
        await carried_out(service, a_declaration(schema=mistyped))

    assert service.writes == ["create job elium", "save secrets"]


async def test_a_new_job_gets_what_is_declared_over_what_it_starts_with() -> None:
    own = a_schema(a_mapping_node("userName", "mail", matchingPriority=1), a_mapping_node("nickName", "givenName"))
    service = RecordingService(template_schema=a_schema(), schema_held=own)

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert list(service.schema_held.mappings(ObjectKind.USERS)) == ["userName", "nickName", "title"]


async def test_a_new_job_that_would_find_nobody_is_refused_before_it_is_made() -> None:
    service = RecordingService(template_schema=a_schema())

    with pytest.raises(UnsafeChangeError, match="no matching attribute would be left") as refusal:
        await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND))

    assert (service.writes, refusal.value.hint) == ([], "If that is meant, accept it by name: acceptLeavers: 1")


async def test_a_new_job_that_would_find_nobody_is_never_started() -> None:
    service = RecordingService()

    with pytest.raises(UnsafeChangeError, match="no matching attribute would be left"):
        await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND))

    assert service.writes == ["create job elium", "save secrets"]


async def test_a_new_job_that_would_find_nobody_can_be_accepted_by_name() -> None:
    service = RecordingService(template_schema=a_schema())

    await carried_out(service, a_declaration(schema=NOBODY_IS_FOUND), acceptance=Acceptance(1))

    assert service.writes[-1] == "start"


async def test_a_first_filter_that_lets_nobody_in_is_refused_before_anything_is_made() -> None:
    people = People(some_people(4, department="IT"))
    service = RecordingService(template_schema=a_schema(), assignments_held=(an_assignment(),), people_held=people)

    with pytest.raises(UnsafeChangeError, match="4 people were looked at, and nobody would be provisioned"):
        await carried_out(service, a_declaration(schema=A_FILTER))

    assert service.writes == []


# A job that is there.


async def test_a_job_that_is_there_is_adopted_and_what_it_holds_is_sent_back() -> None:
    service = RecordingService(held=a_job(on=True), secrets_held={"Sandbox": "yes"})

    assert await written(service, a_declaration(), is_adopted=True) == ["save secrets"]
    assert service.secrets_held["Sandbox"] == "yes"


async def test_a_job_of_another_template_is_not_adopted() -> None:
    service = RecordingService(held=a_job(template="other"))

    assert "create job elium" in await written(service, a_declaration())


async def test_nothing_is_written_when_all_is_as_it_is_declared() -> None:
    assert await written(running(), a_declaration(scope=Scope.ASSIGNED), is_adopted=True) == []


async def test_a_changed_mapping_is_one_read_and_one_save() -> None:
    service = running()

    await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.asked == ["jobs", "templates", "assignments", "secrets", "schema", "save schema"]


async def test_a_mapping_that_is_there_already_is_only_read() -> None:
    service = running()
    for _ in range(2):
        await carried_out(service, a_declaration(schema=A_MAPPING))

    assert service.writes == ["save schema"]


async def test_a_new_token_is_tested_before_it_is_saved() -> None:
    service = running()

    await carried_out(service, a_declaration(), token_is_new=True)

    assert service.asked[-2:] == [VALIDATE, "save secrets"]


async def test_a_new_scope_restarts_because_entra_needs_it() -> None:
    assert await written(running(), a_declaration(scope=Scope.ALL)) == ["save secrets", "restart Watermark"]


async def test_an_adopted_job_is_paused_before_its_scope_changes_and_then_restarted() -> None:
    asked = await written(running(), a_declaration(scope=Scope.ALL), is_adopted=True)

    assert asked == ["pause", "save secrets", "restart Watermark"]


async def test_an_adopted_job_that_has_run_and_is_off_is_restarted_because_nobody_knows_what_was_cut() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(), is_adopted=True) == ["restart Watermark"]


async def test_an_adopted_job_that_is_to_be_off_is_paused_before_anything_is_saved() -> None:
    declaration = a_declaration(on=False, schema=A_MAPPING, delete_threshold=7)

    assert await written(running(), declaration, is_adopted=True) == ["pause", "save schema", "save secrets"]


async def test_a_job_that_is_off_is_not_restarted_for_its_new_scope() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(on=False, scope=Scope.ALL)) == ["save secrets"]


async def test_a_restart_that_is_due_comes_when_the_job_is_switched_on() -> None:
    service = running(held=a_job(on=False, status="Active"))

    assert await written(service, a_declaration(), restart_is_due=True) == ["restart Watermark"]


async def test_switching_on_starts() -> None:
    assert await written(running(held=a_job(on=False, status="Active")), a_declaration()) == ["start"]


async def test_the_schema_is_saved_before_the_connection() -> None:
    declaration = a_declaration(schema=A_MAPPING, scope=Scope.ALL)

    assert await written(running(), declaration) == ["save schema", "save secrets", "restart Watermark"]


async def test_a_scope_alone_does_not_save_the_schema() -> None:
    assert "save schema" not in await written(running(), a_declaration(scope=Scope.ALL))


async def test_groups_that_come_and_go_write_nothing_here_because_azuread_assigns() -> None:
    declaration = a_declaration(assignments=(an_assignment("Guests"),))
    service = running(people_held=People(some_people(2)))

    assert await written(service, declaration, acceptance=Acceptance(9, 9)) == []


# What the guard refuses.


SIX = People(some_people(6, department="IT"))


async def test_what_the_guard_refuses_touches_nothing() -> None:
    service = running(people_held=SIX)

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(schema=A_FILTER, on=False, delete_threshold=7))

    assert service.writes == []


async def test_an_accepted_number_lets_it_pass() -> None:
    service = running(people_held=SIX)

    assert await written(service, a_declaration(schema=A_FILTER), acceptance=Acceptance(6)) == ["save schema"]


async def test_a_scope_that_shrinks_is_judged_before_the_secrets_are_saved() -> None:
    service = running(people_held=People(some_people(6, through="nobody")), secrets_held=OURS | {"SyncAll": "true"})

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(scope=Scope.ASSIGNED))

    assert service.writes == []


async def test_a_scope_that_grows_is_judged_too() -> None:
    service = running(people_held=People((*some_people(1), *some_people(6, through="nobody"))))

    with pytest.raises(UnsafeChangeError, match="6 people would enter, beside 1 in scope now"):
        await carried_out(service, a_declaration(scope=Scope.ALL))

    assert service.writes == []


@pytest.mark.parametrize("job", [a_job(status="NotRun"), a_job(on=True, status="Paused"), None])
async def test_a_job_that_never_ran_has_nobody_to_lose(job: Job | None) -> None:
    service = RecordingService(
        held=job,
        people_held=People((*some_people(9, department="IT"), *some_people(1, department="Sales"))),
        assignments_held=(an_assignment(),),
    )

    assert "save schema" in await written(service, a_declaration(schema=A_FILTER))


async def test_a_job_that_ran_before_it_was_paused_has_people_to_lose() -> None:
    service = running(held=a_job(on=False, status="Active"), people_held=SIX)

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await carried_out(service, a_declaration(schema=A_FILTER))


# Somebody else.


class Moving(RecordingService):
    """Somebody changes the schema while people are read."""

    async def people(self, *arguments: Any, **more: Any) -> People:
        self.schema_held = SynchronizationSchema({**a_schema().document, "version": "v1.3"})
        return await super().people(*arguments, **more)


async def test_a_schema_that_moves_while_people_are_read_is_not_replaced() -> None:
    service = Moving(held=RUNS, secrets_held=dict(OURS), assignments_held=(an_assignment(),))

    with pytest.raises(ConflictError, match=r"it was v1\.2 when it was looked at and is v1\.3 now"):
        await carried_out(service, a_declaration(schema=A_FILTER, delete_threshold=7))

    assert service.writes == []


async def test_a_schema_that_is_not_what_it_was_when_it_was_last_seen_is_not_replaced() -> None:
    service = running()

    with pytest.raises(ConflictError, match="Somebody else changed the schema of this job since it was last looked at"):
        await carried_out(service, a_declaration(schema=A_MAPPING), schema_seen="another meaning")

    assert service.writes == []


@pytest.mark.parametrize("seen", [a_schema().meaning, a_schema().version, ""])
async def test_a_schema_that_is_what_it_was_or_that_nobody_remembers_is_replaced(seen: str) -> None:
    assert await written(running(), a_declaration(schema=A_MAPPING), schema_seen=seen) == ["save schema"]


async def test_a_schema_that_moved_does_not_matter_to_a_change_that_leaves_it_alone() -> None:
    service = running()

    assert await written(service, a_declaration(delete_threshold=7), schema_seen="another") == ["save secrets"]


# What is kept of what was there.


class Kept:
    """An archive that writes down what it is given, and what was saved by then."""

    def __init__(self, service: RecordingService) -> None:
        self.service = service
        self.kept: list[tuple[str, list[str]]] = []

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        del address
        self.kept.append((schema.version, list(self.service.writes)))


@pytest.mark.parametrize(("job", "before"), [(RUNS, []), (None, ["create job elium", "save secrets"])])
async def test_the_schema_that_is_replaced_is_kept_before_it_is(job: Job | None, before: list[str]) -> None:
    service = running(held=job)
    archive = Kept(service)

    await carried_out(service, a_declaration(schema=A_MAPPING), archive=archive)

    assert archive.kept == [("v1.2", before)]


async def test_a_schema_that_cannot_be_kept_is_not_replaced() -> None:
    class Full(Kept):
        def keep(self, address: JobAddress, schema: SynchronizationSchema) -> None:
            raise ConfigurationError(f"{address.job} {schema.version}: the folder is full.")

    service = running()

    with pytest.raises(ConfigurationError):
        await carried_out(service, a_declaration(schema=A_MAPPING), archive=Full(service))

    assert service.writes == []


# The token.


async def test_without_the_token_itself_the_settings_are_not_saved() -> None:
    service = running()

    with pytest.raises(ConfigurationError, match="secret token is not known here") as refusal:
        await carried_out(service, a_declaration(token=None, delete_threshold=7))

    assert (service.writes, TOKEN in str(refusal.value)) == ([], False)


async def test_another_secret_that_cannot_be_read_back_is_not_lost() -> None:
    service = running(secrets_held=OURS | {"Password": "*"})

    with pytest.raises(ConfigurationError, match="holds Password, which cannot be read back"):
        await carried_out(service, a_declaration(delete_threshold=7))

    assert service.writes == []


# Faults at every step.

FIRST = a_declaration(schema=A_MAPPING, scope=Scope.ALL)
CHANGED = a_declaration(schema=A_MAPPING, scope=Scope.ALL)


async def stopped(service: RecordingService, declaration: Declaration, verb: str, **circumstances: Any) -> Applying:
    """Carry out until a verb fails."""
    applying = Applying(service, PRINCIPAL, await planned(service, declaration, **circumstances))
    service.refusing = {verb: TROUBLE}
    with pytest.raises(UnavailableError):
        await applying.run()
    service.refusing = {}
    return applying


@pytest.mark.parametrize(
    ("verb", "done"), [("create job", 0), ("save secrets", 1), ("schema", 2), ("save schema", 2), ("start", 3)]
)
async def test_a_first_configuration_that_stops_knows_what_is_done_and_what_is_due(verb: str, done: int) -> None:
    service = RecordingService()

    applying = await stopped(service, FIRST, verb)

    assert (*applying.done, *applying.due) == applying.plan.steps
    assert (len(applying.done), applying.job is None) == (done, done == 0)


@pytest.mark.parametrize("verb", ["create job", "save secrets", "schema", "save schema", "start"])
async def test_a_first_configuration_that_stopped_is_finished_by_running_it_again(verb: str) -> None:
    service = RecordingService()
    applying = await stopped(service, FIRST, verb)
    is_there = service.held is not None

    await carried_out(service, FIRST, token_is_new=not applying.done)

    assert service.asked.count("create job elium") == (1 if is_there else 2)
    assert service.held
    assert (service.held.is_on, service.secrets_held["SyncAll"]) == (True, "true")
    assert "title" in service.schema_held.mappings(ObjectKind.USERS)


@pytest.mark.parametrize(
    ("verb", "due"),
    [
        ("pause", [Pause, SaveSchema, SaveConnection, Restart]),
        ("save schema", [SaveSchema, SaveConnection, Restart]),
        ("save secrets", [SaveConnection, Restart]),
        ("restart", [Restart]),
    ],
)
async def test_an_adoption_that_stops_leaves_its_restart_due(verb: str, due: list[type[Step]]) -> None:
    applying = await stopped(running(), CHANGED, verb, is_adopted=True)

    assert [type(step) for step in applying.due] == due


@pytest.mark.parametrize("verb", ["pause", "save schema", "save secrets", "restart"])
async def test_an_adoption_that_stopped_is_restarted_though_nothing_remembers_it(verb: str) -> None:
    service = running()
    await stopped(service, CHANGED, verb, is_adopted=True)

    await carried_out(service, CHANGED, is_adopted=True)

    assert service.writes[-1] == "restart Watermark"
    assert service.writes.count("restart Watermark") == (2 if verb == "restart" else 1)


async def test_running_it_once_more_takes_only_what_is_due() -> None:
    service = running()
    applying = await stopped(service, CHANGED, "save secrets")

    await applying.run()

    assert service.writes == ["save schema", "save secrets", "save secrets", "restart Watermark"]


async def test_each_step_is_told_before_it_is_taken() -> None:
    service = running()
    applying, told = Applying(service, PRINCIPAL, await planned(service, CHANGED)), []

    await applying.run(lambda step: told.append((describe_step(step), len(service.writes))))

    assert told == [
        ("save the schema", 0),
        ("save address, token and settings", 1),
        ("restart the job, forgetting Watermark", 2),
    ]


async def test_a_job_that_an_earlier_run_may_have_made_is_looked_for() -> None:
    service = RecordingService()
    applying = Applying(service, PRINCIPAL, await planned(service, a_declaration()), made_before=True)

    await applying.run()

    assert service.writes[0] == "create job elium, perhaps made before"


async def test_a_job_that_is_not_there_yet_has_no_address() -> None:
    service = RecordingService()
    applying = Applying(service, PRINCIPAL, await planned(service, a_declaration()))

    with pytest.raises(LookupError):
        applying.address  # noqa: B018 - reading it is the point

    await applying.run()
    assert applying.address == JobAddress(PRINCIPAL, a_job().id)


async def test_what_was_replaced_and_what_was_saved_are_remembered() -> None:
    service = running()
    before = service.schema_held

    applying = await carried_out(service, a_declaration(schema=A_MAPPING))

    assert (applying.replaced, applying.saved) == (before, service.schema_held)
