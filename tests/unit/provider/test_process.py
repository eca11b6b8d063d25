from __future__ import annotations

import pytest
from builders import PRINCIPAL, a_job
from recording import RecordingService

from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.model.observed import Observed
from provisioning.planning.plan import plan_of
from provisioning.planning.rendering import as_text
from provisioning.provider.messages import Message
from provisioning.provider.process import OUTSIDE_THE_DECLARATION, Process, declaration_in, digest_of, show

URN = "urn:pulumi:dev::shop::elium:index:EliumProvisioning$entrasync:index:ProvisioningPlan::"
ADDRESS = JobAddress(PRINCIPAL, a_job().id)


def a_process(service: RecordingService) -> Process:
    async def connect() -> RecordingService:
        return service

    return Process(connect)


async def test_a_job_is_looked_at_once() -> None:
    service = RecordingService(held=a_job())
    process = a_process(service)

    found = [await process.look_at(ADDRESS) for _ in range(2)]

    assert (found, service.asked) == ([(a_job(), ())] * 2, ["jobs"])


async def test_each_job_is_looked_at_by_itself() -> None:
    process = a_process(RecordingService(held=a_job()))

    assert await process.look_at(JobAddress(PRINCIPAL, JobId("other"))) == (None, (a_job(),))
    assert await process.look_at(ADDRESS) == (a_job(), ())


async def test_a_look_that_failed_is_tried_again() -> None:
    service = RecordingService(held=a_job(), refusing={"jobs": UnavailableError("away", status=503)})
    process = a_process(service)
    with pytest.raises(UnavailableError):
        await process.look_at(ADDRESS)
    service.refusing = {}

    assert await process.look_at(ADDRESS) == (a_job(), ())


def test_two_declarations_of_one_content_have_one_digest() -> None:
    one, other = {"scope": "all", "filters": {"users": ["é"]}}, {"filters": {"users": ["é"]}, "scope": "all"}

    assert digest_of(one) == digest_of(other) != digest_of({"scope": "all"})


def test_neither_who_is_assigned_nor_the_token_nor_what_is_accepted_is_part_of_the_declaration() -> None:
    inputs = dict.fromkeys(OUTSIDE_THE_DECLARATION, "x") | {"scope": "all", "mappings": {}}

    assert declaration_in(inputs) == {"scope": "all", "mappings": {}}


async def test_a_plan_that_changes_nothing_is_not_told() -> None:
    told: list[Message] = []

    async def say(message: Message) -> None:
        told.append(message)

    await show(plan_of(Observed(job=a_job()), Declaration()), say)

    assert told == []


async def test_what_is_good_to_know_of_a_plan_is_told_at_once() -> None:
    """Two plans that are shown at the same time do not get mixed up then."""
    told: list[Message] = []

    async def say(message: Message) -> None:
        told.append(message)

    plan = plan_of(Observed(job=a_job()), Declaration(on=True))
    await show(plan, say)

    (once,) = (each.text for each in told if not each.is_warning)
    assert as_text(plan).endswith(once)
    assert "\ncalls\n" in once


def test_two_components_of_a_program_are_not_one_app() -> None:
    process = a_process(RecordingService())
    process.refuse_a_twin(f"{URN}a-plan", "template", "Elium")
    process.refuse_a_twin(f"{URN}a-plan", "template", "Elium")
    process.refuse_a_twin(f"{URN}b-plan", "template", "Elium (test)")
    process.refuse_a_twin(f"{URN}c-plan", None, "Elium")

    with pytest.raises(ConfigurationError, match="a-plan and d-plan of this program are both of the application 'Eli"):
        process.refuse_a_twin(f"{URN}d-plan", "template", "Elium")


def test_two_components_at_one_address_are_known() -> None:
    process = a_process(RecordingService())

    assert process.beside(f"{URN}a-plan", "https://acme.elium.com/scim/v2") == ""
    assert process.beside(f"{URN}a-plan", "https://acme.elium.com/scim/v2") == ""
    assert process.beside(f"{URN}b-plan", "https://bolt.elium.com/scim/v2") == ""
    assert process.beside(f"{URN}c-plan", "https://acme.elium.com:443/scim/v2?aadOptscim062020") == "a-plan"
