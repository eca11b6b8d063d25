"""The licences of the tenant (graph: subscribedsku-list): one premium plan, without which nothing here would exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.store import Kind
from emulator.graph import collections
from emulator.graph.access import needs
from emulator.graph.declared import SKU
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import JsonObject
    from emulator.graph.exchange import Answer, Call

_PREMIUM = "078d2b04-f1bd-4111-bbd4-b4b1b354cef4"
"""Microsoft Entra ID P1 (Learn: licensing-service-plan-reference)."""
_PLAN = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"


def list_licences(call: Call) -> Answer:
    """List what the tenant subscribed to."""
    return collections.plain_objects(call, [_premium(call)], SKU, "subscribedSkus")


def _premium(call: Call) -> JsonObject:
    people = sum(1 for _ in call.directory.all(Kind.USER))
    return {
        "id": f"{call.tenant.id}_{_PREMIUM}",
        "accountId": call.tenant.id,
        "accountName": call.tenant.display_name,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": people,
        "skuId": _PREMIUM,
        "skuPartNumber": "AAD_PREMIUM",
        "subscriptionIds": [],
        "prepaidUnits": {"enabled": people, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [
            {
                "servicePlanId": _PLAN,
                "servicePlanName": "AAD_PREMIUM",
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
        ],
    }


ROUTES = (
    Route(
        "GET",
        "/subscribedSkus",
        list_licences,
        needs("Organization.Read.All", "Directory.Read.All"),
        "list licences: one premium plan for everybody",
    ),
)
