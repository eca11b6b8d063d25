"""What the verbs over many tenants do, once a file is read and somebody agreed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import typer

from provisioning.commands.consent import demand_consent
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.fleet.options import Form, Selection
from provisioning.commands.fleet.telling import Going, Row, as_table, show
from provisioning.commands.fleet.working import acts_in, chosen, code_of, durable_in, each_at_once
from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from provisioning.fleet.acts import Acts, TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.doubles import refused_doubles
from provisioning.fleet.durable import NONE, Order, Run
from provisioning.fleet.file import fleet_in
from provisioning.fleet.summary import FleetPlan, read_accepted, write_accepted
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.tenants_file import Fleet
from provisioning.fleet.undeclared import refused_heirs, undeclared


@dataclass(frozen=True, slots=True)
class Care:
    """How carefully, and what the command line accepts beforehand."""

    canary: int = 0
    stop_after: int = 0
    yes: bool = False
    doit: str = ""
    shown: Path | None = None
    """What ``elium fleet plan --out`` kept."""
    wait: timedelta = timedelta()
    """How long each first cycle is waited for."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is going to be done to all of them."""

    plan: FleetPlan
    stack: str = "fleet"
    """What is typed where people would leave in many tenants at once."""

    @property
    def lines(self) -> Sequence[str]:
        return self.plan.lines

    @property
    def is_severe(self) -> bool:
        return self.plan.is_severe

    @property
    def checksum(self) -> str:
        return self.plan.checksum


def plan_all(
    surroundings: Surroundings, selection: Selection, form: Form, *, out: Path | None, exit_code: bool
) -> None:
    """Show what would be done, and keep the checksums where that is asked for."""
    screen, found = surroundings.screen, _planned(surroundings, selection)
    show(screen, found.plans, form)
    for line in (*found.lines[1:], f"checksum {found.checksum}"):
        screen.tell(line)
    if out:
        write_accepted(out, found)
    end(found.plans, ExitCode.CHANGES if exit_code and found.changing else ExitCode.OK)


def find_drift(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Show which tenants drifted."""
    found = _planned(surroundings, selection)
    show(surroundings.screen, found.plans, form)
    has_drifted = any(plan.is_drift or plan.verdict is Verdict.NO_ROW for plan in found.plans)
    end(found.plans, ExitCode.CHANGES if has_drifted else ExitCode.OK)


def ask_all(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Show how each job is."""
    fleet = chosen(selection)
    with (
        acts_in(surroundings, selection.folder) as acts,
        Going(surroundings.screen, "asking", len(fleet.tenants)) as going,
    ):
        found = each_at_once(fleet.tenants, acts.look, selection.at_once, going.tell)
    show(surroundings.screen, found, form)
    end(found)


def bring_about(surroundings: Surroundings, selection: Selection, form: Form, care: Care) -> None:
    """Show what would be done, demand consent, and do it."""
    fleet = chosen(selection)
    with acts_in(surroundings, selection.folder) as acts:
        stacks = acts.stacks()
        without_row = undeclared(stacks, fleet.names, selection.folder)
        refused = [*refused_doubles(fleet), *refused_heirs(fleet, stacks, selection.folder, acts.folder)]
        if care.shown:
            # Each is looked at by who works on it; only those who are still as they were shown are touched.
            known, accepted = refused, read_accepted(care.shown)
        else:
            prepare = partial(acts.prepare, stacks=stacks)
            known = _plans(surroundings.screen, prepare, fleet, refused, selection.at_once)
            found = FleetPlan((*known, *without_row))
            _demand_consent(surroundings.screen, found, care, is_json=form.is_json)
            accepted = found.accepted
        outcomes = {plan.tenant: plan.as_outcome for plan in known}
        if care.shown or accepted:
            able = tuple(each for each in fleet.tenants if each.name not in {one.tenant for one in refused})
            outcomes |= _carried_out(surroundings, selection, acts, able, accepted, care)
    rows = [outcomes[tenant.name] for tenant in fleet.tenants] + [plan.as_outcome for plan in without_row]
    show(surroundings.screen, rows, form)
    end(rows)


def go_on(surroundings: Surroundings, selection: Selection, form: Form) -> None:
    """Go on with the newest run that was cut."""
    with (
        acts_in(surroundings, selection.folder) as acts,
        durable_in(surroundings, selection.folder, acts, selection.at_once) as engine,
    ):
        outcomes = _watched(surroundings.screen, engine.newest(is_unfinished=True))
    show(surroundings.screen, outcomes, form)
    end(outcomes)


def tell_of_last(surroundings: Surroundings, folder: Path, tenants: Path, form: Form) -> None:
    """Show what came of the newest run, and what the file, where there is one, left out of it."""
    file = folder / tenants
    with acts_in(surroundings, folder) as acts, durable_in(surroundings, folder, acts, at_once=0) as engine:
        outcomes = engine.ended(engine.newest())
        if file.exists():
            fleet = fleet_in(file)
            of_file = (*refused_doubles(fleet), *undeclared(acts.stacks(), fleet.names, folder))
            told = {plan.tenant: plan.as_outcome for plan in of_file}
            outcomes = [one for one in outcomes if one.tenant not in told] + list(told.values())
    show(surroundings.screen, outcomes, form)
    end(outcomes)


def work(surroundings: Surroundings, folder: Path, at_once: int) -> None:
    """Work on what others have begun, until told to end."""
    told_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_end.set())
    with acts_in(surroundings, folder) as acts, durable_in(surroundings, folder, acts, at_once):
        surroundings.screen.tell("Working, until told to end.")
        told_to_end.wait()
        # What is under way is left as it is recorded, and another worker does the rest.
        raise KeyboardInterrupt


def _planned(surroundings: Surroundings, selection: Selection) -> FleetPlan:
    fleet = chosen(selection)
    with acts_in(surroundings, selection.folder) as acts:
        stacks = acts.stacks()
        refused = [*refused_doubles(fleet), *refused_heirs(fleet, stacks, selection.folder, acts.folder)]
        plans = _plans(surroundings.screen, partial(acts.plan, stacks=stacks), fleet, refused, selection.at_once)
        return FleetPlan((*plans, *undeclared(stacks, fleet.names, selection.folder)))


def _plans(
    screen: Screen, plan: Callable[[Tenant], TenantPlan], fleet: Fleet, refused: Sequence[TenantPlan], at_once: int
) -> list[TenantPlan]:
    known = {one.tenant: one for one in refused}
    with Going(screen, "planning", len(fleet.tenants)) as going:
        return each_at_once(fleet.tenants, lambda tenant: known.get(tenant.name) or plan(tenant), at_once, going.tell)


def _demand_consent(screen: Screen, found: FleetPlan, care: Care, *, is_json: bool) -> None:
    """Show what would be done, and go on only when that is accepted.

    :raises ProvisioningError: when it is not.
    """
    if found.changing:
        for line in as_table(found.plans):
            screen.tell(line)
        demand_consent(screen, _Proposal(found), yes=care.yes, doit=care.doit, is_json=is_json)


def _carried_out(
    surroundings: Surroundings,
    selection: Selection,
    acts: Acts,
    tenants: Sequence[Tenant],
    accepted: Mapping[str, str],
    care: Care,
) -> dict[str, TenantOutcome]:
    """Let the durable engine do it; gives what came of each. *accepted* are the checksums of who may be touched."""
    rows = tuple((each, accepted.get(each.name, NONE)) for each in tenants)
    order = Order(rows, care.canary, care.stop_after, care.wait)
    with durable_in(surroundings, selection.folder, acts, selection.at_once) as engine:
        run = engine.begin(order)
        if run.is_joined:
            surroundings.screen.tell("Exactly this was asked for before and is not done yet: joining it.")
        return {one.tenant: one for one in _watched(surroundings.screen, run)}


def _watched(screen: Screen, run: Run) -> list[TenantOutcome]:
    """Wait for each, and give them in the order of the file."""
    ended = {}
    with Going(screen, "working on", len(run.tenants)) as going:
        for outcome in run.outcomes():
            ended[outcome.tenant] = outcome
            going.tell(outcome)
    return [ended[name] for name in run.tenants]


def end(rows: Sequence[Row], otherwise: ExitCode = ExitCode.OK) -> None:
    """End with the code for what has to be looked at first."""
    code = code_of(rows)
    code = otherwise if code is ExitCode.OK else code
    if code is not ExitCode.OK:
        raise typer.Exit(code)
