"""Source attributes of people: the names that mappings use, Graph's properties, and the values as texts.

Everything is a text or a list of texts to the provisioning service, ``True`` and ``False`` too; an empty text and an
empty list are nothing (Learn: customize-application-attributes; graph: user).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from provisioning.language import Value

RENAMED: Mapping[str, str] = {
    "objectId": "id",
    "mobile": "mobilePhone",
    "telephoneNumber": "businessPhones",
    "facsimileTelephoneNumber": "faxNumber",
    "physicalDeliveryOfficeName": "officeLocation",
    "originalUserPrincipalName": "userPrincipalName",
    "dirSyncEnabled": "onPremisesSyncEnabled",
    "immutableId": "onPremisesImmutableId",
}
"""Old name to Graph's, where they differ."""

SAME = frozenset(
    {
        *("accountEnabled", "ageGroup", "businessPhones", "city", "companyName", "consentProvidedForMinor"),
        *("country", "createdDateTime", "creationType", "department", "displayName", "employeeHireDate"),
        *("employeeId", "employeeType", "externalUserState", "faxNumber", "givenName", "imAddresses"),
        *("jobTitle", "legalAgeGroupClassification", "mail", "mailNickname", "mobilePhone", "officeLocation"),
        *("onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesImmutableId"),
        *("onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled"),
        *("onPremisesUserPrincipalName", "otherMails", "passwordPolicies", "postalCode"),
        *("preferredDataLocation", "preferredLanguage", "proxyAddresses", "securityIdentifier"),
        *("showInAddressList", "state", "streetAddress", "surname", "usageLocation", "userPrincipalName"),
        *("userType"),
    }
)
"""Those that Graph gives under the same name (graph: user)."""

COMPUTED = frozenset({"IsSoftDeleted", "appRoleAssignments"})
"""Those that the service computes from scope and assignments."""

ON_PREMISES = "onPremisesExtensionAttributes"

_ON_PREMISES = re.compile(r"extensionAttribute(?:[1-9]|1[0-5])")
_DIRECTORY_EXTENSION = re.compile(r"extension_[0-9A-Fa-f]{32}_\w+")
_EXTERNAL = "#EXT#"
"""What marks the user principal name of a guest."""


def properties_for(attributes: Iterable[str]) -> set[str]:
    """List the properties of Graph's user that hold the *attributes*."""
    named = {_property_for(name) for name in attributes}
    return {name for name in named if name}


def unreadable_among(attributes: Iterable[str]) -> Iterator[str]:
    """List the *attributes* that no property of Graph's user holds, such as ``manager``, which is a reference."""
    return (name for name in attributes if name not in COMPUTED and not _property_for(name))


def value_of(node: Mapping[str, Any], name: str) -> Value:
    """Read an attribute from a user as Graph shows it."""
    if name in _SPECIAL:
        return _SPECIAL[name](node)
    if _ON_PREMISES.fullmatch(name):
        return _text(_inside(node).get(name))
    return _text(node.get(_property_for(name)))


def _property_for(name: str) -> str:
    if name in RENAMED:
        return RENAMED[name]
    if _ON_PREMISES.fullmatch(name):
        return ON_PREMISES
    return name if name in SAME or _DIRECTORY_EXTENSION.fullmatch(name) else ""


def _text(value: object) -> Value:
    match value:
        case None:
            return None
        case str():
            return value or None
        case bool():
            return "True" if value else "False"
        case list():
            return [str(item) for item in value] or None
        case _:
            return str(value)


def _inside(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return node.get(ON_PREMISES) or {}


def _user_principal_name(node: Mapping[str, Any]) -> Value:
    """Give a guest's name as it flows: ``ada@fabrikam.com``, which Graph holds as ``ada_fabrikam.com#EXT#@…``.

    Learn: how-provisioning-works#b2b-guest-users.
    """
    whole = node.get("userPrincipalName")
    local, mark, _ = str(whole or "").partition(_EXTERNAL)
    return "@".join(local.rsplit("_", 1)) if mark else _text(whole)


def _first_phone(node: Mapping[str, Any]) -> Value:
    return _text(next(iter(node.get("businessPhones") or ()), None))


_SPECIAL: Mapping[str, Callable[[Mapping[str, Any]], Value]] = {
    "userPrincipalName": _user_principal_name,
    "telephoneNumber": _first_phone,
}
"""Those that are more than a property under another name."""
