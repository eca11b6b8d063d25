"""Objects that failed wait in escrow (Learn: application-provisioning-quarantine-status#retry-duration)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from company import Company

from emulator.elium import Fault
from emulator.engine.job import ResetScope

HOURS = timedelta(hours=1)


def broken(status: int = 500, **told: Any) -> Fault:
    """Elium refuses to create users."""
    return Fault(status=status, method="POST", path="/Users", **{"times": None, **told})


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "SystemForCrossDomainIdentityManagementBadRequest"),
        (401, "Unauthorized"),
        (403, "InsufficientRights"),
        (404, "SystemForCrossDomainIdentityManagementServiceIncompatible"),
        (405, "MethodNotAllowed"),
        (409, "Conflict"),
        (413, "SystemForCrossDomainIdentityManagementBadRequest"),
        (422, "UnprocessableEntity"),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
        (501, "NotImplemented"),
        (503, "InternalServerError"),
        (504, "Timeout"),
    ],
)
async def test_what_elium_refuses_fails_with_the_documented_code_and_the_cycle_goes_on(status: int, code: str) -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(status, times=1))
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True)

    await contoso.cycle()

    first = contoso.service.log(contoso.tenant)[0]["provisioningStatusInfo"]
    assert first["status"] == "failure"
    assert first["errorInformation"]["errorCode"] == code
    assert contoso.active == {"bob": True}


async def test_the_reason_is_worded_as_in_real_logs() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(409, body="taken", content_type="text/plain"))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.last["provisioningStatusInfo"]["errorInformation"]["reason"] == (
        "StatusCode: Conflict\r\nMessage: Processing of the HTTP request resulted in an exception. Please see the HTTP "
        "response returned by the 'Response' property of this exception for details.\r\nWeb Response: \r\ntaken. This "
        "operation was retried 0 times. It will be retried again after this date: 2026-01-15T09:00:00.0000000Z UTC"
    )


async def test_the_observed_code_of_a_conflict_is_a_knob() -> None:
    code = "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
    contoso = Company(conflict_code=code)
    contoso.elium.faults.append(broken(409))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == code


async def test_a_failed_object_is_tried_again_in_the_next_cycle() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(times=1))
    contoso.hire("ada", assigned=True)
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.job.escrows == {}
    assert contoso.last["provisioningSteps"][0]["name"] == "EntryEscrowRetry"


async def test_after_that_it_is_tried_six_twelve_and_twenty_four_hours_later_and_then_daily() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken())
    contoso.hire("ada", assigned=True)
    begin = contoso.clock.now()
    await contoso.cycle()

    await contoso.pass_time(73 * HOURS)

    tries = [one for one in contoso.service.log(contoso.tenant) if one["provisioningStatusInfo"]["status"] == "failure"]
    passed = [round((contoso.moment(one["activityDateTime"]) - begin) / HOURS, 1) for one in tries]
    assert passed == [0.0, 0.7, 6.7, 12.0, 24.0, 48.0, 72.0]


async def test_a_change_of_the_object_tries_it_at_once() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(times=2))
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.cycle()
    await contoso.cycle()
    before = contoso.active

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert before == {}
    assert contoso.active == {"ada": True}


async def test_after_twenty_eight_days_it_is_given_up() -> None:
    contoso = Company(interval=timedelta(hours=12))
    contoso.elium.faults.append(broken())
    contoso.hire("ada", assigned=True)
    await contoso.cycle()

    await contoso.pass_time(timedelta(days=29))

    assert contoso.job.escrows == {}


async def test_a_failed_disabling_is_tried_again_like_anything_else() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=500, method="PATCH"))
    contoso.unassign(ada)
    await contoso.cycle()
    before = contoso.active

    await contoso.cycle()

    assert before == {"ada": True}
    assert contoso.active == {"ada": False}


async def test_a_failed_deletion_is_tried_again() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    contoso.elium.faults.append(Fault(status=500, method="DELETE"))
    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    await contoso.cycle()

    assert contoso.active == {}
    assert contoso.job.escrows == {}


async def test_an_object_that_is_gone_at_elium_is_well_deleted() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    await contoso.delete_at_elium("ada")

    contoso.directory.delete(ada.id)
    contoso.directory.purge(ada.id)
    await contoso.cycle()

    assert contoso.log[-1][1:] == ("delete", "success")


async def test_retry_after_is_waited_out_and_the_request_repeated() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(429, times=1, retry_after="30"))
    contoso.hire("ada", assigned=True)
    begin = contoso.clock.now()

    await contoso.cycle()

    assert contoso.active == {"ada": True}
    assert contoso.clock.now() - begin == timedelta(seconds=30)
    assert contoso.writes == ["POST /Users", "POST /Users"]


async def test_retry_after_may_be_a_date() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(429, times=1, retry_after="Thu, 15 Jan 2026 09:01:00 GMT"))
    contoso.hire("ada", assigned=True)
    begin = contoso.clock.now()

    await contoso.cycle()

    assert contoso.clock.now() - begin == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("knobs", "retry_after"),
    [({"honour_retry_after": False}, "30"), ({}, "3600"), ({}, "soon"), ({}, None)],
    ids=["the knob is off", "it is too long", "it is no time", "there is none"],
)
async def test_otherwise_a_429_is_a_failure(knobs: dict[str, Any], retry_after: str | None) -> None:
    contoso = Company(**knobs)
    contoso.elium.faults.append(broken(429, times=1, retry_after=retry_after))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "TooManyRequests"


async def test_a_new_account_without_an_id_is_not_scim() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(201, body='{"userName":"ada"}'))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "SystemForCrossDomainIdentityManagementServiceIncompatible"


@pytest.mark.parametrize("body", ["<html>", "[]", '{"hello":"world"}', '{"totalResults":1,"Resources":["ada"]}'])
async def test_an_answer_to_a_question_that_is_no_list_is_not_scim(body: str) -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=200, path="ada", body=body))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "SystemForCrossDomainIdentityManagementServiceIncompatible"


async def test_an_endpoint_that_is_not_found_is_not_scim() -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=404, path="ada"))
    contoso.hire("ada", assigned=True)

    await contoso.cycle()

    assert contoso.error == "SystemForCrossDomainIdentityManagementServiceIncompatible"


async def test_an_object_answered_as_a_list_is_several_where_one_was_expected() -> None:
    contoso = Company()
    ada = contoso.hire("ada", assigned=True)
    await contoso.cycle()
    address = f"/Users/{contoso.accounts['ada']['id']}"
    contoso.elium.faults.append(Fault(status=200, method="GET", path=address, body='{"totalResults":2}'))

    contoso.change(ada, jobTitle="Manager")
    await contoso.cycle()

    assert contoso.error == "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


async def test_a_restart_of_the_escrows_alone_forgets_the_failure_and_does_not_try_again() -> None:
    contoso = Company()
    contoso.elium.faults.append(broken(times=1))
    contoso.hire("ada", assigned=True)
    await contoso.cycle()

    contoso.service.restart(contoso.job, frozenset({ResetScope.ESCROWS}))
    await contoso.cycle()

    assert contoso.active == {}
    assert contoso.sent == []


@pytest.mark.parametrize(
    ("error", "code"),
    [(httpx2.ReadTimeout("slow"), "Timeout"), (httpx2.ReadError("cut"), "WebExceptionProtocolError")],
)
async def test_an_answer_that_does_not_come_is_a_failure_of_the_object(error: Exception, code: str) -> None:
    contoso = Company()
    contoso.hire("ada", assigned=True)
    contoso.hire("bob", assigned=True)

    def fail() -> None:
        raise error

    contoso.at_request("POST /Users", fail)
    await contoso.cycle()

    first = contoso.service.log(contoso.tenant)[0]["provisioningStatusInfo"]["errorInformation"]
    assert first["errorCode"] == code
    assert contoso.active == {"bob": True}
