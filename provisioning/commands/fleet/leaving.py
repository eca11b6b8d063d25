"""Taking many tenants down, with proof for each, by what takes down one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from provisioning.commands.fleet.doing import end
from provisioning.commands.fleet.each import TOKEN, Heard, heard
from provisioning.commands.fleet.options import Form, Selection
from provisioning.commands.fleet.telling import Going, show
from provisioning.commands.fleet.working import acts_in, chosen, each_at_once
from provisioning.commands.surroundings import Surroundings
from provisioning.errors import ConfigurationError, ProvisioningError, UnsafeChangeError
from provisioning.fleet.acts import TenantOutcome, Verdict
from provisioning.fleet.summary import write_checksums
from provisioning.fleet.tenant import Tenant

STILL_DECLARED = (
    "The rows are still in the file: take them out, or the next elium fleet up brings these tenants about anew."
)

FINISHED = "finished"
"""The state of a teardown of which nothing is left to do."""

Teardown = Callable[..., Heard]
"""Runs ``elium teardown`` for a tenant, with options."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the command line says of it."""

    doit: str
    asks_elium: bool
    """Whether Elium itself is asked for each account, with the tenant's token."""
    reports: Path | None
    """The folder for each tenant's proof."""
    out: Path | None = None
    """Where the checksums are kept, as ``elium fleet plan --out`` keeps them."""


def take_down(surroundings: Surroundings, selection: Selection, form: Form, leaving: Leaving) -> None:
    """Show what would happen, or do exactly what was shown; one that is refused is not touched, the others are.

    :raises UnsafeChangeError: when something else was accepted.
    """
    if not selection.only:
        raise ConfigurationError(
            "It is not said which tenants are to be taken down.",
            hint="Name them: --only NAME, or --only LABEL=VALUE.",
        )
    fleet, screen = chosen(selection), surroundings.screen
    if leaving.reports:
        # Before anything is done: a proof that cannot be written at the end is lost.
        leaving.reports.mkdir(parents=True, exist_ok=True)
    with acts_in(surroundings, selection.folder) as acts:
        teardown = partial(heard, surroundings, acts, verb="teardown", options=_options(leaving))
        with Going(screen, "looking at", len(fleet.tenants)) as going:
            found = each_at_once(fleet.tenants, partial(_shown, teardown), selection.at_once, going.tell)
        # With those that are finished: a command that is repeated after it was killed means the same.
        able = {one.tenant: one.checksum for one in found if one.is_well}
        checksum = _checksum_of(able)
        if leaving.out:
            write_checksums(leaving.out, checksum, able)
        if leaving.doit == checksum:
            left = {one.tenant for one in found if one.verdict is Verdict.CHANGES}
            tenants = [tenant for tenant in fleet.tenants if tenant.name in left]
            with Going(screen, "taking down", len(tenants)) as going:
                done = each_at_once(tenants, partial(_down, teardown, leaving, able), selection.at_once, going.tell)
            found = _over(found, done)
    show(screen, found, form)
    if leaving.doit and leaving.doit != checksum:
        raise UnsafeChangeError(
            f"What would be done now has the checksum {checksum}, and {leaving.doit} was accepted. Nothing was done.",
            hint="Look at what it is now; then accept that.",
        )
    screen.tell(STILL_DECLARED if leaving.doit else f"To do exactly this: --doit {checksum}")
    end(found)


def _options(leaving: Leaving) -> tuple[str, ...]:
    return ("--target-token", TOKEN) if leaving.asks_elium else ()


def _checksum_of(able: dict[str, str]) -> str:
    """Say in one word what is done to whom, over all of them."""
    return hashlib.sha256(json.dumps(sorted(able.items())).encode()).hexdigest()[:8]


def _shown(teardown: Teardown, tenant: Tenant) -> TenantOutcome:
    """Look what a teardown would do; one that is finished says so."""
    outcome = _outcome(tenant, lambda: teardown(tenant), Verdict.CHANGES)
    return replace(outcome, verdict=Verdict.DONE) if outcome.state == FINISHED else outcome


def _down(teardown: Teardown, leaving: Leaving, able: dict[str, str], tenant: Tenant) -> TenantOutcome:
    more = ("--report", str(leaving.reports.resolve() / f"{tenant.name}.html")) if leaving.reports else ()
    return _outcome(tenant, lambda: teardown(tenant, more=("--doit", able[tenant.name], *more)), Verdict.DONE)


def _outcome(tenant: Tenant, act: Callable[[], Heard], otherwise: Verdict) -> TenantOutcome:
    try:
        told = act()
    except ProvisioningError as error:
        return TenantOutcome(tenant.name, Verdict.FAILED).failed(error)
    document = told.document
    outcome = told.outcome(tenant, otherwise, checksum=str(document.get("checksum") or ""))
    obstacles = document.get("obstacles") or ()
    if obstacles:
        said = {name: " ".join(str(one[key]) for one in obstacles) for name, key in _OBSTACLE.items()}
        return replace(outcome, verdict=Verdict.REFUSED, reason=said["reason"], what_to_do=said["what_to_do"])
    people = [one for one in document.get("people") or () if one.get("kind") == "user"]
    return replace(outcome, leaving=len(people), state=str(document.get("state") or ""))


_OBSTACLE = {"reason": "sentence", "what_to_do": "wayOn"}


def _over(shown: Sequence[TenantOutcome], done: Sequence[TenantOutcome]) -> list[TenantOutcome]:
    """Lay what was done over what was shown."""
    ended = {one.tenant: one for one in done}
    return [ended.get(one.tenant, one) for one in shown]
