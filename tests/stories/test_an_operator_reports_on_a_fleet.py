"""A fleet as one page, with the real engine: two that run, one that is not there yet, one that cannot be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from json_schema import mistakes
from operating import ServedClock, asked
from pulumi_fleet import NAMES, Fleet, fleet
from reported_page import Page

from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

PEOPLE = 10
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("fleet")) as found:
        assert found.elium("up", "--only", "acme", "--only", "bolt", "--yes").code == ExitCode.OK
        # Somebody switches a job off, by hand, and renames somebody to what is no name.
        app, job = found.apps("Elium bolt")[0].id, found.jobs("bolt")[0]
        asked(found.served, "POST", f"/servicePrincipals/{app}/synchronization/jobs/{job}/pause")
        asked(found.served, "PATCH", "/users/ada.byron@contoso.com", {"displayName": HOSTILE})
        # What is of the last thirty days is told by the company's clock, which stands.
        found.clock = ServedClock(found.served)
        found.row("cone")["secretToken"] = "env:NOBODY_SET_THIS"
        yield found


def document(found: Fleet, *more: str) -> Any:
    ended = found.elium_itself("report", "--fleet", "tenants.yaml", "--json", *more)
    assert ended.code == ExitCode.OK, ended.err
    return json.loads(ended.out)


def test_each_tenant_is_told_and_who_cannot_be_asked_is_a_row(reported: Fleet) -> None:
    told = document(reported)
    schema = json.loads((Path(__file__).parents[2] / "schemas/elium-report.schema.json").read_text(encoding="utf-8"))
    assert mistakes(told, schema, "") == []

    rows = {one["tenant"]: one for one in told["fleet"]["tenants"]}

    assert list(rows) == list(NAMES)
    assert {name: bool(one["stack"]) for name, one in rows.items()} == {
        "acme": True,
        "bolt": True,
        "cone": False,
        "dune": False,
    }
    assert rows["acme"]["verdict"] == "unchanged"
    assert "NOBODY_SET_THIS is not set" in rows["cone"]["reason"]
    assert rows["dune"]["reason"] == "It is not brought about yet."
    assert told["fleet"]["counts"]["provisioned"] == 2 * PEOPLE


def test_what_was_changed_by_hand_is_drift_of_that_tenant_alone(reported: Fleet) -> None:
    drift = {one["tenant"]: one["stack"]["drift"] for one in document(reported)["fleet"]["tenants"] if one["stack"]}

    assert drift == {"acme": [], "bolt": ["status is off, and was on"]}


def test_the_page_has_all_and_loads_nothing(reported: Fleet) -> None:
    ended = reported.elium_itself("report", "--fleet", "tenants.yaml", "-o", "fleet.html")
    shown = Page((reported.folder / "fleet.html").read_text(encoding="utf-8"))

    assert ended.err.splitlines()[-1] == (
        "fleet.html: 4 tenants; 2 have no report of their own, and the table says why"
    )
    assert len(shown.people) == 2 * (PEOPLE + 1)
    assert {row[0] for row in shown.people} == {"acme", "bolt"}
    assert shown.elsewhere == []
    assert HOSTILE not in shown.text
    assert any(HOSTILE in row[1] for row in shown.people)
    for name in NAMES:
        assert f"token-of-{name}" not in shown.text


def test_with_made_up_names_no_tenant_and_nobody_is_named(reported: Fleet) -> None:
    for out in ("fleet.html", "fleet.md", "fleet.json"):
        reported.elium_itself("report", "--fleet", "tenants.yaml", "--names", "made-up", "-o", out)
        text = (reported.folder / out).read_text(encoding="utf-8")
        text += str(Page(text).people) if out.endswith("html") else ""
        for name in (*NAMES, "Ada", "Byron", "contoso", "Elium users", "127.0.0.1", "NOBODY_SET_THIS"):
            # As a word: what is made up of syllables may well have one of four letters in it.
            assert not re.search(rf"\b{re.escape(name)}\b", text), (out, name)
