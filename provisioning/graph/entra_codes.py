"""The codes by which Entra refuses an identity, and the setting to look at: for our own sign-in and azuread's alike.

They are explained at https://login.microsoftonline.com/error (Learn: reference-error-codes). Nothing is imported here
that takes its time, since a program asks before anything signs in.
"""

from __future__ import annotations

from collections.abc import Mapping

ELSEWHERE = (
    "Look at tenant, client id and secret or federated subject; the code is explained at "
    "https://login.microsoftonline.com/error."
)

_TENANT = "Look at ARM_TENANT_ID: write the id or a domain name of the tenant, in the cloud that ARM_ENVIRONMENT names."
_CLIENT = "Look at ARM_CLIENT_ID: write the application (client) id of an app that is registered in this tenant."
_SECRET = "Look at the client secret: write its value and not its id, and make a new one when it has expired."  # noqa: S105 - a sentence
_CERTIFICATE = "Look at ARM_CLIENT_CERTIFICATE_PATH: its certificate must be among those of the app registration."
_FEDERATED = "Look at the app's federated credentials: issuer, subject and audience must be exactly the token's."
_EXPIRED = "Look at the clock of this machine, and whether the token was just issued."
_POLICY = "Ask who keeps the tenant's conditional access: it stops this identity from this place."

HINTS: Mapping[str, str] = {
    "90002": _TENANT,
    "900023": _TENANT,
    "900021": _TENANT,
    "900382": _TENANT,
    "700016": _CLIENT,
    "7000112": "Ask who disabled the app in this tenant, or use another one.",
    "7000215": _SECRET,
    "7000222": _SECRET,
    "7000218": _SECRET,
    "700027": _CERTIFICATE,
    "700021": _FEDERATED,
    "700023": _FEDERATED,
    "70021": _FEDERATED,
    "700211": _FEDERATED,
    "700212": _FEDERATED,
    "700213": _FEDERATED,
    "700024": _EXPIRED,
    "50027": _FEDERATED,
    "500011": "Look at ARM_ENVIRONMENT: Graph is not known under this address in the tenant's cloud.",
    "53003": _POLICY,
    "530035": _POLICY,
}
"""What to look at, by code; :data:`ELSEWHERE` for others."""


def hint_for(code: str) -> str:
    """Say what to look at; *code* is the digits behind ``AADSTS``."""
    return HINTS.get(code, ELSEWHERE)
