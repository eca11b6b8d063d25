"""The components' arguments, for a type checker; a table by the names of a stack's file does as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from provisioning.resources import JobSettingsArgs


@dataclass(kw_only=True)
class AppArgs(JobSettingsArgs):
    """What both components are told of an app."""

    tenant_url: pulumi.Input[str]
    """Where the app answers SCIM, as its tutorial says."""
    secret_token: pulumi.Input[str]
    """The app's token, or where it lies: ``env:NAME``, ``file:/path``; ``kept``: the one that Entra has."""
    notification_email: pulumi.Input[str] | None = None
    notify_on_failure: pulumi.Input[bool] | None = None
    groups: Sequence[str | pulumi.Resource] | None = None
    """Display names, object ids, or resources that make a group, such as ``azuread.Group``."""
    users: Sequence[str | pulumi.Resource] | None = None
    """User principal names, mail addresses, object ids, display names, or resources that make a user."""
    role: pulumi.Input[str] | None = None
    """The app role that they are assigned: its display name, value or id; ``User`` if not said."""
    display_name: pulumi.Input[str] | None = None
    """Name of the enterprise application; that of the app in the gallery if not said."""


@dataclass(kw_only=True)
class GalleryAppProvisioningArgs(AppArgs):
    """What is declared of an app of the gallery."""

    gallery_app: str
    """The name of the app in the gallery."""


@dataclass(kw_only=True)
class EliumProvisioningArgs(AppArgs):
    """What is declared of Elium."""

    gallery_app: str | None = None
    """The name of the app in the gallery, where it is not ``Elium``."""
