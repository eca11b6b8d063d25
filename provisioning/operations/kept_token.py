"""A token that is kept as the service has it: Graph never shows it, and without it the connection cannot be saved."""

from __future__ import annotations

from provisioning.errors import ConfigurationError
from provisioning.model.token_source import INSTEAD_OF_KEPT
from provisioning.planning.changes import is_of_connection
from provisioning.planning.plan import Plan
from provisioning.planning.steps import SaveConnection
from provisioning.planning.wording import describe


def refuse_to_save_without_the_token(plan: Plan) -> None:
    """Refuse a plan that saves the connection, where nobody here knows the token.

    Before anything is done: the save comes after others, and would fail there.

    :raises ConfigurationError: naming what cannot be saved.
    """
    if not any(isinstance(step, SaveConnection) for step in plan.steps):
        return
    changes = "; ".join(describe(change) for change in plan.changes if is_of_connection(change))
    raise ConfigurationError(
        "secretToken: is kept as Entra has it, and Entra saves it in one list with what changes here, which replaces "
        f"the whole of it ({changes or 'what an earlier run left undone'}). Nothing was changed.",
        hint=INSTEAD_OF_KEPT,
    )
