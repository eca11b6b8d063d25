"""Opening the demonstration where the environment says that an emulator is."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from provisioning.errors import ProvisioningError
from provisioning.operations.rehearsal.emulator import Control, RunningEmulator, TwinSignIn
from provisioning.operations.watching import StackJob, Switched
from provisioning.panel.company.clock import CompanyClock
from provisioning.panel.company.directory import Directory
from provisioning.panel.company.emulated import Emulated
from provisioning.panel.company.place import CompanyPlace
from provisioning.panel.company.stack_file import StackFile
from provisioning.panel.company.watched import WatchedCompany
from provisioning.panel.place import path_of_stack

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock

ADDRESS = "ELIUM_EMULATOR_URL"
"""The variable that says where the emulator is; without it there is no demonstration."""

NEEDED = (ADDRESS, "SSL_CERT_FILE", "ELIUM_TENANT_URL", "ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET")

SECONDS = 30.0
"""How long Graph may take to answer."""


@asynccontextmanager
async def company_places(
    environment: Mapping[str, str], meant: StackJob, graph: Switched, ours: Clock, file: Path
) -> AsyncIterator[list[CompanyPlace]]:
    """Give the demonstration's page for a stack, until the block ends; none where there is no emulator."""
    if not all(environment.get(name) for name in NEEDED):
        yield []
        return
    origin = environment[ADDRESS].rstrip("/")
    control = Control.of(RunningEmulator(origin, environment))
    trust = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    async with (
        control.http,
        httpx2.AsyncClient(base_url=f"{origin}/v1.0", verify=trust, timeout=SECONDS, trust_env=False) as http,
    ):
        directory = Directory(http, TwinSignIn(http, environment, origin))
        emulated, clock = Emulated(control, _site_in(environment)), CompanyClock(ours)
        # Where it does not answer yet, its page says so, and asks again.
        with suppress(ProvisioningError, httpx2.HTTPError):
            clock.heard((await emulated.state()).time)
        watched = WatchedCompany(emulated, directory, meant, clock)
        yield [CompanyPlace(watched, StackFile(file), graph, path_of_stack(meant.stack))]


def _site_in(environment: Mapping[str, str]) -> str:
    """Read the name of Elium's tenant, the last part of its address."""
    return urlsplit(environment["ELIUM_TENANT_URL"]).path.strip("/").split("/")[-1]
