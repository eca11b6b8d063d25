"""``elium fleet unlock``: locks that a run on another machine has left are shown, and released on purpose."""

from __future__ import annotations

from provisioning.commands.fleet.options import Form, Selection, over_tenants
from provisioning.commands.options import DoIt
from provisioning.commands.surroundings import Surroundings


@over_tenants
def unlock(surroundings: Surroundings, selection: Selection, form: Form, *, doit: DoIt = "") -> None:
    """Show who holds the stacks' locks, and release those whose holder is not at work, once that is accepted."""
    # Imported when it is used: what works on tenants takes a second to load, and --help must not.
    from provisioning.commands.fleet.releasing import release_all  # noqa: PLC0415 - see above

    release_all(surroundings, selection, form, doit=doit)
