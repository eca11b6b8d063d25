"""Looking at many tenants, and giving Entra their new tokens, by what does it for one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from provisioning.commands.consent import demand_consent
from provisioning.commands.fleet.doing import end
from provisioning.commands.fleet.each import TOKEN, heard
from provisioning.commands.fleet.options import Form, Selection
from provisioning.commands.fleet.telling import Going, as_table, show
from provisioning.commands.fleet.working import acts_in, chosen, each_at_once
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ProvisioningError
from provisioning.fleet.acts import Acts, TenantOutcome, Verdict
from provisioning.fleet.summary import NewTokens
from provisioning.fleet.tenant import Tenant

NOTED = "Entra has them; the next elium fleet up notes that in the stacks."


def examine_all(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Show what the doctor says of each."""
    fleet = chosen(selection)
    with (
        acts_in(surroundings, selection.folder) as acts,
        Going(surroundings.screen, "looking at", len(fleet.tenants)) as going,
    ):
        found = each_at_once(fleet.tenants, partial(_examined, surroundings, acts), selection.at_once, going.tell)
    show(surroundings.screen, found, form)
    end(found)


def rotate_all(surroundings: Surroundings, selection: Selection, form: Form, *, yes: bool) -> None:
    """Give Entra the token that lies where the row says, for each tenant whose stack was brought about with another.

    :raises ProvisioningError: when nobody agreed.
    """
    fleet, screen = chosen(selection), surroundings.screen
    with acts_in(surroundings, selection.folder) as acts:
        with Going(screen, "looking at", len(fleet.tenants)) as going:
            found = each_at_once(fleet.tenants, acts.token, selection.at_once, going.tell)
        renewed = [tenant for tenant, one in zip(fleet.tenants, found, strict=True) if one.verdict is Verdict.CHANGES]
        if renewed:
            for line in as_table(found):
                screen.tell(line)
            demand_consent(screen, NewTokens.of(found), yes=yes, doit="", is_json=form.is_json)
            with Going(screen, "rotating", len(renewed)) as going:
                done = each_at_once(renewed, partial(_rotated, surroundings, acts), selection.at_once, going.tell)
            ended = {one.tenant: one for one in done}
            found = [ended.get(one.tenant, one) for one in found]
            screen.tell(NOTED)
    show(screen, found, form)
    end(found)


def _examined(surroundings: Surroundings, acts: Acts, tenant: Tenant) -> TenantOutcome:
    try:
        told = heard(surroundings, acts, tenant, verb="doctor")
    except ProvisioningError as error:
        return TenantOutcome(tenant.name, Verdict.FAILED).failed(error)
    outcome = told.outcome(tenant, Verdict.WELL, state=str(told.document.get("verdict") or ""))
    wrong = [check for check in told.document.get("checks") or () if check["verdict"] == "wrong"]
    if not wrong:
        return outcome
    sentences, ways_on = (" ".join(str(check[name]) for check in wrong) for name in ("sentence", "whatToDo"))
    return replace(outcome, verdict=Verdict.UNWELL, reason=sentences, what_to_do=ways_on)


def _rotated(surroundings: Surroundings, acts: Acts, tenant: Tenant) -> TenantOutcome:
    try:
        told = heard(surroundings, acts, tenant, verb="rotate-token", options=("--new-token", TOKEN, "--yes"))
    except ProvisioningError as error:
        return TenantOutcome(tenant.name, Verdict.FAILED).failed(error)
    return told.outcome(tenant, Verdict.DONE)
