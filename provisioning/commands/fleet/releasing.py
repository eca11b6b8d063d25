"""Releasing locks that runs have left, for many tenants, once somebody has seen whose they are and agreed."""

from __future__ import annotations

from functools import partial

from provisioning.commands.consent import demand_consent
from provisioning.commands.fleet.doing import end
from provisioning.commands.fleet.options import Form, Selection
from provisioning.commands.fleet.telling import Going, as_table, show
from provisioning.commands.fleet.working import acts_in, chosen, each_at_once
from provisioning.commands.surroundings import Surroundings
from provisioning.fleet.acts import Acts, TenantOutcome
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.unlocking import Locked, Releasing, locked, released


def release_all(surroundings: Surroundings, selection: Selection, form: Form, *, doit: str) -> None:
    """Show who holds what, demand consent, and release exactly that.

    :raises ProvisioningError: when nobody agreed, or something else was accepted.
    """
    fleet, screen = chosen(selection), surroundings.screen
    with acts_in(surroundings, selection.folder) as acts:
        found: dict[str, Locked] = {}
        with Going(screen, "looking at", len(fleet.tenants)) as going:
            shown = each_at_once(fleet.tenants, partial(_looked_at, acts, found), selection.at_once, going.tell)
        proposal = Releasing.of(found[tenant.name] for tenant in fleet.tenants)
        if proposal.locked:
            for line in as_table(shown):
                screen.tell(line)
            demand_consent(screen, proposal, yes=False, doit=doit, is_json=form.is_json)
            left = [one.tenant for one in proposal.locked]
            with Going(screen, "releasing", len(left)) as going:
                done = each_at_once(left, lambda one: released(acts, found[one.name]), selection.at_once, going.tell)
            ended = {one.tenant: one for one in done}
            shown = [ended.get(one.tenant, one) for one in shown]
    show(screen, shown, form)
    end(shown)


def _looked_at(acts: Acts, found: dict[str, Locked], tenant: Tenant) -> TenantOutcome:
    """See who holds a tenant's stack, and remember it."""
    found[tenant.name] = locked(acts, tenant)
    return found[tenant.name].outcome
