"""What azuread's failures are told as: about the name that was written, or about what kept it from being asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from provisioning.components.failures import failure_of
from provisioning.errors import NoCredentialError, ProvisioningError, RefusedError, UnavailableError
from provisioning.graph.entra_codes import HINTS
from provisioning.operations.lookups import Kind, LookUpError

TOKEN_ENDPOINT = "could not acquire access token: clientCredentialsToken: received HTTP status 400 with response: "
GUID = "3e9b6a20-7c4d-4e1f-8a5b-6c7d8e9f0a1b"
NOT_FOUND = f'Retrieving group with object ID: "{GUID}": unexpected status 404 (404 Not Found)'
NO_CLI = 'launching Azure CLI: exec: "az": executable file not found in $PATH'
TRACE = r"Trace ID: 8e0d1f3a Correlation ID: 5a1b Timestamp: 2026-11-25 10:00:00Z"
UNKNOWN_TENANT = "Tenant 'acme' not found. Check to make sure you have the correct tenant ID"
POST = "building client: Post &quot;https://login.microsoftonline.com/t/oauth2/v2.0/token&quot;: "


def failure(problem: str, name: str = "Elium", **hints: Mapping[Kind, str]) -> ProvisioningError:
    token = "azuread:index/getGroups:getGroups"
    told = f"invoke of {token} failed: invocation of {token} returned an error: 1 error occurred:\n\t* {problem} ()"
    return failure_of("elium:groups.0", name, told, **hints)


@pytest.mark.parametrize(
    ("problem", "kind", "sentence"),
    [
        ('No group found with display name: "Elium"', Kind.MISSING, "'Elium' does not exist."),
        ('User with UPN "Elium" was not found', Kind.MISSING, "'Elium' does not exist."),
        ("No application template found matching: it", Kind.MISSING, "'Elium' does not exist."),
        (
            f"{NOT_FOUND} with error: Request_ResourceNotFound: Resource '{GUID}' does not exist or one of its queried",
            Kind.MISSING,
            "'Elium' does not exist.",
        ),
        ('More than one group found with display name: "Elium"', Kind.AMBIGUOUS, "'Elium' exists more than once."),
        (
            "No group found: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: no",
            Kind.FORBIDDEN,
            "'Elium' may not be looked up by this identity.",
        ),
        (
            "No group found: unexpected status 503 (503 Service Unavailable).",
            Kind.OTHER,
            "'Elium' could not be looked up: unexpected status 503 (503 Service Unavailable).",
        ),
        ("Bad API Response", Kind.OTHER, "'Elium' could not be looked up: Bad API Response."),
    ],
)
def test_what_concerns_a_name_is_told_of_the_name(problem: str, kind: Kind, sentence: str) -> None:
    told = failure(problem)

    assert isinstance(told, LookUpError)
    assert (told.kind, told.message) == (kind, f"elium:groups.0: {sentence}")


@pytest.mark.parametrize(
    ("problem", "error", "sentence", "hint"),
    [
        (
            f'{TOKEN_ENDPOINT}{{"error":"x","error_description":"AADSTS90002: {UNKNOWN_TENANT}. {TRACE}"}}',
            RefusedError,
            f"Entra did not sign azuread's identity in: AADSTS90002: {UNKNOWN_TENANT}.",
            HINTS["90002"],
        ),
        (
            TOKEN_ENDPOINT + r'{"error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 8e"}',
            RefusedError,
            "Entra did not sign azuread's identity in: AADSTS7000215: Invalid client secret provided.",
            HINTS["7000215"],
        ),
        (
            f"{TOKEN_ENDPOINT}<html>Proxy</html>",
            RefusedError,
            f"Entra did not sign azuread's identity in: {TOKEN_ENDPOINT}<html>Proxy</html>.",
            "Correct the ARM_ variables, or what they name.",
        ),
        (
            "unable to build authorizer: no Authorizer could be configured, please check your configuration",
            NoCredentialError,
            "azuread has no identity to sign in with: no Authorizer could be configured.",
            "Set the ARM_ variables of one way to sign in.",
        ),
        (
            NO_CLI,
            NoCredentialError,
            f"azuread has no identity to sign in with: {NO_CLI}.",
            "Set the ARM_ variables of one way to sign in.",
        ),
        (
            f"{POST}tls: failed to verify certificate: x509: signed by nobody",
            UnavailableError,
            "Entra's certificate was not trusted: tls: failed to verify certificate: x509: signed by nobody.",
            "Name the authorities that this network trusts in SSL_CERT_FILE.",
        ),
        (
            "https://127.0.0.1:1 does not answer: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable",
            UnavailableError,
            "Entra's certificate was not trusted: certificate verify failed: unable.",
            "Name the authorities that this network trusts in SSL_CERT_FILE.",
        ),
        (
            f"{POST}dial tcp: lookup login.microsoftonline.com: no such host",
            UnavailableError,
            "Entra could not be reached: no such host.",
            "Check the network, HTTPS_PROXY and ARM_METADATA_HOSTNAME.",
        ),
        (
            "Listing groups: Get: dial tcp 127.0.0.1:443: connect: connection refused",
            UnavailableError,
            "Entra could not be reached: connection refused.",
            "Check the network, HTTPS_PROXY and ARM_METADATA_HOSTNAME.",
        ),
    ],
    ids=["tenant", "secret", "proxy", "no identity", "no CLI", "Go and TLS", "Python and TLS", "no DNS", "no port"],
)
def test_what_kept_a_name_from_being_asked_is_told_as_what_it_is(
    problem: str, error: type[ProvisioningError], sentence: str, hint: str
) -> None:
    told = failure(problem, hints={Kind.MISSING: "Write the name as the gallery shows it."})

    assert (type(told), told.message, told.hint) == (error, sentence, hint)


def test_the_hint_about_names_goes_with_names_that_do_not_exist() -> None:
    hints = [
        failure(problem, hints={Kind.MISSING: "Write it so."}).hint
        for problem in ("No app found", "More than one app found", "unexpected status 500")
    ]

    assert hints == ["Write it so.", "", ""]


@pytest.mark.parametrize("name", ["not found", "more than one", "x509: y", "AADSTS1: z", "O'Brien's not found"])
def test_a_name_is_not_mistaken_for_a_reason(name: str) -> None:
    quoted = name.replace("'", "''")
    told = [failure(f'Listing "{name}": odd', name), failure(f"filter (displayName eq '{quoted}'): odd", name)]

    assert [error.kind if isinstance(error, LookUpError) else error for error in told] == [Kind.OTHER] * 2


@pytest.mark.parametrize(
    "failed",
    [
        "Listing application templates: unexpected status 404 (404 Not Found) with response: <html>",
        "retrieving environments from Azure MetaData service: received HTTP status 404",
    ],
)
def test_an_address_that_is_not_graphs_is_not_held_against_the_name(failed: str) -> None:
    error = failure_of("elium:galleryApp", "Elium", failed)

    assert isinstance(error, UnavailableError)
    assert error.message.startswith("Entra could not be reached: ")
    assert "ARM_METADATA_HOSTNAME" in error.hint
