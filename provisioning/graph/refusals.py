"""What a refusal means: status and code become an error that says what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from provisioning.errors import (
    ConflictError,
    CredentialsRejectedError,
    GraphError,
    MissingPermissionError,
    NotFoundError,
    ProvisioningError,
    RefusedError,
    ThrottledError,
    UnavailableError,
)
from provisioning.graph.scrubbing import scrubbed
from provisioning.words import counted

if TYPE_CHECKING:
    import httpx2

OWNER = "it an owner of the service principal when it has Application.ReadWrite.OwnedBy"

ADMINISTRATOR = "the directory role Cloud Application Administrator"
"""The lesser of two that may restore and purge apps (graph: directory-deleteditems-delete)."""

UNAUTHORIZED = 401

UNAUTHENTICATED = "InvalidAuthenticationToken"
"""The code that refuses a token: expired, revoked, of another cloud or another tenant (graph 9.1)."""

SIGN_IN_AGAIN = (
    "Sign in again: tokens expire and are revoked. If the new one is refused as well, look whether ARM_ENVIRONMENT and "
    "ARM_TENANT_ID name the cloud and the tenant that are meant, and whether the clock of this machine is right."
)

SYNCHRONIZATION = "/synchronization/"

LEAST_PERMISSIONS: tuple[tuple[str, str], ...] = (
    (SYNCHRONIZATION, f"Synchronization.ReadWrite.All, or make {OWNER}"),
    ("/subscribedSkus", "LicenseAssignment.Read.All"),
    ("/auditLogs/directoryAudits", "AuditLog.Read.All together with Directory.Read.All"),
    ("/auditLogs", "ProvisioningLog.Read.All, or AuditLog.Read.All together with Directory.Read.All"),
    ("/directory/deletedItems", f"Application.ReadWrite.OwnedBy together with {ADMINISTRATOR}"),
    ("^(POST|DELETE) .*/appRoleAssignedTo", "AppRoleAssignment.ReadWrite.All"),
    ("/servicePrincipals", "Application.Read.All"),
    ("/groups", "GroupMember.Read.All"),
    ("/users", "User.Read.All"),
)
"""What allows what is asked, by a pattern of method and path; the first that fits. The synchronization endpoints need
this in practice: ``Application.ReadWrite.OwnedBy`` alone suffices only for an owner of the *service principal*
(graph 5.0; microsoft-graph-docs-contrib#8800)."""

UNAVAILABLE = frozenset({408, 500, 502, 503, 504, 509})
"""Worth another try (graph 9.1)."""

EXISTS_ALREADY = "Request_MultipleObjectsWithSameKeyValue"
"""A conflict that Graph tells as 400 (graph 9.1)."""

LATER = "Try again in a few minutes."

LONGEST_WAIT = 7 * 24 * 3600.0
"""Seconds; what asks for more is asking for never, and arithmetic with moments ends somewhere."""

TARGETS_OWN_CODES = ("SystemForCrossDomainIdentityManagement",)
"""How the codes begin that say what the target answered (graph 5.4)."""

TARGETS_OWN_WORDS = ("Received response from Web resource", "Response Status Code", "authorization to access your appl")
"""What Graph's message has when it hands on what the target answered, whatever its code is (graph 5.4)."""

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Graph said when it said no."""

    status: int
    code: str
    """Graph's error code; empty when the answer is not Graph's."""
    message: str
    """Graph's words, or the target's, without our secrets."""
    asked: str
    """Method and path."""
    request_id: str = ""
    retry_after: float | None = None
    """Seconds that Graph asked to wait."""

    @classmethod
    def of(cls, answer: httpx2.Response, *, now: datetime, secrets: Iterable[str] = ()) -> Refusal:
        """Read an answer that is not a success."""
        code, message = _code_and_message(answer)
        return cls(
            status=answer.status_code,
            code=code,
            message=scrubbed(message, secrets),
            asked=asked(answer),
            request_id=answer.headers.get("request-id", ""),
            retry_after=seconds_to_wait(answer.headers.get("Retry-After"), now=now),
        )

    @property
    def sentence(self) -> str:
        """Say it."""
        return f"Graph answered {self.number} to {self.asked}: {self.message}"

    @property
    def is_of_the_token(self) -> bool:
        """Whether it is the token that is refused, and not what was asked.

        Only below ``/synchronization`` a missing permission is told as 401 as well, with another code (graph 5.0, 9.1).
        """
        return self.status == UNAUTHORIZED and (self.code == UNAUTHENTICATED or SYNCHRONIZATION not in self.asked)

    @property
    def number(self) -> str:
        """The status, with the code where there is one."""
        return f"{self.status} {self.code}".rstrip()


def error_of(refusal: Refusal) -> ProvisioningError:
    """Turn a refusal into the error that fits it."""
    if refusal.is_of_the_token:
        return _refused_token(refusal)
    if refusal.status in {401, 403}:
        return _missing_permission(refusal)
    kind = _kind_of(refusal)
    error = kind(
        refusal.sentence,
        status=refusal.status,
        code=refusal.code,
        request_id=refusal.request_id,
        asked=refusal.asked,
        hint=_hint_of(kind, refusal.retry_after),
    )
    error.retry_after = refusal.retry_after
    return error


def _refused_token(refusal: Refusal) -> RefusedError:
    error = RefusedError(
        f"Graph did not accept the token of this identity for {refusal.asked} ({refusal.number}: {refusal.message}).",
        hint=SIGN_IN_AGAIN,
    )
    error.asked, error.request_id = refusal.asked, refusal.request_id
    return error


def _missing_permission(refusal: Refusal) -> MissingPermissionError:
    error = MissingPermissionError(
        f"This identity may not {refusal.asked} ({refusal.number}: {refusal.message}).",
        hint=_permission_for(refusal.asked),
    )
    error.asked, error.request_id = refusal.asked, refusal.request_id
    return error


def rejection_of(
    refusal: Refusal, base_address: str, *, outcome: str = "nothing was saved and nothing was started"
) -> ProvisioningError:
    """Say why the credentials were refused, and which of the two is to blame; *outcome* is what that means.

    Graph hands on what the target answered inside its message; status and envelope are not documented (graph 5.4,
    13.2). So it is the target's no when code or message have the target's marks, and Graph's own otherwise.
    """
    if not _is_the_targets(refusal):
        return error_of(refusal)
    is_token = any(word in refusal.message for word in ("Unauthorized", "Forbidden"))
    culprit = "the secret token" if is_token else f"the address {shown_address(base_address)}"
    what = "secret token" if is_token else "address"
    return CredentialsRejectedError(
        f"The app did not accept {culprit}; {outcome}. Entra reports: {refusal.message}",
        hint=f"Copy the {what} again from the app's own settings, as one of its administrators; its tutorial at "
        "Microsoft says where it stands.",
        learn_more="https://learn.microsoft.com/entra/identity/saas-apps/tutorial-list",
    )


def shown_address(address: str) -> str:
    """Show an address without the parts that can hold a secret: user, query and fragment."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def hidden_in(address: str) -> tuple[str, ...]:
    """List what of an address must not come back in a sentence."""
    parts = urlsplit(address)
    whole = parts.netloc.rpartition("@")[0]
    return tuple(filter(None, (whole, *whole.split(":"), parts.query, *(value for _, value in parse_qsl(parts.query)))))


def not_graphs(answer: httpx2.Response, expected: str) -> UnavailableError:
    """Say that an answer looks good and is not what Graph documents, such as a proxy's page."""
    found = f"{answer.status_code} with {_content_of(answer)}"
    return UnavailableError(
        f"Graph's answer to {asked(answer)} cannot be read: {found} came, and {expected} was expected.",
        status=answer.status_code,
        request_id=answer.headers.get("request-id", ""),
        asked=asked(answer),
        hint="Look whether a proxy or its sign-in page answers instead of Graph, then try again.",
    )


def asked(answer: httpx2.Response) -> str:
    """Give method and path of what was asked, without the query."""
    return f"{answer.request.method} {answer.request.url.path}"


def seconds_to_wait(retry_after: str | None, *, now: datetime) -> float | None:
    """Read a ``Retry-After`` header: seconds or a date (RFC 9110, 10.2.3); ``None`` when it says neither.

    A date that has passed means no wait; a wait without end is :data:`LONGEST_WAIT`.
    """
    text = (retry_after or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_WAIT)
    moment = moment_in(text)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


def moment_in(header: str) -> datetime | None:
    """Read a date as HTTP writes one (RFC 9110, 5.6.7); ``None`` when it is not one."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _permission_for(asked: str) -> str:
    needed = next((permission for part, permission in LEAST_PERMISSIONS if re.search(part, asked)), "")
    return f"Grant it the application permission {needed}." if needed else ""


def _kind_of(refusal: Refusal) -> type[GraphError]:
    if refusal.code == EXISTS_ALREADY:
        return ConflictError
    if refusal.status in UNAVAILABLE:
        return UnavailableError
    return _KINDS.get(refusal.status, GraphError)


_KINDS: Mapping[int, type[GraphError]] = {
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
    429: ThrottledError,
}


def _hint_of(kind: type[GraphError], retry_after: float | None) -> str:
    if not issubclass(kind, ThrottledError | UnavailableError):
        return ""
    if retry_after:
        return f"Graph asks to wait {counted(round(retry_after), 'second')}; try again then."
    return LATER


def _is_the_targets(refusal: Refusal) -> bool:
    """Tell whether the target said no, and not Graph."""
    if refusal.code.startswith(TARGETS_OWN_CODES):
        return True
    is_ours = refusal.status in {401, 403, 404, 429} | UNAVAILABLE
    return not is_ours and any(words in refusal.message for words in TARGETS_OWN_WORDS)


def _code_and_message(answer: httpx2.Response) -> tuple[str, str]:
    """Read code and message out of Graph's envelope; what has none is named as such."""
    try:
        error: Mapping[str, str] = answer.json()["error"]
        return str(error.get("code") or ""), str(error.get("message") or "no reason was given")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", f"an answer that is not Graph's ({_content_of(answer)})"


def _content_of(answer: httpx2.Response) -> str:
    if not answer.content:
        return "no content"
    return str(answer.headers.get("Content-Type") or "no content type")
