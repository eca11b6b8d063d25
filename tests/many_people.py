"""Lists as many people as it is told, with as many lines of the log, over Graph's JSON; tells how many, and megabytes.

Their accounts are listed as well, over SCIM, and one more that is nobody's.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from uuid import UUID

import httpx2
from answers import JumpingClock, Script

from provisioning.commands.asking import Asked
from provisioning.commands.people import list_people
from provisioning.commands.screen import Screen
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId
from provisioning.operations.watching import StackJob
from provisioning.target.accounts import Accounts

COUNT, PAGE = int(sys.argv[1]), 999
SP, JOB = "7a1d5f0c-0000-4000-8000-000000000000", "elium.7a.5c"
AT = f"/v1.0/servicePrincipals/{SP}/synchronization"


class Counted(io.StringIO):
    """Counts lines and keeps none."""

    lines = 0

    def write(self, text: str, /) -> int:
        self.lines += text.count("\n")
        return len(text)


def user(number: int) -> dict[str, object]:
    name = f"person.{number}@contoso.com"
    shown = {"displayName": f"Person {number}", "userPrincipalName": name, "accountEnabled": True, "mail": name}
    return {"id": str(UUID(int=number)), **shown}


def line(number: int) -> dict[str, object]:
    source = {"id": str(UUID(int=number)), "identityType": "User", "displayName": f"Person {number}"}
    values = [{"displayName": f"attribute {place}", "newValue": f"value {number}"} for place in range(10)]
    return {
        "id": str(UUID(int=number)),
        "activityDateTime": "2026-01-15T08:00:00Z",
        "provisioningAction": "create",
        "provisioningStatusInfo": {"status": "success"},
        "sourceIdentity": source,
        "targetIdentity": {"id": f"{number:032}"},
        "modifiedProperties": values,
    }


def answer(request: httpx2.Request) -> httpx2.Response:
    path, start = request.url.path, int(request.url.params.get("start", 0))
    small: dict[str, object] = {
        f"{AT}/jobs": [{"id": JOB, "schedule": {"state": "Active"}, "status": {"code": "Active"}}],
        f"{AT}/secrets": [],
        f"/v1.0/servicePrincipals/{SP}/appRoleAssignedTo": [
            {"id": "1", "principalType": "Group", "principalId": "g", "appRoleId": "r", "principalDisplayName": "All"}
        ],
        "/v1.0/groups": [{"id": "g", "displayName": "All", "securityEnabled": True}],
    }
    if path in small:
        return httpx2.Response(200, json={"value": small[path]})
    if path.endswith("/schema"):
        source = {"expression": "[userPrincipalName]", "name": "userPrincipalName", "type": "Attribute"}
        matched = [{"targetAttributeName": "userName", "matchingPriority": 1, "source": source}]
        mapping = {"sourceObjectName": "User", "targetObjectName": "User", "attributeMappings": matched}
        return httpx2.Response(200, json={"synchronizationRules": [{"objectMappings": [mapping]}], "directories": []})
    make = line if "auditLogs" in path else user
    end = min(start + PAGE, COUNT)
    body: dict[str, object] = {"value": [make(number) for number in range(start, end)]}
    if end < COUNT:
        body["@odata.nextLink"] = f"https://graph.example{path}?start={end}"
    return httpx2.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})


def scim(request: httpx2.Request) -> httpx2.Response:
    """Answer in the target's place."""
    start = int(request.url.params.get("startIndex", 1))
    last = min(start + int(request.url.params.get("count", 100)), COUNT + 2)
    accounts = [{"id": f"{each:032}", "userName": f"person.{each}@contoso.com"} for each in range(start - 1, last - 1)]
    return httpx2.Response(200, json={"totalResults": COUNT + 1, "Resources": accounts})


def target() -> Accounts:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(scim))
    return Accounts(http, Credentials("https://acme.elium.com/scim/v2", SecretToken("not-a-secret")), JumpingClock())


async def main() -> None:
    script = Script([], answer_with=answer)
    # Requests are not kept: the test is about the command's memory.
    script.requests = Forgetful()
    out = Counted()
    asked = Asked(
        script.graph(),
        StackJob("dev", JobAddress(ServicePrincipalId(SP), JobId(JOB))),
        JumpingClock(),
        Screen(out, io.StringIO()),
    )
    await list_people(asked, since="30d", is_json=True, target=target())
    sys.stdout.write(f"{out.lines} {peak()}\n")


def peak() -> int:
    """Tell the most megabytes that were held: not by getrusage, whose peak begins with that of the parent."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


class Forgetful(list[httpx2.Request]):
    """A list that keeps nothing."""

    def append(self, _: httpx2.Request, /) -> None:
        """Keep nothing."""


asyncio.run(main())
