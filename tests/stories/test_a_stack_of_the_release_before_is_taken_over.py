"""With the real ``pulumi`` command: a stack that the release before made is taken over as it is, nothing replaced.

``states/before-the-plan.json`` is what ``pulumi stack export`` said after an ``up`` with that release, without the
places in source files; its ids and its address are exchanged for those of the company that a test has. What that
release had saved at Graph is saved here by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from acts import Teller
from pulumi_stack import Stack

from emulator import Emulator
from emulator.company import seed as seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

RECORDED = (Path(__file__).parent / "states" / "before-the-plan.json").read_text(encoding="utf-8")
TOKEN = "made-up-token-of-the-release-before"
"""The state has its fingerprint."""
SETTINGS: dict[str, Any] = {
    "groups": ["Elium users"],
    "users": ["hypatia@contoso.com"],
    "notificationEmail": "it@contoso.com",
    "deleteThreshold": 5,
    "mappings": {"users": {"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[department]"}},
    "filters": {"users": ["department NOT EQUALS Sales"]},
}
TITLE = {"expression": "[department]", "name": "department", "type": "Attribute", "parameters": []}
CLAUSE = {"sourceOperandName": "department", "operatorName": "NOT EQUALS", "targetOperand": {"values": ["Sales"]}}
SCOPE = {"groups": [{"name": "Filter 1", "clauses": [CLAUSE]}], "categoryFilterGroups": [], "inputFilterGroups": []}


class Before:
    """Entra and Elium as the release before had left them."""

    def __init__(self, teller: Teller) -> None:
        self.ask, self.origin = teller.ask, teller.served.origin

    def made(self) -> dict[str, str]:
        """Make app, assignments and job, and give the ids that they have by those that are recorded."""
        templates = self.ask("GET", "/applicationTemplates")["value"]
        template = next(each for each in templates if each["displayName"] == "Elium")
        app = self.ask("POST", f"/applicationTemplates/{template['id']}/instantiate", {"displayName": "Elium"})
        principal = app["servicePrincipal"]["id"]
        state = _by_name(json.loads(RECORDED))
        recorded = state["elium-app"]["outputs"]
        ids = {"https://origin.invalid": self.origin, recorded["servicePrincipalObjectId"]: principal}
        ids[recorded["applicationObjectId"]] = app["application"]["id"]
        for name, held in state.items():
            if name.startswith("elium-assignment-"):
                given = {"principalId": held["inputs"]["principalObjectId"], "resourceId": principal}
                assigned = {**given, "appRoleId": held["inputs"]["appRoleId"]}
                path = f"/servicePrincipals/{principal}/appRoleAssignedTo"
                ids[held["id"].rpartition("/")[2]] = self.ask("POST", path, assigned)["id"]
        ids[state["elium-job"]["outputs"]["jobId"]] = self._job(f"/servicePrincipals/{principal}/synchronization")
        return ids

    def _job(self, at: str) -> str:
        job: str = self.ask("POST", f"{at}/jobs", {"templateId": "elium"})["id"]
        told: dict[str, Any] = {"Enabled": True, "Recipients": "it@contoso.com"}
        told |= {"DeleteThresholdEnabled": True, "DeleteThresholdValue": 5}
        pairs = {
            "BaseAddress": f"{self.origin}/elium/contoso/scim/v2",
            "SecretToken": TOKEN,
            "SyncAll": "false",
            "SyncNotificationSettings": json.dumps(told),
        }
        self.ask("PUT", f"{at}/secrets", {"value": [{"key": key, "value": value} for key, value in pairs.items()]})
        schema = self.ask("GET", f"{at}/jobs/{job}/schema")
        objects = schema["synchronizationRules"][0]["objectMappings"]
        users = next(each for each in objects if each["sourceObjectName"] == "User")
        users["scope"] = SCOPE
        next(each for each in users["attributeMappings"] if each["targetAttributeName"] == "title")["source"] = TITLE
        self.ask("PUT", f"{at}/jobs/{job}/schema", schema)
        self.ask("POST", f"{at}/jobs/{job}/start")
        return job


def _by_name(exported: dict[str, Any]) -> dict[str, Any]:
    return {each["urn"].rpartition("::")[2]: each for each in exported["deployment"]["resources"]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    folder = tmp_path_factory.mktemp("elium")
    seed = seeds.read()
    elium = [site.model_copy(update={"token": TOKEN}) for site in seed.elium]
    with Emulator(seed=seed.model_copy(update={"elium": elium})).serve() as served:
        teller = Teller(served, Stack.of_this_project(folder, served.environment, **SETTINGS))
        state = RECORDED
        for recorded, given in Before(teller).made().items():
            state = state.replace(recorded, given)
        (folder / "before.json").write_text(state, encoding="utf-8")
        teller.act("taken over", "stack", "import", "--file", "before.json")
        teller.cycle()
        teller.preview("seen")
        teller.up("up")
        teller.up("again")
        yield teller


def test_a_preview_creates_the_plan_and_replaces_and_deletes_nothing(story: Teller) -> None:
    said = story.acts["seen"].said

    assert "+ entrasync:index:ProvisioningPlan: (create)" in said
    assert ("+ 1 to create" in said, "replace" in said, "delete" in said) == (True, False, False)


def test_nothing_is_said_to_change_for_anybody(story: Teller) -> None:
    said = story.acts["seen"].said

    assert [word for word in ("would leave", "would enter", "assignment of", "restart") if word in said] == []


def test_the_same_job_assignments_and_accounts_are_there_afterwards(story: Teller) -> None:
    before = story.acts["seen"].world

    assert (len(before.jobs), len(before.assigned), len(before.accounts)) == (1, 2, 8)
    assert story.acts["up"].world == before
    assert {call.partition(" ")[0] for call in story.acts["up"].calls} == {"GET"}


def test_the_next_run_changes_nothing(story: Teller) -> None:
    assert ("7 unchanged" in story.acts["again"].said, story.acts["again"].calls) == (True, ["GET jobs"])


def test_assignments_keep_their_places_in_the_state(story: Teller) -> None:
    recorded = {name for name in _by_name(json.loads(RECORDED)) if "assignment" in name}

    assert {name for name in story.stack.state() if "assignment" in name} == recorded


def test_what_is_remembered_is_remembered_in_the_new_form(story: Teller) -> None:
    outputs = story.stack.state()["elium-job"]["outputs"]

    assert set(outputs["notes"]) == {"schemaSeen", "app"}
    assert "schemaIsOurs" not in outputs
