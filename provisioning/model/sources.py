"""The attributes of people and groups that mappings and filters can read, a row each.

Mappings use the names of the old directory (``mobile``), Graph has its own (``mobilePhone``). The service shows which
ones a schema knows; what every tenant has, and what is true of each, stands here, so that it can be said before there
is a schema (Learn: customize-application-attributes; graph: user, group; provisioning-service 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STRING, BOOLEAN, DATE_TIME, REFERENCE = "String", "Boolean", "DateTime", "Reference"

ON_PREMISES = "onPremisesExtensionAttributes"
"""Graph's property that holds ``extensionAttribute1`` to ``15``."""

_EXTENSION = re.compile(r"extension_[0-9a-f]{32}_\w+", re.ASCII)
"""What a tenant adds: a directory extension, named after the application that owns it, by its id without hyphens
(graph: extensionproperty). Applications and directory synchronization make them. Graph tells names apart by case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAttribute:
    """One attribute that an expression or filter can name."""

    name: str
    """As mappings write it, such as ``mobile``. Its case counts (azure-docs#58604)."""
    property: str = ""
    """Graph's property, such as ``mobilePhone``; empty when none holds its value: it is computed, or a reference."""
    type: str | None = STRING
    """``String``, ``Boolean``, ``DateTime`` or ``Reference``, as the service's schema says; ``None`` when only the
    tenant knows."""
    has_several: bool = False
    """Whether it has several values; unknown, and so false, when only the tenant knows."""
    everybody_has_one: bool = False
    """Whether nobody is without a value."""
    is_computed: bool = False
    """Whether the service computes it from scope and assignments."""
    called: str = ""
    """What the service's own list calls it, where :attr:`name` is Graph's name for the same; empty elsewhere."""


def source_attribute(name: str) -> SourceAttribute | None:
    """Find an attribute of people, those that a tenant adds included; ``None`` when Entra has none of that name."""
    return SOURCE_ATTRIBUTES.get(name) or _extension(name)


def group_source_attribute(name: str) -> SourceAttribute | None:
    """Find an attribute of groups, those that a tenant adds included; ``None`` when Entra has none of that name."""
    return GROUP_SOURCE_ATTRIBUTES.get(name) or _extension(name)


def is_extension(name: str) -> bool:
    """Tell whether a name is that of a directory extension."""
    return _EXTENSION.fullmatch(name) is not None


def _extension(name: str) -> SourceAttribute | None:
    return SourceAttribute(name=name, property=name, type=None) if is_extension(name) else None


def _row(name: str, graph: str | None = None, **traits: Any) -> SourceAttribute:  # noqa: ANN401 - the fields
    """Write a row; *graph* is the property where it is called otherwise, empty where there is none."""
    return SourceAttribute(name=name, property=name if graph is None else graph, **traits)


def _by_name(rows: Iterable[SourceAttribute]) -> Mapping[str, SourceAttribute]:
    return {row.name: row for row in rows}


SOURCE_ATTRIBUTES: Mapping[str, SourceAttribute] = _by_name(
    (
        # Who it is
        _row("objectId", "id", everybody_has_one=True),
        _row("userPrincipalName", everybody_has_one=True),
        _row("originalUserPrincipalName", "userPrincipalName", everybody_has_one=True),
        _row("displayName", everybody_has_one=True),
        _row("givenName"),
        _row("surname"),
        _row("userType"),
        _row("externalUserState"),
        _row("creationType"),
        _row("createdDateTime", type=DATE_TIME),
        _row("securityIdentifier"),
        # Whether the account can be used
        _row("accountEnabled", type=BOOLEAN, everybody_has_one=True),
        _row("IsSoftDeleted", "", type=BOOLEAN, everybody_has_one=True, is_computed=True),
        _row("appRoleAssignments", "", has_several=True, is_computed=True),
        _row("passwordPolicies"),
        _row("showInAddressList", type=BOOLEAN),
        # How to reach them
        _row("mail"),
        _row("mailNickname", everybody_has_one=True),
        _row("otherMails", has_several=True),
        _row("proxyAddresses", has_several=True),
        _row("imAddresses", has_several=True),
        _row("telephoneNumber", "businessPhones"),
        _row("businessPhones", has_several=True, called="telephoneNumber"),
        _row("mobile", "mobilePhone"),
        _row("mobilePhone", called="mobile"),
        _row("facsimileTelephoneNumber", "faxNumber"),
        _row("faxNumber", called="facsimileTelephoneNumber"),
        # Work
        _row("jobTitle"),
        _row("department"),
        _row("companyName"),
        _row("employeeId"),
        _row("employeeType"),
        _row("employeeHireDate", type=DATE_TIME),
        _row("manager", "", type=REFERENCE),
        # Places and languages
        _row("physicalDeliveryOfficeName", "officeLocation"),
        _row("officeLocation", called="physicalDeliveryOfficeName"),
        _row("streetAddress"),
        _row("city"),
        _row("state"),
        _row("postalCode"),
        _row("country"),
        _row("usageLocation"),
        _row("preferredLanguage"),
        _row("preferredDataLocation"),
        # Age
        _row("ageGroup"),
        _row("consentProvidedForMinor"),
        _row("legalAgeGroupClassification"),
        # Active Directory
        _row("dirSyncEnabled", "onPremisesSyncEnabled", type=BOOLEAN),
        _row("onPremisesSyncEnabled", type=BOOLEAN, called="dirSyncEnabled"),
        _row("immutableId", "onPremisesImmutableId"),
        _row("onPremisesImmutableId"),
        _row("onPremisesDistinguishedName"),
        _row("onPremisesDomainName"),
        _row("onPremisesSamAccountName"),
        _row("onPremisesSecurityIdentifier"),
        _row("onPremisesUserPrincipalName"),
        *(_row(f"extensionAttribute{number}", ON_PREMISES) for number in range(1, 16)),
    )
)
"""By name; what a tenant adds is known by its form: see :func:`source_attribute`."""

GROUP_SOURCE_ATTRIBUTES: Mapping[str, SourceAttribute] = _by_name(
    (
        _row("objectId", "id", everybody_has_one=True),
        _row("displayName", everybody_has_one=True),
        _row("description"),
        _row("mail"),
        _row("mailNickname", everybody_has_one=True),
        _row("mailEnabled", type=BOOLEAN, everybody_has_one=True),
        _row("securityEnabled", type=BOOLEAN, everybody_has_one=True),
        _row("groupTypes", has_several=True),
        _row("proxyAddresses", has_several=True),
        _row("dirSyncEnabled", "onPremisesSyncEnabled", type=BOOLEAN),
        _row("onPremisesSamAccountName"),
        _row("onPremisesSecurityIdentifier"),
        _row("members", "", type=REFERENCE, has_several=True),
    )
)
"""By name; ``members`` are references, so no property holds them."""
