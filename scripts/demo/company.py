"""Both ends of the demonstration: Contoso's directory over Graph, and the accounts at Elium over SCIM."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2

from provisioning.graph.clouds import cloud_of
from provisioning.graph.patience import WallClock
from provisioning.graph.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Account:
    """A person at Elium."""

    user_name: str
    name: str
    title: str
    is_active: bool


class Company:
    """Contoso and its Elium, at the addresses that an environment names."""

    def __init__(self, environment: Mapping[str, str], control: str) -> None:
        self._environment = environment
        self._control = control
        trust = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
        self._http = httpx2.Client(verify=trust, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._graph, self._token = asyncio.run(self._signed_in(trust))

    async def _signed_in(self, trust: ssl.SSLContext) -> tuple[str, str]:
        async with httpx2.AsyncClient(verify=trust, trust_env=False) as http:
            cloud = await cloud_of(self._environment, http)
        return f"{cloud.graph}/v1.0", await SignIn(self._environment, cloud, WallClock()).token()

    def run_due_cycles(self) -> int:
        """Let the provisioning service do what is due now, and tell how many cycles it ran."""
        return int(self._post("cycles/run", {})["cycles"])

    def let_pass(self, duration: str) -> int:
        """Move the company's clock on, such as by ``PT40M``; gives how many cycles were due meanwhile."""
        return int(self._post("clock/advance", {"by": duration})["cycles"])

    def accounts(self) -> list[Account]:
        """Read every account at Elium, over SCIM."""
        base = f"{self._environment['ELIUM_TENANT_URL']}/scim/v2"
        token = {"Authorization": f"Bearer {self._environment['ELIUM_SECRET_TOKEN']}"}
        answer = self._http.get(f"{base}/Users", headers=token, params={"count": "500"})
        answer.raise_for_status()
        return sorted(map(_account, answer.json().get("Resources", [])), key=lambda account: account.user_name)

    def take_out_of(self, group: str, user: str) -> None:
        """Remove a user, by user principal name, from a group, by display name: in Entra, over Graph."""
        group_id = self._id_of("groups", f"displayName eq {_quoted(group)}")
        user_id = self._id_of("users", f"userPrincipalName eq {_quoted(user)}")
        answer = self._http.delete(
            f"{self._graph}/groups/{group_id}/members/{user_id}/$ref",
            headers={"Authorization": f"Bearer {self._token}"},
        )
        answer.raise_for_status()

    def _id_of(self, collection: str, condition: str) -> str:
        answer = self._http.get(
            f"{self._graph}/{collection}",
            params={"$filter": condition},
            headers={"Authorization": f"Bearer {self._token}"},
        )
        answer.raise_for_status()
        (found,) = answer.json()["value"]
        return str(found["id"])

    def _post(self, what: str, body: Mapping[str, str]) -> dict[str, Any]:
        answer = self._http.post(f"{self._control}/{what}", json=body)
        answer.raise_for_status()
        answered: dict[str, Any] = answer.json()
        return answered


def _quoted(text: str) -> str:
    """Write a text in a filter: quotes inside are doubled (Learn: graph/query-parameters)."""
    return "'" + text.replace("'", "''") + "'"


def _account(node: Mapping[str, Any]) -> Account:
    return Account(
        user_name=node["userName"],
        name=node.get("displayName") or "",
        title=node.get("title") or "",
        is_active=bool(node.get("active", True)),
    )
