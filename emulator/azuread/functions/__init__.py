"""The look-ups that the stand-in answers, by their token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.functions.applications import get_application
from emulator.azuread.functions.directory import get_client_config, get_domains
from emulator.azuread.functions.groups import get_group, get_groups
from emulator.azuread.functions.service_principals import get_service_principal
from emulator.azuread.functions.templates import get_application_template
from emulator.azuread.functions.users import get_user, get_users

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from emulator.azuread.graph import Graph
    from emulator.azuread.values import Values

FUNCTIONS: Mapping[str, Callable[[Graph, Values], Awaitable[Values]]] = {
    "azuread:index/getApplication:getApplication": get_application,
    "azuread:index/getApplicationTemplate:getApplicationTemplate": get_application_template,
    "azuread:index/getClientConfig:getClientConfig": get_client_config,
    "azuread:index/getDomains:getDomains": get_domains,
    "azuread:index/getGroup:getGroup": get_group,
    "azuread:index/getGroups:getGroups": get_groups,
    "azuread:index/getServicePrincipal:getServicePrincipal": get_service_principal,
    "azuread:index/getUser:getUser": get_user,
    "azuread:index/getUsers:getUsers": get_users,
}
"""What the engine may ask for; everything else is refused by name."""
