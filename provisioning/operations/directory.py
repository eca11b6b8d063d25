"""Looking things up in Entra over Graph, by the rule of :mod:`provisioning.operations.lookups`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from provisioning.graph.apps import GalleryApp, PrincipalFound
from provisioning.model.assignment import PrincipalKind
from provisioning.operations.lookups import (
    GALLERY_APP,
    IN_THE_GALLERY,
    Kind,
    LookUpError,
    Named,
    Principal,
    named,
    principals_of,
    refuse_without_connector,
)


class Directory(Protocol):
    """Microsoft Graph, as far as names are looked up. :class:`provisioning.graph.client.GraphClient` has it."""

    async def gallery_apps(self, name: str) -> tuple[GalleryApp, ...]:
        """Find the apps of the gallery by their display name, whatever its case."""

    async def principals_by(self, kind: PrincipalKind, name: str, value: str) -> tuple[PrincipalFound, ...]:
        """Find groups or users by a property of Graph's, whatever the case."""


async def gallery_template_id(graph: Directory, name: str, *, before: str) -> str:
    """Find an app in the gallery by its name. *before* stands before the setting that has it, such as ``elium:``.

    :raises ConfigurationError: when it is absent, there twice, or cannot be provisioned.
    """
    match await graph.gallery_apps(name):
        case (one,):
            refuse_without_connector(name, one.provisioning_types, before=before)
            return one.template
        case found:
            kind = Kind.AMBIGUOUS if found else Kind.MISSING
            raise LookUpError.about(kind, f"{before}{GALLERY_APP}", name, hints=IN_THE_GALLERY)


async def principals(graph: Directory, groups: Sequence[str], users: Sequence[str], *, before: str) -> list[Principal]:
    """Find groups and users, each once, in the order in which they were written; one call a way to ask.

    :raises ConfigurationError: with a sentence for every name that does not exist, or exists twice.
    """
    return principals_of([(each, await _looked_up(graph, each)) for each in named(groups, users, before=before)])


async def _looked_up(graph: Directory, each: Named) -> str | LookUpError:
    """Ask in one way after the other, as long as nobody is found."""
    for way in each.ways:
        found = await graph.principals_by(each.kind, way.value, each.written)
        match [one for one in found if _is_meant(one, each)]:
            case [one]:
                return one.id
            case [_, *_] as several:
                return each.several(one.principal_name for one in several if each.is_called_so)
            case _:
                continue
    return each.missing()


def _is_meant(found: PrincipalFound, each: Named) -> bool:
    """Tell whether it is the one. Of users, a display name is compared with its case, as azuread's callers do."""
    return found.name == each.written if each.is_called_so else True
