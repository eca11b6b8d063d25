"""Requests as nobody sane would send them, the same ones for the same seed: to every route, of every shape."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

ROUNDS = int(os.environ.get("ROUNDS", "1"))
"""How many times as much as in ``make test``."""

SCRAPS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, "", "x", "\x00", "é" * 300, "https://[::1", "[givenName", "2026-13-45"),
    *([], [None], ["x"], [[]], [{}], [5], {}, {"x": None}, {"id": 5}, {"@odata.id": 5}, {"@odata.id": "https://[::1"}),
    # Python reads and writes these, and nobody else does (RFC 8259, sections 6 and 8.2).
    *("\ud800", {"x\udfff": "x"}, float("nan"), float("inf")),
)
"""Values for any place."""

OPTIONS: tuple[str, ...] = (
    *(
        "$filter=",
        "$filter=x",
        "$filter=not " * 3,
        "$filter=displayName eq 5",
        "$filter=id in ('a',5)",
        "$filter=a/b/c",
    ),
    *("$filter=tags/any(x:x eq null)", "$filter=displayName ge 2026-01-01", "$filter=contains(displayName,5)"),
    *(
        "$top=-1",
        "$top=x",
        "$top=5&$skip=-3",
        "$top=10000000000000000000000",
        "$skip=x",
        "$skiptoken=W10=",
        "$skiptoken=%",
    ),
    *("$orderby=", "$orderby=displayName desc,", "$orderby=x/y", "$orderby=api/x", "$select=,", "$select=a/b"),
    *("$select=displayName,displayName", "$expand=", "$expand=*", "$expand=(", "$expand=members($select=)"),
    *(
        "$search=",
        '$search="displayName:"',
        "$search=(",
        "$count=maybe",
        "$count=true",
        "%00",
        "&&&",
        "=",
        "$filter=%FF",
    ),
)
"""Query strings."""

NAMES: tuple[str, ...] = (
    *("displayName", "mailNickname", "mailEnabled", "securityEnabled", "userPrincipalName", "accountEnabled", "appId"),
    *("passwordProfile", "passwordPolicies", "passwordCredentials", "passwordCredential", "keyId", "principalId"),
    *(
        "resourceId",
        "appRoleId",
        "appRoles",
        "api",
        "web",
        "spa",
        "info",
        "identifierUris",
        "tags",
        "owners@odata.bind",
    ),
    *("members@odata.bind", "groupTypes", "membershipRule", "membershipRuleProcessingState", "businessPhones"),
    *(
        "otherMails",
        "proxyAddresses",
        "onPremisesExtensionAttributes",
        "employeeOrgData",
        "notes",
        "description",
        "name",
    ),
    *("issuer", "subject", "audiences", "dataType", "targetObjects", "isMultiValued", "templateId", "credentials"),
    *("useSavedCredentials", "criteria", "parameters", "value", "expression", "testInputObject", "ids", "types"),
    *("groupIds", "securityEnabledOnly", "requests", "id", "synchronizationRules", "directories", "optionalClaims"),
    *("keyCredentials", "requiredResourceAccess", "samlSingleSignOnSettings", "replyUrls", "signInAudience"),
)
"""Names that some route reads."""


_ROLE = {"id": "5e1b5b5e-0000-4000-8000-000000000001", "displayName": "Reader", "value": "read", "isEnabled": True}
_APPLICATION = {
    "displayName": "Made",
    "identifierUris": ["api://made"],
    "appRoles": [_ROLE],
    "tags": ["HideApp"],
    "api": {"oauth2PermissionScopes": [{"id": _ROLE["id"], "value": "read", "isEnabled": True}]},
    "web": {"redirectUris": ["https://made.example"], "homePageUrl": "https://made.example"},
    "keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": "eA=="}],
    "passwordCredentials": [{"displayName": "ci", "endDateTime": "2027-01-01T00:00:00Z"}],
    "optionalClaims": {"idToken": [{"name": "email"}]},
}
_USER = {
    "displayName": "Emmy",
    "mailNickname": "emmy",
    "userPrincipalName": "emmy@contoso.com",
    "accountEnabled": True,
    "passwordProfile": {"password": "Hush-hush-1"},
    "businessPhones": ["1"],
    "onPremisesExtensionAttributes": {"extensionAttribute1": "x"},
    "employeeOrgData": {"division": "A"},
}
_GROUP = {
    "displayName": "G",
    "mailNickname": "g",
    "mailEnabled": False,
    "securityEnabled": True,
    "groupTypes": ["DynamicMembership"],
    "membershipRule": 'user.department -eq "Sales"',
    "membershipRuleProcessingState": "On",
    "members@odata.bind": ["https://localhost/v1.0/directoryObjects/x"],
}
_TOKEN = {
    "grant_type": "client_credentials",
    "client_id": "x",
    "client_secret": "x",
    "scope": "https://graph.microsoft.com/.default",
    "resource": "https://graph.microsoft.com",
}
_ASSERTED = {
    **{name: value for name, value in _TOKEN.items() if name != "client_secret"},
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}
_CLAIMS = {"iss": "http://127.0.0.1:1", "sub": "x", "aud": ["api://AzureADTokenExchange"], "exp": 4_000_000_000}
_CREDENTIALS = [{"key": "BaseAddress", "value": "https://localhost/x"}, {"key": "SecretToken", "value": "x"}]
RIGHT: Mapping[str, Any] = {
    "applications": _APPLICATION,
    "users": _USER,
    "groups": _GROUP,
    "servicePrincipals": {"appId": "x", "tags": ["x"], "notes": "x", "samlSingleSignOnSettings": {"relayState": "x"}},
    "secrets": {"value": [*_CREDENTIALS, {"key": "SyncNotificationSettings", "value": '{"Enabled":true}'}]},
    "validateCredentials": {"templateId": "elium", "useSavedCredentials": False, "credentials": _CREDENTIALS},
    "restart": {"criteria": {"resetScope": "Watermark, Escrows"}},
    "provisionOnDemand": {
        "parameters": [{"ruleId": "x", "subjects": [{"objectId": "x", "objectTypeName": "User", "links": {}}]}]
    },
    "federatedIdentityCredentials": {"name": "x", "issuer": "https://x", "subject": "x", "audiences": ["x"]},
    "extensionProperties": {"name": "x", "dataType": "String", "targetObjects": ["User"]},
    "appRoleAssignedTo": dict.fromkeys(("principalId", "resourceId", "appRoleId"), _ROLE["id"]),
    "parseExpression": {
        "expression": 'Join(" ", [givenName], "x")',
        "testInputObject": {"properties": [{"key": "givenName", "value": "x"}]},
    },
    "$batch": {"requests": [{"id": "1", "method": "GET", "url": "/users", "headers": {}, "dependsOn": []}]},
    "getByIds": {"ids": ["x"], "types": ["user"]},
    "addPassword": {"passwordCredential": {"displayName": "x", "endDateTime": "2027-01-01T00:00:00Z"}},
    "getMemberGroups": {"securityEnabledOnly": True},
}
"""Bodies that some route takes, by its last word; one place of them is spoilt."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None


Ids = dict[str, list[str]]
"""Right ids, by the segment before the braces or the name in them, such as ``users`` and ``job``."""


@dataclass(frozen=True, slots=True)
class Abuse:
    """Makes requests that most often find what they name."""

    ids: Ids
    random: Random
    right: Mapping[str, Any]
    """Right bodies, by the last word of a path."""

    def attempts(self, routes: Sequence[tuple[str, str]], each: int) -> Iterator[Attempt]:
        """Make requests to every route, *each* of them for one."""
        for method, path in routes:
            for _ in range(each):
                yield self._attempt(method, path)

    def _attempt(self, method: str, path: str) -> Attempt:
        random, filled = self.random, _filled(path, self.ids, self.random)
        query = random.choice(OPTIONS) if random.random() < 0.5 else ""
        headers = {"ConsistencyLevel": "eventual"} if random.random() < 0.5 else {}
        url = f"{filled}?{query}" if query else filled
        if path.endswith("/token"):
            return Attempt(method, url, self._token_headers(), self._token_form())
        if method in {"GET", "DELETE"} or random.random() < 0.1:
            return Attempt(method, url, headers, None)
        if random.random() < 0.1:
            content = random.choice([b"{", b"\xff\xfe", b"[" * 2_000, b"null", b"5", b'{"a":1,"a":2}'])
            return Attempt(method, url, {**headers, "content-type": "application/json"}, content)
        words = (word for word in reversed(path.split("/")) if "{" not in word and word != "$ref")
        word = next(words)
        right = self.right.get(f"{method} {word}", self.right.get(word))
        if right is None or random.random() < 0.2:
            body = _body(random)
        else:
            # Now and then all is well, or what comes after would never be reached.
            body = right if random.random() < 0.2 else spoilt(right, random)
        return Attempt(method, url, {**headers, "content-type": "application/json"}, json.dumps(body).encode())

    def _token_headers(self) -> dict[str, str]:
        scraps = ["Basic", "Basic %", "Basic eDp5", "Basic /////w==", "Bearer x", "Basic eHh4"]
        basic = {"authorization": self.random.choice(scraps)} if self.random.random() < 0.3 else {}
        return {"content-type": "application/x-www-form-urlencoded", **basic}

    def _token_form(self) -> bytes:
        random, right = self.random, {**self.right.get("token", _TOKEN)}
        if random.random() < 0.5:
            header = spoilt({"alg": "RS256", "typ": "JWT", "kid": "x", "x5t": "x"}, random)
            right = {
                **_ASSERTED,
                "client_id": right["client_id"],
                "client_assertion": _jwt(header, spoilt(_CLAIMS, random)),
            }
        if random.random() < 0.5:
            right[random.choice(sorted(right))] = str(random.choice([*SCRAPS, "a.b.c", "..", "x" * 9_000]))
        return (
            random.choice([b"\xff=\xff&", b"&&=", b"", b"", b"", b""])
            + urlencode(right, errors="surrogatepass").encode()
        )


def _jwt(header: Any, claims: Any) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    return ".".join([*parts, "c2lnbmF0dXJl"])


_STRANGE = ["x", "%00", "appId='x'", "'", "%F0%9F", "..", "a@b", "00000000-0000-0000-0000-000000000000"]


def _filled(path: str, ids: Ids, random: Random) -> str:
    def one(found: re.Match[str]) -> str:
        known = ids.get(found[1]) or ids.get(found[2]) or _STRANGE
        return f"{found[1]}/{random.choice(known if random.random() < 0.9 else _STRANGE)}"

    return re.sub(r"([\w.]*)/\{(\w+)\}", one, path)


def spoilt(value: Any, random: Random, *, anywhere: bool = False) -> Any:
    """Put a scrap somewhere into a right value; *anywhere* reaches every place of a large one."""
    if random.random() < (0.05 if anywhere else 0.25) or not isinstance(value, dict | list) or not value:
        return random.choice(SCRAPS)
    if isinstance(value, list):
        at = random.randrange(len(value)) if anywhere else 0
        return [*value[:at], spoilt(value[at], random, anywhere=anywhere), *value[at + 1 :]]
    name = random.choice(sorted(value))
    return {**value, name: spoilt(value[name], random, anywhere=anywhere)}


def _body(random: Random, depth: int = 0) -> Any:
    if depth > 2 or random.random() < 0.1:
        return random.choice(SCRAPS)
    names = random.sample(NAMES, random.randint(0, 12))
    return {name: _body(random, depth + 1) if random.random() < 0.4 else random.choice(SCRAPS) for name in names}
