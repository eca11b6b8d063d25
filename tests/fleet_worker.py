"""A worker of a fleet, as a process: each ``up`` says so on stdout, and goes on when a line comes on stdin.

Before an ``up`` that another run may have begun it says ``mend``. Where first cycles are waited for, each look says
``await`` and goes on when a line comes.

``python fleet_worker.py URL [--wait] [TENANT …]``; with tenants it begins an order for them first.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta

from fleets import Remembering, tenant

from provisioning.fleet.acts import TenantOutcome, TenantPlan
from provisioning.fleet.durable import Order, Pace, durable
from provisioning.fleet.living import AtPostgres
from provisioning.fleet.tenant import Tenant

WAIT = "--wait"

ONE_BY_ONE = threading.Lock()


class Held(Remembering):
    """Acts that wait to be let go."""

    def up(self, tenant: Tenant, planned: TenantPlan, *, is_prepared: bool) -> TenantOutcome:
        """Say that it began, and wait."""
        if not is_prepared:
            print(f"mend {tenant.name}", flush=True)  # noqa: T201 - read by the test
        print(f"up {tenant.name}", flush=True)  # noqa: T201 - read by the test
        with ONE_BY_ONE:
            sys.stdin.readline()
        return super().up(tenant, planned, is_prepared=is_prepared)

    def await_cycle(self, tenant: Tenant, outcome: TenantOutcome) -> TenantOutcome:
        """Say that it looks, and wait."""
        print(f"await {tenant.name}", flush=True)  # noqa: T201 - read by the test
        with ONE_BY_ONE:
            sys.stdin.readline()
        return super().await_cycle(tenant, outcome)


def main(url: str, *arguments: str) -> None:
    """Work until killed."""
    living = AtPostgres(url)
    names = [argument for argument in arguments if argument != WAIT]
    wait = timedelta(hours=1) if WAIT in arguments else timedelta()
    with durable(Held(), living, url, at_once=1, pace=Pace(at_the_dead=timedelta(seconds=0.3))) as engine:
        print(f"worker {living.name}", flush=True)  # noqa: T201 - read by the test
        if names:
            engine.begin(Order(tuple((tenant(name), "c0ffee00") for name in names), wait=wait))
            print("begun", flush=True)  # noqa: T201 - read by the test
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
