"""With the real ``pulumi`` command: ``elium plan`` tells what ``pulumi preview`` tells, whatever is edited.

Each edit of the file is told by both; nothing is applied in between.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from acts import Teller
from json_schema import mistakes
from pulumi_stack import Stack

from emulator import Emulator
from emulator.company import seed as seeds
from provisioning.commands import elium
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.operations.deployed import Ended

pytestmark = pytest.mark.engine

SCHEMA = Path(__file__).parents[2] / "schemas" / "elium-plan.schema.json"

USER_NAME: dict[str, Any] = {"userName": {"source": "[userPrincipalName]", "match": 1}}
SETTINGS: dict[str, Any] = {
    "groups": ["Elium users"],
    "notificationEmail": "it@contoso.com",
    "deleteThreshold": "5",
    "mappings": {"users": {**USER_NAME, "title": "[department]"}},
}


def mapped(**users: Any) -> dict[str, Any]:
    return SETTINGS | {"mappings": {"users": {**USER_NAME, **users}}}


FILTERED: dict[str, Any] = SETTINGS | {"filters": {"users": ["department EQUALS Knowledge"]}}
EDITS: Mapping[str, dict[str, Any]] = {
    "a mapping": mapped(title="[jobTitle]"),
    "a mapping that keeps everybody active": mapped(title="[department]", active='"True"'),
    "a filter that many leave by": FILTERED,
    "the same, accepted": FILTERED | {"acceptLeavers": "7"},
    "another group": SETTINGS | {"groups": ["Elium users", "Engineering"]},
    "somebody in a group's place": SETTINGS | {"groups": [], "users": ["ada.byron@contoso.com"], "acceptLeavers": "9"},
    "everybody": SETTINGS | {"scope": "all", "acceptEntrants": "14"},
    "the switch": SETTINGS | {"status": "off"},
    "who is told": SETTINGS | {"notificationEmail": "identity@contoso.com", "deleteThreshold": "7"},
    "the kinds": SETTINGS | {"objects": {"groups": False}},
    "another token": SETTINGS | {"secretToken": "env:ANOTHER_TOKEN"},
}
WRONG: Mapping[str, dict[str, Any]] = {
    "a role that is not there": SETTINGS | {"role": "Nobody"},
    "names that are not there": SETTINGS | {"groups": ["Elium users", "Nobody"], "users": ["nobody@contoso.com"]},
    "an app that is not in the gallery": SETTINGS | {"galleryApp": "Elum"},
    "a filter that cannot be read": SETTINGS | {"filters": {"users": ["department EQUAL Knowledge"]}},
}
FIRST = "a first deployment"
PLAN_NEEDS = ("Application.Read.All", "Synchronization.Read.All", "User.Read.All", "GroupMember.Read.All")
"""The manual's rows for an identity that only reads, without the one for the log."""
READS = (
    "applicationTemplates",
    "groups",
    "jobs",
    "appRoleAssignedTo",
    "secrets",
    "schema",
    "groups",
    "members/microsoft.graph.user",
    "members/microsoft.graph.group",
)
"""What is asked for a plan over a group: by name, of the app, and who is in it."""


@dataclass(frozen=True)
class Told:
    """What one of the two said."""

    text: str
    code: int
    calls: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return "".join(re.findall(r"^plan ([0-9a-f]{8}) ", self.text, re.MULTILINE))


@dataclass(frozen=True)
class Story:
    teller: Teller
    previewed: dict[str, Told] = field(default_factory=dict)
    """By edit: what a preview says under the plan resource, or at all where the program ended before it."""
    planned: dict[str, Told] = field(default_factory=dict)

    def both(self, edit: str, settings: Mapping[str, Any]) -> None:
        """Edit the file, and let both tell."""
        self.teller.stack.declare(**settings)
        self.previewed[edit] = self.preview()
        self.planned[edit] = self.plan()

    def preview(self) -> Told:
        ended = self.pulumi(self.teller.stack.command("preview", "--json"), self.teller.stack.folder)
        said = json.loads(ended.stdout).get("diagnostics", [])
        under = [each for each in said if each.get("urn", "").endswith("::elium-plan")]
        return Told("\n".join(map(as_printed, under or said)), ended.code)

    def plan(self, *options: str, client: str = "", without: str = "none") -> Told:
        """Run the command, as *client* and *without* some variables."""
        before = len(self.teller.served.requests("graph"))
        out, err = io.StringIO(), io.StringIO()
        variables = {**self.teller.stack.variables, **(self.sign_in(client) if client else {})}
        variables = {name: value for name, value in variables.items() if without not in name}

        def pulumi(command: Sequence[str], folder: Path) -> Ended:
            return self.pulumi(command, folder, variables)

        screen = Screen(out, err, secrets_in(variables))
        surroundings = Surroundings(variables, self.teller.stack.folder, screen, run=pulumi)
        code = elium.run(("plan", "dev", *options), surroundings)
        calls = [call.path for call in self.teller.served.requests("graph")[before:]]
        return Told(out.getvalue() + err.getvalue(), code, calls)

    def pulumi(self, command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Ended:
        environment = dict(variables or self.teller.stack.variables)
        ended = subprocess.run(  # noqa: S603 - ours
            command, cwd=folder, env=environment, text=True, capture_output=True, check=False
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def sign_in(self, name: str) -> dict[str, str]:
        client = next(one for one in self.teller.served.emulator.seed.clients if one.display_name == name)
        return {"ARM_CLIENT_ID": client.app_id, "ARM_CLIENT_SECRET": client.secret or ""}


def as_printed(said: Mapping[str, str]) -> str:
    return f"{said.get('prefix', '')}{said['message']}".rstrip().replace("error: Preview failed: ", "error: ")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    seed = seeds.read()
    next(client for client in seed.clients if client.display_name == "elium-reader").roles = list(PLAN_NEEDS)
    with Emulator(seed=seed).serve() as served:
        variables = {**served.environment, "ANOTHER_TOKEN": "another-token"}
        teller = Teller(served, Stack.of_this_project(tmp_path_factory.mktemp("plans"), variables, **SETTINGS))
        story = Story(teller)
        story.both(FIRST, SETTINGS)
        teller.up("first", **SETTINGS)
        teller.cycle()
        for edit, settings in {**EDITS, **WRONG}.items():
            story.both(edit, settings)
        yield story


@pytest.fixture
def filtered(story: Story) -> Story:
    """Write into the file what is refused."""
    story.teller.stack.declare(**FILTERED)
    return story


@pytest.fixture
def applied(story: Story) -> Story:
    """Write into the file what was applied."""
    story.teller.stack.declare(**SETTINGS)
    return story


@pytest.mark.parametrize("edit", [FIRST, *EDITS])
def test_what_the_command_prints_is_what_a_preview_prints(story: Story, edit: str) -> None:
    printed = story.previewed[edit].text

    assert story.previewed[edit].digest == story.planned[edit].digest != ""
    assert story.planned[edit].text.startswith(f"{printed}\n")
    assert re.fullmatch(
        r"(The application .* would be made from the gallery\.\n)?checksum [0-9a-f]{8}\n",
        story.planned[edit].text.removeprefix(f"{printed}\n"),
    )


@pytest.mark.parametrize("edit", WRONG)
def test_what_cannot_be_is_told_in_the_same_words(story: Story, edit: str) -> None:
    reasons = [line for line in story.previewed[edit].text.splitlines() if "unhandled error" not in line]

    assert reasons[0].startswith(("error: elium:", "error: role:"))
    assert all(line in story.planned[edit].text for line in reasons)
    assert story.planned[edit].code == ExitCode.CONFIGURATION


def test_exit_codes_tell_changes_only_on_request_and_refusals_always(story: Story) -> None:
    story.teller.stack.declare(**EDITS["a mapping"])

    assert story.plan("--exit-code").code == ExitCode.CHANGES
    assert {edit: told.code for edit, told in story.planned.items() if edit in EDITS and told.code} == {
        "a mapping that keeps everybody active": ExitCode.REFUSED,
        "a filter that many leave by": ExitCode.REFUSED,
    }


def test_a_plan_is_a_call_for_each_thing(story: Story) -> None:
    calls = story.planned["a filter that many leave by"].calls

    assert [(call, end) for call, end in zip(calls, READS, strict=True) if not call.endswith(end)] == []


@pytest.mark.parametrize(
    "edit", ["a filter that many leave by", "another group", "somebody in a group's place", "everybody"]
)
def test_who_only_reads_gets_the_whole_plan(story: Story, edit: str) -> None:
    story.teller.stack.declare(**EDITS[edit])

    assert story.plan(client="elium-reader").text == story.planned[edit].text


def test_for_machines_it_is_a_document_of_the_documented_schema(filtered: Story) -> None:
    told = filtered.plan("--json")
    document = json.loads(told.text)

    assert told.code == ExitCode.REFUSED
    assert mistakes(document, json.loads(SCHEMA.read_text(encoding="utf-8")), "") == []
    assert document["plan"]["people"]["leaving"]["count"] == 7
    assert f"checksum {document['plan']['checksum']}\n" in filtered.planned["the same, accepted"].text


def test_for_a_pull_request_it_is_markdown(filtered: Story) -> None:
    lines = filtered.plan("--markdown").text.splitlines()

    assert lines[0] == "### `dev`: 1 change, 7 would leave, 0 would enter"
    assert "~ filter of users: everybody → department EQUALS Knowledge" in lines


def test_nothing_to_do_is_told_and_needs_no_passphrase(applied: Story) -> None:
    told = applied.plan("--exit-code", without="PASSPHRASE")

    assert (told.text, told.code) == ("Nothing to do.\n", 0)


def test_a_token_in_the_configuration_is_opened_to_see_whether_it_is_another_one(applied: Story) -> None:
    site = applied.teller.served.emulator.seed.elium[0]
    applied.teller.stack.run("config", "set", "--secret", "elium:secretToken", site.token or "")
    same = applied.plan()
    applied.teller.stack.run("config", "set", "--secret", "elium:secretToken", "another-token-of-elium")
    another = applied.plan()

    assert same.text == "Nothing to do.\n"
    assert another.text == applied.planned["another token"].text
    assert "another-token-of-elium" not in another.text


def test_an_app_that_is_renamed_is_a_change_too(story: Story) -> None:
    story.teller.stack.declare(**SETTINGS | {"displayName": "Elium (all)"})
    told = story.plan("--exit-code")

    assert told.text.startswith("Nothing to do.\nThe application 'Elium' would be renamed to 'Elium (all)'.\nchecksum ")
    assert told.code == ExitCode.CHANGES


def test_a_difference_that_somebody_made_at_the_service_is_told_as_that(applied: Story) -> None:
    job = next(iter(applied.teller.synchronization().jobs))
    at = f"/servicePrincipals/{applied.teller.principal}/synchronization/jobs/{job}"
    applied.teller.ask("POST", f"{at}/pause")
    told = applied.plan("--exit-code")
    applied.teller.ask("POST", f"{at}/start")

    assert "~ status: off → on" in told.text
    assert "the difference was made at the service. `pulumi up --refresh` looks first" in told.text
    assert told.code == ExitCode.CHANGES
