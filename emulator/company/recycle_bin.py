"""What else goes when something is deleted, and comes back when it is restored.

Learn: delete-recover-faq, recover-from-deletions; graph: directory-deleteditems-restore.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from emulator.company.store import Kind
from emulator.company.uniqueness import check_coming_back

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.company.store import Directory, DirectoryObject

KEPT_FOR = timedelta(days=30)
"""How long a deleted object can be restored (Learn: delete-recover-faq)."""


def delete(directory: Directory, thing: DirectoryObject) -> None:
    """Delete an object, softly where Entra does so.

    An application takes its service principal with it. A security group has no recycle bin: it is gone.
    """
    if thing.kind is Kind.APPLICATION:
        for principal in principals_of(directory.all(Kind.SERVICE_PRINCIPAL), thing):
            directory.delete(principal.id)
    directory.delete(thing.id)
    if thing.kind is Kind.GROUP and "Unified" not in (thing.properties.get("groupTypes") or ()):
        directory.purge(thing.id)


def restore(directory: Directory, object_id: str) -> DirectoryObject:
    """Bring an object back; an application brings its service principal (Learn: delete-recover-faq).

    :raises Refusal: 404 when it is not in the recycle bin; 400 or 409 when something alive has its name by now.
    """
    if object_id in directory.deleted:
        check_coming_back(directory, directory.deleted[object_id])
    back = directory.restore(object_id)
    if back.kind is Kind.APPLICATION:
        # Of several that were deleted one after the other, the last one was the application's.
        for principal in principals_of(list(directory.deleted.values()), back)[-1:]:
            directory.restore(principal.id)
    return back


def purge(directory: Directory, object_id: str) -> None:
    """Delete an object for good, and an application's deleted service principal with it.

    :raises Refusal: 404 when it is not in the recycle bin.
    """
    gone = directory.deleted.get(object_id)
    directory.purge(object_id)
    if gone and gone.kind is Kind.APPLICATION:
        for principal in principals_of(list(directory.deleted.values()), gone):
            directory.purge(principal.id)


def expire(directory: Directory) -> None:
    """Purge what has been in the recycle bin for thirty days, by the company's clock."""
    limit = directory.clock.now() - KEPT_FOR
    for thing in list(directory.deleted.values()):
        if thing.deleted and thing.deleted <= limit and thing.id in directory.deleted:
            purge(directory, thing.id)


def principals_of(candidates: Iterable[DirectoryObject], application: DirectoryObject) -> list[DirectoryObject]:
    """Find the service principals of an application among objects."""
    app_id = application.properties.get("appId")
    return [
        found
        for found in candidates
        if found.kind is Kind.SERVICE_PRINCIPAL and found.properties.get("appId") == app_id
    ]
