"""What Graph, azuread and the portal call our settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from provisioning.model.mapping import ObjectKind

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
    "appRole": ("role",),
    "enabled": ("status",),
    "credential": ("secretToken",),
    # the portal's (Learn: elium-provisioning-tutorial, customize-application-attributes, accidental-deletions)
    "provisioningStatus": ("status",),
    "sourceAttributes": ("source",),
    "matchObjectsUsingThisAttribute": ("match",),
    "matchingPrecedence": ("match",),
    "precedence": ("match",),
    "priority": ("match",),
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

KINDS = frozenset(kind.value for kind in ObjectKind)
"""What settings by kind stand under: everything else that is written there belongs below one of them."""

_SURE = 0.75
"""How much of a kind's name must be right to be taken for a slip: ``usres``, not ``userName``."""


def advice(name: str, siblings: Sequence[str]) -> str:
    """Say what may have been meant by *name* where *siblings* may stand; empty when nothing comes near."""
    word = folded(name)
    if word in NAMES_OF_MAPPINGS and "source" in siblings:
        return "the target attribute is the name that the mapping stands under"
    if set(siblings) == KINDS and not get_close_matches(word, siblings, n=1, cutoff=_SURE):
        return f"write {' or '.join(siblings)}, and this below it"
    if meant := nearest(name, siblings):
        return f"did you mean {meant}"
    elsewhere = _BY_WORD.get(word.removesuffix("s"))
    return f"it is called {elsewhere[0]} here, and stands in another place" if elsewhere else ""


def nearest(name: str, siblings: Sequence[str]) -> str:
    """Give the one of *siblings* that *name* says in other letters or another's word, or resembles; or nothing."""
    word = folded(name)
    same = [each for each in siblings if folded(each) == word]
    return next(iter([*same, *_translated(word, siblings), *get_close_matches(name, siblings, n=1)]), "")


def _translated(word: str, siblings: Sequence[str]) -> Iterator[str]:
    return (each for each in _BY_WORD.get(word.removesuffix("s"), ()) if each in siblings)


def folded(name: str) -> str:
    """Leave out what distinguishes ``tenant_url``, ``Tenant URL`` and ``tenantUrl``."""
    return re.sub(r"[\W_]", "", name).lower()


_BY_WORD = {folded(word).removesuffix("s"): names for word, names in OTHER_WORDS.items()}
"""One or several: ``recipient`` is found as ``recipients`` is."""
