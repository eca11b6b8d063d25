"""What Graph declares of the things that are not directory objects: a tree of names for each type.

A name that is not in the tree is refused wherever a client asks for it, with the sentence of Microsoft's OData library;
a misspelt filter of a monitoring script must not look like "no failures". The trees follow the resource pages of v1.0
(graph: provisioningobjectsummary, directoryaudit, approleassignment, applicationtemplate, synchronizationjob …).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

Tree: TypeAlias = "Mapping[str, Tree] | None"
"""Names and what is below each: nothing for a plain value; ``ANYTHING`` for what has names of its own."""

ANYTHING: Tree = {"*": None}


def _names(*names: str) -> dict[str, Tree]:
    return dict.fromkeys(names)


@dataclass(frozen=True, slots=True)
class Declared:
    """One type."""

    type: str
    """Without the namespace, such as ``directoryAudit``."""
    tree: Mapping[str, Tree]
    filterable: frozenset[str] | None = None
    """The properties that a filter may ask for; ``None`` allows all."""

    @property
    def title(self) -> str:
        """What error texts call it, such as ``DirectoryAudit``."""
        return f"{self.type[0].upper()}{self.type[1:]}"

    def check_filter(self, path: str) -> None:
        """Refuse to filter by what does not exist, or what is not filtered by. :raises Refusal: 400 then."""
        self._check(path, "Invalid filter clause: ")
        first = path.partition("/")[0]
        if self.filterable is not None and first not in self.filterable:
            message = f"Unsupported or invalid query filter clause specified for property '{first}' of resource"
            raise Refusal(400, "Request_UnsupportedQuery", f"{message} '{self.title}'.")

    def check_order(self, path: str) -> None:
        """Refuse to order by what does not exist. :raises Refusal: 400 then."""
        self._check(path, "Invalid orderby clause: ")

    def check_select(self, path: str) -> None:
        """Refuse to select what does not exist. :raises Refusal: 400 then."""
        self._check(path, "Parsing OData Select and Expand failed: ")

    def check_search(self, path: str) -> None:
        """Refuse to search in what does not exist. :raises Refusal: 400 then."""
        self._check(path, "Invalid search clause: ")

    def check_written(self, body: Mapping[str, object]) -> None:
        """Refuse to write what does not exist; what clients annotate is let through. :raises Refusal: 400 then."""
        for name in body:
            if "@" not in name:
                self._check(name, "")

    def _check(self, path: str, why: str) -> None:
        below: Tree = self.tree
        for name in path.split("/"):
            if below is None or below == ANYTHING or name == "$count":
                return
            known = {each.casefold(): each for each in below}
            if name.casefold() not in known:
                raise no_such_property(name, self.type, why)
            below = below[known[name.casefold()]]


def no_such_property(name: str, of: str, why: str = "") -> Refusal:
    """Say that a type has no such property, as OData does."""
    return Refusal(400, "BadRequest", f"{why}Could not find a property named '{name}' on type 'microsoft.graph.{of}'.")


_NAMED = _names("id", "displayName")
_MODIFIED = _names("displayName", "oldValue", "newValue")
_ERROR = _names("additionalDetails", "errorCategory", "errorCode", "reason", "recommendedAction")

PROVISIONING = Declared(
    "provisioningObjectSummary",
    {
        **_names("id", "activityDateTime", "changeId", "cycleId", "durationInMilliseconds", "jobId", "tenantId"),
        "provisioningAction": None,
        "initiatedBy": _names("id", "displayName", "initiatorType"),
        "servicePrincipal": _NAMED,
        "sourceSystem": {**_NAMED, "details": ANYTHING},
        "targetSystem": {**_NAMED, "details": ANYTHING},
        "sourceIdentity": {**_names("id", "displayName", "identityType"), "details": ANYTHING},
        "targetIdentity": {**_names("id", "displayName", "identityType"), "details": ANYTHING},
        "provisioningStatusInfo": {"status": None, "errorInformation": _ERROR},
        "provisioningSteps": {
            **_names("name", "provisioningStepType", "status", "description"),
            "details": ANYTHING,
        },
        "modifiedProperties": _MODIFIED,
    },
)

AUDIT = Declared(
    "directoryAudit",
    {
        **_names("id", "activityDateTime", "activityDisplayName", "category", "correlationId", "loggedByService"),
        **_names("operationType", "result", "resultReason"),
        "additionalDetails": _names("key", "value"),
        "initiatedBy": {
            "app": _names("appId", "displayName", "servicePrincipalId", "servicePrincipalName"),
            "user": _names("id", "displayName", "ipAddress", "userPrincipalName"),
        },
        "targetResources": {
            **_names("id", "displayName", "type", "groupType", "userPrincipalName"),
            "modifiedProperties": _MODIFIED,
        },
    },
)

ASSIGNMENT = Declared(
    "appRoleAssignment",
    {
        **_names("id", "appRoleId", "createdDateTime", "deletedDateTime", "principalDisplayName", "principalId"),
        **_names("principalType", "resourceDisplayName", "resourceId"),
    },
)

GALLERY = Declared(
    "applicationTemplate",
    _names(
        *("id", "displayName", "homePageUrl", "supportedSingleSignOnModes", "supportedProvisioningTypes", "logoUrl"),
        *("categories", "publisher", "description"),
    ),
    filterable=frozenset({"displayName", "categories"}),
)
"""Filtered by name and category only (graph: applicationtemplate-list)."""

JOB = Declared(
    "synchronizationJob",
    {
        **_names("id", "templateId"),
        "schedule": _names("expiration", "interval", "state"),
        "status": ANYTHING,
        "synchronizationJobSettings": _names("name", "value"),
        "schema": ANYTHING,
    },
)
TEMPLATE = Declared(
    "synchronizationTemplate",
    {
        **_names("id", "applicationId", "default", "description", "discoverable", "factoryTag"),
        "metadata": _names("key", "value"),
        "schema": ANYTHING,
    },
)
DIRECTORY = Declared(
    "directoryDefinition",
    {
        **_names("id", "discoverabilities", "discoveryDateTime", "name", "readOnly", "version"),
        "objects": ANYTHING,
    },
)
OPERATOR = Declared(
    "filterOperatorSchema", _names("id", "name", "arity", "multivaluedComparisonType", "supportedAttributeTypes")
)
FUNCTION = Declared("attributeMappingFunctionSchema", {**_names("id", "name"), "parameters": ANYTHING})
FEDERATED = Declared(
    "federatedIdentityCredential", _names("id", "name", "issuer", "subject", "description", "audiences")
)
EXTENSION = Declared(
    "extensionProperty",
    {
        **_names("id", "deletedDateTime", "appDisplayName", "dataType", "isMultiValued", "isSyncedFromOnPremises"),
        **_names("name", "targetObjects"),
    },
)
DOMAIN = Declared(
    "domain",
    _names(
        *("id", "authenticationType", "availabilityStatus", "isAdminManaged", "isDefault", "isInitial", "isRoot"),
        *("isVerified", "supportedServices", "passwordValidityPeriodInDays", "passwordNotificationWindowInDays"),
        "state",
    ),
)
SKU = Declared(
    "subscribedSku",
    {
        **_names("id", "accountId", "accountName", "appliesTo", "capabilityStatus", "consumedUnits", "skuId"),
        **_names("skuPartNumber", "subscriptionIds"),
        "prepaidUnits": _names("enabled", "suspended", "warning", "lockedOut"),
        "servicePlans": _names("servicePlanId", "servicePlanName", "provisioningStatus", "appliesTo"),
    },
    filterable=frozenset(),
)
"""It does not support ``$filter`` (graph: subscribedsku-list)."""
ORGANIZATION = Declared(
    "organization",
    {
        **_names("id", "deletedDateTime", "displayName", "tenantType", "countryLetterCode"),
        "verifiedDomains": _names("capabilities", "isDefault", "isInitial", "name", "type"),
    },
)
