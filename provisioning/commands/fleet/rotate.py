"""``elium fleet rotate``: Entra gets the tokens that were rotated where they lie."""

from __future__ import annotations

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.options import Yes
from provisioning.commands.surroundings import Surroundings


@over_tenants
def rotate(surroundings: Surroundings, selection: Selection, form: Form, *, yes: Yes = False) -> None:
    """Give Entra the tokens that are new where they lie."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.examining import rotate_all  # noqa: PLC0415 - see above

    rotate_all(surroundings, selection, form, yes=yes)
