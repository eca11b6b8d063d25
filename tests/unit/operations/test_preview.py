from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from builders import PRINCIPAL, a_declared_schema
from provisioning.operations.preview import preview
from recording import RecordingService

from provisioning.errors import MissingPermissionError, UnavailableError
from provisioning.language import ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.model.mapping import ObjectKind
from provisioning.model.person import People, Person
from provisioning.planning.configuration import Desired

if TYPE_CHECKING:
    from provisioning.planning.plan import Plan

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c"))
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
SALES = Desired(a_declared_schema(filters={ObjectKind.USERS: ScopingFilter.parse(["department EQUALS Sales"])}))
ADA = Person("1", "Ada", {"department": "IT"})


async def planned(service: RecordingService, desired: Desired, at_most: int = 10) -> Plan:
    return await preview(service, ADDRESS, desired, now=NOW, at_most=at_most)


async def test_nobody_is_read_when_nothing_changes() -> None:
    service = RecordingService()

    await planned(service, Desired(a_declared_schema()))

    assert service.asked == ["secrets", "schema"]


async def test_people_are_read_with_the_attributes_that_decide() -> None:
    service = RecordingService(people_held=People((ADA,)))

    plan = await planned(service, SALES)

    assert service.asked == ["secrets", "schema", "people assigned: department"]
    assert plan.impact is not None
    assert plan.impact.leaving.names == ("Ada",)


async def test_everybody_is_read_when_the_scope_is_or_becomes_all() -> None:
    service = RecordingService(secrets_held={"SyncAll": "True"})

    await planned(service, Desired(a_declared_schema(), scope=Scope.ASSIGNED))
    await planned(service, SALES)

    assert [asked for asked in service.asked if asked.startswith("people")] == [
        "people assigned and everybody:",
        "people everybody: department",
    ]


async def test_a_missing_permission_is_said_in_one_sentence() -> None:
    service = RecordingService(refusing={"people": MissingPermissionError("no")})

    plan = await planned(service, SALES)

    assert plan.why_uncounted == (
        "This identity may not read people: grant it User.Read.All, GroupMember.Read.All and Application.Read.All."
    )


async def test_a_directory_that_does_not_answer_is_said_too() -> None:
    service = RecordingService(refusing={"people": UnavailableError("Graph is away.", status=503)})

    assert (await planned(service, SALES)).why_uncounted == "People could not be read. Graph is away."


async def test_a_limit_of_zero_reads_nobody() -> None:
    service = RecordingService()

    plan = await planned(service, SALES, at_most=0)

    assert service.asked == ["secrets", "schema"]
    assert plan.why_uncounted == "The estimate is switched off (elium:impactLimit: 0)."
