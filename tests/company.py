"""A small company whose people are provisioned to an Elium inside the program: the engine's tests tell with it."""

from __future__ import annotations

import itertools
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx2

from emulator.company.clock import StandingClock
from emulator.company.store import Assignment, Directory, DirectoryObject, Kind, World
from emulator.elium import Elium, EliumTenant, Fault
from emulator.engine.service import ProvisioningService
from emulator.engine.target import over_http
from emulator.moods.knobs import Knobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from emulator.company.store import JsonObject, Tenant
    from emulator.engine.job import Job

TOKEN = "elium-canary-t0k3n"
ADDRESS = "https://elium.test/dev/scim/v2"
TENANT = "c0ffee00-1234-4abc-8def-0123456789ab"
GALLERY = "e1e1e1e1-0000-4000-8000-000000000001"
USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Company:
    """Contoso, its application Elium, and the Elium at the other end."""

    def __init__(self, *, url_flags: str = "", sync_all: bool = False, **knobs: Any) -> None:
        self.clock = StandingClock()
        numbers = itertools.count(1)
        self.world = World(self.clock, lambda: UUID(int=next(numbers)))
        self.tenant: Tenant = self.world.add_tenant(TENANT, "Contoso", "contoso.com")
        self.world.gallery[GALLERY] = {"id": GALLERY, "displayName": "Elium", "_synchronizationTemplate": ["elium"]}
        roles = [{"id": USER_ROLE, "displayName": "User", "value": None, "isEnabled": True}]
        shown = {"id": self.world.id(), "appId": self.world.id(), "displayName": "Elium", "appRoles": roles}
        self.app = self.directory.add(Kind.SERVICE_PRINCIPAL, {**shown, "applicationTemplateId": GALLERY})
        self.knobs = Knobs(**knobs)
        self.sites = Elium({"dev": TOKEN})
        connect = over_http(self.knobs, transport=httpx2.ASGITransport(self.sites))
        chance = Random(7)
        self.service = ProvisioningService(self.world, knobs=self.knobs, connect=connect, chance=chance)
        self.save(BaseAddress=f"{ADDRESS}{url_flags}", SecretToken=TOKEN, SyncAll=str(sync_all))
        self.job: Job = self.service.create_job(self.tenant, self.app.id, "elium")

    # The directory

    @property
    def directory(self) -> Directory:
        return self.tenant.directory

    def hire(self, name: str, *, assigned: bool = False, **properties: Any) -> DirectoryObject:
        """Make someone a user, such as ``hire("ada")``."""
        first = name.capitalize()
        known = {"userPrincipalName": f"{name}@contoso.com", "mailNickname": name, "mail": f"{name}@contoso.com"}
        shown = {"displayName": first, "givenName": first, "accountEnabled": True, **known, **properties}
        person = self.directory.add(Kind.USER, {"id": self.world.id(), **shown})
        if assigned:
            self.assign(person)
        return person

    def group(self, name: str, *members: DirectoryObject, assigned: bool = False, **properties: Any) -> DirectoryObject:
        """Make a security group with direct members."""
        shown = {"displayName": name, "securityEnabled": True, "mailNickname": name, **properties}
        made = self.directory.add(Kind.GROUP, {"id": self.world.id(), **shown})
        for member in members:
            self.directory.add_member(made.id, member.id)
        if assigned:
            self.assign(made)
        return made

    def assign(self, principal: DirectoryObject, role: str = USER_ROLE) -> str:
        """Assign a user or group to the application and give the assignment's id."""
        assignment = Assignment(self.world.id(), principal.id, self.app.id, role, self.clock.now())
        self.directory.assign(assignment)
        return assignment.id

    def assign_elsewhere(self, principal: DirectoryObject) -> None:
        """Assign a user to another application of the tenant."""
        other = self.directory.add(Kind.SERVICE_PRINCIPAL, {"id": self.world.id(), "displayName": "Wiki"})
        self.directory.assign(Assignment(self.world.id(), principal.id, other.id, USER_ROLE, self.clock.now()))

    def unassign(self, principal: DirectoryObject) -> None:
        """Take every assignment to the application away."""
        for assignment in self.directory.assignments_of(principal.id):
            if assignment.resource_id == self.app.id:
                self.directory.unassign(assignment.id)

    def change(self, person: DirectoryObject, **properties: Any) -> None:
        """Change properties of a user or group."""
        self.directory.change(person.id, properties)

    # The job

    def save(self, **secrets: str) -> None:
        """Save secrets beside those that are there."""
        kept = {**self.tenant.synchronization_of(self.app.id).secrets, **secrets}
        pairs = [{"key": key, "value": value} for key, value in kept.items()]
        self.service.save_secrets(self.tenant, self.app.id, pairs)

    def map(self, kind: str = "User", **differences: Any) -> None:
        """Change the object mapping of users or groups, such as ``map(flowTypes="Add")``."""
        schema = self.service.schema_of(self.job)
        mappings = schema["synchronizationRules"][0]["objectMappings"]
        next(one for one in mappings if one["sourceObjectName"] == kind).update(differences)
        self.service.replace_schema(self.job, schema)

    def flow(self, target: str, kind: str = "User", **differences: Any) -> None:
        """Change one attribute mapping, such as ``flow("title", flowType="ObjectAddOnly")``; add it when it is new."""
        schema = self.service.schema_of(self.job)
        mappings = schema["synchronizationRules"][0]["objectMappings"]
        flows = next(one for one in mappings if one["sourceObjectName"] == kind)["attributeMappings"]
        found = next((one for one in flows if one["targetAttributeName"] == target), None)
        if found is None:
            found = {**flows[0], "targetAttributeName": target, "matchingPriority": 0}
            flows.append(found)
        if "expression" in differences:
            text = differences.pop("expression")
            differences["source"] = text and {"expression": text, "name": text, "type": "Function", "parameters": []}
        found.update(differences)
        self.service.replace_schema(self.job, schema)

    def define(self, target: str, **differences: Any) -> None:
        """Change the definition of a target attribute of users; add it when it is new."""
        schema = self.service.schema_of(self.job)
        attributes = schema["directories"][1]["objects"][0]["attributes"]
        found = next((one for one in attributes if one["name"] == target), None)
        if found is None:
            found = {**attributes[3], "name": target}
            attributes.append(found)
        found.update(differences)
        self.service.replace_schema(self.job, schema)

    def filter(self, attribute: str, operator: str, *values: str, kind: str = "User") -> None:
        """Set a scoping filter of one clause."""
        clause = {"sourceOperandName": attribute, "operatorName": operator, "targetOperand": {"values": [*values]}}
        self.map(kind, scope={"groups": [{"name": "Only", "clauses": [clause]}]})

    async def cycle(self) -> None:
        """Start the job if need be, and run a cycle; what was received before is forgotten."""
        if not self.job.is_running:
            self.service.start(self.job)
        self.sites.received.clear()
        await self.service.run_cycle(self.job)

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass and run each cycle when it is due."""
        end = self.clock.now() + by
        while (due := self.service.next_due()) is not None and due <= end:
            self.clock.advance(max(due - self.clock.now(), by * 0))
            await self.service.run_due()
        self.clock.advance(end - self.clock.now())

    def at_request(self, begins: str, do: Callable[[], None]) -> None:
        """Let something happen while Elium answers a request, once."""
        method, _, target = begins.partition(" ")
        self.elium.faults.append(_Interruption(method, target, do))

    async def ask_elium(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        """Ask Elium something over SCIM, as its own administrator would."""
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/scim+json"}
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(self.sites), headers=headers) as client:
            answer = await client.request(method, f"{ADDRESS}{path}", json=body)
        self.sites.received.pop()
        told: JsonObject = answer.json() if answer.content else {}
        return told

    async def delete_at_elium(self, name: str) -> None:
        """Delete an account at Elium, behind Entra's back."""
        await self.ask_elium("DELETE", f"/Users/{self.accounts[name]['id']}")

    # What came of it

    @property
    def elium(self) -> EliumTenant:
        return self.sites.tenant("dev")

    @property
    def accounts(self) -> dict[str, JsonObject]:
        """The accounts at Elium, by the part of the user name before the @."""
        return {account["userName"].partition("@")[0]: account for account in self.elium.users}

    @property
    def active(self) -> dict[str, bool]:
        """Who has an account, and whether it is active."""
        return {name: account.get("active", True) for name, account in self.accounts.items()}

    @property
    def teams(self) -> dict[str, list[str]]:
        """The groups at Elium and the names of their members."""
        names = {account["id"]: name for name, account in self.accounts.items()}
        names |= {group["id"]: group["displayName"] for group in self.elium.groups}
        return {
            group["displayName"]: sorted(names.get(member["value"], "?") for member in group.get("members") or [])
            for group in self.elium.groups
        }

    @property
    def sent(self) -> list[str]:
        """What Elium received in the last cycle, probes aside, ids replaced: ``PATCH /Users/ada``."""
        names = {account["id"]: name for name, account in self.accounts.items()}
        names |= {group["id"]: group["displayName"] for group in self.elium.groups}
        return [_named(f"{one.method} {one.target}", names) for one in self.sites.received if not _is_probe(one.target)]

    @property
    def writes(self) -> list[str]:
        """Those of them that change something."""
        return [one for one in self.sent if not one.startswith("GET")]

    @property
    def bodies(self) -> list[JsonObject]:
        """The bodies of what changed something."""
        return [one.json for one in self.sites.received if one.body]

    @property
    def log(self) -> list[tuple[str, str, str]]:
        """The provisioning log: who, action, status."""
        return [
            (
                entry["sourceIdentity"]["displayName"],
                entry["provisioningAction"],
                entry["provisioningStatusInfo"]["status"],
            )
            for entry in self.service.log(self.tenant)
        ]

    @property
    def error(self) -> str | None:
        """The error code of the last line of the log."""
        told: JsonObject = self.last["provisioningStatusInfo"]["errorInformation"] or {}
        return told.get("errorCode")

    @property
    def last(self) -> JsonObject:
        """The last line of the provisioning log."""
        return dict(self.service.log(self.tenant)[-1])

    def details(self, step: str) -> dict[str, str]:
        """Give the details of a step in that line."""
        found: dict[str, str] = next(one["details"] for one in self.last["provisioningSteps"] if one["name"] == step)
        return found

    @staticmethod
    def moment(written: str) -> datetime:
        """Read a moment as Graph writes it."""
        return datetime.fromisoformat(written)

    @property
    def status(self) -> JsonObject:
        """The job's status as Graph shows it."""
        told: JsonObject = self.service.as_graph(self.job)["status"]
        return told


class _Interruption(Fault):
    """No fault at all: something else happens when it is asked whether it strikes."""

    def __init__(self, method: str, target: str, do: Callable[[], None]) -> None:
        super().__init__(status=500, method=method, path=target)
        self._do = do

    def strikes(self, method: str, target: str) -> bool:
        if super().strikes(method, target):
            self._do()
        return False


def _is_probe(target: str) -> bool:
    return "%2200000000-0000-0000-0000-" in target


def _named(text: str, names: dict[str, str]) -> str:
    for identifier, name in names.items():
        text = text.replace(identifier, name)
    return text
