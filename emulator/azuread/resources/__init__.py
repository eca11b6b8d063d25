"""The kinds of resources that the stand-in manages, by their token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azuread.resources.app_role_assignment import AppRoleAssignment
from emulator.azuread.resources.application_from_template import ApplicationFromTemplate
from emulator.azuread.resources.group import Group
from emulator.azuread.resources.group_member import GroupMember
from emulator.azuread.resources.user import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.azuread.resources.resource import Resource

RESOURCES: Mapping[str, Resource] = {
    "azuread:index/appRoleAssignment:AppRoleAssignment": AppRoleAssignment(),
    "azuread:index/applicationFromTemplate:ApplicationFromTemplate": ApplicationFromTemplate(),
    "azuread:index/group:Group": Group(),
    "azuread:index/groupMember:GroupMember": GroupMember(),
    "azuread:index/user:User": User(),
}
"""What the engine may ask for; everything else is refused by name."""
