"""What a refusal means: status and code become an error that says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.errors import (
    ConflictError,
    CredentialsRejectedError,
    GraphError,
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    ThrottledError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

LEAST_PERMISSION = "Synchronization.ReadWrite.All"
"""What the synchronization endpoints need in practice; ``Application.ReadWrite.OwnedBy`` alone suffices only for an
owner of the *service principal* (graph 5.0; microsoft-graph-docs-contrib#8800)."""

UNAVAILABLE = {408, 500, 502, 503, 504, 509}
"""Worth another try (graph 9.1)."""


def error_of(answer: httpx2.Response) -> ProvisioningError:
    """Turn a refusal into the error that fits it."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    code, message = _told(answer)
    facts = {"code": code, "request_id": answer.headers.get("request-id", ""), "asked": asked}
    sentence = f"Graph answered {answer.status_code} {code} to {asked}: {message}"
    match answer.status_code:
        case 401 | 403:
            return MissingPermissionError(
                f"This identity may not {asked} ({answer.status_code} {code}: {message}).",
                hint=f"Grant it the application permission {LEAST_PERMISSION}, or make it an owner of the service "
                "principal when it has Application.ReadWrite.OwnedBy.",
            )
        case 404:
            return NotFoundError(sentence, status=404, **facts)
        case 409 | 412:
            return ConflictError(sentence, status=answer.status_code, **facts)
        case 429:
            throttled = ThrottledError(sentence, status=429, **facts, hint="Wait, then try again.")
            throttled.retry_after = _seconds(answer.headers.get("Retry-After"))
            return throttled
        case status if status in UNAVAILABLE:
            unavailable = UnavailableError(sentence, status=status, **facts, hint="Try again in a few minutes.")
            unavailable.retry_after = _seconds(answer.headers.get("Retry-After"))
            return unavailable
        case status:
            return GraphError(sentence, status=status, **facts)


def rejection_of(answer: httpx2.Response, base_address: str) -> ProvisioningError:
    """Say why the credentials were refused, and which of the two is to blame.

    Graph passes on what Elium answered inside its message; the status and envelope are not documented
    (graph 5.4, 13.2), so every 4xx that is not about our own identity is read as Elium's no.
    """
    own_trouble = {401, 403, 404, 429} | UNAVAILABLE
    code, message = _told(answer)
    if answer.status_code in own_trouble and not code.startswith("SystemForCrossDomainIdentityManagement"):
        return error_of(answer)
    refused = any(word in message for word in ("Unauthorized", "Forbidden"))
    culprit = "the secret token" if refused else f"the address {base_address}"
    hint = (
        "Copy the secret token again from Elium: My Profile > Settings > ADVANCED > Security, as an Elium admin."
        if refused
        else "Copy the tenant URL again from Elium: My Profile > Settings > ADVANCED > Security."
    )
    return CredentialsRejectedError(
        f"Elium did not accept {culprit}; nothing was saved and nothing was started. Entra reports: {message}",
        hint=hint,
        learn_more="https://learn.microsoft.com/entra/identity/saas-apps/elium-provisioning-tutorial",
    )


def _told(answer: httpx2.Response) -> tuple[str, str]:
    """Read code and message out of Graph's envelope; what is no envelope is named as such."""
    try:
        error: Mapping[str, str] = answer.json()["error"]
        return str(error.get("code", "")), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", f"an answer that is not Graph's ({answer.headers.get('Content-Type', 'no content type')})"


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdigit() else None
