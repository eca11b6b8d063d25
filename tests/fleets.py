"""Fleets for tests: a file of tenants, and acts that only remember what was done."""

from __future__ import annotations

import functools
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.durable import Durable, Pace, durable
from provisioning.fleet.living import Living, OnThisMachine
from provisioning.fleet.positions import document_of
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.tenants_file import fleet_of
from provisioning.operations.deployed import Ended
from provisioning.operations.token_reference import Here


def tenant(name: str = "acme", **written: object) -> Tenant:
    """Give a tenant that lacks nothing."""
    url, token = f"https://{name}.elium.com", f"env:{name.upper().replace('-', '_')}_TOKEN"
    return Tenant(name, {"tenantUrl": url, "secretToken": token, "groups": ["Elium users"], **written})


def tenants_in(text: str) -> tuple[Tenant, ...]:
    """Read the text of a file of tenants."""
    return fleet_of(document_of(text)).tenants


def here(environment: Mapping[str, str], folder: Path = Path()) -> Here:
    """Give a place from which variables and files are read, and where nothing can be run."""

    def run(command: Sequence[str], folder: Path) -> Ended:
        raise AssertionError(f"{command} in {folder}")

    return Here(environment, folder, run)


@dataclass
class Remembering:
    """Acts that touch nobody: each tenant has one change, until it was brought about."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """What the plan of a tenant says, where it is not a change."""
    failing: frozenset[str] = frozenset()
    """Whose ``up`` fails."""
    unwell: frozenset[str] = frozenset()
    """Whose job is not well afterwards."""
    checksums: dict[str, str] = field(default_factory=dict)
    cycles: dict[str, int] = field(default_factory=dict)
    """How often is looked for the first cycle of a tenant before it has ended."""
    done: list[str] = field(default_factory=list)
    """Each act, such as ``up acme``, in the order in which they began."""
    mended: list[str] = field(default_factory=list)
    """Whose stack was looked at once more before it was brought about, because a run may have been cut in between."""
    brought_about: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    most_at_once: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self, tenant: Tenant) -> TenantPlan:
        """Look."""
        self.done.append(f"plan {tenant.name}")
        is_done = tenant.name in self.brought_about
        verdict = Verdict.UNCHANGED if is_done else self.verdicts.get(tenant.name, Verdict.CHANGES)
        return TenantPlan(tenant.name, verdict, checksum=self.checksums.get(tenant.name, "c0ffee00"), changes=1)

    def up(self, tenant: Tenant, planned: TenantPlan, *, is_prepared: bool) -> TenantOutcome:
        """Bring it about."""
        with self._guard:
            self.done.append(f"up {tenant.name}")
            self.mended += [] if is_prepared else [tenant.name]
            self.running.add(tenant.name)
            self.most_at_once = max(self.most_at_once, len(self.running))
        outcome = planned.as_outcome
        with self._guard:
            self.running.discard(tenant.name)
        if tenant.name in self.failing:
            return replace(outcome, verdict=Verdict.FAILED, reason="It does not work.", what_to_do="Mend it.")
        self.brought_about.add(tenant.name)
        return replace(outcome, verdict=Verdict.DONE, job="principal/job")

    def verify(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """See how it is."""
        self.done.append(f"verify {tenant.name}")
        if tenant.name in self.unwell:
            return replace(outcome, verdict=Verdict.UNWELL, state="quarantine", reason="The job is in quarantine.")
        return outcome

    def await_cycle(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """Look once."""
        self.done.append(f"await {tenant.name}")
        left = self.cycles[tenant.name] = self.cycles.get(tenant.name, 0) - 1
        return outcome if left < 0 else replace(outcome, verdict=Verdict.WAITING, reason="Not yet.")


PACE = Pace(at_queues=0.01, at_cycles=timedelta(seconds=0.01))
"""Nothing is waited for here but other threads."""


def assert_only_one_is_at_a_tenant(first: Living, second: Living) -> None:
    """While one is at a tenant, another waits; and it may be at any other one."""
    seen: list[str] = []
    begun = threading.Event()

    def other() -> None:
        begun.set()
        with second.alone("acme"):
            seen.append("second")

    thread = threading.Thread(target=other)
    with first.alone("acme"):
        thread.start()
        begun.wait()
        with second.alone("bolt"):
            seen.append("first")
    thread.join()
    assert seen == ["first", "second"]


@contextmanager
def engine_in(folder: Path, acts: Remembering, *, at_once: int = 2) -> Iterator[Durable]:
    """Open a durable engine whose database is a file."""
    file = folder / "fleet.db"
    if not file.exists():
        file.write_bytes(_database_of_an_engine())
    with _engine(folder, acts, at_once) as found:
        yield found


@contextmanager
def _engine(folder: Path, acts: Remembering, at_once: int) -> Iterator[Durable]:
    living = OnThisMachine(folder / "workers")
    url = f"sqlite:///{folder / 'fleet.db'}"
    try:
        with durable(acts, living, url, at_once=at_once, pace=PACE) as found:
            yield found
    finally:
        living.close()


@functools.cache
def _database_of_an_engine() -> bytes:
    """Let an engine make its tables and queues, once; it begins to look at a queue a second after that is made."""
    with tempfile.TemporaryDirectory() as folder:
        with _engine(Path(folder), Remembering(), at_once=1):
            pass
        return (Path(folder) / "fleet.db").read_bytes()
