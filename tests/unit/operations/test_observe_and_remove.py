from __future__ import annotations

from builders import PRINCIPAL, a_job
from provisioning.operations.remove import remove
from recording import RecordingService

from provisioning.model.identifiers import JobAddress, JobId
from provisioning.operations.observe import observe

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c"))


async def test_looking_takes_three_calls_and_two_when_nothing_is_declared_about_the_schema() -> None:
    service = RecordingService(held=a_job())

    await observe(service, ADDRESS, with_schema=True)
    await observe(service, ADDRESS, with_schema=False)

    assert service.asked == ["job", "secrets", "schema", "job", "secrets"]


async def test_a_job_that_is_gone_is_seen_to_be_gone() -> None:
    assert await observe(RecordingService(), ADDRESS, with_schema=True) is None


async def test_a_job_is_paused_before_it_is_deleted() -> None:
    service = RecordingService(held=a_job())

    await remove(service, ADDRESS)

    assert service.asked == ["pause", "delete job"]
