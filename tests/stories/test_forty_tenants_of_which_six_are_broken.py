"""Forty tenants with the real engine, six of them broken, each in another way: the others are done, these are named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from junitparser import JUnitXml
from pulumi_fleet import Ended, Fleet, fleet, variable_of

from emulator.company.seed_parts import ClientSeed
from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

SOUND = tuple(f"sound-{number:02}" for number in range(1, 35))

NEXT = "run the command again, which does the rest"

BROKEN = {
    "wrong-token": ("failed", "The app did not accept the secret token", NEXT),
    "lost-group": ("failed", "groups.0: 'Nobody knows them' does not exist.", "Correct the names"),
    "far-away": ("failed", "The app did not accept the address https://localhost:1/elium/far-away/scim/v2", NEXT),
    "all-leave": ("refused", "10 of 10 people in scope would leave; the limit is 5", "acceptLeavers: 10"),
    "no-rights": (
        "failed",
        "This identity may not GET /v1.0/groups",
        "Grant it the application permission GroupMember",
    ),
    "double": ("refused", "the row sound-01 has an app of this name", "Give this one another displayName."),
}
"""How each stands, what its reason says, and what is to be done next."""

NOBODY = ClientSeed(display_name="Nobody", app_id="e11ed000-0000-4000-8000-0000000000ff", secret="of-nobody-0123456789")

PEOPLE = 10


def test_six_are_named_and_the_others_are_done_and_again_nothing_is_there_twice(tmp_path: Path) -> None:
    with fleet(tmp_path, (*SOUND, *BROKEN), (NOBODY,)) as found:
        assert found.elium("up", "--yes", "--only", "all-leave").code == ExitCode.OK
        break_six(found)

        ended = found.elium("up", "--yes", "--json", "--junit", str(tmp_path / "results.xml"))

        assert_six_are_named(ended)
        assert [found.active(name) for name in SOUND] == [PEOPLE] * len(SOUND)
        suite = JUnitXml.fromfile(str(tmp_path / "results.xml"))
        assert (suite.tests, suite.failures) == (len(SOUND) + len(BROKEN), len(BROKEN))
        page = found.elium("report", "--markdown")
        for name, (verdict, _, _) in BROKEN.items():
            assert f"| {name} | {verdict} |" in page.out

        # The same once more: who is done stays as they are, who is broken is named again, and nothing is there twice.
        before = Counter(app.properties["displayName"] for app in found.all_apps)
        asked = len(found.served.requests("graph"))
        ended = found.elium("up", "--yes", "--json")
        assert_six_are_named(ended, otherwise="unchanged")
        assert Counter(app.properties["displayName"] for app in found.all_apps) == before
        assert all(before[f"Elium {name}"] == 1 for name in SOUND)
        assert (max(before.values()), before["Elium double"]) == (1, 0)
        written = [call for call in found.served.requests("graph")[asked:] if call.method != "GET"]
        assert {call.path.rpartition("/")[2] for call in written} == {"validateCredentials"}


def break_six(found: Fleet) -> None:
    """Break six rows, each in another way."""
    found.environment[variable_of("wrong-token")] = "token-of-somebody-else-0123456789"
    found.row("lost-group")["groups"] = ["Nobody knows them"]
    found.row("far-away")["tenantUrl"] = "https://localhost:1/elium/far-away"
    found.row("all-leave")["filters"] = {"users": ["department EQUALS Nowhere"]}
    found.environment["SECRET_OF_NOBODY"] = str(NOBODY.secret)
    found.row("no-rights")["entra"] = {"clientId": NOBODY.app_id, "clientSecret": "env:SECRET_OF_NOBODY"}
    found.row("double")["displayName"] = f"Elium {SOUND[0]}"


def assert_six_are_named(ended: Ended, *, otherwise: str = "done") -> None:
    """Each stands as it should, and is told why, and what is to be done next."""
    assert ended.code == ExitCode.OTHER, ended.err
    broken = {name: verdict for name, (verdict, _, _) in BROKEN.items()}
    assert ended.verdicts == {**dict.fromkeys(SOUND, otherwise), **broken}
    for name, (_, reason, what_to_do) in BROKEN.items():
        told = ended.documents[name]
        assert (reason in told["reason"], what_to_do in told["whatToDo"]) == (True, True), told
