"""What every verb over many tenants does first: read the file, choose, and open what is worked with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from provisioning.commands.asking import run_command
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.fleet.options import Selection
from provisioning.commands.surroundings import Surroundings
from provisioning.fleet.acts import Acts, TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.clients import Clients
from provisioning.fleet.durable import Durable, durable
from provisioning.fleet.engine import Command, Engine
from provisioning.fleet.file import fleet_in
from provisioning.fleet.living import AtPostgres, Living, OnThisMachine
from provisioning.fleet.loop import Loop
from provisioning.fleet.summary import worst
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.tenants_file import Fleet, labels_of
from provisioning.graph.patience import WallClock
from provisioning.operations.token_reference import Here

DATABASE = "ELIUM_FLEET_DATABASE_URL"
"""Names a PostgreSQL database that several machines share; without it this machine has a file of its own."""

STATE = Path(".state") / "fleet"

CODES: Mapping[Verdict, ExitCode] = {
    Verdict.FAILED: ExitCode.OTHER,
    Verdict.UNWELL: ExitCode.QUARANTINE,
    Verdict.REFUSED: ExitCode.REFUSED,
    Verdict.MOVED: ExitCode.REFUSED,
    Verdict.LEFT_OUT: ExitCode.OTHER,
    Verdict.WAITING: ExitCode.STILL_WAITING,
}

_Result = TypeVar("_Result")


def chosen(selection: Selection) -> Fleet:
    """Read a file of tenants, and choose by names and labels.

    :raises ConfigurationError: with every mistake, or when nobody is left.
    """
    names = [each for each in selection.only if "=" not in each]
    labels = labels_of(each for each in selection.only if "=" in each)
    return fleet_in(selection.folder / selection.tenants).only(labels, names)


@contextmanager
def acts_in(surroundings: Surroundings, folder: Path, *, in_a_hurry: bool = False) -> Iterator[Acts]:
    """Open what tenants are worked on with, until the block ends; *in_a_hurry*, where all are asked again anyway."""
    environment, clock = surroundings.environment, surroundings.clock or WallClock()
    with Loop() as loop:
        clients = Clients(surroundings.clock, in_a_hurry=in_a_hurry)
        engine = Engine(Command(environment), loop, clients.of)
        try:
            here = Here(environment, folder, surroundings.run or run_command)
            yield Acts(engine, loop, clients, clock, folder, folder / STATE, here)
        finally:
            engine.azuread.close()
            loop.wait_for(clients.close())


@contextmanager
def durable_in(surroundings: Surroundings, folder: Path, acts: Acts, at_once: int) -> Iterator[Durable]:
    """Open the durable engine: a file of this project, or the database that machines share."""
    url = surroundings.environment.get(DATABASE, "")
    state = folder / STATE
    living: Living = AtPostgres(url) if url else OnThisMachine(state / "workers")
    try:
        url = url or f"sqlite:///{state.resolve() / 'fleet.db'}"

        def tell(taken: str) -> None:
            surroundings.screen.tell(f"Took over {taken.rpartition(':')[2]}, whose worker died.")

        with durable(acts, living, url, at_once=at_once, tell=tell) as found:
            try:
                yield found
            except BaseException:
                # Ctrl-C, or a terminal that was closed: what has begun is left as recorded, for whoever goes on.
                acts.engine.command.stop()
                raise
    finally:
        living.close()


def each_at_once(
    tenants: Sequence[Tenant], act: Callable[[Tenant], _Result], at_once: int, tell: Callable[[_Result], None]
) -> list[_Result]:
    """Do something for each, some at a time, and give what came of it in the order of the file."""
    with ThreadPoolExecutor(at_once) as pool:
        begun = {pool.submit(act, tenant): tenant.name for tenant in tenants}
        ended = {}
        for one in as_completed(begun):
            ended[begun[one]] = one.result()
            tell(one.result())
    return [ended[tenant.name] for tenant in tenants]


def code_of(outcomes: Sequence[TenantOutcome | TenantPlan]) -> ExitCode:
    """Give the exit code for what has to be looked at first."""
    found = worst(outcomes)
    return CODES[found] if found else ExitCode.OK
