"""What a panel does when something is not there: it says so, and asks again; and it ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from queue import Queue

import httpx2
import pytest
from operating import Operator, operating
from panels import CUTS, PATIENCE, Panel, events, panel_of

from emulator.moods.faults import Fault
from provisioning.commands.exit_codes import ExitCode

pytestmark = CUTS

SECONDS_TO_END = 5.0
"""After Ctrl-C. A page that is open must not hold the panel up."""


@pytest.fixture
def operator() -> Iterator[Operator]:
    with operating() as operator:
        yield operator


@pytest.fixture
def panel(operator: Operator) -> Iterator[Panel]:
    with panel_of(operator) as panel:
        yield panel


def test_while_graph_is_not_reached_the_page_shows_what_was_heard_last(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        operator.served.emulator.entra.faults.add([Fault(route="* *", status=503, times=None)])
        http.post("/stacks/dev/look")
        down = next(one for one in sent if 'role="alert"' in one and "Provisioning runs." in one)
        operator.served.emulator.entra.faults.clear()
        http.post("/stacks/dev/look")
        up = next(one for one in sent if 'data-part="state"' in one and "alert" not in one)

    assert "It is asked again by itself" in down
    assert "What follows was heard at" in down
    assert "Pause" not in down
    assert "Provisioning runs." in up
    assert "Pause" in up


def test_a_sign_in_that_does_not_hold_any_more_is_said(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        fault = Fault(route="* *", status=401, code="InvalidAuthenticationToken", times=None)
        operator.served.emulator.entra.faults.add([fault])
        http.post("/stacks/dev/look")
        said = next(one for one in sent if 'data-part="state"' in one and 'role="alert"' in one)

    assert "InvalidAuthenticationToken" in said
    assert "Provisioning runs." in said


def test_a_job_that_is_deleted_meanwhile_is_said_and_the_page_lives(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        operator.ask("DELETE", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}")
        http.post("/stacks/dev/look")
        next(one for one in sent if f"The job {operator.job} no longer exists." in one)

        assert http.get("/stacks/dev").status_code == 200
        assert http.get("/stacks/dev/pause").status_code == 409


def test_an_app_that_is_deleted_meanwhile_is_said_with_what_to_do(operator: Operator, panel: Panel) -> None:
    with panel.visitor() as http:
        sent = events(http)
        next(one for one in sent if "Provisioning runs." in one)

        operator.ask("DELETE", f"/servicePrincipals/{operator.principal}")
        http.post("/stacks/dev/look")
        said = next(one for one in sent if 'data-part="state"' in one and 'role="alert"' in one)

    assert f"The service principal {operator.principal} does not exist" in said
    assert "restore it in Entra" in said
    assert "Graph answers 404" not in said


def test_a_port_that_is_taken_is_a_sentence(operator: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = operator.elium("panel", "dev", "--port", str(port))

    assert ran.code == ExitCode.CONFIGURATION
    assert f"error: --port: {port} cannot be served: Address already in use." in ran.err


def test_the_port_is_the_one_that_was_asked_for(operator: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with panel_of(operator, "--port", str(port)) as panel:
        assert panel.origin == f"http://127.0.0.1:{port}"


def test_the_address_that_a_browser_is_started_with_opens_the_panel_once(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Queue[str] = Queue()
    monkeypatch.setattr(webbrowser, "open", opened.put)

    with panel_of(operator, "--open") as panel:
        address = opened.get(timeout=PATIENCE)
        codes = [httpx2.get(address).status_code for _ in range(2)]

    assert panel.key not in address
    assert codes == [303, 403]


@pytest.mark.parametrize(
    ("arguments", "said"), [((), "Neither a stack nor --fleet is named"), (("dev", "--fleet", "x"), "Both a stack and")]
)
def test_one_stack_or_one_fleet_is_shown(operator: Operator, arguments: tuple[str, ...], said: str) -> None:
    ran = operator.elium("panel", *arguments)

    assert ran.code == ExitCode.CONFIGURATION
    assert said in ran.err
    assert ran.calls == []


def test_a_file_of_tenants_that_is_wrong_is_told_before_anything_is_served(operator: Operator) -> None:
    (operator.folder / "tenants.yaml").write_text("tenants: [{name: x}]", encoding="utf-8")

    ran = operator.elium("panel", "--fleet", "tenants.yaml")

    assert ran.code == ExitCode.CONFIGURATION
    assert "tenants.yaml:1:" in ran.err


def test_control_c_ends_it_at_once_though_pages_are_open(operator: Operator) -> None:
    command = (sys.executable, "-m", "provisioning.commands", "panel", operator.address)
    environment = {**operator.environment, "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(  # noqa: S603 - ours
        command, env=environment, cwd=operator.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stderr
            address = process.stdout.readline().strip()
            with httpx2.Client(timeout=PATIENCE, follow_redirects=True) as http:
                http.get(address).raise_for_status()
                page = f"{address.partition('/?')[0]}/stacks/{operator.address.replace('/', '-')}"
                assert "The job was named itself" in http.get(page).text
                sent = events(http, f"{page}/events")
                next(one for one in sent if "Provisioning runs." in one)

                process.send_signal(signal.SIGINT)

                assert process.wait(SECONDS_TO_END) == ExitCode.INTERRUPTED
            assert process.stderr.read().splitlines()[-1] == "Stopped. Nothing was changed."
        finally:
            process.kill()
