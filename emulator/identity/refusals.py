"""What the login service says when it says no: a table by code (Learn: reference-error-codes)."""
# ruff: noqa: E501 - the sentences are the service's own, one a line

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import JsonObject


class _No(NamedTuple):
    status: int
    error: str
    """OAuth's word (RFC 6749 section 5.2)."""
    text: str
    """The sentence; braces are filled in."""


_NOES = {
    "AADSTS900144": _No(400, "invalid_request", "The request body must contain the following parameter: '{name}'."),
    "AADSTS90002": _No(
        400,
        "invalid_request",
        "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
    ),
    "AADSTS70003": _No(400, "unsupported_grant_type", "The app requested an unsupported grant type '{name}'."),
    "AADSTS700016": _No(
        400, "unauthorized_client", "Application with identifier '{name}' was not found in the directory '{tenant}'."
    ),
    "AADSTS7000112": _No(401, "unauthorized_client", "Application '{name}' is disabled."),
    "AADSTS1002012": _No(
        400,
        "invalid_scope",
        "The provided value for scope {name} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
    ),
    "AADSTS500011": _No(
        400, "invalid_resource", "The resource principal named {name} was not found in the tenant named {tenant}."
    ),
    "AADSTS7000218": _No(
        401,
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
    "AADSTS7000215": _No(
        401,
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{name}'.",
    ),
    "AADSTS7000222": _No(401, "invalid_client", "The provided client secret keys for app '{name}' are expired."),
    "AADSTS700027": _No(
        401,
        "invalid_client",
        "The certificate with identifier used to sign the client assertion is not registered on application '{name}'.",
    ),
    "AADSTS700024": _No(401, "invalid_client", "Client assertion is not within its valid time range."),
    "AADSTS50027": _No(401, "invalid_client", "JWT token is invalid or malformed."),
    "AADSTS700021": _No(
        401, "invalid_client", "Client assertion application identifier doesn't match 'client_id' parameter."
    ),
    "AADSTS700023": _No(401, "invalid_client", "Client assertion audience claim does not match Realm issuer."),
    "AADSTS50166": _No(
        400,
        "invalid_request",
        "Request to External OIDC endpoint failed. The keys of the issuer '{name}' are not known: the emulator reads discovery documents on loopback only; other issuers' keys are given in the seed.",
    ),
    "AADSTS500113": _No(400, "invalid_request", "No reply address is registered for the application."),
    "AADSTS700211": _No(
        401, "invalid_client", "No matching federated identity record found for presented assertion issuer '{name}'."
    ),
    "AADSTS700212": _No(
        401, "invalid_client", "No matching federated identity record found for presented assertion audience '{name}'."
    ),
    "AADSTS700213": _No(
        401, "invalid_client", "No matching federated identity record found for presented assertion subject '{name}'."
    ),
}


def refuse(code: str, *, name: str = "", tenant: str = "") -> Refusal:
    """Make the refusal of a code; *name* and *tenant* fill its sentence."""
    no = _NOES[code]
    return Refusal(no.status, code, no.text.format(name=name, tenant=tenant))


def envelope_of(refusal: Refusal, *, trace_id: str, at: datetime) -> JsonObject:
    """Say no as the token endpoint does (RFC 6749 section 5.2, with Entra's additions)."""
    timestamp = f"{at:%Y-%m-%d %H:%M:%S}Z"
    no = _NOES.get(refusal.code)
    number = refusal.code.removeprefix("AADSTS")
    return {
        "error": no.error if no else "invalid_request",
        "error_description": f"{refusal.code}: {refusal.message} Trace ID: {trace_id} Correlation ID: {trace_id} "
        f"Timestamp: {timestamp}",
        "error_codes": [int(number)] if number.isdigit() else [],
        "timestamp": timestamp,
        "trace_id": trace_id,
        "correlation_id": trace_id,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
