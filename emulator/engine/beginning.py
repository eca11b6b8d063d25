"""What a company begins with at the provisioning service: connections and jobs that its seed tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emulator.company.refusal import Refusal
from emulator.company.seed import SeedError
from emulator.engine.plan import understand

if TYPE_CHECKING:
    from emulator.company.seed import Seed
    from emulator.company.seed_parts import JobSeed
    from emulator.company.store import Tenant
    from emulator.engine.service import ProvisioningService


def begin(service: ProvisioningService, seed: Seed) -> None:
    """Save connections and make jobs. :raises SeedError: with what cannot be, and its place."""
    tenant = service.world.tenant(seed.tenant.id)
    for number, told in enumerate(seed.applications):
        at = f"applications[{number}]"
        # As populate derives it, which had no jobs to make.
        app_id = told.app_id or seed.id_of("app", told.display_name)
        principal = told.service_principal_id or seed.id_of("servicePrincipal", app_id)
        try:
            _connect(service, tenant, principal, told.connection, seed)
            for job in told.jobs:
                _make(service, tenant, principal, job)
        except Refusal as refusal:
            raise SeedError([f"{at}: {refusal.message}"]) from refusal


def _connect(
    service: ProvisioningService, tenant: Tenant, principal: str, connection: dict[str, str], seed: Seed
) -> None:
    if not connection:
        return
    tokens = {site.name: site.token or "" for site in seed.elium}
    token = tokens.get(_site_in(connection.get("BaseAddress", "")))
    held = {**({"SecretToken": token} if token else {}), **connection}
    service.save_secrets(tenant, principal, [{"key": key, "value": value} for key, value in held.items()])


def _make(service: ProvisioningService, tenant: Tenant, principal: str, told: JobSeed) -> None:
    job = service.create_job(tenant, principal, told.template_id)
    if told.id:
        jobs = tenant.synchronization_of(principal).jobs
        del jobs[job.id]
        job.id = told.id
        jobs[job.id] = job
    if told.synchronization_schema is not None:
        # Not as a save: the rule's id is the file's own, and there was no cycle that would begin anew.
        job.compiled = understand(told.synchronization_schema, any_filter=True)
        job.schema = {**told.synchronization_schema, "id": job.id}
    if told.on:
        service.start(job)


def _site_in(address: str) -> str:
    """Find the tenant of Elium that an address names; empty when it is none of Elium's."""
    path = urlsplit(address).path
    return path.removeprefix("/elium/").partition("/")[0] if path.startswith("/elium/") else ""
