"""What is sent of a group. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.azuread.values import Values


def creation_body(inputs: Values, chance: str) -> Values:
    """Write a new group; *chance* is for the mail nickname that nobody chose."""
    body = {
        "description": inputs.get("description") or None,
        "displayName": inputs["displayName"],
        "groupTypes": inputs.get("types", []),
        "isAssignableToRole": inputs.get("assignableToRole", False),
        "mailEnabled": inputs.get("mailEnabled", False),
        # As the portal does it for security groups: eight random digits, a dash, and one more.
        "mailNickname": inputs.get("mailNickname") or f"{chance[:8]}-{chance[8]}",
        "membershipRule": None,
        "resourceBehaviorOptions": inputs.get("behaviors", []),
        "resourceProvisioningOptions": inputs.get("provisioningOptions", []),
        "securityEnabled": inputs.get("securityEnabled", False),
    }
    said = {name: inputs[name] for name in ("theme", "visibility") if inputs.get(name)}
    written_back = _written_back(inputs) if inputs.get("writebackEnabled") else {}
    return typed(body | said | written_back | _membership_rule(inputs))


def update_body(before: Values, after: Values) -> Values:
    """Write what a group shall be; some properties only when they changed."""
    body = {
        "description": after.get("description") or None,
        "displayName": after["displayName"],
        "mailEnabled": after.get("mailEnabled", False),
        "membershipRule": None,
        "securityEnabled": after.get("securityEnabled", False),
    }
    if after.get("theme"):
        body["theme"] = after["theme"]
    if after.get("visibility", before.get("visibility")) != before.get("visibility"):
        body["visibility"] = after["visibility"]
    if any(
        after.get(name) != before.get(name) for name in ("writebackEnabled", "onpremisesGroupType") if name in after
    ):
        body |= _written_back(after)
    return typed(body | _membership_rule(after))


def _membership_rule(inputs: Values) -> Values:
    dynamic = inputs.get("dynamicMembership")
    if not dynamic:
        return {}
    state = "On" if dynamic.get("enabled") else "Paused"
    return {"membershipRule": dynamic.get("rule"), "membershipRuleProcessingState": state}


def _written_back(inputs: Values) -> Values:
    configuration: Values = {"isEnabled": inputs.get("writebackEnabled", False)}
    if inputs.get("onpremisesGroupType"):
        configuration["onPremisesGroupType"] = inputs["onpremisesGroupType"]
    return {"writebackConfiguration": configuration}


def typed(body: Values) -> Values:
    """Say that the body is a group's."""
    return {"@odata.type": "#microsoft.graph.group"} | body
