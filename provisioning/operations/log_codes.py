"""The codes of the provisioning log in plain words, and what helps.

Learn: known-issues, application-provisioning-config-problem-no-users-provisioned, provision-on-demand,
concept-provisioning-logs (its table of errors). The same code occurs as an error and as the reason of a skip.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PREFIX = "SystemForCrossDomainIdentityManagement"
"""What many codes begin with, which says no more than that SCIM is spoken."""


class Words(NamedTuple):
    """What a code means."""

    meaning: str
    remedy: str


_PASSING = Words(
    "it did not work this time, and is tried again, ever more seldom", "wait, or look at the target's health"
)
_AMBIGUOUS = "make the matching attribute unique, then restart"
_NOT_ALLOWED = Words(
    "the token is valid, but may not do this", "give Entra the token of an administrator of the target"
)
_NOT_UNDERSTOOD = Words("the target's answer was not understood", "ask the target's support, with the log entry")
_TAKEN = Words(
    "somebody at the target has this unique value already and was not matched",
    "match by that attribute, or rename the account there",
)
_EMPTY = Words("a value that the target needs is empty", "fill it in")
_REFUSED = Words("address or token was refused", "save a token that works: elium rotate-token")

CODES: Mapping[str, Words] = {
    "noteffectivelyentitled": Words(
        "not assigned, or only through a group inside a group; or the account is disabled; or the role is missing",
        "assign the person, or a group that they are a direct member of",
    ),
    "redundantexport": Words("the target is up to date already", ""),
    "entrysynchronizationskipped": Words("out of scope, or nothing was to be done", "see the filter"),
    "importskipped": Words(
        "there is no value for the matching attribute, so that the scope was not even looked at",
        "fill it in, or match by a second attribute",
    ),
    "conflict": _TAKEN,
    "entryconflict": _TAKEN,
    "duplicatetargetentries": Words("matching finds several accounts at the target", _AMBIGUOUS),
    "duplicatesourceentries": Words("several people share the matching value", _AMBIGUOUS),
    "invalidanchor": Words(
        "the account that was linked is not at the target any more", "restart, so that all are matched"
    ),
    "mandatoryfieldsmissing": _EMPTY,
    "missingvalues": _EMPTY,
    "schemaattributenotfound": Words("the target has no such attribute", "correct the mapping"),
    "schemapropertycanonlyacceptvalue": Words("several values for an attribute that holds one", "correct the mapping"),
    "invaliddomain": Words("the target does not allow this domain", "ask the target's administrator"),
    "licenselimitexceeded": Words("the target has no seat left", "ask the target's administrator"),
    "insufficientrights": _NOT_ALLOWED,
    "notpermitted": _NOT_ALLOWED,
    "methodnotallowed": _NOT_ALLOWED,
    "unauthorized": _NOT_ALLOWED,
    "unprocessableentity": _NOT_UNDERSTOOD,
    "notimplemented": _NOT_UNDERSTOOD,
    "serviceincompatible": _NOT_UNDERSTOOD,
    "multipleentriesinresponse": _NOT_UNDERSTOOD,
    "toomanyrequests": _PASSING,
    "internalservererror": _PASSING,
    "timeout": _PASSING,
    "webexceptionprotocolerror": _PASSING,
    "internalerror": _PASSING,
    "unabletoresolvereferenceattributevalue": Words(
        "somebody whom it refers to, such as the manager, is not at the target", "bring them into scope, then restart"
    ),
    "credentialvalidationfailure": _REFUSED,
    "invalidcredentials": _REFUSED,
}
"""By code, without its prefix, in small letters."""


def words_of(code: str) -> Words | None:
    """Say a code in plain words; ``None`` for one that is not known, which is shown as it is.

    >>> words_of("SystemForCrossDomainIdentityManagementInvalidCredentials").meaning
    'address or token was refused'
    """
    return CODES.get(_bare(code))


def is_of_credentials(code: str) -> bool:
    """Tell whether a code says that the target refused the token, or that it may not do this.

    >>> is_of_credentials("Unauthorized"), is_of_credentials("Conflict")
    (True, False)
    """
    return CODES.get(_bare(code)) in (_REFUSED, _NOT_ALLOWED)


def _bare(code: str) -> str:
    return code.removeprefix(PREFIX).lower()
