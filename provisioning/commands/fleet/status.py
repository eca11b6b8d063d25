"""``elium fleet status``: how the job of each tenant is."""

from __future__ import annotations

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.surroundings import Surroundings


@over_tenants
def status(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Say how the job of each tenant is."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.doing import ask_all  # noqa: PLC0415 - see above

    ask_all(surroundings, selection, form)
