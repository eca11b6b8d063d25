"""What a page may do to a stack: it shows what comes of it first, asks, and does exactly that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx2
import pytest
from operating import READER, Operator, operating
from panels import CUTS, Panel, panel_of

from emulator.elium.behaviour import Fault

pytestmark = CUTS

FRAGMENT = {"x-panel-fragment": "1"}


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


def asked(http: httpx2.Client, act: str, **fields: str) -> tuple[str, dict[str, str]]:
    """Press a button, and give what is asked, with what the answer would send."""
    question = http.get(f"/stacks/dev/{act}", params=fields).raise_for_status().text
    return question, dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', question))


def test_a_pause_says_what_comes_of_it_and_asks_before_it_is_done(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        question, answer = asked(http, "pause")
        assert "<h1>Pause provisioning?</h1>" in question
        assert "Nobody is provisioned, updated or disabled until it is started again" in question
        assert operator.status()["code"] == "Active"

        done = http.post("/stacks/dev/pause", data=answer).text

    assert "Provisioning is paused." in done
    assert operator.status()["code"] == "Paused"


def test_what_would_be_something_else_by_now_is_shown_and_asked_again(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        again = http.post("/stacks/dev/pause", data={"doit": "00000000"}, headers=FRAGMENT).text

    assert "By now it would be something else than what was shown." in again
    assert "Nobody is provisioned, updated or disabled" in again
    assert operator.status()["code"] == "Active"


def test_what_was_done_on_another_page_is_not_done_twice(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        _, answer = asked(http, "pause")
        http.post("/stacks/dev/pause", data=answer)
        before = len(operator.served.requests("graph"))

        said = http.post("/stacks/dev/pause", data=answer).text

    assert "The job is off already." in said
    calls = operator.served.requests("graph")[before:]
    assert [call.path for call in calls if call.method == "POST"] == []


def test_what_cannot_be_taken_back_is_a_command_and_no_button(operator: Operator, panel: Panel) -> None:
    operator.hold_back(threshold=3)
    operator.elium("pause", "dev", "--yes")
    settings = {"Enabled": True, "Recipients": "it@contoso.com", "DeleteThresholdEnabled": False}
    operator.save(SyncNotificationSettings=json.dumps(settings))

    with panel.visitor() as http:
        question, answer = asked(http, "start")
        refused = http.post("/stacks/dev/start", data={"doit": "x", **answer}).text

    assert "This cannot be taken back, so no button does it." in question
    checksum = re.findall(r"elium start dev --doit (\w+)", question)[0]
    assert answer == {}
    assert checksum in refused
    assert operator.status()["code"] == "Paused"


def test_a_start_that_would_only_seem_to_heal_is_refused_with_the_command_that_helps(
    operator: Operator, panel: Panel
) -> None:
    operator.hold_back()

    with panel.visitor() as http:
        answer = http.get("/stacks/dev/start")

    assert answer.status_code == 409
    assert "elium restart dev --reset ForceDeletes" in answer.text


def test_a_start_out_of_quarantine_does_not_speak_of_a_pause(operator: Operator, panel: Panel) -> None:
    operator.elium_site.faults.append(Fault(status=401))
    operator.cycle()
    with panel.visitor() as http:
        question = http.get("/stacks/dev/start").text

    assert "The job leaves quarantine, and a cycle begins at once" in question
    assert "where it was paused" not in question


def test_one_person_is_provisioned_at_once(operator: Operator, panel: Panel) -> None:
    new = operator.hire("new.one", accountEnabled=True, department="Sales", mailNickname="new.one")
    operator.assign(new)

    with panel.visitor() as http:
        question, answer = asked(http, "provision", person=new)
        done = http.post("/stacks/dev/provision", data=answer).text

    assert "Provisioned at once: " in question
    assert "done (create)" in done
    assert "new.one@contoso.com" in operator.active


def test_who_may_only_read_is_told_which_permission_is_lacking() -> None:
    with operating() as operator:
        operator.environment |= operator._sign_in_of(READER)  # noqa: SLF001 - as its command line does
        with panel_of(operator) as panel, panel.visitor() as http:
            _, answer = asked(http, "pause")
            refused = http.post("/stacks/dev/pause", data=answer)

    assert refused.status_code == 409
    assert "Synchronization.ReadWrite.All" in refused.text
