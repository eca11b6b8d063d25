"""Which attributes Entra does not take in a scoping filter, although it may hold such a filter.

Learn: define-conditional-rules-for-provisioning-user-accounts; known-issues#scoping-filters. Names that end in
``DateTime`` and those below are known; what else has several values or is a date, only the directory's definition
says.
"""

from __future__ import annotations

from collections.abc import Mapping

_SEVERAL = "it has several values"
_DATE = "it is a date"
_REFERENCE = "it refers to other objects"
_NEVER = "Entra does not filter by it"

REFUSED: Mapping[str, str] = {
    "isMemberOf": _REFERENCE,
    "manager": _REFERENCE,
    "memberOf": _REFERENCE,
    "members": _REFERENCE,
    "owners": _REFERENCE,
    "appRoleAssignments": _NEVER,
    "userType": _NEVER,
    "assignedLicenses": _SEVERAL,
    "assignedPlans": _SEVERAL,
    "businessPhones": _SEVERAL,
    "groupTypes": _SEVERAL,
    "identities": _SEVERAL,
    "imAddresses": _SEVERAL,
    "interests": _SEVERAL,
    "otherMails": _SEVERAL,
    "provisionedPlans": _SEVERAL,
    "proxyAddresses": _SEVERAL,
    "birthday": _DATE,
    "employeeHireDate": _DATE,
    "hireDate": _DATE,
}
"""The attributes that are known by name, and why."""

_BY_FOLDED_NAME = {name.casefold(): reason for name, reason in REFUSED.items()}


def refusal_of(attribute: str) -> str:
    """Answer why Entra refuses *attribute* as an operand; empty when it does not."""
    folded = attribute.casefold()
    return _BY_FOLDED_NAME.get(folded, _DATE if folded.endswith("datetime") else "")
