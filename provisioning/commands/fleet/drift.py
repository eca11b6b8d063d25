"""``elium fleet drift``: which tenants are at Entra otherwise than they were brought about."""

from __future__ import annotations

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.surroundings import Surroundings


@over_tenants
def drift(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Say which tenants drifted: nothing else is declared of them than when they were brought about."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import find_drift  # noqa: PLC0415 - see above

    find_drift(surroundings, selection, form)
