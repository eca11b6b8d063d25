"""What the directory and the gallery find by a name: apps, groups, users."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class GalleryApp:
    """An app of the gallery (graph: applicationtemplate)."""

    template: str
    """The id of its application template."""
    provisioning_types: tuple[str, ...]
    """What its connector does, such as ``sync``; empty where it has none."""


@dataclass(frozen=True, slots=True)
class PrincipalFound:
    """A group or user."""

    id: str
    """The object id."""
    name: str
    """The display name."""
    principal_name: str = ""
    """The user principal name; empty for a group."""
