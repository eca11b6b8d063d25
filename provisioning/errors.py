"""Every error that a reader can act on. Programming mistakes are not here: they travel to the top as bugs.

::

    ProvisioningError                 anything a reader can act on
    ├── ConfigurationError       2    the declaration is wrong; every reason, where it was written
    │   └── ExpressionError           an expression or scoping filter, with the caret under the character
    │       ├── ParseError            it cannot be read: Entra would refuse to save it
    │       └── EvaluationError       it has no value for this person: Entra would fail that person
    │           └── TooSlowError      a regular expression takes too long for somebody
    ├── SignInError              3    no identity could be used
    │   ├── NoCredentialError         nothing to try: which sources were looked at
    │   └── RefusedError              tried and refused: by whom, with which code
    ├── MissingPermissionError   3    the operation, and the least permission that allows it
    ├── UnsafeChangeError        4    our own guard: the numbers, the limit, the words that accept it
    ├── GraphError               5    Graph said no: status, code, request id, what was asked
    │   ├── NotFoundError
    │   ├── ConflictError
    │   ├── ThrottledError
    │   └── UnavailableError
    ├── CredentialsRejectedError 5    the app did not accept address or token
    ├── QuarantinedError         6    the job is in quarantine: reason, since, what releases it
    └── StillWaitingError        7    time ran out: for what, how long, last seen state

The number is the exit code of a command that ends with the error. The message is one sentence with the values in it,
the hint one imperative sentence. Neither ever carries a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from provisioning.words import counted


class ProvisioningError(Exception):
    """Anything a reader can act on."""

    exit_code: ClassVar[int] = 1
    asked: str = ""
    """What was asked of Graph, method and path, such as ``GET /servicePrincipals/…``; empty when nothing was."""
    request_id: str = ""
    """The ``request-id`` header of Graph's answer, for Microsoft's support."""

    def __init__(self, message: str, *, hint: str = "", learn_more: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """What to do next, as one imperative sentence; empty when the message says it all."""
        self.learn_more = learn_more
        """A page that explains the rule, such as ``https://learn.microsoft.com/…``; may be empty."""


class ConfigurationError(ProvisioningError):
    """The declaration is wrong. Every reason is listed, each with the place where it was written."""

    exit_code = 2

    def __init__(self, reasons: str | Sequence[str], *, hint: str = "", learn_more: str = "") -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        """One sentence each, such as ``elium:tenantUrl: an address is needed, such as https://acme.elium.com``."""
        super().__init__("\n".join(self.reasons), hint=hint, learn_more=learn_more)


class ExpressionError(ConfigurationError):
    """An expression or scoping filter that cannot be read or evaluated, shown with a caret where that is known."""

    def __init__(self, problem: str, *, text: str = "", position: int | None = None, hint: str = "") -> None:
        self.problem = problem
        """What is wrong, without the picture of the text."""
        self.text = text
        """What was written."""
        self.position = position
        """Index of the character in *text* that the caret points to; ``None`` when the whole text is meant."""
        super().__init__(_with_caret(problem, text, position), hint=hint)


class ParseError(ExpressionError):
    """What was written is not an expression, or not a scoping filter."""


class EvaluationError(ExpressionError):
    """What was written can be read, but has no value for the attributes at hand."""


class TooSlowError(EvaluationError):
    """A regular expression was stopped on one value, because it took too long.

    It is likely to take as long for the next person, so whoever evaluates for many stops at the first of these.
    """

    def __init__(self, pattern: str, limit: float, *, text: str = "", position: int | None = None) -> None:
        super().__init__(
            f"The regular expression “{_shown(pattern)}” took more than {limit:g} s on one value.",
            text=text,
            position=position,
            hint="Write it so that a text can match it in one way only: a+ rather than (a+)+.",
        )
        self.pattern = pattern
        """The regular expression, as it was written."""
        self.limit = limit
        """Seconds that it was given."""


class SignInError(ProvisioningError):
    """No identity could be used."""

    exit_code = 3


class NoCredentialError(SignInError):
    """There is nothing to sign in with. The message lists the sources that were looked at."""


class RefusedError(SignInError):
    """A credential, or the token that it gave, was tried and refused. The message says by whom and with which code."""


class MissingPermissionError(ProvisioningError):
    """The identity may not do this. The hint names the least permission that allows it."""

    exit_code = 3


class UnsafeChangeError(ProvisioningError):
    """Our own guard said no. The hint has the words that accept the change."""

    exit_code = 4


class GraphError(ProvisioningError):
    """Microsoft Graph said no."""

    exit_code = 5

    def __init__(
        self, message: str, *, status: int, code: str = "", request_id: str = "", asked: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        """The HTTP status, such as 404; 0 when no answer came."""
        self.code = code
        """Graph's error code, such as ``Request_ResourceNotFound``."""
        self.request_id = request_id
        self.asked = asked
        self.retry_after: float | None = None
        """Seconds that Graph asked to wait; ``None`` when it did not say."""


class NotFoundError(GraphError):
    """The object is not there, or not yet."""


class ConflictError(GraphError):
    """Something like it exists already, or was changed at the same moment."""


class ThrottledError(GraphError):
    """Graph asks to slow down, and waiting longer is not within the time allowed."""


class UnavailableError(GraphError):
    """Graph could not be reached, or failed on its side."""


class CredentialsRejectedError(ProvisioningError):
    """The app did not accept the address or the token that Entra would use."""

    exit_code = 5


class QuarantinedError(ProvisioningError):
    """The synchronization job is in quarantine."""

    exit_code = 6

    def __init__(self, message: str, *, reason: str, since: datetime | None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        """Graph's reason, such as ``EncounteredQuarantineException``."""
        self.since = since
        """When this series of quarantines began, in UTC."""


class StillWaitingError(ProvisioningError):
    """Time ran out."""

    exit_code = 7

    def __init__(self, awaited: str, *, within: timedelta, last_seen: str, hint: str = "") -> None:
        seconds = counted(round(within.total_seconds()), "second")
        super().__init__(f"After {seconds} there is still no {awaited}; last seen: {last_seen}.", hint=hint)
        self.awaited = awaited
        self.within = within
        self.last_seen = last_seen


_PATTERN_WIDTH = 60
"""How much of a regular expression is shown, in characters."""

_PICTURE_WIDTH = 100
"""How much of a long line is shown, in characters."""


def _with_caret(problem: str, text: str, position: int | None) -> str:
    """Show *text* under the problem, with a caret under the character at *position*."""
    if position is None:
        return f"{problem}\n    {text}" if text else problem
    start = text.rfind("\n", 0, position) + 1
    line = text[start:].partition("\n")[0].replace("\t", " ")
    before = max(position - start - _PICTURE_WIDTH // 2, 0)
    shown = line[before : before + _PICTURE_WIDTH]
    lead = "…" if before else ""
    tail = "…" if before + _PICTURE_WIDTH < len(line) else ""
    return f"{problem}\n    {lead}{shown}{tail}\n    {' ' * (len(lead) + position - start - before)}^"


def _shown(pattern: str) -> str:
    """Leave out what is too long of a pattern to be read."""
    return pattern if len(pattern) <= _PATTERN_WIDTH else f"{pattern[: _PATTERN_WIDTH - 1]}…"


def installing(extra: str) -> str:
    """Say how an extra of the package comes in: from a file, since an index asked by name may give somebody else's."""
    wheel = "elium_provisioning-<version>-py3-none-any.whl"
    return f'Install it from the release that you have: pip install "elium-provisioning[{extra}] @ file://$PWD/{wheel}"'
