"""A story that is told with a served emulator: what was said, asked and there, act by act."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from asking import token_of
from pulumi_stack import Stack

from emulator import Emulator
from emulator.company.store import Assignment, DirectoryObject, Kind, Synchronization, Tenant
from emulator.elium.server import EliumTenant
from emulator.web.server import Served


@dataclass(frozen=True)
class World:
    """What there is at the end of an act."""

    assigned: list[str]
    """Who is assigned to which role of which app, by display names."""
    jobs: dict[str, bool]
    """The jobs and whether they are switched on."""
    accounts: dict[str, bool]
    """Who has an account at Elium, and whether it is active."""


@dataclass(frozen=True)
class Act:
    """What came of one command."""

    said: str
    calls: list[str]
    """What was asked of Graph's synchronization, such as ``PUT jobs/{job}/schema``."""
    world: World


@dataclass
class Teller:
    """Runs acts on a stack, and notes what came of them."""

    served: Served
    stack: Stack
    acts: dict[str, Act] = field(default_factory=dict)

    def act(self, name: str, *arguments: str, succeeds: bool = True, stack: Stack | None = None) -> Act:
        """Run ``pulumi`` with the arguments, on the stack as it is or as *stack* sees it."""
        before = len(self.served.requests("graph"))
        said = (stack or self.stack).run(*arguments, succeeds=succeeds)
        asked = self.served.requests("graph")[before:]
        calls = [f"{call.method} {_short(call.path)}" for call in asked if "/synchronization/" in call.path]
        self.acts[name] = Act(said, calls, self.world())
        return self.acts[name]

    def up(self, name: str, *flags: str, succeeds: bool = True, **settings: Any) -> Act:
        """Declare, if anything is given, and run ``up`` without a preview."""
        if settings:
            self.stack.declare(**settings)
        return self.act(name, "up", "--yes", "--skip-preview", "--diff", *flags, succeeds=succeeds)

    def preview(self, name: str, *, succeeds: bool = True, **settings: Any) -> Act:
        """Declare, if anything is given, and run ``preview``."""
        if settings:
            self.stack.declare(**settings)
        return self.act(name, "preview", "--diff", succeeds=succeeds)

    def refresh(self, name: str, *, succeeds: bool = True) -> Act:
        return self.act(name, "refresh", "--yes", "--skip-preview", "--diff", succeeds=succeeds)

    def destroy(self, name: str, *, succeeds: bool = True) -> Act:
        return self.act(name, "destroy", "--yes", "--skip-preview", succeeds=succeeds)

    def cycle(self) -> None:
        """Let time pass until every job that is on has had a cycle."""
        self.served.advance(timedelta(minutes=40))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask Graph as somebody who may do everything, such as an administrator in the portal."""
        with httpx2.Client(
            base_url=f"{self.served.origin}/v1.0",
            headers={"authorization": f"Bearer {token_of(self.served.emulator)}"},
            verify=ssl.create_default_context(cafile=self.served.ca_file),
        ) as http:
            answer = http.request(method, path, json=body).raise_for_status()
            return answer.json() if answer.content else None

    def world(self) -> World:
        """Look at what there is."""
        users = self.elium.users
        jobs = {key: job for held in self.tenant.synchronization.values() for key, job in held.jobs.items()}
        states = {key: self.served.emulator.entra.service.as_graph(job) for key, job in jobs.items()}
        return World(
            assigned=sorted(map(self._assignment, self.assignments())),
            jobs={key: state["schedule"]["state"] == "Active" for key, state in states.items()},
            accounts={user["userName"]: user["active"] for user in users},
        )

    @property
    def tenant(self) -> Tenant:
        return self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"])

    @property
    def elium(self) -> EliumTenant:
        """The Elium at the other end."""
        return self.served.emulator.elium.tenant(self.served.emulator.seed.elium[0].name)

    @property
    def principal(self) -> str:
        """The service principal's id, as the stack exports it."""
        return str(self.stack.outputs()["servicePrincipalId"])

    def synchronization(self) -> Synchronization:
        """Give the one app's synchronization, to change it as somebody would in the portal."""
        (held,) = [each for each in self.tenant.synchronization.values() if each.jobs]
        return held

    def named(self, kind: Kind, name: str) -> DirectoryObject:
        """Find what the made-up company has by its display name."""
        return next(each for each in self.tenant.directory.all(kind) if each.properties["displayName"] == name)

    def assignments(self) -> list[Assignment]:
        """List the assignments to the apps that were made from the gallery."""
        directory = self.tenant.directory
        apps = [app for app in directory.all(Kind.SERVICE_PRINCIPAL) if app.properties.get("applicationTemplateId")]
        return [held for app in apps for held in directory.assigned_to(app.id)]

    def make_group(self, name: str, *members: str, **properties: Any) -> str:
        """Make a group of people and groups, by their display names, and give its id."""
        directory = self.tenant.directory
        shown = {"id": str(uuid4()), "displayName": name, "securityEnabled": True, "groupTypes": []}
        group = directory.add(Kind.GROUP, {**shown, **properties})
        for member in members:
            kinds = (Kind.USER, Kind.GROUP)
            found = next(
                each for kind in kinds for each in directory.all(kind) if each.properties["displayName"] == member
            )
            directory.add_member(group.id, found.id)
        return group.id

    def join(self, group: str, person: str) -> None:
        """Let somebody join a group, by their display names."""
        group_id, user_id = (self.named(kind, name).id for kind, name in ((Kind.GROUP, group), (Kind.USER, person)))
        self.tenant.directory.add_member(group_id, user_id)

    def _assignment(self, held: Assignment) -> str:
        directory = self.tenant.directory
        app = directory.get(held.resource_id).properties
        role = next(role["displayName"] for role in app["appRoles"] if role["id"] == held.app_role_id)
        return f"{directory.get(held.principal_id).properties['displayName']} -> {role} of {app['displayName']}"


@contextmanager
def told_in(folder: Path, variables: Mapping[str, str] | None = None, **settings: Any) -> Iterator[Teller]:
    """Serve an emulator and prepare a stack of the project's program in front of it."""
    with Emulator().serve() as served:
        yield Teller(served, Stack.of_this_project(folder, {**served.environment, **(variables or {})}, **settings))


def _short(path: str) -> str:
    parts = path.partition("/synchronization/")[2].split("/")
    return "/".join("{job}" if part.startswith("elium.") else part for part in parts)
