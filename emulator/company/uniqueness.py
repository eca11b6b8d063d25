"""What no two living objects of a directory share: a user principal name, and the app id of service principals.

The recycle bin does not count (Learn: delete-recover-faq): what took a name meanwhile keeps it, and what would come
back with it stays where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.refusal import Refusal
from emulator.company.store import Kind

if TYPE_CHECKING:
    from emulator.company.store import Directory, DirectoryObject


def check_user_name(directory: Directory, name: str, owner: DirectoryObject | None = None) -> None:
    """Refuse a user principal name that another user than *owner* has, in any case. :raises Refusal: 400 then."""
    wanted = name.casefold()
    for other in directory.all(Kind.USER):
        if other is not owner and str(other.properties.get("userPrincipalName")).casefold() == wanted:
            raise Refusal.bad_request(
                "Another object with the same value for property userPrincipalName already exists."
            )


def check_app_id(directory: Directory, app_id: str) -> None:
    """Refuse a second service principal of an application. :raises Refusal: 409 then."""
    if any(found.properties.get("appId") == app_id for found in directory.all(Kind.SERVICE_PRINCIPAL)):
        raise Refusal(
            409,
            "Request_MultipleObjectsWithSameKeyValue",
            "The service principal cannot be created, updated, or restored because the service principal name "
            f"{app_id} is already in use.",
        )


def check_coming_back(directory: Directory, thing: DirectoryObject) -> None:
    """Refuse to restore what shares its name with something alive by now. :raises Refusal: 400 or 409 then."""
    if thing.kind is Kind.USER:
        check_user_name(directory, str(thing.properties.get("userPrincipalName")))
    if thing.kind is Kind.SERVICE_PRINCIPAL:
        check_app_id(directory, str(thing.properties.get("appId")))
