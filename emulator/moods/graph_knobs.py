"""What Graph's own documents leave open, as one value that can be set.

The provisioning service has its own list, :mod:`emulator.moods.knobs`; both are told in ``docs/reference/knobs.md``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphKnobs:
    """What Graph does where its documents leave something open."""

    caller_owns_instance: bool = True
    """Whether the application that instantiates a gallery template becomes an owner of both objects. Unknown; without
    it ``Application.ReadWrite.OwnedBy`` could not go on."""

    default_access_beside_roles: bool = True
    """Whether Default Access can be assigned although the service principal declares roles. Documented as valid when it
    declares none (graph: approleassignment); whether it is refused otherwise is unknown."""

    duplicate_is_conflict: bool = False
    """Whether a second equal assignment of a user or group is 409 instead of 400. Both were observed."""

    describes_unified_groups: bool = True
    """Whether a Microsoft 365 group without a description gets its name as one. Observed as something that happens some
    time after the creation: the azuread provider waits up to two minutes for it, then takes it away."""

    page_size: int = 100
    """Objects on a page when ``$top`` is not given. Commonly quoted, not documented."""
