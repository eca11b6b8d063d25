"""Many tenants with the real engine: from a file to accounts at each Elium, with one of them broken, and again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_fleet import GROUP, NAMES, Fleet, fleet
from pulumi_stack import SECONDS_AT_MOST

from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

PEOPLE = 10
"""Those of "Elium users" whose account is enabled."""

GETS_OF_AN_UNCHANGED_TENANT = 6
"""Template, group, job, who is assigned, secrets, schema."""

CALLS_OF_A_NEW_TENANT = 27
"""Seven of its plan, twenty of its run and of the look at its job."""


@pytest.fixture(scope="module")
def brought_about(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("fleet")) as found:
        yield found


def test_a_fleet_from_nothing(brought_about: Fleet) -> None:
    found = brought_about
    found.row("cone")["secretToken"] = "env:NOBODY_SET_THIS"
    assert found.asked_of_pulumi == []

    shown = found.elium("plan", "--json", "--out", str(found.folder / "plan.json"))

    assert shown.code == ExitCode.OTHER
    assert shown.verdicts == {**dict.fromkeys(NAMES, "changes"), "cone": "failed"}
    assert "NOBODY_SET_THIS is not set" in shown.documents["cone"]["reason"]
    assert not any(found.apps(f"Elium {name}") for name in NAMES)
    # Which stacks there are is one question, and of those that are not there nothing is asked.
    assert found.asked_of_pulumi == ["version", "stack ls"]

    before = len(found.served.requests("graph"))
    ended = found.elium("up", "--json", "--plan", str(found.folder / "plan.json"), "--at-once", "2")

    assert ended.verdicts == {**dict.fromkeys(NAMES, "done"), "cone": "failed"}, ended.err
    assert [len(found.jobs(name)) for name in NAMES] == [1, 1, 0, 1]
    assert [found.active(name) for name in NAMES] == [PEOPLE, PEOPLE, 0, PEOPLE]
    # What each start costs is paid a hundred times: one look just before, the stack, the run.
    each = {"stack export": 3, "stack init": 3, "up": 3}
    assert Counter(found.asked_of_pulumi) == {"version": 1, "stack ls": 1, **each}
    assert len(found.served.requests("graph")) - before == CALLS_OF_A_NEW_TENANT * 3

    # The broken one is mended; nobody else is touched.
    found.row("cone")["secretToken"] = "env:CONE_TOKEN"
    ended = found.elium("up", "--json", "--yes")
    assert ended.verdicts == {**dict.fromkeys(NAMES, "unchanged"), "cone": "done"}, ended.err

    # To the engine each is a stack like any other: a plain pulumi finds nothing to do.
    assert "6 unchanged" in found.pulumi("acme", "preview")

    # Again: nothing to do, so nobody is asked, and one look at each is enough.
    assert found.asked_of_pulumi
    before = len(found.served.requests("graph"))
    ended = found.elium("up", "--json")
    assert (ended.code, ended.verdicts) == (ExitCode.OK, dict.fromkeys(NAMES, "unchanged"))
    assert Counter(found.asked_of_pulumi) == {"version": 1, "stack ls": 1, "stack export": len(NAMES)}
    calls = found.served.requests("graph")[before:]
    assert {call.method for call in calls} == {"GET"}
    assert len(calls) == GETS_OF_AN_UNCHANGED_TENANT * len(NAMES)
    assert set(found.elium("status", "--json").verdicts.values()) == {"well"}

    assert_many_who_would_lose_access_take_a_checksum(found)

    # A change that was made at Entra after it was shown stops the one it concerns, and no other.
    found.defaults["mappings"] = {"users": {"title": "[department]"}}
    found.elium("plan", "--out", str(found.folder / "plan.json"))
    found.row("bolt")["notificationEmail"] = "it@contoso.com"
    ended = found.elium("up", "--json", "--plan", str(found.folder / "plan.json"))
    assert ended.verdicts == {**dict.fromkeys(NAMES, "done"), "bolt": "moved"}, ended.err
    assert ended.code == ExitCode.REFUSED
    assert json.loads((found.folder / "plan.json").read_text("utf-8"))["tenants"].keys() == set(NAMES)

    # What was told last can be told again.
    assert found.elium("report", "--json").verdicts == ended.verdicts

    assert_a_lost_row_is_told(found)


def assert_many_who_would_lose_access_take_a_checksum(found: Fleet) -> None:
    # Where many would lose people at once, --yes is not enough, and nobody is touched.
    found.defaults["filters"] = {"users": ["department EQUALS Nowhere"]}
    found.defaults["acceptLeavers"] = PEOPLE
    ended = found.elium("up", "--yes")
    assert ended.code == ExitCode.CONFIGURATION, ended.err
    assert "People would leave in 4 tenants at once: acme, bolt, cone, dune." in ended.err
    assert [found.active(name) for name in NAMES] == [PEOPLE] * len(NAMES)

    # Nor where nobody leaves the scope, and whoever leaves it later would not be disabled.
    del found.defaults["filters"]
    found.defaults["mappings"] = {"users": {"active": '"True"'}}
    ended = found.elium("up", "--yes")
    assert ended.code == ExitCode.CONFIGURATION, ended.err
    uncounted = (
        "or lose or get access uncounted or by a number in their rows, in 4 tenants at once: acme, bolt, cone, dune"
    )
    assert uncounted in ended.err
    del found.defaults["acceptLeavers"]

    # Nor does a number in the defaults let many in.
    del found.defaults["mappings"]
    found.hire(PEOPLE, into="Everybody")
    found.defaults |= {"groups": [GROUP, "Everybody"], "acceptEntrants": 5_000}
    ended = found.elium("up", "--yes")
    assert ended.code == ExitCode.CONFIGURATION, ended.err
    assert uncounted in ended.err
    found.defaults = {"groups": [GROUP]}


def assert_a_lost_row_is_told(found: Fleet) -> None:
    # A row that is called otherwise, app and all, is not made a second time over the same Elium.
    lost = found.row("dune")
    called = {name: lost[name] for name in ("name", "displayName")}
    lost |= {"name": "dunes", "displayName": "Elium dunes"}
    renamed = found.elium("up", "--yes", "--json", "--only", "dunes")
    assert (renamed.code, renamed.verdicts) == (ExitCode.REFUSED, {"dunes": "refused", "dune": "no row"}), renamed.err
    assert not found.apps("Elium dunes")
    lost |= called

    # Whose row is lost is told by everything that looks, and keeps what it has.
    found.rows.remove(lost)
    for verb, code in (("plan", ExitCode.OK), ("drift", ExitCode.CHANGES), ("report", ExitCode.REFUSED)):
        told = found.elium(verb, "--json")
        assert (told.code, told.verdicts["dune"]) == (code, "no row"), told.err
        assert told.documents["dune"]["whatToDo"].endswith("elium fleet teardown --only dune")
    assert found.elium("up", "--yes", "--json").verdicts == {
        "acme": "unchanged",
        "bolt": "done",
        "cone": "unchanged",
        "dune": "no row",
    }
    assert found.active("dune") == PEOPLE

    # With its row it is one of them again.
    found.rows.append(lost)
    assert found.elium("plan", "--json").verdicts == dict.fromkeys(NAMES, "unchanged")


@pytest.mark.parametrize("again", ["--resume", "--yes"])
def test_a_fleet_that_is_killed_while_it_is_made_is_finished_and_nothing_is_there_twice(
    tmp_path: Path, again: str
) -> None:
    with fleet(tmp_path) as found:
        with found.begun("up", "--yes", "--at-once", "2") as first:
            try:
                # The apps of the first two are being made.
                while first.poll() is None and not any(found.apps(f"Elium {name}") for name in NAMES):
                    pass
            finally:
                first.kill()

        ended = found.elium("up", again, "--json")

        assert set(ended.verdicts.values()) <= {"done", "unchanged"}, ended.err
        assert [len(found.apps(f"Elium {name}")) for name in NAMES] == [1] * len(NAMES)
        assert [len(found.jobs(name)) for name in NAMES] == [1] * len(NAMES)
        assert [found.active(name) for name in NAMES] == [PEOPLE] * len(NAMES)
        assert found.elium("up", "--json").verdicts == dict.fromkeys(NAMES, "unchanged")


def test_a_fleet_whose_terminal_is_closed_ends_by_itself_and_is_finished_later(tmp_path: Path) -> None:
    with fleet(tmp_path, NAMES[:2]) as found:
        with found.begun("up", "--yes") as first:
            assert first.stderr is not None
            first.stderr.readline()
            first.stderr.close()
            try:
                assert first.wait(SECONDS_AT_MOST) != ExitCode.OK
            finally:
                first.kill()

        assert set(found.elium("up", "--yes", "--json").verdicts.values()) <= {"done", "unchanged"}
        assert [len(found.jobs(name)) for name in NAMES[:2]] == [1, 1]
