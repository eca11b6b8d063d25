"""A user (azuread_user)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.checks import Objection
from emulator.azuread.faults import PluginError, explaining, quoted
from emulator.azuread.graph import BETA
from emulator.azuread.identifiers import USER
from emulator.azuread.properties import Kind, Property, Role, required, shown, texts
from emulator.azuread.resources.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

CONTACT = texts(
    "city companyName country department employeeHireDate employeeId employeeType faxNumber givenName jobTitle"
    " mobilePhone officeLocation postalCode preferredLanguage state streetAddress surname usageLocation"
)
"""What is written as declared, and as ``null`` when it is not declared."""

ORGANIZATION = texts("costCenter=employeeOrgData.costCenter division=employeeOrgData.division")

CONSENT = (
    Property("ageGroup", graph="ageGroup", choices=("Adult", "Minor", "NotAdult")),
    Property(
        "consentProvidedForMinor",
        graph="consentProvidedForMinor",
        choices=("Denied", "Granted", "NotRequired"),
    ),
)

POLICIES = {"disablePasswordExpiration": "DisablePasswordExpiration", "disableStrongPassword": "DisableStrongPassword"}
"""Flags that Graph keeps as words of one text, ``passwordPolicies``."""

TABLE = (
    required("displayName"),
    required("userPrincipalName"),
    *CONTACT,
    *ORGANIZATION,
    *CONSENT,
    Property("accountEnabled", kind=Kind.FLAG, graph="accountEnabled", default=True),
    Property("showInAddressList", kind=Kind.FLAG, default=True),
    Property("forcePasswordChange", kind=Kind.FLAG),
    *(Property(name, kind=Kind.FLAG) for name in POLICIES),
    Property("managerId"),
    Property("otherMails", kind=Kind.SET, graph="otherMails"),
    Property("password", Role.ADOPTED, secret=True),
    Property("businessPhones", Role.ADOPTED, Kind.LIST, graph="businessPhones"),
    *texts("mail mailNickname onpremisesImmutableId=onPremisesImmutableId", Role.ADOPTED),
    *texts(
        "aboutMe creationType externalUserState objectId=id"
        " onpremisesDistinguishedName=onPremisesDistinguishedName onpremisesDomainName=onPremisesDomainName"
        " onpremisesSamAccountName=onPremisesSamAccountName"
        " onpremisesSecurityIdentifier=onPremisesSecurityIdentifier"
        " onpremisesUserPrincipalName=onPremisesUserPrincipalName userType",
        Role.OUTPUT,
    ),
    Property("onpremisesSyncEnabled", Role.OUTPUT, Kind.FLAG, graph="onPremisesSyncEnabled"),
    Property("imAddresses", Role.OUTPUT, Kind.LIST, graph="imAddresses"),
    Property("proxyAddresses", Role.OUTPUT, Kind.LIST, graph="proxyAddresses"),
)

SELECTED = sorted({row.graph.partition(".")[0] for row in TABLE if row.graph} - {"aboutMe"} | {"passwordPolicies"})
"""Graph leaves most of a user out unless it is asked for (graph: user-get); *about me* it gives to its owner only."""


class User(Resource):
    """An account with a password, and perhaps a manager."""

    table = TABLE

    def objections(self, inputs: Values) -> Iterator[Objection]:
        """Yield what Terraform's plan refuses (user_resource.go: userResourceCustomizeDiff)."""
        consent = inputs.get("consentProvidedForMinor", "")
        if inputs.get("ageGroup") != "Minor" and consent not in {"", "NotRequired"}:
            yield Objection(
                "consentProvidedForMinor",
                '`consent_provided_for_minor` can only be set to "Granted" or "Denied" when `age_group` is "Minor"',
            )

    async def create(self, graph: Graph, inputs: Values) -> str:
        """Create the account; without a password there is none."""
        if not inputs.get("password"):
            raise PluginError("Could not create user: `password` is required when creating a new user")
        name = inputs["userPrincipalName"]
        body = _body(inputs) | {"passwordProfile": _password_profile(inputs)}
        # The portal's default: the name part of the user principal name.
        body["mailNickname"] = inputs.get("mailNickname") or name.partition("@")[0]
        for row in ("businessPhones", "onpremisesImmutableId"):
            if inputs.get(row):
                body[_graph_name(row)] = inputs[row]
        body["mail"] = inputs.get("mail") or None
        with explaining(f"Creating user {quoted(name)}"):
            made = await graph.post("/users", body)
        return USER.of(made["id"])

    async def complete(self, graph: Graph, identifier: str, inputs: Values) -> None:
        """Write what only the beta knows, and the manager."""
        user = USER.single(identifier)
        with explaining(f"Could not set `show_in_address_list` for {_title(user)}"):
            await graph.patch(
                f"/users/{user}",
                {"@odata.type": "#microsoft.graph.user", "showInAddressList": inputs.get("showInAddressList", True)},
                version=BETA,
                again=lambda error: error.is_not_found,
            )
        if inputs.get("managerId"):
            await _write_manager(graph, user, inputs["managerId"])

    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Read the account, what only the beta knows, and the manager."""
        user = USER.single(identifier)
        with explaining(f"Retrieving {_title(user)}"):
            found = await graph.find(f"/users/{user}", select=SELECTED)
            if found is None:
                return None
            beta = await graph.get(f"/users/{user}", version=BETA, select=["showInAddressList"])
        with explaining(f"Could not retrieve manager for {_title(user)}"):
            manager = await graph.find(f"/users/{user}/manager") or {}
        policies = {word.strip().lower() for word in (found.get("passwordPolicies") or "").split(",")}
        return shown(self.table, found) | {
            "showInAddressList": bool(beta.get("showInAddressList")),
            "managerId": manager.get("id") or "",
            **{name: word.lower() in policies for name, word in POLICIES.items()},
        }

    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:
        """Patch the account; some properties only when they changed, since Graph refuses to unset them."""
        user = USER.single(identifier)
        body = _body(after) | {"mailNickname": after.get("mailNickname") or before.get("mailNickname") or None}
        if after.get("password") and after["password"] != before.get("password"):
            body["passwordProfile"] = _password_profile(after)
        for name in ("businessPhones", "mail", "onpremisesImmutableId"):
            if after.get(name) and after[name] != before.get(name):
                body[_graph_name(name)] = after[name]
        with explaining(f"Could not update {_title(user)}"):
            await graph.patch(f"/users/{user}", body)
        if after.get("showInAddressList") != before.get("showInAddressList"):
            shown_in_list = {"@odata.type": body["@odata.type"], "showInAddressList": after.get("showInAddressList")}
            with explaining(f"Could not update {_title(user)}"):
                await graph.patch(f"/users/{user}", shown_in_list, version=BETA)
        if after.get("managerId", "") != before.get("managerId", ""):
            await _write_manager(graph, user, after.get("managerId", ""))

    async def delete(self, graph: Graph, identifier: str) -> None:
        """Delete the account, and look until it is gone."""
        user = USER.single(identifier)
        with explaining(f"Deleting {_title(user)}"):
            await graph.delete(f"/users/{user}")
            await graph.wait_until_gone(f"/users/{user}")


def _body(inputs: Values) -> Values:
    body: Values = {row.graph: inputs.get(row.name) or None for row in (*CONTACT, *CONSENT)}
    words = [word for name, word in POLICIES.items() if inputs.get(name)]
    return body | {
        "@odata.type": "#microsoft.graph.user",
        "accountEnabled": inputs.get("accountEnabled", True),
        "displayName": inputs["displayName"],
        "employeeOrgData": {row.name: inputs.get(row.name) or None for row in ORGANIZATION},
        "otherMails": inputs.get("otherMails", []),
        "passwordPolicies": ", ".join(words) or None,
        "userPrincipalName": inputs["userPrincipalName"],
    }


def _password_profile(inputs: Values) -> Values:
    return {
        "forceChangePasswordNextSignIn": inputs.get("forcePasswordChange", False),
        "password": inputs["password"],
    }


def _graph_name(name: str) -> str:
    return next(row.graph for row in TABLE if row.name == name)


def _title(user: str) -> str:
    return f"User (User: {quoted(user)})"


async def _write_manager(graph: Graph, user: str, manager: str) -> None:
    path = f"/users/{user}/manager/$ref"
    with explaining(f"Could not assign manager for {_title(user)}"):
        if manager:
            await graph.put(path, graph.reference(manager))
        else:
            await graph.delete(path)
