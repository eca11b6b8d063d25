"""A worker of a fleet, as a process: each ``up`` says so on stdout, and goes on when a line comes on stdin.

Before an ``up`` that another run may have begun it says ``mend``.

``python fleet_worker.py URL [TENANT …]``; with tenants it begins an order for them first.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta

from fleets import Remembering, tenant

from provisioning.fleet.acts import TenantOutcome, TenantPlan
from provisioning.fleet.durable import Order, durable
from provisioning.fleet.living import AtPostgres
from provisioning.fleet.tenant import Tenant

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


def main(url: str, *names: str) -> None:
    """Work until killed."""
    living = AtPostgres(url)
    with durable(Held(), living, url, at_once=1, looks=timedelta(seconds=0.3)) as engine:
        print(f"worker {living.name}", flush=True)  # noqa: T201 - read by the test
        if names:
            engine.begin(Order(tuple((tenant(name), "c0ffee00") for name in names)))
            print("begun", flush=True)  # noqa: T201 - read by the test
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
