"""The main job, with the real ``pulumi`` command: from nothing to people in Elium, changed, drifted, taken down.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from pulumi_stack import Stack

from emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.web.server import Served

MAPPINGS = {"users": {"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[department]"}}
CHANGED = {"users": {"userName": {"source": "[userPrincipalName]", "match": 1}, "title": "[jobTitle]"}}
SETTINGS: dict[str, Any] = {
    "groups": ["Elium users"],
    "notificationEmail": "it@contoso.com",
    "deleteThreshold": 5,
    "mappings": MAPPINGS,
}
LEAVER = "alan.turing@contoso.com"


@dataclass
class Story:
    """What was seen, act by act."""

    said: dict[str, str] = field(default_factory=dict)
    """What Pulumi said, by act."""
    calls: dict[str, list[str]] = field(default_factory=dict)
    """What the plugin asked of Graph's synchronization, by act."""
    accounts: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Who is at Elium and whether active, by act."""
    titles: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    files: bytes = b""
    """Everything that lies in the stack's folder after the last act but one."""


class Teller:
    """Runs an act and notes what came of it."""

    def __init__(self, served: Served, stack: Stack) -> None:
        self.served, self.stack, self.story = served, stack, Story()

    def act(self, name: str, *arguments: str, succeeds: bool = True) -> str:
        before = len(self.served.requests("graph"))
        said = self.stack.run(*arguments, succeeds=succeeds)
        asked = self.served.requests("graph")[before:]
        self.story.said[name] = said
        self.story.calls[name] = [
            f"{call.method} {_short(call.path)}" for call in asked if "/synchronization/" in call.path
        ]
        return said

    def look(self, name: str) -> None:
        users = self.served.emulator.elium.tenant(self.served.emulator.seed.elium[0].name).users
        self.story.accounts[name] = {user["userName"]: user["active"] for user in users}
        self.story.titles[name] = next(user.get("title", "") for user in users if user["userName"].startswith("ada"))


def _short(path: str) -> str:
    parts = path.partition("/synchronization/")[2].split("/")
    return "/".join("{job}" if part.startswith("elium.") else part for part in parts)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Emulator().serve() as served:
        yield served


@pytest.fixture(scope="module")
def story(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("elium")
    stack = Stack.of_this_project(folder, served.environment, **SETTINGS)
    teller = Teller(served, stack)
    up = ("up", "--yes", "--skip-preview", "--diff")

    teller.act("preview", "preview", "--diff")
    teller.act("up", "up", "--yes")
    served.run_due()
    teller.look("initial")
    teller.act("again", *up)
    teller.act("refresh", "refresh", "--yes", "--skip-preview", "--diff")

    _leaves(served, LEAVER)
    served.advance(timedelta(minutes=40))
    teller.look("left")

    stack.declare(**SETTINGS | {"mappings": CHANGED})
    teller.act("mapping preview", "preview", "--diff")
    teller.act("mapping", *up)
    served.advance(timedelta(minutes=40))
    teller.look("mapping")

    _by_hand(served, stack, SyncAll="true", Sandbox="yes")
    teller.act("drift", "refresh", "--yes", "--skip-preview", "--diff")
    teller.act("refused", *up, succeeds=False)
    stack.declare(**SETTINGS | {"mappings": CHANGED, "acceptLeavers": 15})
    teller.act("repair", *up)
    teller.story.secrets = _secrets(served, stack)

    teller.story.files = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    teller.act("destroy", "destroy", "--yes", "--skip-preview")
    teller.look("destroyed")
    return teller.story


def _directory(served: Served) -> Any:
    return served.emulator.world.tenant(served.environment["ARM_TENANT_ID"]).directory


def _leaves(served: Served, name: str) -> None:
    directory = _directory(served)
    found = {
        thing.properties.get("userPrincipalName") or thing.properties["displayName"]: thing
        for thing in directory.objects.values()
    }
    directory.remove_member(found["Elium users"].id, found[name].id)


def _by_hand(served: Served, stack: Stack, **changed: str) -> None:
    """Change synchronization secrets as somebody would in the portal."""
    tenant = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"])
    tenant.synchronization_of(stack.outputs()["servicePrincipalId"]).secrets.update(changed)


def _secrets(served: Served, stack: Stack) -> dict[str, str]:
    tenant = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"])
    return dict(tenant.synchronization_of(stack.outputs()["servicePrincipalId"]).secrets)


def test_a_preview_of_the_first_time_asks_nothing_of_synchronization(story: Story) -> None:
    assert (story.calls["preview"], "+ 5 to create" in story.said["preview"]) == ([], True)


def test_the_first_configuration_takes_eight_calls_in_the_order_of_the_tutorial(story: Story) -> None:
    assert story.calls["up"] == [
        "GET templates",
        "GET jobs",
        "POST jobs/validateCredentials",
        "POST jobs",
        "PUT secrets",
        "GET jobs/{job}/schema",
        "PUT jobs/{job}/schema",
        "POST jobs/{job}/start",
    ]


def test_the_members_of_the_group_have_accounts_except_the_disabled_one(story: Story) -> None:
    assert len(story.accounts["initial"]) == 10
    assert all(story.accounts["initial"].values())
    assert "claude.shannon@contoso.com" not in story.accounts["initial"]


def test_running_it_again_changes_nothing_and_asks_nothing_of_synchronization(story: Story) -> None:
    assert (story.calls["again"], "5 unchanged" in story.said["again"]) == ([], True)


def test_a_refresh_takes_three_calls_and_sees_no_drift(story: Story) -> None:
    assert story.calls["refresh"] == ["GET jobs/{job}", "GET secrets", "GET jobs/{job}/schema"]
    assert "~ mappings" not in story.said["refresh"]


def test_a_leaver_is_disabled_not_deleted(story: Story) -> None:
    assert story.accounts["left"] == story.accounts["initial"] | {LEAVER: False}


def test_the_preview_shows_exactly_the_line_that_changed(story: Story) -> None:
    lines = [line.strip() for line in story.said["mapping preview"].splitlines() if "=>" in line]

    assert lines == ['~ source: "[department]" => "[jobTitle]"']


def test_a_changed_mapping_takes_two_calls_and_reaches_the_accounts(story: Story) -> None:
    assert story.calls["mapping"] == ["GET jobs/{job}/schema", "PUT jobs/{job}/schema"]
    assert (story.titles["left"], story.titles["mapping"]) == ("Knowledge", "Knowledge Manager")


def test_a_change_by_hand_is_seen_and_put_back(story: Story) -> None:
    assert '~ scope: "assigned" => "all"' in story.said["drift"]
    assert '~ scope: "all" => "assigned"' in story.said["refused"]


def test_a_new_scope_restarts_the_job(story: Story) -> None:
    assert story.calls["repair"] == [
        "GET secrets",
        "GET jobs/{job}/schema",
        "PUT secrets",
        "POST jobs/{job}/restart",
    ]


def test_a_scope_that_would_make_many_leave_is_refused_until_the_number_is_accepted(story: Story) -> None:
    assert "15 of 24 people in scope would leave; the limit is 5, the larger of 5 and 5 %." in story.said["refused"]
    assert "If that is meant, accept it by name: acceptLeavers: 15" in story.said["refused"]
    assert story.calls["refused"] == ["GET secrets", "GET jobs/{job}/schema"]


def test_a_key_that_nobody_declared_survives(story: Story) -> None:
    assert (story.secrets["Sandbox"], story.secrets["SyncAll"]) == ("yes", "false")


def test_taking_it_down_leaves_the_accounts_as_they_are(story: Story) -> None:
    assert story.calls["destroy"] == ["POST jobs/{job}/pause", "DELETE jobs/{job}"]
    assert story.accounts["destroyed"] == story.accounts["mapping"]


def test_the_token_is_in_no_file_and_no_output(story: Story, served: Served) -> None:
    token = served.environment["ELIUM_SECRET_TOKEN"]
    everything = story.files + "".join(story.said.values()).encode()

    forms = [token.encode(), base64.b64encode(token.encode()).rstrip(b"="), token.encode().hex().encode()]
    assert [form for form in forms if form in everything] == []


def test_the_request_log_of_the_emulator_holds_no_token(story: Story, served: Served) -> None:
    del story
    control = f"{served.origin}/_emulator/requests"

    said = httpx2.get(control, verify=False).text

    assert served.environment["ELIUM_SECRET_TOKEN"] not in said
    assert json.loads(said)["value"]
