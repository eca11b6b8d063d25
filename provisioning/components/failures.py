"""What azuread's functions mean when they fail: whether a name is wrong, or nothing could be asked at all.

The texts are those of the official plugin (terraform-provider-azuread: data sources; go-azure-sdk: sdk/auth and
sdk/client), and of Go's network and TLS libraries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from provisioning.errors import NoCredentialError, ProvisioningError, RefusedError, UnavailableError
from provisioning.graph.entra_codes import hint_for
from provisioning.operations.lookups import ABOUT_NAMES, Kind, LookUpError


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    pattern: re.Pattern[str]
    """What the failure says; its first group, where it has one, is what to show of it."""


def _row(kind: Kind, pattern: str) -> _Row:
    return _Row(kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))


LONGEST = 300
"""Characters that are shown of a failure."""

ROWS: Sequence[_Row] = (
    # What concerns no name comes first: Entra's own "Tenant 'x' not found" is not about an app of the gallery.
    _row(Kind.REFUSED, r"(AADSTS\d+: .*?)(?:\\r|\\n|[\r\n]|\s*Trace ID:|\",|$)"),
    _row(Kind.NO_IDENTITY, r"(no Authorizer could be configured|could not determine tenant ID|.*\bAzure ?CLI\b.*)"),
    _row(Kind.NOT_TRUSTED, r"(x509: .*|tls: failed to verify certificate.*|certificate verify failed.*)"),
    _row(
        Kind.UNREACHABLE,
        r"(no such host|connection refused|connection reset|network is unreachable|i/o timeout|proxyconnect .*"
        r"|Client\.Timeout exceeded|context deadline exceeded|unexpected EOF|TLS handshake timeout|server misbehaving"
        r"|does not answer|Name or service not known|All connection attempts failed"
        r"|Azure MetaData service: received HTTP status \d+.*)",
    ),
    _row(Kind.REFUSED, r"((?:could not acquire|unable to obtain) access token.*|received HTTP status \d+.*)"),
    _row(Kind.FORBIDDEN, r"(unexpected status 40[13]\b.*)"),
    _row(
        Kind.MISSING,
        r"object ID\b.*unexpected status 404\b|unexpected status 404\b.*(?:ResourceNotFound|does not exist)",
    ),
    # A list of what is not there is empty; without such words it is the address that is not there.
    _row(Kind.UNREACHABLE, r"(unexpected status 404\b.*)"),
    _row(Kind.OTHER, r"(unexpected status \d+.*)"),
    _row(Kind.AMBIGUOUS, r"more than one|multiple|duplicate"),
    _row(Kind.MISSING, r"\bno .*found|not found|does not exist|no matches"),
    _row(Kind.OTHER, r"(.*)"),
)
"""In the order in which they are asked."""


def failure_of(place: str, name: str, failed: str, *, hints: Mapping[Kind, str] | None = None) -> ProvisioningError:
    """Say what *failed*, azuread's text, means for somebody who wrote *name* at *place*.

    It is a :class:`LookUpError` when it concerns the name; anything else would be said of every other name too.
    """
    reason = re.sub(r"^invoke of \S+ failed: ", "", _without(name, failed))
    problem = re.split(r"returned an error: |\* ", reason)[-1].removesuffix(" ()")
    kind, shown = _read(problem.strip())
    if kind in NOTHING_ASKED:
        return NOTHING_ASKED[kind](shown)
    if kind in ABOUT_NAMES:
        return LookUpError.about(kind, place, name, hints=hints)
    return LookUpError(kind, f"{place}: {name!r} could not be looked up: {shown}.")


def _refused(shown: str) -> RefusedError:
    code = re.match(r"AADSTS(\d+)", shown)
    hint = hint_for(code[1]) if code else "Correct the ARM_ variables, or what they name."
    return RefusedError(f"Entra did not sign azuread's identity in: {shown}.", hint=hint)


def _no_identity(shown: str) -> NoCredentialError:
    hint = "Set the ARM_ variables of one way to sign in."
    return NoCredentialError(f"azuread has no identity to sign in with: {shown}.", hint=hint)


def _not_trusted(shown: str) -> UnavailableError:
    hint = "Name the authorities that this network trusts in SSL_CERT_FILE."
    return UnavailableError(f"Entra's certificate was not trusted: {shown}.", status=0, hint=hint)


def _unreachable(shown: str) -> UnavailableError:
    hint = "Check the network, HTTPS_PROXY and ARM_METADATA_HOSTNAME."
    return UnavailableError(f"Entra could not be reached: {shown}.", status=0, hint=hint)


NOTHING_ASKED: Mapping[Kind, Callable[[str], ProvisioningError]] = {
    Kind.REFUSED: _refused,
    Kind.NO_IDENTITY: _no_identity,
    Kind.NOT_TRUSTED: _not_trusted,
    Kind.UNREACHABLE: _unreachable,
}
"""Failures that concern no name, since Graph was never asked."""


def _read(problem: str) -> tuple[Kind, str]:
    """Find the row that fits, and what to show of the problem."""
    row, match = next((row, match) for row in ROWS if (match := row.pattern.search(problem)))
    shown = match[1] if row.pattern.groups else ""
    return row.kind, shown.strip().partition("\n")[0][:LONGEST].rstrip(". ")


def _without(name: str, failed: str) -> str:
    """Leave out the name where it is quoted, so that a group called ``not found`` is not mistaken for a reason."""
    for quoted in (json.dumps(name, ensure_ascii=False), "'" + name.replace("'", "''") + "'"):
        failed = failed.replace(quoted, "it")
    return failed
