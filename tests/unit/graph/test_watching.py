"""A job's status and the log, as Graph writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from answers import answers, ok, refusal
from builders import PRINCIPAL

from provisioning.errors import GraphError
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.provisioning_log import LogQuestion
from provisioning.model.synchronization_status import Cycle, SynchronizationStatus

NEVER = "0001-01-01T00:00:00Z"


async def read(schedule: dict[str, Any] | None = None, **status: Any) -> SynchronizationStatus:
    node = {"id": "elium.7a", "templateId": "elium", "schedule": schedule or {"state": "Active"}, "status": status}
    (found,) = await answers(ok({"value": [node]})).graph().statuses(PRINCIPAL)
    return found


async def test_the_placeholder_before_the_first_cycle_is_no_cycle() -> None:
    status = await read(code="NotRun", lastExecution={"state": "Failed", "timeBegan": NEVER, "timeEnded": NEVER})

    assert status.last is None


async def test_a_cycle_is_read_with_what_it_exported_and_what_failed() -> None:
    last = {"state": "EntryLevelErrors", "timeBegan": "2026-01-15T09:00:00Z", "timeEnded": "2026-01-15T09:03:00Z"}
    status = await read(lastExecution={**last, "countExported": 8, "countEscrowed": 3})

    began = datetime(2026, 1, 15, 9, tzinfo=UTC)
    assert status.last == Cycle(began, began + timedelta(minutes=3), "EntryLevelErrors", exported=8, failed=3)
    assert status.last.length == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("PT40M", 40),
        ("PT1H", 60),
        ("PT1H20M30.5S", 80.5),
        ("P10675199DT2H48M5.4775807S", None),
        ("", None),
        ("x", None),
    ],
)
async def test_the_interval_of_a_job_that_does_not_run_is_none(written: str, minutes: float | None) -> None:
    status = await read({"state": "Active", "interval": written})

    assert status.interval == (None if minutes is None else timedelta(minutes=minutes))


async def test_progress_is_read_where_the_service_fills_it() -> None:
    filled = await read(progress=[{"completedUnits": 3, "totalUnits": 10, "units": "Entries"}])

    assert filled.progress is not None
    assert (filled.progress.done, filled.progress.total) == (3, 10)
    assert (await read(progress=[{"completedUnits": 0, "totalUnits": 0, "units": "Entries"}])).progress is None


async def test_a_question_becomes_one_filter() -> None:
    script = answers(ok({"value": []}))
    since = datetime(2026, 1, 15, 9, tzinfo=UTC)
    await script.graph().log_page(LogQuestion("elium.7a", since, source_id="ada", action="create", result="failure"))

    assert unquote(script.requests[0].url.query.decode()) == (
        "$filter=jobId eq 'elium.7a' and activityDateTime gt 2026-01-15T08:59:59.999Z and sourceIdentity/id eq 'ada'"
        " and provisioningAction eq 'create' and provisioningStatusInfo/status eq 'failure'&$top=500"
    )


async def test_an_entry_with_nothing_but_what_must_be_there_is_read() -> None:
    page = (
        await answers(ok({"value": [{"id": "1", "activityDateTime": "2026-01-15T09:00:00Z"}]}))
        .graph()
        .log_page(LogQuestion("elium.7a"))
    )

    assert [(entry.id, entry.name, entry.code) for entry in page.entries] == [("1", "", "")]
    assert page.next == ""


async def test_a_user_who_is_not_there_has_no_id() -> None:
    script = answers(refusal(404))

    assert await script.graph().user_id("linus_fabrikam.com#EXT#@contoso.com") == ""
    assert script.requests[0].url.raw_path.startswith(b"/v1.0/users/linus_fabrikam.com%23EXT%23%40contoso.com?")


async def test_what_happened_in_the_second_that_is_asked_about_is_among_it() -> None:
    script = answers(ok({"value": []}))

    await script.graph().log_page(LogQuestion("elium.7a", datetime(2026, 1, 15, 9, 0, 5, 300_000, tzinfo=UTC)))

    assert "activityDateTime gt 2026-01-15T09:00:04.999Z" in unquote(script.requests[0].url.query.decode())


@pytest.mark.parametrize("named", ["", "  ", ".", ".."])
async def test_a_name_that_leads_to_another_address_is_nobodys(named: str) -> None:
    script = answers()

    assert await script.graph().user_id(named) == ""
    assert await script.graph().person(named, attributes=["jobTitle"]) is None
    assert script.requests == []


async def test_a_person_is_read_without_an_attribute_that_the_tenant_does_not_have() -> None:
    shown = {"accountEnabled": True, "jobTitle": "Poet"}
    ada = {"id": "0a", "displayName": "Ada", "userPrincipalName": "ada@contoso.com", **shown}
    script = answers(refusal(400, "BadRequest", "Could not find a property named 'costCentre'"), ok(ada))
    person = await script.graph().person("ada@contoso.com", attributes=["jobTitle", "costCentre"])

    assert person is not None
    assert (person.name, person.attributes) == ("Ada (ada@contoso.com)", {"jobTitle": "Poet", "costCentre": None})
    assert ["costCentre" in str(request.url) for request in script.requests] == [True, False]


async def test_people_are_streamed_each_once_and_only_through_groups_that_count() -> None:
    ada, bob = ({"id": name, "displayName": name, "accountEnabled": True} for name in ("ada", "bob"))
    groups = [{"id": "g", "securityEnabled": True}, {"id": "friends", "securityEnabled": False}]
    script = answers(ok({"value": groups}), ok({"value": [ada]}), ok({"value": [ada, bob]}))
    principals = [Assignment(name, PrincipalKind.GROUP, name, role="r") for name in ("g", "friends")]
    stream = script.graph().each_person(principals, attributes=[], everybody=True)

    assert [(one.id, sorted(one.through)) async for one in stream] == [("ada", ["g"]), ("bob", [])]
    assert [path.rpartition("/")[2] for path in script.sent] == ["groups", "microsoft.graph.user", "users"]


async def test_people_are_streamed_without_an_attribute_that_the_tenant_does_not_have() -> None:
    ada = {"id": "ada", "displayName": "Ada", "accountEnabled": True}
    script = answers(refusal(400, "BadRequest", "Could not find a property"), ok({"value": [ada]}))
    stream = script.graph().each_person([], attributes=["costCentre"], everybody=True)

    assert [one.attributes async for one in stream] == [{"costCentre": None}]
    assert ["costCentre" in str(request.url) for request in script.requests] == [True, False]


async def test_a_refusal_in_the_middle_of_people_is_an_error() -> None:
    ada = {"id": "ada", "displayName": "Ada", "accountEnabled": True}
    page = {"value": [ada], "@odata.nextLink": "https://graph.example/v1.0/users?more"}
    stream = answers(ok(page), refusal(400, "BadRequest")).graph().each_person([], attributes=["x"], everybody=True)

    with pytest.raises(GraphError, match="400 BadRequest"):
        assert [one async for one in stream] == []
