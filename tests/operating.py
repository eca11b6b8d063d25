"""An operator at a served emulator: a job that provisions "Elium users", and the command, in virtual time."""

from __future__ import annotations

import io
import json
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
from asking import token_of

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.store import DirectoryObject, Kind
from emulator.elium.server import EliumTenant
from emulator.web.server import Served
from provisioning.commands.asking import run_command
from provisioning.commands.elium import run
from provisioning.commands.screen import Screen, secrets_in
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.client import GraphClient
from provisioning.model.assignment import PrincipalKind
from provisioning.model.credentials import Fingerprint, SecretToken
from provisioning.operations.archive import FROM_ENVIRONMENT
from provisioning.operations.deployed import Ended
from provisioning.operations.lookups import Principal
from provisioning.operations.rehearsal.emulator import RunningEmulator, Starter
from provisioning.operations.resource_names import APP_TYPE
from provisioning.provider.plan_resource import PlanCallbacks
from provisioning.provider.process import Process
from provisioning.provider.synchronization_job import SynchronizationJobCallbacks
from provisioning.provider.tokens import SeenTokens
from provisioning.provider.version import JOB, PLAN
from provisioning.settings.inputs import inputs_of_job, inputs_of_plan, job_inputs
from provisioning.settings.stack import Settings

READER = "elium-reader"

PROJECT = "name: provisioning\nplugins: {providers: [{name: entrasync, path: plugin}]}\n"

APPLIED: dict[str, Any] = {"groups": ["Elium users"]}
"""The settings of the last ``up``; address and token are the environment's."""


@dataclass(frozen=True)
class ServedClock:
    """The company's clock: to sleep is to let its time pass."""

    served: Served
    wakes: int = 10_000
    """How often somebody may sleep before Ctrl-C comes."""
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.served.emulator.clock.now()

    async def sleep(self, seconds: float) -> None:
        if len(self.slept) >= self.wakes:
            raise KeyboardInterrupt
        self.slept.append(seconds)
        self.served.advance(timedelta(seconds=seconds))


class Stream(io.StringIO):
    """One of two streams that end on one terminal."""

    def __init__(self, terminal: io.StringIO) -> None:
        super().__init__()
        self.terminal = terminal

    def write(self, text: str, /) -> int:
        self.terminal.write(text)
        return super().write(text)


@dataclass(frozen=True)
class Ran:
    """What came of a command line."""

    code: int
    out: str
    err: str
    calls: list[str]
    """What Graph was asked, such as ``GET jobs``."""
    shown: str
    """Both streams together, as a terminal shows them."""
    slept: list[float]
    """The spans that the command waited, in seconds."""

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@cache
def _taken_once(token: SecretToken, salt: bytes) -> Fingerprint:
    """Take a fingerprint, which is slow on purpose, once for each token: the state is asked for again and again."""
    return Fingerprint.of(token, salt=salt)


@dataclass
class Operator:
    """Somebody who runs ``elium``."""

    served: Served
    principal: str
    job: str
    environment: dict[str, str]
    clock: ServedClock
    folder: Path
    """The project's, where the stack's file lies."""
    inputs: dict[str, Any] = field(default_factory=dict)
    """The job's inputs of the last ``up``, as the state has them, if not those of :data:`APPLIED`."""
    is_deployed: bool = True
    secret: str = ""
    """The encrypted token of the stack's file."""
    start: Starter | None = None
    """Starts an emulator to rehearse in: :func:`beside_us`, unless it is to be a program of its own."""
    asked_of_pulumi: list[Sequence[str]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    """What the engine was told, such as ``destroy``."""
    is_destroyed: bool = False
    state_before: list[dict[str, Any]] = field(default_factory=list)
    """What the state held before the stack was destroyed."""
    declared: dict[str, Any] = field(
        default_factory=lambda: {**APPLIED, "mappings": {"users": {"title": "[department]"}}}
    )
    """The settings of the stack ``dev``, which were edited since the last ``up``."""

    @property
    def address(self) -> str:
        return f"{self.principal}/{self.job}"

    def elium(
        self,
        *arguments: str,
        answer: str | Callable[[], str] | None = None,
        hidden: str | None = None,
        client: str = "",
        wakes: int = 10_000,
    ) -> Ran:
        """Run the command on the stack ``dev``.

        *answer* is what is typed when asked, or what happens meanwhile; *hidden* is typed unseen; *client* signs in.
        """
        before = len(self.served.requests("graph"))
        shown = io.StringIO()
        out, err = Stream(shown), Stream(shown)
        environment = self.environment | (self._sign_in_of(client) if client else {})
        ask = None if answer is None else typing(answer, err)
        ask_hidden = ask if hidden is None else typing(hidden, err)
        screen = Screen(out, err, secrets_in(environment), ask, ask_hidden)
        clock = ServedClock(self.served, wakes)
        around = Surroundings(environment, self.folder, screen, clock, self.pulumi, self.start, stopped=_at_once)
        code = run(arguments, around)
        asked = self.served.requests("graph")[before:]
        calls = [f"{call.method} {self._short(call.path)}" for call in asked]
        return Ran(code, out.getvalue(), err.getvalue(), calls, shown.getvalue(), clock.slept)

    def pulumi(self, command: Sequence[str], folder: Path) -> Ended:
        """Answer in Pulumi's place, as its engine 3.259 does for a stack ``dev``; other commands are run."""
        if command[0] != "pulumi":
            return run_command(command, folder)
        self.asked_of_pulumi.append(command)
        if command[1:] == ("version",):
            return Ended(0, f"v{version('pulumi')}\n", "")
        if command[command.index("--stack") + 1] != "dev":
            return Ended(6, "", "error: no stack named 'x' found")
        if command[1:3] == ("config", "get"):
            return Ended(0, f"{self.secret}\n", "") if self.secret else Ended(1, "", "error: incorrect passphrase")
        return self._of_the_stack(command)

    def _of_the_stack(self, command: Sequence[str]) -> Ended:
        if "--preview-only" in command:
            return Ended(0, "", "")
        self.ran.append(command[1])
        if command[1] == "destroy":
            self.destroy()
            return Ended(0, "", "")
        if self.is_destroyed:
            return Ended(0, json.dumps({"version": 3, "deployment": {}}), "")
        if command[1] == "config":
            written = {f"elium:{name}": {"value": _as_configured(value)} for name, value in self.declared.items()}
            return Ended(0, json.dumps(written), "")
        return Ended(0, json.dumps({"version": 3, "deployment": {"resources": self.resources()}}), "")

    def resources(self) -> list[dict[str, Any]]:
        """Give the stack's state, as an ``up`` of :data:`APPLIED` leaves it."""
        if self.state_before or not self.is_deployed:
            return self.state_before
        settings = Settings.parse(APPLIED, self.environment)
        declared = job_inputs(settings, self.principal)
        app = self.tenant.directory.get(self.principal).properties
        template, role = app["applicationTemplateId"], app["appRoles"][0]["id"]
        group = Principal(_named(self, "Elium users").id, PrincipalKind.GROUP, "Elium users").inputs
        process = Process(_nobody, tokens=SeenTokens(self.environment, take=_taken_once))
        of_plan = inputs_of_plan(settings, declared, template_id=template, assigned=[group])
        plan = PlanCallbacks(process).check({}, of_plan, salt=b"salt")
        of_job = inputs_of_job(declared, assigned=[group], role=role)
        job = SynchronizationJobCallbacks(process).check({}, of_job, salt=b"salt")
        found = {"roleId": role, "templateId": "elium"}
        names = {"templateId": template, "servicePrincipalObjectId": self.principal, "displayName": "Elium"}
        return [
            {"type": APP_TYPE, "urn": "urn:app", "id": "app", "outputs": names},
            {"type": PLAN, "urn": "urn:plan", "id": "plan", "inputs": plan, "outputs": {**plan, **found}},
            {"type": JOB, "urn": "urn:job", "id": self.address, "inputs": self.inputs or job, "outputs": job},
        ]

    def destroy(self) -> None:
        """Delete the app, as azuread does."""
        self.state_before = self.resources()
        app = self.ask("GET", f"/servicePrincipals/{self.principal}")["appId"]
        self.ask("DELETE", f"/applications(appId='{app}')")
        self.is_destroyed = True

    def cycle(self) -> None:
        """Let the job have a cycle."""
        self.served.run_cycle(self.job)

    def status(self) -> Any:
        """Ask for the job's status, as Graph shows it."""
        return self.ask("GET", f"/servicePrincipals/{self.principal}/synchronization/jobs/{self.job}")["status"]

    def save(self, **secrets: str) -> None:
        """Save secrets beside those that are there, as somebody would in the portal."""
        kept = {**self.tenant.synchronization_of(self.principal).secrets, **secrets}
        pairs = [{"key": key, "value": value} for key, value in kept.items()]
        self.ask("PUT", f"/servicePrincipals/{self.principal}/synchronization/secrets", {"value": pairs})

    def hold_back(self, threshold: int = 3) -> None:
        """Let more people leave than the threshold allows, and have a cycle."""
        settings = {"Enabled": True, "Recipients": "it@contoso.com", "DeleteThresholdEnabled": True}
        self.save(SyncNotificationSettings=json.dumps({**settings, "DeleteThresholdValue": threshold}))
        self.unassign()
        self.cycle()

    def assign(self, principal: str, role: int = 0) -> None:
        """Assign somebody, by object id, to a role of the app; -1 is Default Access."""
        app = self.ask("GET", f"/servicePrincipals/{self.principal}")
        role_id = app["appRoles"][role]["id"] if role >= 0 else "00000000-0000-0000-0000-000000000000"
        body = {"principalId": principal, "resourceId": self.principal, "appRoleId": role_id}
        self.ask("POST", f"/servicePrincipals/{self.principal}/appRoleAssignedTo", body)

    def make_group(self, name: str, *members: str, **properties: Any) -> str:
        """Make a group of people and groups, by their ids, and give its id."""
        shown = {"id": str(uuid4()), "displayName": name, "securityEnabled": True, "groupTypes": [], **properties}
        group: DirectoryObject = self.tenant.directory.add(Kind.GROUP, shown)
        for member in members:
            self.tenant.directory.add_member(group.id, member)
        return group.id

    def hire(self, name: str, **properties: Any) -> str:
        """Make somebody a user of the company, and give the id."""
        shown = {"id": str(uuid4()), "displayName": name, "userPrincipalName": f"{name}@contoso.com", **properties}
        return str(self.tenant.directory.add(Kind.USER, shown).id)

    def id_of(self, name: str) -> str:
        """Find a user by name."""
        return str(self.ask("GET", f"/users/{quote(name, safe='')}")["id"])

    def map_users(self, **differences: Any) -> None:
        """Change the object mapping of users, as somebody would in the portal."""
        at = f"/servicePrincipals/{self.principal}/synchronization/jobs/{self.job}/schema"
        schema = self.ask("GET", at)
        users = next(
            one for one in schema["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == "User"
        )
        users.update(differences)
        self.ask("PUT", at, schema)

    def unassign(self) -> None:
        """Take every assignment away."""
        at = f"/servicePrincipals/{self.principal}/appRoleAssignedTo"
        for held in self.ask("GET", at)["value"]:
            self.ask("DELETE", f"{at}/{held['id']}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Graph as somebody who may do everything."""
        return asked(self.served, method, path, body)

    @property
    def tenant(self) -> Any:
        return self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"])

    @property
    def elium_site(self) -> EliumTenant:
        return self.served.emulator.elium.tenant(self.served.emulator.seed.elium[0].name)

    @property
    def active(self) -> list[str]:
        """Who has an active account at Elium."""
        return sorted(user["userName"] for user in self.elium_site.users if user["active"])

    def _sign_in_of(self, name: str) -> dict[str, str]:
        client = next(one for one in self.served.emulator.seed.clients if one.display_name == name)
        return {"ARM_CLIENT_ID": client.app_id, "ARM_CLIENT_SECRET": client.secret or ""}

    def _short(self, path: str) -> str:
        parts = path.partition("/v1.0/")[2].replace(self.principal, "{sp}").replace(self.job, "{job}")
        return parts.removeprefix("servicePrincipals/{sp}/").removeprefix("synchronization/")


@contextmanager
def beside_us(seed: Mapping[str, Any]) -> Iterator[RunningEmulator]:
    """Serve a second emulator in this process, as quickly as the first."""
    with Emulator(seed=seeds.parse(seed)).serve() as served:
        yield RunningEmulator(served.origin, served.environment)


def asked(served: Served, method: str, path: str, body: Any = None) -> Any:
    """Ask Graph as the deployer, which may do everything."""
    with httpx2.Client(
        base_url=f"{served.origin}/v1.0",
        headers={"authorization": f"Bearer {token_of(served.emulator)}"},
        verify=ssl.create_default_context(cafile=served.ca_file),
    ) as http:
        answer = http.request(method, path, json=body).raise_for_status()
        return answer.json() if answer.content else None


def typing(answer: str | Callable[[], str], shown: Stream) -> Callable[[str], str]:
    """Make somebody who answers every question so."""

    def typed(question: str) -> str:
        shown.write(f"{question}\n")
        return answer() if callable(answer) else answer

    return typed


@contextmanager
def operating(*, roles: Sequence[str] | None = None) -> Iterator[Operator]:
    """Serve a company with an app, "Elium users" assigned, and a job that has had a cycle.

    *roles* are the permissions that ``elium-reader`` has, instead of the seed's.
    """
    seed = seeds.read()
    for client in seed.clients:
        if roles is not None and client.display_name == READER:
            client.roles = list(roles)
    with Emulator(seed=seed).serve() as served, TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        (Path(folder) / "Pulumi.dev.yaml").write_text("config: {elium:groups: [Elium users]}\n", encoding="utf-8")
        site = served.emulator.seed.elium[0]
        template = asked(served, "GET", "/applicationTemplates?$filter=displayName eq 'Elium'")["value"][0]["id"]
        made = asked(served, "POST", f"/applicationTemplates/{template}/instantiate", {"displayName": "Elium"})
        app = made["servicePrincipal"]
        at = f"/servicePrincipals/{app['id']}"
        job = asked(served, "POST", f"{at}/synchronization/jobs", {"templateId": "elium"})["id"]
        environment = {**served.environment, FROM_ENVIRONMENT: folder}
        operator = Operator(served, app["id"], job, environment, ServedClock(served), Path(folder), start=beside_us)
        operator.save(
            BaseAddress=f"{served.origin}/elium/{site.name}/scim/v2", SecretToken=site.token or "", SyncAll="false"
        )
        group = _named(operator, "Elium users").id
        role = app["appRoles"][0]["id"]
        body = {"principalId": group, "resourceId": app["id"], "appRoleId": role}
        asked(served, "POST", f"{at}/appRoleAssignedTo", body)
        asked(served, "POST", f"{at}/synchronization/jobs/{job}/start")
        served.run_due()
        yield operator


async def _at_once() -> None:
    """End what goes on until Ctrl-C."""


async def _nobody() -> GraphClient:
    raise AssertionError("a check asks nobody")


def _as_configured(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _named(operator: Operator, name: str) -> DirectoryObject:
    directory = operator.tenant.directory
    found: DirectoryObject = next(each for each in directory.all(Kind.GROUP) if each.properties["displayName"] == name)
    return found
