"""Twenty tenants of a fleet taken down with the real engine, with proof for each; one stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from operating import ServedClock
from pulumi_fleet import fleet

from emulator import Knobs
from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

LEAVING = tuple(f"trial-{number:02}" for number in range(1, 21))

STAYS = "stays"

PEOPLE = 10

DOWN = ("teardown", "--only", "ring=trial", "--json")


def test_each_has_its_proof_and_who_stays_notices_nothing(tmp_path: Path) -> None:
    with fleet(tmp_path, (*LEAVING, STAYS), knobs=Knobs(on_demand_calls=1_000)) as found:
        # Twenty sleep in one clock, which so runs twenty times too fast for a pace: tests/unit/graph/test_pace.py.
        found.clock = ServedClock(found.served)
        for name in LEAVING:
            found.row(name)["labels"] = {"ring": "trial"}
        assert found.elium("up", "--yes").code == ExitCode.OK

        # It is shown first, and nothing is done.
        shown = found.elium(*DOWN)
        assert shown.verdicts == dict.fromkeys(LEAVING, "changes"), shown.shown
        assert {told["leaving"] for told in shown.documents.values()} == {PEOPLE}
        assert [found.active(name) for name in LEAVING] == [PEOPLE] * len(LEAVING)

        checksum = shown.err.rstrip().rpartition("--doit ")[2]
        ended = found.elium(*DOWN, "--doit", checksum, "--reports", str(tmp_path / "proofs"))

        assert ended.verdicts == dict.fromkeys(LEAVING, "done"), ended.shown
        assert {name: (found.active(name), len(found.apps(f"Elium {name}"))) for name in LEAVING} == dict.fromkeys(
            LEAVING, (0, 0)
        )
        for name in LEAVING:
            proof = (tmp_path / "proofs" / f"{name}.html").read_text(encoding="utf-8")
            assert ("ada.byron@contoso.com" in proof, f"token-of-{name}" in proof) == (True, False)
        assert (found.active(STAYS), len(found.jobs(STAYS))) == (PEOPLE, 1)

        # Repeated, it says so, and asks for no change.
        before = len(found.served.requests("graph"))
        again = found.elium(*DOWN, "--doit", checksum)
        assert again.verdicts == ended.verdicts, again.shown
        assert {call.method for call in found.served.requests("graph")[before:]} <= {"GET"}

        # Without their rows the fleet is the one who stays: nothing of the others is deployed any more.
        found.rows = [found.row(STAYS)]
        assert found.elium("drift", "--json").verdicts == {STAYS: "unchanged"}
