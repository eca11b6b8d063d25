"""The main job, with the real ``pulumi`` command: from nothing to people in Elium, changed, drifted, taken down.

The story is told once, and each test reads a fact off it.
"""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from acts import Teller, told_in

from emulator.company.store import Kind
from emulator.moods.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """What was seen, beside what the acts say."""

    teller: Teller
    titles: dict[str, str] = field(default_factory=dict)
    """Ada's, by moment."""
    accounts: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Who is at Elium and whether active, by moment."""
    secrets: dict[str, str] = field(default_factory=dict)
    files: bytes = b""
    """Everything that lies in the stack's folder at the end."""
    processes: list[str] = field(default_factory=list)
    """The command lines of everything that ran while the token was saved."""

    def look(self, moment: str) -> None:
        self.accounts[moment] = self.teller.world().accounts
        users = self.teller.elium.users
        self.titles[moment] = next(user.get("title", "") for user in users if user["userName"].startswith("ada"))

    def calls(self, act: str) -> list[str]:
        return self.teller.acts[act].calls

    def said(self, act: str) -> str:
        return self.teller.acts[act].said


class Looks(Fault):
    """Nothing goes wrong; it looks at what runs on this machine when the request comes."""

    def __init__(self, route: str, seen: list[str]) -> None:
        super().__init__(route=route)
        self._seen = seen

    def strikes(self, name: str) -> bool:
        if self._pattern.match(name):
            listed = subprocess.run(("ps", "-eww", "-o", "args"), capture_output=True, text=True, check=True)  # noqa: S607
            self._seen.extend(listed.stdout.splitlines())
        return False


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("elium")
    with told_in(folder, **SETTINGS) as teller:
        story = Story(teller)
        served = teller.served
        served.emulator.entra.faults.add([Looks("PUT */synchronization/secrets", story.processes)])

        teller.preview("preview")
        teller.act("up", "up", "--yes", "--logtostderr", "-v=9")
        teller.cycle()
        story.look("initial")
        teller.up("again")
        teller.refresh("refresh")

        _leaves(teller, LEAVER)
        served.advance(timedelta(minutes=40))
        story.look("left")

        teller.preview("mapping preview", **SETTINGS | {"mappings": CHANGED})
        teller.up("mapping")
        served.advance(timedelta(minutes=40))
        story.look("mapping")

        teller.synchronization().secrets.update({"SyncAll": "true", "Sandbox": "yes"})
        teller.refresh("drift")
        teller.up("repair", **SETTINGS | {"mappings": CHANGED, "acceptLeavers": 15})
        story.secrets = dict(teller.synchronization().secrets)

        teller.destroy("destroy refused", succeeds=False)
        teller.up("retain", **SETTINGS | {"mappings": CHANGED, "onDestroy": "retain"})
        story.files = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
        teller.destroy("destroy")
        yield story


def _leaves(teller: Teller, name: str) -> None:
    directory = teller.tenant.directory
    person = next(each for each in directory.all(Kind.USER) if each.properties["userPrincipalName"] == name)
    directory.remove_member(teller.named(Kind.GROUP, "Elium users").id, person.id)


def test_a_preview_of_the_first_time_asks_nothing_of_synchronization(story: Story) -> None:
    assert (story.calls("preview"), "+ 6 to create" in story.said("preview")) == ([], True)


def test_a_preview_of_the_first_time_names_those_who_will_come(story: Story) -> None:
    assert "nobody in scope now, 10 people afterwards." in story.said("preview")
    assert "10 would enter: Ada Byron (ada.byron@contoso.com), Alan Turing" in story.said("preview")
    assert "would be skipped" not in story.said("preview")


def test_the_first_configuration_takes_eight_calls_in_the_order_of_the_tutorial(story: Story) -> None:
    assert story.calls("up") == [
        "GET jobs",
        "GET templates",
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


def test_running_it_again_changes_nothing_and_looks_at_the_job_once(story: Story) -> None:
    assert (story.calls("again"), "6 unchanged" in story.said("again")) == (["GET jobs"], True)


def test_a_refresh_takes_three_calls_and_sees_no_drift(story: Story) -> None:
    assert story.calls("refresh") == ["GET jobs", "GET secrets", "GET jobs/{job}/schema"]
    assert "~ mappings" not in story.said("refresh")


def test_a_leaver_is_disabled_not_deleted(story: Story) -> None:
    assert story.accounts["left"] == story.accounts["initial"] | {LEAVER: False}


def test_the_preview_shows_exactly_the_line_that_changed(story: Story) -> None:
    lines = {line.strip() for line in story.said("mapping preview").splitlines() if "=>" in line}

    own = ("declaration", "code: ")
    assert {line for line in lines if not any(word in line for word in own)} == {
        '~ source: "[department]" => "[jobTitle]"'
    }


def test_a_changed_mapping_is_saved_over_the_schema_that_was_read_and_reaches_the_accounts(story: Story) -> None:
    assert [call for call in story.calls("mapping") if not call.startswith("GET")] == ["PUT jobs/{job}/schema"]
    assert (story.titles["left"], story.titles["mapping"]) == ("Knowledge", "Knowledge Manager")


def test_a_change_by_hand_is_seen_and_put_back(story: Story) -> None:
    assert '~ scope: "assigned" => "all"' in story.said("drift")
    assert "~ scope: all → assigned" in story.said("repair")


def test_a_new_scope_restarts_the_job(story: Story) -> None:
    assert [call for call in story.calls("repair") if not call.startswith("GET")] == [
        "PUT secrets",
        "POST jobs/{job}/restart",
    ]


def test_those_who_leave_by_the_narrower_scope_are_counted_and_accepted(story: Story) -> None:
    said = story.said("repair")

    assert "15 of 24 people in scope would leave; the limit is 5, the larger of 5 and 5 %." in said
    assert "That is accepted by acceptLeavers: 15." in said


def test_a_key_that_nobody_declared_survives(story: Story) -> None:
    assert (story.secrets["Sandbox"], story.secrets["SyncAll"]) == ("yes", "false")


def test_a_destroy_is_refused_while_people_are_provisioned_and_nothing_is_paused(story: Story) -> None:
    refused = story.teller.acts["destroy refused"]

    assert "9 people are provisioned by this job, assigned and active (Ada Byron" in refused.said
    assert "set onDestroy: retain, run `pulumi up`, and destroy." in refused.said
    assert refused.world == story.teller.acts["repair"].world
    assert {call.partition(" ")[0] for call in refused.calls} == {"GET"}


def test_where_accounts_are_to_stay_it_takes_down_job_and_app_and_says_so(story: Story) -> None:
    gone = story.teller.acts["destroy"]

    assert "their accounts stay as they are, because onDestroy is retain." in gone.said
    assert [call for call in gone.calls if not call.startswith("GET")] == ["POST jobs/{job}/pause", "DELETE jobs/{job}"]
    assert (gone.world.jobs, gone.world.assigned) == ({}, [])
    assert gone.world.accounts == story.teller.acts["retain"].world.accounts


def test_the_token_is_in_no_file_no_output_no_log_and_no_process_list(story: Story) -> None:
    token = story.teller.served.environment["ELIUM_SECRET_TOKEN"].encode()
    said = "".join(act.said for act in story.teller.acts.values())
    everything = story.files + said.encode() + "".join(story.processes).encode()

    forms = [token, *_in_base64(token), token.hex().encode()]
    assert [form for form in forms if form in everything] == []


def test_the_log_and_the_process_list_were_really_looked_at(story: Story) -> None:
    assert "SynchronizationJob" in story.said("up")
    assert story.said("up").count("\n") > 1000
    assert any("entrasync-plugin" in line for line in story.processes)


def _in_base64(token: bytes) -> list[bytes]:
    """Write it as base64 in each of the three ways, as far as what stands beside it does not matter."""
    shifted = (base64.b64encode(b"\0" * before + token) for before in range(3))
    return [form[-(-before * 8 // 6) : -4] for before, form in zip(itertools.count(), shifted, strict=False)]


def test_the_request_log_of_the_emulator_holds_no_token(story: Story) -> None:
    served = story.teller.served
    control = f"{served.origin}/_emulator/requests"

    said = httpx2.get(control, verify=False).text

    assert served.environment["ELIUM_SECRET_TOKEN"] not in said
    assert json.loads(said)["value"]
