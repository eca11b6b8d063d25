"""What Graph must do for provisioning, as sentences about our client. Whoever has a Graph supplies one fixture.

::

    class TestOurTenant(GraphContract):
        @pytest.fixture
        async def place(self) -> AsyncIterator[Place]:
            ...
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import pytest
from builders import a_mapping, edited

from provisioning.errors import CredentialsRejectedError, NotFoundError
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import JobAddress, JobId
from provisioning.model.mapping import ObjectKind
from provisioning.model.on_demand import Result, Subject
from provisioning.model.provisioning_log import LogQuestion

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from provisioning.graph.client import GraphClient
    from provisioning.graph.patience import Clock
    from provisioning.model.identifiers import ServicePrincipalId, TemplateId
    from provisioning.model.job import Job

_Found = TypeVar("_Found")

REPLICATES_WITHIN = 60
"""Seconds in which what was written can be read (reliability 3, rule 3)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the contract is held against."""

    graph: GraphClient
    principal: ServicePrincipalId
    """An app from Elium's gallery entry that nobody needs: its jobs and secrets are replaced."""
    credentials: Credentials
    """What Elium accepts."""
    clock: Clock

    async def comes_to(self, read: Callable[[], Awaitable[_Found]], wanted: _Found) -> _Found:
        """Read until it is as *wanted*, as long as replication may take, and give what was read last."""
        began = self.clock.now()
        found = await read()
        while found != wanted and (self.clock.now() - began).total_seconds() < REPLICATES_WITHIN:
            await self.clock.sleep(2)
            found = await read()
        return found

    async def is_on(self, address: JobAddress, *, wanted: bool) -> bool | None:
        """Tell whether a job is on; ``None`` when it is gone."""

        async def read() -> bool | None:
            job = await self.graph.job(address)
            return job.is_on if job else None

        return await self.comes_to(read, wanted)


class GraphContract:
    """Every verb of :class:`~provisioning.graph.client.GraphClient`; supply the fixture ``place``."""

    @pytest.fixture
    async def template(self, place: Place) -> TemplateId:
        return next(one.id for one in await place.graph.templates(place.principal) if one.is_default)

    @pytest.fixture
    async def job(self, place: Place, template: TemplateId) -> AsyncIterator[Job]:
        made = await place.graph.create_job(place.principal, template)
        yield made
        await place.graph.delete_job(JobAddress(place.principal, made.id))

    @pytest.fixture
    def address(self, place: Place, job: Job) -> JobAddress:
        return JobAddress(place.principal, job.id)

    async def test_one_template_is_the_default_and_shows_how_users_are_mapped(self, place: Place) -> None:
        default = [one for one in await place.graph.templates(place.principal) if one.is_default]
        assert len(default) == 1
        assert default[0].schema is not None
        assert default[0].schema.of(ObjectKind.USERS).is_there

    async def test_a_new_job_is_off_and_made_from_its_template(self, job: Job, template: TemplateId) -> None:
        assert (False, template, None) == (job.is_on, job.template, job.quarantine)

    async def test_a_job_is_listed_so_that_it_can_be_adopted(self, place: Place, job: Job) -> None:
        async def read() -> list[JobId]:
            return [one.id for one in await place.graph.jobs(place.principal)]

        assert [job.id] == await place.comes_to(read, [job.id])

    async def test_a_job_is_found_by_its_address(self, place: Place, job: Job, address: JobAddress) -> None:
        found = await place.graph.job(address)
        assert found is not None
        assert (job.id, job.template) == (found.id, found.template)

    async def test_credentials_that_elium_accepts_are_accepted(self, place: Place, template: TemplateId) -> None:
        await place.graph.validate_credentials(place.principal, template, place.credentials)

    async def test_a_token_that_elium_refuses_is_told_as_the_token(self, place: Place, template: TemplateId) -> None:
        wrong = replace(place.credentials, token=SecretToken("not-the-token"))
        with pytest.raises(CredentialsRejectedError, match="did not accept the secret token"):
            await place.graph.validate_credentials(place.principal, template, wrong)

    async def test_an_address_without_scim_is_told_as_the_address(self, place: Place, template: TemplateId) -> None:
        nowhere = Credentials("https://localhost:9/scim/v2", place.credentials.token)
        with pytest.raises(CredentialsRejectedError, match="did not accept the address"):
            await place.graph.validate_credentials(place.principal, template, nowhere)

    async def test_what_is_saved_can_be_tried_without_the_token(self, place: Place, address: JobAddress) -> None:
        await place.graph.save_secrets(place.principal, secrets_of(place))
        await self.shown(place, as_shown(place))
        await place.graph.validate_saved(address, place.credentials.base_address)

    async def test_a_saved_token_that_elium_refuses_is_told_as_saved(self, place: Place, address: JobAddress) -> None:
        await place.graph.save_secrets(place.principal, {**secrets_of(place), "SecretToken": "not-the-token"})
        with pytest.raises(CredentialsRejectedError, match="the secret token; it is what Entra has saved"):
            await place.graph.validate_saved(address, place.credentials.base_address)

    async def test_an_app_tells_its_name_template_and_roles(self, place: Place) -> None:
        facts = await place.graph.app_facts(place.principal)
        assert place.principal in {app.service_principal for app in await place.graph.apps_from(facts.gallery_template)}
        assert "User" in {role.name for role in facts.roles}

    async def test_who_asks_is_told_by_the_token_and_the_time_by_the_answer(self, place: Place) -> None:
        await place.graph.peek("users")
        await place.graph.peek("groups")
        asks = await place.graph.signed_in()
        assert asks is None or asks.permissions
        assert place.graph.graphs_time is None or place.graph.graphs_time.tzinfo is not None

    async def test_a_tenant_that_provisions_has_a_premium_plan(self, place: Place) -> None:
        plans = {plan for licence in await place.graph.licences() if licence.is_usable for plan in licence.plans}
        assert plans & {"AAD_PREMIUM", "AAD_PREMIUM_P2"}

    async def test_an_app_of_the_gallery_is_found_in_any_case(self, place: Place) -> None:
        (app,) = await place.graph.gallery_apps("ELIUM")
        assert app.template == (await place.graph.app_facts(place.principal)).gallery_template
        assert "sync" in app.provisioning_types

    async def test_the_last_save_is_in_the_audit_log_or_not_yet(self, place: Place, job: Job) -> None:
        del job
        await place.graph.save_secrets(place.principal, secrets_of(place))
        saved = await place.graph.last_saved(place.principal)
        assert saved is None or saved <= place.clock.now()

    async def test_an_address_is_shown_and_a_token_is_masked(self, place: Place, job: Job) -> None:
        del job
        expected = as_shown(place)
        await place.graph.save_secrets(place.principal, secrets_of(place))
        assert expected == await self.shown(place, expected)

    async def test_what_is_saved_replaces_all_that_was(self, place: Place, job: Job) -> None:
        del job
        await place.graph.save_secrets(place.principal, {**secrets_of(place), "SyncAll": "false"})
        merged = await self.shown(place, {**as_shown(place), "SyncAll": "false"})
        await place.graph.save_secrets(place.principal, secrets_of(place))
        left = await self.shown(place, as_shown(place))
        assert (merged.get("SyncAll"), sorted(left)) == ("false", ["BaseAddress", "SecretToken"])

    async def test_a_secret_goes_when_its_value_is_empty(self, place: Place, job: Job) -> None:
        del job
        await place.graph.save_secrets(place.principal, {**secrets_of(place), "SyncAll": "false"})
        await place.graph.save_secrets(place.principal, {**secrets_of(place), "SyncAll": ""})
        expected = as_shown(place)
        assert expected == await self.shown(place, expected)

    async def test_a_schema_comes_back_as_it_was_saved(self, place: Place, address: JobAddress) -> None:
        schema = await place.graph.schema(address)
        wanted = edited(schema, ObjectKind.USERS, lambda it: it.with_mapping(a_mapping("title", "[department]")))
        await place.graph.save_schema(address, wanted)
        assert await self.title(place, address, "[department]") == "[department]"
        assert wanted.of(ObjectKind.USERS).mappings == (await place.graph.schema(address)).of(ObjectKind.USERS).mappings

    async def test_a_reset_schema_is_the_template_s(self, place: Place, address: JobAddress) -> None:
        schema = await place.graph.schema(address)
        before = schema.of(ObjectKind.USERS).mappings["title"].written
        wanted = edited(schema, ObjectKind.USERS, lambda it: it.with_mapping(a_mapping("title", "[city]")))
        await place.graph.save_schema(address, wanted)
        await place.graph.reset_schema(address)
        assert before == await self.title(place, address, before)

    async def test_a_started_job_is_on_and_a_paused_one_is_off(self, place: Place, address: JobAddress) -> None:
        await place.graph.save_secrets(place.principal, secrets_of(place))
        await place.graph.start(address)
        assert await place.is_on(address, wanted=True)
        await place.graph.pause(address)
        assert await place.is_on(address, wanted=False) is False

    async def test_a_restarted_job_is_on(self, place: Place, address: JobAddress) -> None:
        await place.graph.save_secrets(place.principal, secrets_of(place))
        await place.graph.restart(address, ["Watermark", "Escrows"])
        assert await place.is_on(address, wanted=True)

    async def test_a_deleted_job_is_gone_and_can_be_deleted_and_paused_again(
        self, place: Place, address: JobAddress
    ) -> None:
        await place.graph.delete_job(address)
        gone = await place.comes_to(lambda: place.graph.job(address), None)
        await place.graph.delete_job(address)
        await place.graph.pause(address)
        assert gone is None

    async def test_what_is_not_there_is_told_as_not_found(self, place: Place, job: Job) -> None:
        nobody = JobAddress(place.principal, JobId(f"{job.template}.00000000000000000000000000000000.nobody"))
        assert await place.graph.job(nobody) is None
        with pytest.raises(NotFoundError, match="404"):
            await place.graph.schema(nobody)
        with pytest.raises(NotFoundError, match="404"):
            await place.graph.start(nobody)

    async def test_a_job_s_status_tells_that_no_cycle_has_run_yet(self, place: Place, job: Job) -> None:
        (status,) = [each for each in await place.graph.statuses(place.principal) if each.job.id == job.id]
        assert (status.job.id, status.last, status.steady_last) == (job.id, None, None)

    async def test_the_log_of_a_job_that_has_done_nothing_is_empty(self, place: Place, job: Job) -> None:
        page = await place.graph.log_page(LogQuestion(job.id, since=place.clock.now(), result="failure"))
        assert (page.entries, page.next) == ((), "")

    async def test_somebody_who_is_not_assigned_is_skipped_on_demand(self, place: Place, address: JobAddress) -> None:
        await place.graph.save_secrets(place.principal, secrets_of(place))
        rule = (await place.graph.schema(address)).rule
        (person,) = (await place.graph.people((), attributes=(), everybody=True, at_most=1)).persons
        answer = await place.graph.provision_on_demand(address, rule, Subject(person.id))
        assert (answer.result, answer.code) == (Result.SKIPPED, "NotEffectivelyEntitled")

    async def test_somebody_who_is_assigned_is_listed_until_that_is_taken_away(self, place: Place) -> None:
        (person,) = (await place.graph.people((), attributes=(), everybody=True, at_most=1)).persons
        role = next(role for role in await place.graph.app_roles(place.principal) if role.is_for_people)
        wanted = Assignment(person.id, PrincipalKind.USER, person.name, role.id)
        await place.graph.assign(place.principal, wanted)
        (held,) = await place.graph.assignments_held_by(wanted, place.principal)
        await place.graph.unassign(place.principal, held.id)
        assert (held.principal, held.role) == (person.id, role.id)

    async def test_users_and_groups_are_read_with_their_properties_as_they_are(self, place: Place) -> None:
        objects = place.graph.whole_objects
        everybody = {node["id"]: node for node in await objects.everybody({"id", "accountEnabled"})}
        some = await objects.users([*everybody][:1], {"id", "accountEnabled"})
        assert [everybody[node["id"]]["accountEnabled"] for node in some] == [node["accountEnabled"] for node in some]
        assert (await objects.managers(everybody.keys())).keys() <= everybody.keys()
        for group in (await objects.every_group({"description"}))[:3]:
            assert (await objects.groups([group["id"]], {"description"}))[0]["description"] == group["description"]
            assert {node["id"] for node in await objects.members(group["id"], {"id"})} <= everybody.keys()
            assert all(node["displayName"] for node in await objects.subgroups(group["id"]))

    async def test_an_assignment_that_is_gone_is_taken_away(self, place: Place) -> None:
        await place.graph.unassign(place.principal, "kaYJOvwjU1aadOuU8dZFHCA1UIxU7PtIvj9ouWXutDs")

    async def test_an_app_is_told_by_its_service_principal(self, place: Place) -> None:
        assert await place.graph.application(await place.graph.app_id(place.principal))

    async def test_what_does_not_lie_in_the_bin_is_not_purged(self, place: Place) -> None:
        assert not await place.graph.purge(place.principal, may_be_new=False)

    async def test_a_group_is_found_by_its_name_and_nobody_by_none(self, place: Place) -> None:
        assert await place.graph.groups_named("no group has 'this' name") == []

    async def test_a_user_is_found_by_name_and_by_id(self, place: Place) -> None:
        people = await place.graph.people([], attributes=["userPrincipalName"], everybody=True, at_most=1)
        (person,) = people.persons
        assert await place.graph.user_id(str(person.attributes["userPrincipalName"])) == person.id
        assert await place.graph.user_id(person.id) == person.id
        assert await place.graph.user_id("nobody@nowhere.invalid") == ""

    async def test_people_are_given_as_they_are_read(self, place: Place) -> None:
        stream = place.graph.each_person([], attributes=["userPrincipalName"], everybody=True)
        first = await anext(stream)
        assert first.id in {first.id async for first in stream} ^ {first.id}
        assert first.attributes["userPrincipalName"]

    async def test_one_person_is_read_with_the_groups_that_they_are_in(self, place: Place) -> None:
        people = await place.graph.people([], attributes=["userPrincipalName"], everybody=True, at_most=1)
        (person,) = people.persons
        read = await place.graph.person(person.id, attributes=["userPrincipalName"])
        direct, _ = await place.graph.direct_groups(person.id)
        assert read == person
        around = await place.graph.groups_around(person.id)
        assert {group.id for group in direct} <= around
        for group in direct:
            assert group.id not in {inside.id for inside in await place.graph.groups_in(group.id)}
        assert await place.graph.person("nobody@nowhere.invalid", attributes=[]) is None

    async def test_people_are_read_with_what_decides_until_the_limit(self, place: Place) -> None:
        people = await place.graph.people([], attributes=["userPrincipalName"], everybody=True, at_most=2)
        assert len(people.persons) == 2
        assert not people.is_complete
        assert all(person.attributes["userPrincipalName"] for person in people.persons)

    async def shown(self, place: Place, wanted: dict[str, str]) -> dict[str, str]:
        """Read the secrets when they are as wanted."""

        async def read() -> dict[str, str]:
            return await place.graph.secrets(place.principal)

        return await place.comes_to(read, wanted)

    async def title(self, place: Place, address: JobAddress, wanted: str) -> str:
        """Read where the title comes from when it is as wanted."""

        async def read() -> str:
            return (await place.graph.schema(address)).of(ObjectKind.USERS).mappings["title"].written

        return await place.comes_to(read, wanted)


def secrets_of(place: Place) -> dict[str, str]:
    """Write the credentials as secrets."""
    return {"BaseAddress": place.credentials.base_address, "SecretToken": place.credentials.token.reveal()}


def as_shown(place: Place) -> dict[str, str]:
    """Write the credentials as they are read back."""
    return {"BaseAddress": place.credentials.base_address, "SecretToken": "*"}
