"""``elium fleet doctor``: whether everything is in place, for each tenant."""

from __future__ import annotations

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.surroundings import Surroundings


@over_tenants
def doctor(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Look whether everything is in place, for each."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.examining import examine_all  # noqa: PLC0415 - see above

    examine_all(surroundings, selection, form)
