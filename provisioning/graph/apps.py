"""What the directory and the gallery find by a name: apps, groups, users."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.model.assignment import AppRole
from provisioning.model.identifiers import ServicePrincipalId


@dataclass(frozen=True, slots=True)
class AppFound:
    """A service principal that was made from a gallery template (graph: serviceprincipal)."""

    service_principal: ServicePrincipalId
    """The object id of the service principal."""
    app_id: str
    """The id of the application that it stands for; the same in every tenant."""
    name: str
    """Its display name, such as ``Elium (prod)``."""
    roles: tuple[AppRole, ...] = ()
    """The roles that it declares, where somebody asked."""
    gallery_template: str = ""
    """The id of the application template that it was made from, where somebody asked; empty for one that was registered
    by hand."""


@dataclass(frozen=True, slots=True)
class GalleryApp:
    """An app of the gallery (graph: applicationtemplate)."""

    template: str
    """The id of its application template."""
    provisioning_types: tuple[str, ...]
    """What its connector does, such as ``sync``; empty where it has none."""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """A service principal, as far as provisioning depends on it (graph: serviceprincipal)."""

    name: str
    """Its display name, such as ``Elium (prod)``."""
    gallery_template: str
    """The id of the application template that it was made from; empty for an app that was registered by hand."""
    roles: tuple[AppRole, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """What a tenant subscribed to (graph: subscribedsku)."""

    name: str
    """Such as ``AAD_PREMIUM_P2``."""
    is_usable: bool
    """Whether it is ``Enabled``, or in its days of grace, ``Warning``."""
    plans: frozenset[str]
    """Its service plans that are ready, such as ``AAD_PREMIUM`` (Learn: licensing-service-plan-reference)."""


@dataclass(frozen=True, slots=True)
class PrincipalFound:
    """A group or user."""

    id: str
    """The object id."""
    name: str
    """The display name."""
    principal_name: str = ""
    """The user principal name; empty for a group."""
