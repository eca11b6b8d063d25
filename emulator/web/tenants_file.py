"""``tenants.yaml`` of a fleet, and the variables that it names: what many tenants at once are onboarded from.

It is written as the manual of ``elium fleet`` says; every secret in it is the name of a variable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from emulator.company.fleet import Company, Platform, platforms_of, secret_variable, token_variable

NAME = "tenants.yaml"

_HEAD = "# Made by the emulator at every start, for the addresses of this run. Copy it before you change it.\n"


def tenants_file(companies: Sequence[Company], origins: Sequence[str]) -> str:
    """Write a row for each platform, by name; *origins* are where the companies answer, in their order.

    A row names its Entra tenant where there are several; a single one is the environment's. Without platforms there
    is no text.
    """
    if not platforms_of(companies):
        return ""
    rows = [
        _row(platform, companies[place], origins[place], is_spread=len(companies) > 1)
        for platform, place in platforms_of(companies)
    ]
    defaults = {"notificationEmail": f"it@{companies[0].seed.tenant.domain}"}
    return _HEAD + yaml.safe_dump(
        {"defaults": defaults, "tenants": rows}, sort_keys=False, default_flow_style=None, width=2**16
    )


def _row(platform: Platform, company: Company, origin: str, *, is_spread: bool) -> dict[str, Any]:
    return {
        "name": platform.name,
        "tenantUrl": f"{origin}/elium/{platform.name}",
        "secretToken": f"env:{token_variable(platform.name)}",
        "displayName": f"Elium ({platform.name})",
        "groups": [platform.group],
        "labels": dict(platform.labels),
        **({"entra": _entra(company, origin)} if is_spread else {}),
    }


def _entra(company: Company, origin: str) -> dict[str, str]:
    return {
        "tenantId": company.seed.tenant.id,
        "clientId": company.seed.clients[0].app_id,
        "clientSecret": f"env:{secret_variable(company.seed)}",
        "metadataHost": origin.removeprefix("https://"),
    }


def secrets_of(companies: Sequence[Company]) -> dict[str, str]:
    """List the variables that rows name, with what is in them."""
    made = {platform.name for platform, _ in platforms_of(companies)}
    tokens = {
        token_variable(elium.name): elium.token or ""
        for company in companies
        for elium in company.seed.elium
        if elium.name in made
    }
    if len(companies) == 1:
        return tokens
    return tokens | {secret_variable(company.seed): company.seed.clients[0].secret or "" for company in companies}
