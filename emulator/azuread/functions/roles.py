"""How app roles, permission scopes and tags are shown, of applications and of service principals alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.azuread.values import Values

TAGS = {
    "customSingleSignOn": "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
    "enterprise": "WindowsAzureActiveDirectoryIntegratedApp",
    "gallery": "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
    "hide": "HideApp",
}
"""The tags that have a meaning of their own (internal/helpers/applications)."""


def app_roles(roles: list[Values] | None) -> list[Values]:
    """Show app roles."""
    return [
        {
            "id": role.get("id") or "",
            "allowedMemberTypes": role.get("allowedMemberTypes") or [],
            "description": role.get("description") or "",
            "displayName": role.get("displayName") or "",
            "enabled": bool(role.get("isEnabled")),
            "value": role.get("value") or "",
        }
        for role in roles or []
    ]


def permission_scopes(scopes: list[Values] | None) -> list[Values]:
    """Show delegated permissions."""
    texts = (
        "adminConsentDescription",
        "adminConsentDisplayName",
        "id",
        "type",
        "userConsentDescription",
        "userConsentDisplayName",
        "value",
    )
    return [
        {name: scope.get(name) or "" for name in texts} | {"enabled": bool(scope.get("isEnabled"))}
        for scope in scopes or []
    ]


def ids_by_value(items: list[Values] | None) -> dict[str, str]:
    """Index ids by value; what has no value, such as the gallery's default roles, is left out."""
    return {item["value"]: item["id"] for item in items or [] if item.get("value") and item.get("id")}


def feature_tags(tags: list[str] | None) -> Values:
    """Show which of the meaningful tags are there."""
    present = {tag.lower() for tag in tags or []}
    return {name: tag.lower() in present for name, tag in TAGS.items()}


def legacy_features(tags: list[str] | None) -> Values:
    """Show the same in the words of earlier releases, which said *visible* for *not hidden*."""
    features = feature_tags(tags)
    return {
        "customSingleSignOnApp": features["customSingleSignOn"],
        "enterpriseApplication": features["enterprise"],
        "galleryApplication": features["gallery"],
        "visibleToUsers": not features["hide"],
    }
