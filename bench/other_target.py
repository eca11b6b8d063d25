"""A cycle against a SCIM server that is not Python: SCIMMY, from npm.

``npm install --prefix bench/scimmy && python -m bench.other_target`` prints what a small company looks like there.
It needs Node.js, and the packages that the first command fetches; nothing else in this project does.

SCIMMY wants booleans, so the tenant URL carries the flag for them. It takes no manager that is a text, which is what
Entra sends (Captain-P-Goldfish/SCIM-SDK#686), so nobody here has a manager.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from bench.engine import Company
from emulator.engine.target import over_http
from emulator.moods.knobs import Knobs

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

HERE = Path(__file__).parent / "scimmy"


def main() -> int:
    """Provision three people with a group, disable one, and print what the target has."""
    token = secrets.token_urlsafe()
    server = subprocess.Popen(  # noqa: S603 - our own file
        ["node", str(HERE / "server.mjs")],  # noqa: S607 - the one on the path
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SCIM_TOKEN": token},
    )
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        return asyncio.run(_tell(f"http://127.0.0.1:{port}/scim/v2", token))
    finally:
        server.terminate()
        server.wait()


async def _tell(address: str, token: str) -> int:
    company = Company(3, over_http(Knobs()), related=True)
    for person in company.people:
        company.tenant.directory.set_manager(person.id, None)
    pairs = [{"key": "BaseAddress", "value": f"{address}?aadOptscim062020"}, {"key": "SecretToken", "value": token}]
    company.service.save_secrets(company.tenant, company.app.id, pairs)
    await company.service.run_cycle(company.job)
    company.tenant.directory.change(company.people[2].id, {"accountEnabled": False})
    await company.service.run_cycle(company.job)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers) as client:
        for endpoint in ("/Users", "/Groups"):
            found: JsonObject = (await client.get(address + endpoint)).json()
            for one in found["Resources"]:
                sys.stdout.write(f"{_described(one)}\n")
    entries = [line["provisioningStatusInfo"] for line in company.service.log(company.tenant)]
    failures = [one["errorInformation"]["reason"] for one in entries if one["status"] == "failure"]
    code = company.service.as_graph(company.job)["status"]["code"]
    sys.stdout.write("\n".join([f"The job is {code}; {len(failures)} objects failed.", *failures, ""]))
    return 1 if failures or code != "Active" else 0


def _described(one: JsonObject) -> str:
    if "members" in one:
        return f"{one['displayName']}: {len(one['members'])} members"
    return f"{one['userName']}: {'active' if one['active'] else 'disabled'}"


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.other_target", description=__doc__).parse_args()
    sys.exit(main())
