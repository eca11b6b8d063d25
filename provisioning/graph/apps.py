"""An app as the directory knows it: what is found by its template and name."""

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
