"""What the value of a property can be: of which type, how long, out of which words.

Most types follow from the value that nobody set (:mod:`emulator.company.shapes`): a list, a truth, a group of
properties, else a text. The tables below are the exceptions, and what the pages say of lengths and words (graph: user,
group, application, serviceprincipal). What is stored can be relied on, wherever it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from emulator.company.clock import moment_in
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

TRUTHS = frozenset(
    {
        *("isDeviceOnlyAuthSupported", "isFallbackPublicClient", "isDisabled", "isManagementRestricted"),
        *("isResourceAccount", "onPremisesSyncEnabled", "showInAddressList", "isAssignableToRole"),
        *("allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients"),
        *("hasMembersWithLicenseErrors", "isArchived", "isSubscribedByMail", "isAuthorizationServiceEnabled"),
        *("isEnabled", "acceptMappedClaims", "enableAccessTokenIssuance", "enableIdTokenIssuance"),
    }
)
NUMBERS = frozenset({"deviceEnrollmentLimit", "unseenCount", "requestedAccessTokenVersion"})
GROUPS = frozenset(
    {
        *("employeeOrgData", "passwordProfile", "authorizationInfo", "customSecurityAttributes", "mailboxSettings"),
        *("print", "signInActivity", "optionalClaims", "certification", "requestSignatureVerification"),
        *("servicePrincipalLockConfiguration", "samlSingleSignOnSettings", "onPremisesPublishing", "windows"),
        *("authenticationBehaviors", "licenseProcessingState"),
    }
)
THINGS = frozenset(
    {
        *("addIns", "appRoles", "keyCredentials", "passwordCredentials", "requiredResourceAccess", "identities"),
        *("assignedLicenses", "assignedPlans", "licenseAssignmentStates", "onPremisesProvisioningErrors"),
        *("provisionedPlans", "serviceProvisioningErrors", "oauth2PermissionScopes", "assignedLabels", "infoCatalogs"),
        *("resourceSpecificApplicationPermissions", "publishedPermissionScopes", "preAuthorizedApplications"),
        "redirectUriSettings",
    }
)
"""Lists of objects; other lists hold texts."""
LONGEST_ROLE = 120
"""How many characters the ``value`` of an app role may have (graph: approle)."""
WITH_ID = frozenset({"appRoles", "oauth2PermissionScopes"})
"""Lists whose objects are told apart by their ``id``."""

LONGEST: Mapping[str, Mapping[str, int]] = {
    "User": {
        **dict.fromkeys(("givenName", "surname", "department", "companyName", "mobilePhone", "mailNickname"), 64),
        **dict.fromkeys(("jobTitle", "city", "country", "state"), 128),
        "displayName": 256,
        "employeeId": 16,
        "postalCode": 40,
        "streetAddress": 1024,
    },
    "Group": {"displayName": 256, "mailNickname": 64, "description": 1024},
    "Application": {"displayName": 256, "description": 1024},
}
"""How many characters a text may have."""
WORDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "User": {
        "userType": frozenset({"Member", "Guest"}),
        "ageGroup": frozenset({"Minor", "NotAdult", "Adult"}),
        "consentProvidedForMinor": frozenset({"Granted", "Denied", "NotRequired"}),
        "passwordPolicies": frozenset({"None", "DisableStrongPassword", "DisablePasswordExpiration"}),
    },
    "Group": {
        "groupTypes": frozenset({"Unified", "DynamicMembership"}),
        "visibility": frozenset({"Private", "Public", "HiddenMembership"}),
        "theme": frozenset({"Teal", "Purple", "Green", "Blue", "Pink", "Orange", "Red"}),
    },
    "Application": {
        "signInAudience": frozenset(
            {
                *("AzureADMyOrg", "AzureADMultipleOrgs"),
                *("AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"),
            }
        ),
        "groupMembershipClaims": frozenset({"None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"}),
    },
    "ServicePrincipal": {"preferredSingleSignOnMode": frozenset({"password", "saml", "notSupported", "oidc"})},
}
"""Closed lists; ``passwordPolicies`` and ``groupMembershipClaims`` have several in one text, with commas between."""
_PATTERNS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "User": {"usageLocation": re.compile(r"[A-Za-z]{2}")},
    "Group": {"mailNickname": re.compile(r"""[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+""")},
}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSIDE: Mapping[str, Mapping[str, Any]] = {"employeeOrgData": {"division": None, "costCenter": None}}
"""What a group of properties has that may be absent."""
_OF_BETA = {"web": frozenset({"oauth2AllowImplicitFlow", "oauth2AllowUrlPathMatching"})}
"""What some groups of properties have in beta besides."""
_TYPES = {
    "api": "apiApplication",
    "web": "webApplication",
    "spa": "spaApplication",
    "publicClient": "publicClientApplication",
    "info": "informationalUrl",
}
"""What Graph calls the type of a group of properties, where it is not called as the property is."""


def check_kept(required: Iterable[str], changes: Mapping[str, Any], of: str) -> None:
    """Refuse a change that empties what an object cannot be without. :raises Refusal: 400 naming the property."""
    for name in required:
        if name in changes and changes[name] in (None, ""):
            raise _invalid(name, of)


def check(name: str, value: Any, default: Any, of: str) -> None:  # noqa: ANN401 - any JSON values
    """Refuse a value that its property cannot have; null is one that each can.

    :raises Refusal: 400 naming the innermost property.
    """
    check_type(name, value, default, of)
    if isinstance(value, str):
        _check_text(name, value, of)
    if name in WITH_ID:
        _check_ids(name, value or (), of)
    if name == "appRoles":
        _check_roles(value or (), of)
    words = WORDS.get(of, {}).get(name)
    if words and not {each.casefold() for each in words}.issuperset(_words_in(value)):
        raise _invalid(name, of)


def check_type(name: str, value: Any, default: Any, of: str) -> None:  # noqa: ANN401 - any JSON values
    """Refuse a value that is not of its property's type. :raises Refusal: 400 naming the innermost property."""
    if value is None:
        return
    if isinstance(default, dict) or name in GROUPS:
        _check_group(name, value, default if isinstance(default, dict) else _INSIDE.get(name, {}), of)
    elif isinstance(default, list):
        _check_list(name, value, of)
    elif not _fits(name, default)(value):
        raise _invalid(name, of)


def _check_ids(name: str, value: Iterable[Mapping[str, Any]], of: str) -> None:
    """Refuse objects of a list that do not have an id each, of their own."""
    ids = [str(item["id"]).casefold() for item in value]
    if len(set(ids)) < len(ids) or not all(_GUID.fullmatch(one) for one in ids):
        raise _invalid(f"{name}/id", of)


def _check_roles(roles: Iterable[Mapping[str, Any]], of: str) -> None:
    """Refuse roles whose ``value`` is too long, has a blank, or is another one's as well (graph: approle)."""
    told = [role["value"] for role in roles if role.get("value") is not None]
    is_word = all(isinstance(one, str) and len(one) <= LONGEST_ROLE and not re.search(r"\s", one) for one in told)
    words = [one for one in told if one]
    if not is_word or len(set(words)) < len(words):
        raise _invalid("appRoles/value", of)


def _words_in(value: str | list[str] | None) -> list[str]:
    """List the words of a value in small letters; one that is emptied has none."""
    words = re.split(r",\s*", value) if isinstance(value, str) else value or []
    return [each.casefold() for each in words if each]


def _check_text(name: str, value: str, of: str) -> None:
    """Refuse a text that is too long, has letters that it may not have, or is not the moment that it should be."""
    pattern = _PATTERNS.get(of, {}).get(name)
    is_wrong = (
        len(value) > LONGEST.get(of, {}).get(name, len(value))
        or (pattern is not None and value and not pattern.fullmatch(value))
        or (is_moment(name) and moment_in(value) is None)
    )
    if is_wrong:
        raise _invalid(name, of)


def _check_group(name: str, value: Any, defaults: Mapping[str, Any], of: str) -> None:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict):
        raise _invalid(name, of)
    for inner, item in value.items():
        if inner in defaults:
            check_type(inner, item, defaults[inner], of)
        elif defaults and "@" not in inner and inner not in _OF_BETA.get(name, ()):
            message = f"Could not find a property named '{inner}' on type 'microsoft.graph.{_TYPES.get(name, name)}'."
            raise Refusal(400, "BadRequest", message)


def _check_list(name: str, value: Any, of: str) -> None:  # noqa: ANN401 - any JSON value
    kind = dict if name in THINGS else str
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise _invalid(name, of)
    if name in WITH_ID and not all(isinstance(item.get("id"), str) and item["id"] for item in value):
        raise _invalid(f"{name}/id", of)


def _fits(name: str, default: object) -> Callable[[object], bool]:
    if isinstance(default, bool) or name in TRUTHS:
        return lambda value: isinstance(value, bool)
    if name in NUMBERS:
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    return lambda value: isinstance(value, str)


def type_of(name: str, default: object) -> str:
    """Name the type of a property as OData does, such as ``Edm.Boolean``; empty for a group of properties."""
    if isinstance(default, dict) or name in GROUPS:
        return ""
    if isinstance(default, list):
        return "Collection"
    if isinstance(default, bool) or name in TRUTHS:
        return "Edm.Boolean"
    if name in NUMBERS:
        return "Edm.Int32"
    return "Edm.DateTimeOffset" if is_moment(name) else "Edm.String"


def is_moment(name: str) -> bool:
    """Tell whether a property holds a moment; Graph's names say so."""
    return name.endswith("DateTime") or name in {"employeeHireDate", "birthday", "hireDate"}


def _invalid(name: str, of: str) -> Refusal:
    return Refusal.bad_request(f"Invalid value specified for property '{name}' of resource '{of}'.")
