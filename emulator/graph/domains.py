"""The verified domains of a tenant: its own, and the one that it was born with (graph: domain)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.company.store import JsonObject, Tenant


def domains_of(tenant: Tenant) -> list[JsonObject]:
    """List a tenant's domains as Graph shows them."""
    return [_domain(tenant.domain, is_default=True), _domain(tenant.initial_domain, is_default=False)]


def _domain(name: str, *, is_default: bool) -> JsonObject:
    return {
        "id": name,
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isDefault": is_default,
        "isInitial": not is_default,
        "isRoot": True,
        "isVerified": True,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        "passwordValidityPeriodInDays": None,
        "passwordNotificationWindowInDays": None,
        "state": None,
    }
