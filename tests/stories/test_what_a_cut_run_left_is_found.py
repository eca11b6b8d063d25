"""A run was killed after Entra had done its part: what the state lacks is found and imported, not made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from asking import elium_app, elium_job, graph_of, token_of

from emulator import Emulator
from provisioning.graph.client import GraphClient
from provisioning.operations.recovery.commands import commands
from provisioning.operations.recovery.directory import Directory
from provisioning.operations.recovery.finding import findings
from provisioning.operations.recovery.wanted import known_in, wanted, was_cut
from provisioning.operations.resource_names import APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from provisioning.operations.recovery.finding import Finding

COMPONENT = "urn:pulumi:prod::elium-provisioning::elium:index:EliumProvisioning::elium"
NAME = "Elium (prod)"


class SignedIn:
    """Gives the one token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    def forget(self) -> None:
        """There is no other."""


@dataclass
class Cut:
    """A company in which a run was killed."""

    emulator: Emulator
    graph: httpx2.AsyncClient
    template: str = ""
    app: str = ""
    principal: str = ""
    group: str = ""
    role: str = ""

    async def assigned(self) -> str:
        """Let Entra have the app, the group assigned and a job, as a run made them; give the assignment's id."""
        await elium_job(self.emulator, self.graph)
        (found,) = (await self.graph.get("/servicePrincipals?$filter=displayName eq 'Elium (prod)'")).json()["value"]
        self.template, self.principal = found["applicationTemplateId"], found["id"]
        self.app = (await self.graph.get(f"/applications(appId='{found['appId']}')")).json()["id"]
        (held,) = (await self.graph.get(f"/servicePrincipals/{self.principal}/appRoleAssignedTo")).json()["value"]
        self.group, self.role = held["principalId"], held["appRoleId"]
        return str(held["id"])

    @property
    def app_id(self) -> str:
        return f"/applicationTemplates/{self.template}/instantiate/{self.app}/{self.principal}"

    def resource(self, kind: str, name: str, **inputs: str) -> dict[str, Any]:
        return {"urn": f"{COMPONENT}::{name}", "type": kind, "inputs": inputs, "parent": COMPONENT}

    def the_app(self) -> dict[str, Any]:
        return self.resource(APP_TYPE, "elium-app", displayName=NAME, templateId=self.template)

    def the_assignment(self, **other: str) -> dict[str, Any]:
        inputs = {"resourceObjectId": self.principal, "principalObjectId": self.group, "appRoleId": self.role}
        return self.resource(ASSIGNMENT_TYPE, "elium-assignment", **{**inputs, **other})

    def the_job(self) -> dict[str, Any]:
        return self.resource(JOB_TYPE, "elium-job", servicePrincipalId=self.principal)

    async def found(self, export: dict[str, Any], steps: list[dict[str, Any]] | None = None) -> list[Finding]:
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.emulator.app))
        directory = Directory(GraphClient(http, SignedIn(token_of(self.emulator)), self.emulator.origin))
        async with http:
            return await findings(wanted(export, steps or ()), known_in(export), directory)


@pytest.fixture
async def cut() -> AsyncIterator[Cut]:
    emulator = Emulator()
    async with graph_of(emulator) as graph:
        yield Cut(emulator, graph)


def a_state(*begun: dict[str, Any], has: tuple[str, ...] = ()) -> dict[str, Any]:
    pending = [{"type": "creating", "resource": resource} for resource in begun]
    resources = [{"urn": COMPONENT, "type": "elium:index:EliumProvisioning"}]
    resources += [{"urn": f"urn::{number}", "type": "x", "id": one} for number, one in enumerate(has)]
    return {"deployment": {"resources": resources, "pending_operations": pending}}


def a_preview(*created: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"op": "create", "urn": one["urn"], "newState": one} for one in created]


async def test_an_app_that_a_killed_run_made_is_imported(cut: Cut) -> None:
    await cut.assigned()

    (app,) = await cut.found(a_state(cut.the_app()))

    assert (app.import_id, app.is_sure) == (cut.app_id, True)


async def test_an_app_that_no_run_is_known_to_have_made_is_not_taken_without_being_asked(cut: Cut) -> None:
    await cut.assigned()

    found = await cut.found(a_state(), a_preview(cut.the_app()))

    assert [(one.import_id, one.is_sure) for one in found] == [(cut.app_id, False)]
    assert commands(found, "prod", was_cut=False) == []


async def test_an_app_in_a_stack_that_has_nothing_yet_is_adopted_by_the_page_about_that(cut: Cut) -> None:
    await cut.assigned()
    nothing: dict[str, Any] = {"deployment": {}}

    (found,) = await cut.found(nothing, a_preview(cut.the_app()))

    assert "docs/how-to/adopt-from-the-portal.md" in found.sentence
    assert commands([found], "prod", was_cut=False) == []


async def test_of_two_apps_of_one_name_none_is_chosen_and_nothing_is_cleared(cut: Cut) -> None:
    await cut.assigned()
    await elium_app(cut.graph)

    found = await cut.found(a_state(cut.the_app()))

    assert "Entra has 2 apps 'Elium (prod)'" in found[0].sentence
    assert commands(found, "prod", was_cut=True) == []


async def test_the_app_that_the_state_has_is_not_counted(cut: Cut) -> None:
    await cut.assigned()

    assert await cut.found(a_state(has=(cut.app_id,)), a_preview(cut.the_app())) == []


@pytest.mark.parametrize("was_begun", [True, False])
async def test_an_assignment_that_exists_already_is_imported(cut: Cut, *, was_begun: bool) -> None:
    held = await cut.assigned()
    state, preview = (
        (a_state(cut.the_assignment()), None) if was_begun else (a_state(), a_preview(cut.the_assignment()))
    )

    (found,) = await cut.found(state, preview)

    assert found.import_id == f"/servicePrincipals/{cut.principal}/appRoleAssignedTo/{held}"
    assert found.sentence == "Elium users is assigned already, and the state does not have it."


async def test_an_assignment_of_another_role_is_another_assignment(cut: Cut) -> None:
    await cut.assigned()

    assert await cut.found(a_state(), a_preview(cut.the_assignment(appRoleId="another"))) == []


async def test_a_job_is_left_to_the_next_up_which_finds_it(cut: Cut) -> None:
    await cut.assigned()

    found = await cut.found(a_state(cut.the_job()))

    assert [one.import_id for one in found] == [""]
    assert "the next `up` takes it over" in found[0].sentence
    assert [line[1] for line in commands(found, "prod", was_cut=True)] == ["refresh"]


async def test_what_was_begun_and_not_made_is_made_by_the_next_up(cut: Cut) -> None:
    await cut.assigned()
    begun = (cut.the_assignment(principalObjectId="another"), cut.the_job() | {"inputs": {}})

    found = await cut.found(a_state(*begun))

    assert {one.sentence for one in found} == {"it was not made in Entra; the next `up` makes it."}


async def test_imports_come_before_clearing_under_their_parent_and_unprotected(cut: Cut) -> None:
    await cut.assigned()
    state = a_state(cut.the_app(), cut.the_assignment())

    lines = commands(await cut.found(state), "prod", was_cut=was_cut(state))

    assert [line[1] for line in lines] == ["import", "import", "refresh"]
    assert lines[0][-3:] == [APP_TYPE, "elium-app", cut.app_id]
    assert {"--protect=false", "--parent", f"elium={COMPONENT}"} <= set(lines[0])
    assert "--clear-pending-creates" in lines[2]


async def test_a_resource_that_is_not_known_here_keeps_everything_from_being_cleared(cut: Cut) -> None:
    strange = cut.resource("azuread:index/group:Group", "staff", displayName="Staff")

    found = await cut.found(a_state(strange))

    assert "look in Entra whether it was made" in found[0].sentence
    assert commands(found, "prod", was_cut=True) == []


async def test_what_is_not_known_yet_is_not_looked_for(cut: Cut) -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

    assert await cut.found(a_state(), a_preview(cut.the_assignment(resourceObjectId=unknown))) == []


async def test_a_role_that_is_not_known_yet_does_not_hide_an_assignment(cut: Cut) -> None:
    held = await cut.assigned()
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

    (found,) = await cut.found(a_state(), a_preview(cut.the_assignment(appRoleId=unknown)))

    assert found.import_id.endswith(held)
