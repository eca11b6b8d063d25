"""What the provisioning engine itself costs, and what is left of a SCIM server's speed when it is in front.

``python -m bench.engine`` prints it. Nothing is waited for: time is the company's, and the target answers at once,
except where ``scim2-server`` is the target. Everything is in one process and one thread, so what is measured is the
time of its processor, and not what else goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import httpx2

from emulator.company.clock import StandingClock
from emulator.company.store import Assignment, Kind, World
from emulator.elium import Elium
from emulator.engine.service import ProvisioningService
from emulator.engine.target import Answer, over_http
from emulator.moods.knobs import Knobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.company.store import DirectoryObject, JsonObject, Tenant
    from emulator.engine.job import Job
    from emulator.engine.target import Target

SIZES = (1_000, 10_000, 100_000)
MANY = 1_000_000
AGAINST_A_SERVER = 1_000
CHANGES = 10
GALLERY = "e1e1e1e1-0000-4000-8000-000000000001"
TOKEN = "bench"  # noqa: S105 - opens nothing


class InstantTarget:
    """A target that has nobody, takes everybody, and answers at once."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.asked = 0

    async def send(self, method: str, url: str, body: JsonObject | None = None) -> Answer:  # noqa: ARG002 - a protocol
        """Answer."""
        self.asked += 1
        if method == "POST":
            return Answer(201, {"id": str(next(self._ids))})
        if method == "GET" and "filter=" in url:
            return Answer(200, {"totalResults": 0, "Resources": []})
        return Answer(200, {"id": "1"}) if method == "GET" else Answer(204)

    async def aclose(self) -> None:
        """Let go of nothing."""


class Company:
    """A company of some size, everybody assigned, and its job."""

    def __init__(self, size: int, connect: Callable[[str, str], Target], *, related: bool = False) -> None:
        numbers = count(1)
        self.world = World(StandingClock(), lambda: UUID(int=next(numbers)))
        self.tenant: Tenant = self.world.add_tenant(self.world.id(), "Contoso", "contoso.com")
        self.world.gallery[GALLERY] = {"id": GALLERY, "_synchronizationTemplate": "elium"}
        shown = {"id": self.world.id(), "appId": self.world.id(), "applicationTemplateId": GALLERY}
        self.app = self.tenant.directory.add(Kind.SERVICE_PRINCIPAL, shown)
        self.people = [self._hire(number) for number in range(size)]
        if related:
            self._relate()
        else:
            for person in self.people:
                self._assign(person.id)
        self.service = ProvisioningService(self.world, knobs=Knobs(), connect=connect)
        pairs = [
            {"key": "BaseAddress", "value": "https://localhost/dev/scim/v2"},
            {"key": "SecretToken", "value": TOKEN},
        ]
        self.service.save_secrets(self.tenant, self.app.id, pairs)
        self.job: Job = self.service.create_job(self.tenant, self.app.id, "elium")
        self.service.start(self.job)

    def _hire(self, number: int) -> DirectoryObject:
        name = f"person{number}"
        shown: JsonObject = {
            "id": self.world.id(),
            "userPrincipalName": f"{name}@contoso.com",
            "mail": f"{name}@contoso.com",
            "mailNickname": name,
            "displayName": f"Person {number}",
            "givenName": "Person",
            "surname": str(number),
            "jobTitle": "Engineer",
            "department": "Research",
            "employeeId": str(number),
            "city": "Brussels",
            "country": "Belgium",
            "accountEnabled": True,
        }
        return self.tenant.directory.add(Kind.USER, shown)

    def _assign(self, principal_id: str) -> None:
        made = Assignment(self.world.id(), principal_id, self.app.id, GALLERY, self.world.clock.now())
        self.tenant.directory.assign(made)

    def _relate(self) -> None:
        """Put everybody into one assigned group, and give everybody the first one as manager."""
        shown = {"id": self.world.id(), "displayName": "Everybody", "securityEnabled": True}
        group = self.tenant.directory.add(Kind.GROUP, shown)
        self._assign(group.id)
        for person in self.people:
            self.tenant.directory.add_member(group.id, person.id)
        for person in self.people[1:]:
            self.tenant.directory.set_manager(person.id, self.people[0].id)

    def cycle(self) -> float:
        """Run a cycle and give its seconds of processor time."""
        gc.collect()
        begin = time.process_time()
        asyncio.run(self.service.run_cycle(self.job))
        return time.process_time() - begin


def main() -> int:
    """Take every measurement and print it."""
    _say("$ python -m bench.engine\n\nan initial cycle against a target that answers at once, milliseconds a person")
    for size in SIZES:
        plain = Company(size, lambda *_: InstantTarget()).cycle()
        related = Company(size, lambda *_: InstantTarget(), related=True).cycle()
        each = f"{plain * 1000 / size:.3f} assigned one by one", f"{related * 1000 / size:.3f} with manager and group"
        _say(f"  {size:>8,} people  {', '.join(each)}")
    _say(f"\nan incremental cycle after {CHANGES} changes, milliseconds")
    for size in SIZES:
        _say(f"  {size:>8,} people  {_incremental(size) * 1000:.2f}")
    _say("\nagainst scim2-server, in this process")
    _say(_beside_a_server())
    _say("\na process in which everybody is provisioned and in the log, without the target")
    for size in (0, *SIZES[1:], MANY):
        _say(_in_a_process_of_its_own(size))
    return 0


def _incremental(size: int) -> float:
    company = Company(size, lambda *_: InstantTarget())
    company.cycle()
    for person in company.people[:CHANGES]:
        company.tenant.directory.change(person.id, {"jobTitle": "Lead"})
    return company.cycle()


def _beside_a_server() -> str:
    """Compare the requests a second of a cycle with those of a bare client that sends the same ones."""
    sent: list[tuple[str, str, JsonObject | None]] = []

    class Recording:
        def __init__(self, inner: Target) -> None:
            self._inner = inner
            self.aclose = inner.aclose

        async def send(self, method: str, url: str, body: JsonObject | None = None) -> Answer:
            sent.append((method, url, body))
            return await self._inner.send(method, url, body)

    connect = over_http(Knobs(), transport=httpx2.ASGITransport(Elium({"dev": TOKEN})))
    Company(AGAINST_A_SERVER, lambda *them: Recording(connect(*them))).cycle()
    # Both make the same garbage, and when it is collected is a matter of luck that would decide the comparison.
    gc.disable()
    rounds = [(_bare(sent), _through_the_engine()) for _ in range(3)]
    gc.enable()
    bare, engine = (min(times) for times in zip(*rounds, strict=True))
    total = len(sent)
    return (
        f"  a bare client sends {total / bare:,.0f} requests a second, a cycle the same ones at {total / engine:,.0f}: "
        f"{bare / engine:.0%}"
    )


def _through_the_engine() -> float:
    transport = httpx2.ASGITransport(Elium({"dev": TOKEN}))
    return Company(AGAINST_A_SERVER, over_http(Knobs(), transport=transport)).cycle()


def _bare(sent: list[tuple[str, str, JsonObject | None]]) -> float:
    """Send the recorded requests with nothing but an HTTP client."""

    async def run() -> float:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/scim+json"}
        transport = httpx2.ASGITransport(Elium({"dev": TOKEN}))
        async with httpx2.AsyncClient(transport=transport, headers=headers) as client:
            gc.collect()
            begin = time.process_time()
            for method, url, body in sent:
                content = json.dumps(body).encode() if body is not None else None
                await client.request(method, url, content=content)
            return time.process_time() - begin

    return asyncio.run(run())


def _in_a_process_of_its_own(size: int) -> str:
    """Measure apart, because memory that was used once is not given back."""
    ended = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, "-m", "bench.engine", "--people", str(size)], check=True, capture_output=True, text=True
    )
    return ended.stdout.rstrip()


def _with_everybody(size: int) -> str:
    company = Company(size, lambda *_: InstantTarget())
    cycle = company.cycle()
    log = company.service.log(company.tenant)
    begin = time.process_time()
    failures = sum(line["provisioningStatusInfo"]["status"] == "failure" for line in log)
    walk = time.process_time() - begin
    status = Path("/proc/self/status").read_text(encoding="ascii")
    # The highest of this very program: what getrusage tells includes the one that started it.
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return (
        f"  {size:>9,} people  {peak:,.0f} MB, initial cycle {cycle:.1f} s, "
        f"{failures} failures found among {len(log):,} lines of the log in {walk:.1f} s"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--people"]:
        _say(_with_everybody(int(sys.argv[2])))
    else:
        argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__).parse_args()
        sys.exit(main())
