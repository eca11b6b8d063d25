"""A set-up that somebody made in the portal: the app, its assignments and its job, by Graph's own requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.web.server import Served

Ask = Callable[..., Any]

EMAIL = "it@contoso.com"


@dataclass(frozen=True)
class Portal:
    """What an administrator made, who has the whole of Graph."""

    served: Served
    ask: Ask
    app: Mapping[str, Any]
    """The service principal, as Graph shows it."""
    application: str
    job: str

    @property
    def principal(self) -> str:
        return str(self.app["id"])

    @property
    def at(self) -> str:
        return f"/servicePrincipals/{self.principal}"

    @property
    def jobs_schema(self) -> str:
        return f"{self.at}/synchronization/jobs/{self.job}/schema"

    def assign(self, principal: str, role: str = "User") -> None:
        """Assign somebody, by object id; a role that the app does not have is Default Access."""
        roles = {one["displayName"]: one["id"] for one in self.app["appRoles"]}
        role_id = roles.get(role, "00000000-0000-0000-0000-000000000000")
        body = {"principalId": principal, "resourceId": self.principal, "appRoleId": role_id}
        self.ask("POST", f"{self.at}/appRoleAssignedTo", body)

    def save(self, **secrets: str) -> None:
        """Save the whole list, token included."""
        pairs = [{"key": key, "value": value} for key, value in {**credentials(self.served), **secrets}.items()]
        self.ask("PUT", f"{self.at}/synchronization/secrets", {"value": pairs})

    def edit(self, change: Callable[[dict[str, Any]], None], kind: str = "User") -> None:
        """Change the object mapping of a kind."""
        schema = self.ask("GET", self.jobs_schema)
        (node,) = [
            one for one in schema["synchronizationRules"][0]["objectMappings"] if one["sourceObjectName"] == kind
        ]
        change(node)
        self.ask("PUT", self.jobs_schema, schema)

    def start(self) -> None:
        self.ask("POST", f"{self.at}/synchronization/jobs/{self.job}/start")
        self.served.run_due()


def credentials(served: Served) -> dict[str, str]:
    """Give address and token of the one Elium."""
    site = served.emulator.seed.elium[0]
    return {"BaseAddress": f"{served.origin}/elium/{site.name}/scim/v2", "SecretToken": site.token or ""}


def made_in_the_portal(served: Served, ask: Ask, name: str = "Elium") -> Portal:
    """Make an app of the gallery's Elium, and a job with address and token, which is off."""
    template = ask("GET", "/applicationTemplates?$filter=displayName eq 'Elium'")["value"][0]["id"]
    made = ask("POST", f"/applicationTemplates/{template}/instantiate", {"displayName": name})
    app = made["servicePrincipal"]
    job = ask("POST", f"/servicePrincipals/{app['id']}/synchronization/jobs", {"templateId": "elium"})["id"]
    portal = Portal(served, ask, app, made["application"]["id"], job)
    portal.save()
    return portal


def notifying(threshold: int | None = None, email: str = EMAIL, *, enabled: bool = True) -> str:
    """Write ``SyncNotificationSettings``."""
    settings: dict[str, Any] = {"Enabled": enabled, "Recipients": email}
    if threshold is not None:
        settings |= {"DeleteThresholdEnabled": True, "DeleteThresholdValue": threshold}
    return json.dumps(settings)


def mapped(target: str, expression: str, **differences: Any) -> Callable[[dict[str, Any]], None]:
    """Map a target attribute otherwise; *differences* are Graph's keys."""

    def change(node: dict[str, Any]) -> None:
        nodes = [one for one in node["attributeMappings"] if one["targetAttributeName"] != target]
        (held,) = [one for one in node["attributeMappings"] if one["targetAttributeName"] == target] or [{}]
        source = {"expression": expression, "type": "Attribute", "name": expression.strip("[]"), "parameters": []}
        node["attributeMappings"] = [*nodes, {**held, "targetAttributeName": target, "source": source, **differences}]

    return change


def without(target: str) -> Callable[[dict[str, Any]], None]:
    """Remove a mapping."""

    def change(node: dict[str, Any]) -> None:
        node["attributeMappings"] = [one for one in node["attributeMappings"] if one["targetAttributeName"] != target]

    return change


def filtered(*clauses: tuple[str, str, str | None], among: str = "groups") -> Callable[[dict[str, Any]], None]:
    """Set one group of a scoping filter: attribute, operator and value of each clause."""

    def change(node: dict[str, Any]) -> None:
        listed = [
            {
                "sourceOperandName": name,
                "operatorName": operator,
                "targetOperand": {"values": [] if value is None else [value]},
            }
            for name, operator, value in clauses
        ]
        scope = node.get("scope") or {}
        node["scope"] = {**scope, among: [{"name": "Scoping Filter Group", "clauses": listed}]}

    return change
