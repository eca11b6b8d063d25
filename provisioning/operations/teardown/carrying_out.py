"""Doing what was accepted, step by step; each may be repeated, and is noted once it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from provisioning.errors import NotFoundError, UnsafeChangeError
from provisioning.model.connection import Connection, DeclaredConnection, Scope
from provisioning.model.credentials import SecretToken
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.status import is_under_way, may_run, status_and_others
from provisioning.operations.teardown.closing import LOOKS, Closing, Teardown, refuse_strangers
from provisioning.operations.teardown.leaver import Evidence, Source
from provisioning.operations.teardown.plan import Step

RUNS_AT_MOST = timedelta(hours=2)
"""How long a running cycle is waited for, before the job is deleted under it."""

NOT_IN_THE_BIN = "Neither app nor service principal was in the recycle bin, so that nothing was purged."


async def carry_out(teardown: Teardown, *, token: SecretToken | None, destroy: Callable[[], None]) -> None:
    """Take every step that is not done yet. The journal is on disk before the first.

    :raises UnsafeChangeError: when somebody was assigned meanwhile, or the service holds disables back.
    :raises ProvisioningError: when a step fails; those before it are done, and it is repeated next time.
    """
    teardown.keep(teardown.journal)

    async def destroyed() -> None:
        destroy()

    acts: Mapping[Step, Callable[[], Awaitable[None]]] = {
        Step.NARROW: lambda: _narrow(teardown, token),
        Step.UNASSIGN: lambda: _unassign(teardown),
        Step.CLOSE: lambda: _close(teardown),
        Step.DELETE_ACCOUNTS: lambda: _delete_accounts(teardown),
        Step.PAUSE: lambda: _pause_unless_gone(teardown),
        Step.DELETE: lambda: teardown.graph.delete_job(teardown.address),
        Step.DESTROY: destroyed,
        Step.PURGE: lambda: _purge(teardown),
    }
    for step in teardown.plan.steps:
        if not teardown.journal.has(step):
            teardown.tell(f"{step.value} …")
            await acts[step]()
            teardown.keep(teardown.journal.with_done(step, teardown.now()))
    teardown.keep(replace(teardown.journal, finished=teardown.now()))


async def _narrow(teardown: Teardown, token: SecretToken | None) -> None:
    """Save that only those assigned are in scope, with everything else that the list holds."""
    principal = teardown.address.service_principal
    connection = Connection(await teardown.graph.secrets(principal))
    if connection.scope is Scope.ALL and token is not None:
        narrowed = connection.edited(DeclaredConnection(scope=Scope.ASSIGNED))
        await teardown.graph.save_secrets(principal, narrowed.to_save(token.reveal()))


async def _unassign(teardown: Teardown) -> None:
    for assignment in teardown.plan.assignments:
        await teardown.graph.unassign(teardown.address.service_principal, assignment.id)


async def _close(teardown: Teardown) -> None:
    schema = await teardown.graph.schema(teardown.address)
    await Closing(teardown, schema.rule).run()


async def _delete_accounts(teardown: Teardown) -> None:
    """Delete at the target what was closed, each by its id there."""
    for leaver in teardown.plan.people:
        if teardown.target is None or not leaver.is_person or not (leaver.target_id or leaver.match):
            continue
        account = await teardown.target.account(leaver.target_id, leaver.match)
        if account is not None:
            await teardown.target.delete(account.id)
            evidence = Evidence(Source.TARGET, "deleted", teardown.now(), account.id)
            teardown.keep_person(leaver.shown(evidence, is_enough=True))


async def _pause_unless_gone(teardown: Teardown) -> None:
    """Pause the job; where somebody deleted it meanwhile, everybody was closed before, and it is off."""
    try:
        await _pause(teardown)
    except NotFoundError:
        return


async def _pause(teardown: Teardown) -> None:
    """Pause, and wait for a cycle that runs: it finishes first, and may still make accounts (Learn: known-issues)."""
    if teardown.plan.closes:
        await _refuse_newcomers(teardown)
        await refuse_strangers(teardown)
    # Before the pause: afterwards no next cycle is expected.
    before, _ = await status_and_others(teardown.graph, teardown.address)
    is_awaited = may_run(before, now=teardown.now())
    await teardown.graph.pause(teardown.address)
    waited_from = teardown.now()
    while is_awaited and teardown.now() - waited_from < RUNS_AT_MOST:
        teardown.tell("a cycle may be running, which ends first")
        await teardown.log.clock.sleep(LOOKS.total_seconds())
        status, _ = await status_and_others(teardown.graph, teardown.address)
        is_awaited = is_under_way(status) or (_is_same(status, before) and _is_short(before, waited_from, teardown))


async def _refuse_newcomers(teardown: Teardown) -> None:
    """Refuse to go on when somebody was assigned since: a list may still show what was taken away."""
    known = {one.id for one in teardown.plan.assignments}
    listed = await teardown.graph.assignments(teardown.address.service_principal)
    new = [one.name for one in listed if one.id not in known]
    if new:
        raise UnsafeChangeError(
            f"Somebody was assigned since this was planned: {', '.join(new)}. The job is still there.",
            hint=f"Look at it: elium teardown {teardown.plan.stack}. It shows a checksum with them, which goes on.",
        )


async def _purge(teardown: Teardown) -> None:
    is_found = False
    for one in teardown.plan.bin_ids:
        # Where the application shows, the service principal does, or went with it.
        is_found = await teardown.graph.purge(one, may_be_new=not is_found) or is_found
    if not is_found:
        teardown.keep(replace(teardown.journal, notes=(*teardown.journal.notes, NOT_IN_THE_BIN)))


def _is_same(status: SynchronizationStatus, before: SynchronizationStatus) -> bool:
    return (status.last and status.last.began) == (before.last and before.last.began)


def _is_short(before: SynchronizationStatus, since: datetime, teardown: Teardown) -> bool:
    """Tell whether a cycle could still be running: twice as long as the last one took, two minutes at least."""
    length = before.last.length if before.last and before.last.length else timedelta()
    return teardown.now() - since < max(2 * length, timedelta(minutes=2))
