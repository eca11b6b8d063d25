"""A plan on its way: what is saved over, what is kept, and what is left when a call fails."""

from __future__ import annotations

from typing import Any

import pytest
from builders import (
    PRINCIPAL,
    TOKEN,
    a_declaration,
    a_job,
    a_schema,
    an_assignment,
)
from carrying_out import A_FILTER, A_MAPPING, OURS, RUNS, carried_out, planned, running, written
from recording import RecordingService

from provisioning.errors import (
    ConfigurationError,
    ConflictError,
    UnavailableError,
)
from provisioning.model.connection import Scope
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import JobAddress
from provisioning.model.job import Job
from provisioning.model.mapping import ObjectKind
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema
from provisioning.operations.apply import Applying
from provisioning.planning.steps import Pause, Restart, SaveConnection, SaveSchema, Step

TROUBLE = UnavailableError("Graph is away.", status=503)


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
    assert "title" in service.schema_held.of(ObjectKind.USERS).mappings


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
