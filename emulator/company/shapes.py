"""What an object of the directory has: every property, its value when nobody set it, and what is shown unasked.

The lists follow the resource pages of v1.0 (graph: user, group, application, serviceprincipal). An object that is
stored knows only what was set; :mod:`emulator.graph.showing` fills in the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.company.store import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of object as Graph describes it."""

    kind: Kind
    type: str
    """Without the namespace, such as ``user``."""
    collection: str
    """Where such objects live, such as ``users``."""
    defaults: Mapping[str, Any]
    unasked: tuple[str, ...] | None = None
    """What v1.0 shows without ``$select``; ``None`` shows everything."""
    beta: Mapping[str, Any] | None = None
    """What only the beta version has."""

    @property
    def title(self) -> str:
        """What error texts call it, such as ``User``."""
        return f"{self.type[0].upper()}{self.type[1:]}"

    def properties(self, version: str) -> Mapping[str, Any]:
        """List the properties of a version with their defaults."""
        return {**self.defaults, **self.beta} if self.beta and version == "beta" else self.defaults


def _nothing(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names)


def _empty(*names: str) -> dict[str, Any]:
    return {name: [] for name in names}


USER = Shape(
    Kind.USER,
    "user",
    "users",
    defaults={
        "id": None,
        **_empty("businessPhones"),
        **_nothing("displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation"),
        **_nothing("preferredLanguage", "surname", "userPrincipalName", "deletedDateTime"),
        "accountEnabled": True,
        **_nothing("ageGroup", "city", "companyName", "consentProvidedForMinor", "country", "createdDateTime"),
        **_nothing("creationType", "department", "employeeHireDate", "employeeId", "employeeOrgData"),
        **_nothing("employeeType", "externalUserState", "externalUserStateChangeDateTime", "faxNumber"),
        **_nothing("lastPasswordChangeDateTime", "legalAgeGroupClassification", "mailNickname"),
        **_empty("imAddresses", "otherMails", "proxyAddresses", "identities", "assignedLicenses", "assignedPlans"),
        **_nothing("onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesImmutableId"),
        "onPremisesExtensionAttributes": {f"extensionAttribute{number}": None for number in range(1, 16)},
        **_nothing("onPremisesLastSyncDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier"),
        **_nothing("onPremisesSyncEnabled", "onPremisesUserPrincipalName", "passwordPolicies", "passwordProfile"),
        **_nothing("postalCode", "preferredDataLocation", "securityIdentifier", "state", "streetAddress"),
        **_nothing("showInAddressList", "usageLocation", "aboutMe", "birthday", "hireDate", "mySite", "preferredName"),
        **_empty("interests", "pastProjects", "responsibilities", "schools", "skills", "licenseAssignmentStates"),
        **_empty("onPremisesProvisioningErrors", "provisionedPlans", "serviceProvisioningErrors"),
        **_nothing("authorizationInfo", "customSecurityAttributes", "deviceEnrollmentLimit", "employeeLeaveDateTime"),
        **_nothing("isManagementRestricted", "isResourceAccount", "mailboxSettings", "print", "signInActivity"),
        **_nothing("signInSessionsValidFromDateTime"),
        "userType": "Member",
    },
    unasked=(
        *("businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation"),
        *("preferredLanguage", "surname", "userPrincipalName", "id"),
    ),
)

GROUP = Shape(
    Kind.GROUP,
    "group",
    "groups",
    defaults={
        "id": None,
        **_nothing("deletedDateTime", "classification", "createdDateTime", "description", "displayName"),
        **_nothing("expirationDateTime", "isAssignableToRole", "mail", "mailNickname"),
        **_empty("creationOptions", "groupTypes", "proxyAddresses", "resourceBehaviorOptions"),
        **_empty("resourceProvisioningOptions", "onPremisesProvisioningErrors", "serviceProvisioningErrors"),
        "mailEnabled": False,
        "securityEnabled": True,
        **_nothing("membershipRule", "membershipRuleProcessingState", "onPremisesDomainName"),
        **_nothing("onPremisesLastSyncDateTime", "onPremisesNetBiosName", "onPremisesSamAccountName"),
        **_nothing("onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "preferredDataLocation"),
        **_nothing("preferredLanguage", "renewedDateTime", "securityIdentifier", "theme", "uniqueName", "visibility"),
    },
    beta={
        **_nothing("allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists"),
        **_nothing("hideFromOutlookClients", "accessType", "createdByAppId"),
        "writebackConfiguration": {"isEnabled": None, "onPremisesGroupType": None},
        **_nothing("hasMembersWithLicenseErrors", "isArchived", "isManagementRestricted", "isSubscribedByMail"),
        **_nothing("licenseProcessingState", "organizationId", "unseenCount"),
        **_empty("assignedLabels", "assignedLicenses", "infoCatalogs"),
    },
)

APPLICATION = Shape(
    Kind.APPLICATION,
    "application",
    "applications",
    defaults={
        "id": None,
        **_nothing("deletedDateTime", "appId", "applicationTemplateId", "disabledByMicrosoftStatus"),
        **_nothing("createdDateTime", "displayName", "description", "groupMembershipClaims"),
        **_empty("identifierUris", "tags", "addIns", "appRoles", "keyCredentials", "passwordCredentials"),
        **_empty("requiredResourceAccess"),
        "isDeviceOnlyAuthSupported": None,
        "isFallbackPublicClient": None,
        **_nothing("nativeAuthenticationApisEnabled", "notes", "optionalClaims", "publisherDomain"),
        **_nothing("samlMetadataUrl", "serviceManagementReference", "servicePrincipalLockConfiguration"),
        **_nothing("createdByAppId", "isDisabled", "uniqueName"),
        "signInAudience": "AzureADMyOrg",
        **_nothing("tokenEncryptionKeyId", "defaultRedirectUri", "certification", "requestSignatureVerification"),
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "requestedAccessTokenVersion": None,
            "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [],
        },
        "info": {
            "logoUrl": None,
            "marketingUrl": None,
            "privacyStatementUrl": None,
            "supportUrl": None,
            "termsOfServiceUrl": None,
        },
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "publicClient": {"redirectUris": []},
        "spa": {"redirectUris": []},
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
        "web": {
            "homePageUrl": None,
            "logoutUrl": None,
            "redirectUris": [],
            "redirectUriSettings": [],
            "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
        },
    },
    beta={"oauth2RequirePostResponse": False, **_nothing("authenticationBehaviors", "onPremisesPublishing", "windows")},
)

SERVICE_PRINCIPAL = Shape(
    Kind.SERVICE_PRINCIPAL,
    "servicePrincipal",
    "servicePrincipals",
    defaults={
        "id": None,
        "deletedDateTime": None,
        "accountEnabled": True,
        **_empty("alternativeNames", "addIns", "appRoles", "keyCredentials", "notificationEmailAddresses"),
        **_empty("oauth2PermissionScopes", "passwordCredentials", "replyUrls"),
        **_empty("resourceSpecificApplicationPermissions", "servicePrincipalNames", "tags"),
        **_nothing("appDisplayName", "appDescription", "appId", "applicationTemplateId", "appOwnerOrganizationId"),
        "appRoleAssignmentRequired": False,
        **_nothing("createdDateTime", "description", "disabledByMicrosoftStatus", "displayName", "homepage"),
        **_nothing("loginUrl", "logoutUrl", "notes", "preferredSingleSignOnMode"),
        **_nothing("preferredTokenSigningKeyThumbprint", "samlSingleSignOnSettings", "createdByAppId"),
        **_nothing("customSecurityAttributes", "isDisabled"),
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tokenEncryptionKeyId": None,
        "info": dict(APPLICATION.defaults["info"]),
        "verifiedPublisher": dict(APPLICATION.defaults["verifiedPublisher"]),
    },
    beta={
        **_nothing("errorUrl", "isAuthorizationServiceEnabled", "preferredTokenSigningKeyEndDateTime"),
        **_nothing("publisherName", "samlMetadataUrl"),
        **_empty("publishedPermissionScopes"),
    },
)

SHAPES: Mapping[Kind, Shape] = {
    Kind.USER: USER,
    Kind.GROUP: GROUP,
    Kind.APPLICATION: APPLICATION,
    Kind.SERVICE_PRINCIPAL: SERVICE_PRINCIPAL,
}
