"""What is looked at before a change, in which order, and what is left alone when the guard says no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import PRINCIPAL, a_declaration, a_declared_schema, a_schema
from provisioning.operations.save_schema import Precautions
from provisioning.operations.update import Outdated, Part, Updated, update
from recording import RecordingService

from provisioning.errors import ConflictError, UnsafeChangeError
from provisioning.language import ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.identifiers import JobAddress, JobId, TemplateId
from provisioning.model.mapping import ObjectKind
from provisioning.model.person import People, Person
from provisioning.model.schema import SynchronizationSchema

if TYPE_CHECKING:
    from provisioning.model.declaration import Declaration

JOB = Outdated(JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c")), TemplateId("elium"))
FILTER = ScopingFilter.parse(["department EQUALS Sales"])
FILTERED = a_declaration(schema=a_declared_schema(filters={ObjectKind.USERS: FILTER}))
ASSIGNED = a_declaration(scope=Scope.ASSIGNED)
SIX = People(tuple(Person(str(number), f"P{number}", {"department": "IT"}, is_assigned=False) for number in range(6)))
SIX_ASSIGNED = People(tuple(Person(str(number), f"P{number}", {"department": "IT"}) for number in range(6)))


async def changed(service: RecordingService, declaration: Declaration, *parts: Part, **precautions: Any) -> Updated:
    return await update(service, JOB, declaration, frozenset(parts), Precautions(**precautions))


async def test_a_filter_is_weighed_before_it_is_saved() -> None:
    service = RecordingService()

    updated = await changed(service, FILTERED, Part.SCHEMA)

    assert service.asked == ["schema", "secrets", "people assigned: department", "schema", "save schema"]
    assert updated.replaced_version == "v1.2"


async def test_what_the_guard_refuses_touches_nothing() -> None:
    service = RecordingService(people_held=SIX_ASSIGNED)

    with pytest.raises(UnsafeChangeError, match="6 of 6 people in scope would leave"):
        await changed(service, FILTERED, Part.SCHEMA, Part.SETTINGS)

    assert [asked for asked in service.asked if asked.startswith(("save", "pause"))] == []


async def test_an_accepted_number_lets_it_pass() -> None:
    service = RecordingService(people_held=SIX_ASSIGNED)

    await changed(service, FILTERED, Part.SCHEMA, accepted_leavers=6)

    assert service.asked[-1] == "save schema"


async def test_a_scope_that_shrinks_is_weighed_before_the_secrets_are_saved() -> None:
    service = RecordingService(people_held=SIX, secrets_held={"SyncAll": "true"})

    with pytest.raises(UnsafeChangeError):
        await changed(service, ASSIGNED, Part.SCOPE)

    assert service.asked == ["secrets", "schema", "people assigned and everybody:"]


async def test_a_scope_that_grows_needs_no_look_at_people() -> None:
    service = RecordingService(people_held=SIX, secrets_held={"SyncAll": "false"})

    await changed(service, a_declaration(scope=Scope.ALL), Part.SCOPE)

    assert service.asked == ["secrets", "save secrets", "restart Watermark"]


async def test_a_schema_that_moved_since_it_was_seen_is_not_replaced() -> None:
    service = RecordingService()

    with pytest.raises(ConflictError, match=r"it was v1\.1 when it was last looked at and is v1\.2 now"):
        await changed(service, FILTERED, Part.SCHEMA, seen_version="v1.1")

    assert "save schema" not in service.asked


async def test_a_schema_that_moves_while_people_are_read_is_not_replaced() -> None:
    service = Moving()

    with pytest.raises(ConflictError, match=r"it was v1\.2 when it was last looked at and is v1\.3 now"):
        await changed(service, FILTERED, Part.SCHEMA)

    assert "save schema" not in service.asked


async def test_the_schema_that_is_replaced_is_kept() -> None:
    shelf = Kept()

    await changed(RecordingService(), FILTERED, Part.SCHEMA, shelf=shelf)

    assert shelf.versions == ["v1.2"]


class Kept:
    """A shelf that writes down what is put on it."""

    def __init__(self) -> None:
        self.versions: list[str] = []

    def keep(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        del address
        self.versions.append(schema.version)


class Moving(RecordingService):
    """Somebody changes the schema while people are read."""

    async def people(self, *arguments: Any, **more: Any) -> People:
        self.schema_held = SynchronizationSchema({**a_schema().document, "version": "v1.3"})
        return await super().people(*arguments, **more)
