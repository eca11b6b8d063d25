"""What the panel costs with 10,000 people: first paint, from an event to the page, and memory over virtual days.

``python -m bench.panel`` prints it. Emulator, panel and Chromium are processes of their own on loopback; the browser is
the system's, driven from the environment of ``make browser``.
"""

from __future__ import annotations

import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import psutil

from scripts.demo.processes import RunningEmulator, emulator
from tools.errors import SetUpError
from tools.places import this_clone, user_cache
from tools.setup.commands import run
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.setup.python_environment import environment_beside

PEOPLE = 10_000
FEW, LOADS, EVENTS, DAYS = 100, 7, 30, 100
PAINT_AT_MOST, EVENT_AT_MOST = 300.0, 100.0
"""Milliseconds, of the middle one of several."""
NEAR = 20.0
"""Megabytes that the panel may hold more after the days than after the first tenth of them."""

SITE, GALLERY = "contoso", "https://localhost/elium/contoso/scim/v2"


def main() -> int:
    """Take every measurement, print it, and return 1 when one is missed."""
    _say(f"$ python -m bench.panel   # {PEOPLE:,} people\n")
    try:
        python = _browsers_python()
    except SetUpError as reason:
        _say(str(reason))
        return 1
    # Whoever is there has no account yet: a cycle of ten thousand takes the SCIM server hours.
    with _company(PEOPLE, is_on=False) as running, _panel(running) as (_, address):
        control = {"url": running.control, "ca": running.environment["SSL_CERT_FILE"]}
        asked = json.dumps({"address": address, "control": control, "loads": LOADS, "events": EVENTS})
        browser = [str(python), "-m", "bench.panel_in_a_browser"]
        done = subprocess.run(browser, input=asked, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own
        seen: Mapping[str, list[float]] = json.loads(done.stdout)
    with _company(FEW, is_on=True) as running, _panel(running) as (panel, address):
        grown = _memory(running, psutil.Process(panel.pid), address)
    paints, events = (statistics.median(seen[what]) for what in ("paints", "events"))
    _say(f"  first paint of a stack's page   {paints:6.0f} ms, {max(seen['paints']):.0f} at most of {LOADS}")
    _say(f"  event to changed page           {events:6.0f} ms, {max(seen['events']):.0f} at most of {EVENTS}")
    return 0 if paints <= PAINT_AT_MOST and events <= EVENT_AT_MOST and grown <= NEAR else 1


def _browsers_python() -> Path:
    """Give the Python that drives a browser. :raises SetUpError: when it cannot be made."""
    context = Context(this_clone(), user_cache(os.environ), os.environ, run, Progress(sys.stderr))
    return environment_beside(context, "browser", alone=False) / "python"


@contextmanager
def _company(people: int, *, is_on: bool) -> Iterator[RunningEmulator]:
    """Serve a company whose people are all assigned, with a job."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seed = folder / "seed.json"
        seed.write_text(json.dumps(_seed(people, is_on=is_on)), encoding="utf-8")
        (folder / "emulator").mkdir()
        with emulator(folder / "emulator", keep=False, seed=seed) as running:
            yield running


def _seed(people: int, *, is_on: bool) -> dict[str, Any]:
    names = [f"person{number}@contoso.com" for number in range(people)]
    gallery = "e1e1e1e1-0000-4000-8000-000000000001"
    role = {"id": "e1e1e1e1-0000-4000-8000-000000000002", "displayName": "User", "value": "User"}
    roles = ["Application.ReadWrite.All", "Directory.Read.All", "Group.ReadWrite.All", "User.ReadWrite.All"]
    roles += ["Synchronization.ReadWrite.All", "AuditLog.Read.All", "AppRoleAssignment.ReadWrite.All"]
    return {
        "tenant": {"id": "c0ffee00-1234-4abc-8def-0123456789ab", "displayName": "Contoso", "domain": "contoso.com"},
        "people": [{"userPrincipalName": name, "displayName": f"Person {place}"} for place, name in enumerate(names)],
        "groups": [{"displayName": "Everybody", "members": names}],
        "clients": [{"displayName": "bench", "appId": "e1e1e1e1-0000-4000-8000-000000000003", "roles": roles}],
        "elium": [{"name": SITE}],
        "gallery": [
            {
                "id": gallery,
                "displayName": "Elium",
                "publisher": "Elium",
                "homePageUrl": "https://elium.com",
                "key": "elium",
                "synchronizationTemplate": "elium",
                "appRoles": [role],
            }
        ],
        "applications": [
            {
                "gallery": gallery,
                "displayName": "Elium",
                "assignments": [{"principal": "Everybody", "role": role["id"]}],
                "connection": {"BaseAddress": GALLERY, "SyncAll": "false"},
                "jobs": [{"templateId": "elium", "on": is_on}],
            }
        ],
    }


@contextmanager
def _panel(running: RunningEmulator) -> Iterator[tuple[subprocess.Popen[str], str]]:
    (job,) = _get(running, "state")["jobs"]
    command = [
        sys.executable,
        "-m",
        "provisioning.commands",
        "panel",
        f"{job['servicePrincipalId']}/{job['id']}",
        "--json",
    ]
    environment = {**os.environ, **running.environment}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            yield process, json.loads((process.stdout or sys.stdin).readline())["address"]
        finally:
            process.terminate()


def _memory(running: RunningEmulator, panel: psutil.Process, address: str) -> float:
    """Let days pass while the page is followed, and tell by how many megabytes the panel has grown meanwhile.

    It is counted from the first tenth of them on, when all that is kept at most is kept.
    """
    Thread(target=_follow, args=(address,), daemon=True).start()
    begin = _megabytes(panel)
    settled = begin
    for day in range(1, DAYS + 1):
        _post(running, "clock/advance", {"by": "P1D"})
        if day == DAYS // 10:
            settled = _megabytes(panel)
    end = _megabytes(panel)
    told = f"{begin:6.0f} MB; {settled:.0f} after {DAYS // 10} days of 36 cycles, {end:.0f} after {DAYS}"
    _say(f"  memory of the panel             {told}")
    return end - settled


def _follow(address: str) -> None:
    """Have the company's page open, and read what is sent to it until the panel ends."""
    with suppress(httpx2.HTTPError), httpx2.Client(timeout=None, trust_env=False) as http:
        http.get(address, follow_redirects=True).raise_for_status()
        with http.stream("GET", f"{address.partition('/?')[0]}/company/events") as answer:
            for _ in answer.iter_lines():
                pass


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1024 / 1024


def _get(running: RunningEmulator, what: str) -> Any:  # noqa: ANN401 - any JSON value
    with _client(running) as http:
        return http.get(f"{running.control}/{what}").raise_for_status().json()


def _post(running: RunningEmulator, what: str, body: Mapping[str, Any] | None = None) -> None:
    with _client(running) as http:
        http.post(f"{running.control}/{what}", json=body or {}).raise_for_status()


def _client(running: RunningEmulator) -> httpx2.Client:
    trust = ssl.create_default_context(cafile=running.environment["SSL_CERT_FILE"])
    return httpx2.Client(verify=trust, timeout=None, trust_env=False)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
