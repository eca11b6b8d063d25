"""What Graph, azuread and the portal call our settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

_ADDRESS = ("tenantUrl", "baseAddress")
_ASSIGNED = ("groups", "users", "assignments", "principalId")
_EMAIL = ("notificationEmail", "notification", "email")

OTHER_WORDS: Mapping[str, Sequence[str]] = {
    # Graph's (graph: synchronization-overview, appRoleAssignment)
    "attributeMappings": ("mappings",),
    "objectMappings": ("mappings",),
    "synchronizationRules": ("mappings",),
    "expression": ("source",),
    "sourceAttribute": ("source",),
    "sourceAttributeName": ("source",),
    "matchingPriority": ("match",),
    "defaultValue": ("default",),
    "flowTypes": ("actions", "objects"),
    "scopingFilter": ("filters",),
    "filterGroups": ("filters",),
    "inputFilterGroups": ("filters",),
    "syncAll": ("scope",),
    "syncNotificationSettings": _EMAIL,
    "recipients": _EMAIL,
    "deleteThresholdEnabled": ("deleteThreshold",),
    "deleteThresholdValue": ("deleteThreshold",),
    "quarantineTooManyDeletesThreshold": ("deleteThreshold",),
    "synchronizationTemplateId": ("templateId",),
    "applicationTemplateId": ("galleryApp", "galleryTemplateId"),
    "isEnabled": ("status", "enabled"),
    "state": ("status",),
    # azuread's (azuread: application_from_template, app_role_assignment, synchronization_job, synchronization_secret)
    "principalObjectId": ("groups", "users", "principalId", "assignments"),
    "resourceObjectId": ("displayName", "servicePrincipalId"),
    "servicePrincipalObjectId": ("servicePrincipalId",),
    "appRoleId": ("role",),
    "enabled": ("status",),
    "credential": ("secretToken",),
    # the portal's (Learn: elium-provisioning-tutorial, customize-application-attributes, accidental-deletions)
    "provisioningStatus": ("status",),
    "sourceAttributes": ("source",),
    "matchObjectsUsingThisAttribute": ("match",),
    "matchingPrecedence": ("match",),
    "defaultValueIfNull": ("default",),
    "applyThisMapping": ("flowType",),
    "targetObjectActions": ("actions", "objects"),
    "attributeList": ("attributes",),
    "usersAndGroups": _ASSIGNED,
    "sendAnEmailNotificationWhenAFailureOccurs": ("notifyOnFailure", "enabled"),
    "preventAccidentalDeletion": ("deleteThreshold",),
    "accidentalDeletionThreshold": ("deleteThreshold",),
    "applicationName": ("displayName",),
    # what people say
    "baseAddress": _ADDRESS,
    "tenantUrl": _ADDRESS,
    "url": _ADDRESS,
    "endpoint": _ADDRESS,
    "scimUrl": _ADDRESS,
    "token": ("secretToken",),
    "bearerToken": ("secretToken",),
    "apiToken": ("secretToken",),
    "assignments": _ASSIGNED,
    "appRoleAssignments": _ASSIGNED,
    "principals": _ASSIGNED,
    "notification": _EMAIL,
    "email": _EMAIL,
    "notificationEmail": _EMAIL,
    "mapping": ("mappings",),
    "customAttributes": ("attributes",),
    "extensions": ("attributes",),
    "name": ("displayName",),
}
"""By another's word: ours, the first of which exists at the place where it was written is meant."""

NAMES_OF_MAPPINGS = frozenset({"targetattribute", "targetattributename", "target"})
"""Graph's and the portal's words for what a mapping of ours stands under."""


def advice(name: str, siblings: Sequence[str]) -> str:
    """Say what may have been meant by *name* where *siblings* may stand; empty when nothing comes near."""
    word = _folded(name)
    if word in NAMES_OF_MAPPINGS and "source" in siblings:
        return "the target attribute is the name that the mapping stands under"
    if meant := nearest(name, siblings):
        return f"did you mean {meant}"
    elsewhere = _BY_WORD.get(word)
    return f"it is called {elsewhere[0]} here, and stands in another place" if elsewhere else ""


def nearest(name: str, siblings: Sequence[str]) -> str:
    """Give the one of *siblings* that *name* says in other letters or another's word, or resembles; or nothing."""
    word = _folded(name)
    same = [each for each in siblings if _folded(each) == word]
    return next(iter([*same, *_translated(word, siblings), *get_close_matches(name, siblings, n=1)]), "")


def _translated(word: str, siblings: Sequence[str]) -> Iterator[str]:
    plural = _BY_WORD.get(word, _BY_WORD.get(word.removesuffix("s"), ()))
    return (each for each in plural if each in siblings)


def _folded(name: str) -> str:
    """Leave out what distinguishes ``tenant_url``, ``Tenant URL`` and ``tenantUrl``."""
    return re.sub(r"[\W_]", "", name).lower()


_BY_WORD = {_folded(word): names for word, names in OTHER_WORDS.items()}
