"""Runs over many tenants that survive a kill (DBOS): who is killed half-way is finished by another, or when it returns.

What is recorded is declarations, with names of where secrets lie, and outcomes; as JSON, so that nothing in the
database is ever executed. Whoever works reads the secrets itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, cast

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSConfiguredInstance,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowHandle,
    WorkflowStatus,
)
from dbos._queue import QueueRateLimit
from sqlalchemy.exc import SQLAlchemyError

from provisioning.errors import ConfigurationError
from provisioning.fleet.acts import Does, TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.living import Living
from provisioning.fleet.tenant import Tenant
from provisioning.operations.waiting import SECONDS_BETWEEN
from provisioning.words import counted

APPLICATION = "elium-fleet"

VERSION = "1"
"""Of the workflows' steps; a worker takes up only what began by its own. It changes when steps do."""

TENANTS, RUNS = "tenants", "runs"
"""The queues."""

LOOKS_AT_ONCE = 20
"""Where nothing is done but to ask Entra."""

STOPPED = "stopped"
"""The event by which a run tells its tenants that nobody begins any more."""

ENDED = "ended"
"""The stream of a run in which each outcome stands as soon as it is there."""

NONE = "none"
"""In place of a checksum: nothing was shown of this tenant, so nothing may be done to it."""

ACTIVE = ("PENDING", "ENQUEUED", "DELAYED")

FOR_ONE_ENTRA_TENANT: QueueRateLimit = {"limit": 400, "period": 150.0}
"""How many tenants begin with one Entra tenant, and in how many seconds, over all workers. A new one costs 27 calls,
seven of them writes (tests/stories, which count them); an application may do 3,000 writes in 150 seconds there (graph:
throttling-limits, identity and access)."""

FOR_ALL: QueueRateLimit = {"limit": 9_000, "period": 300.0}
"""How many begin with all of them: an application may do 70,000 writes in five minutes."""

OWN = "own"
"""In place of the Entra tenant that only the environment names."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often is looked."""

    at_the_dead: timedelta = timedelta(seconds=10)
    """Whether another worker has died."""
    at_queues: float = 0.1
    """At a queue, and at what is waited for in this process; in seconds."""
    at_cycles: timedelta = timedelta(seconds=SECONDS_BETWEEN)
    """Whether a first cycle has ended, where that is waited for."""


PACE = Pace()

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: which tenants, what was shown of each, and how carefully."""

    tenants: tuple[tuple[Tenant, str], ...]
    """Each with the checksum of the plan that was accepted; an empty one accepts what is found."""
    canary: int = 0
    """How many go first; the others only when these are well."""
    stop_after: int = 0
    """After how many that are not well no other begins; 0 for never."""
    wait: timedelta = timedelta()
    """How long each first cycle is waited for."""

    @property
    def digest(self) -> str:
        """Tell orders apart, in one word."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_json(self) -> Json:
        """Write it as it is recorded."""
        rows = [{**asdict(tenant), "checksum": checksum} for tenant, checksum in self.tenants]
        wait = {"wait": self.wait.total_seconds()} if self.wait else {}
        return {"tenants": rows, "canary": self.canary, "stopAfter": self.stop_after, **wait}


@DBOS.dbos_class()
class Work(DBOSConfiguredInstance):
    """What is done for an order and for each of its tenants, as steps that are recorded when they are done."""

    acts: Does
    """What this process does it by."""

    living: Living
    """As which worker."""

    pace: Pace = PACE

    prepared: ClassVar[set[str]] = set()
    """The workflows for which this process has just prepared a tenant, and not yet brought it about."""

    @DBOS.workflow()
    def run(self, order: Json) -> list[Json]:
        """Let the first tenants go first, then the others; after too many failures nobody begins any more."""
        rows, run = order["tenants"], str(DBOS.workflow_id)
        outcomes: dict[str, Json] = {}
        stopped = ""
        canaries, others = rows[: order["canary"]], rows[order["canary"] :]
        for wave in (canaries, others):
            if not stopped:
                stopped = self._wave(wave, run, order, outcomes)
            if others and not stopped and not all(map(_is_well, outcomes.values())):
                stopped = "Those who went first are not well."
        for row in rows:
            if row["name"] not in outcomes:
                outcomes[row["name"]] = _left_out(row, stopped)
                DBOS.write_stream(ENDED, outcomes[row["name"]])
        DBOS.close_stream(ENDED)
        return [outcomes[row["name"]] for row in rows]

    def _wave(self, rows: Sequence[Json], run: str, order: Json, outcomes: dict[str, Json]) -> str:
        """Let tenants be worked on, and collect what comes of it; gives why nobody else may begin, if so."""
        waiting, stop_after = {}, order["stopAfter"]
        for row in rows:
            with SetWorkflowID(f"{run}:{row['name']}"), SetEnqueueOptions(queue_partition_key=_entra_tenant(row)):
                handle = DBOS.enqueue_workflow(TENANTS, self.tenant, row, run)
            waiting[handle.workflow_id] = (handle, row)
        stopped = ""
        while waiting:
            first = DBOS.wait_first(
                [handle for handle, _ in waiting.values()], polling_interval_sec=self.pace.at_queues
            )
            handle, row = waiting.pop(first.workflow_id)
            outcomes[row["name"]] = self._result_of(handle, row)
            if not order.get("wait"):
                DBOS.write_stream(ENDED, outcomes[row["name"]])
            unwell = sum(not _is_well(one) for one in outcomes.values())
            if stop_after and unwell >= stop_after and not stopped:
                stopped = f"{counted(unwell, 'is', 'are')} not well, and --stop-after is {stop_after}."
                DBOS.set_event(STOPPED, stopped)
        if order.get("wait"):
            self._await_cycles(rows, order["wait"], outcomes)
        return stopped

    def _await_cycles(self, rows: Sequence[Json], seconds: float, outcomes: dict[str, Json]) -> None:
        """Wait for the first cycle of each, so long at most; all at once, since nobody works meanwhile.

        It is counted how often was looked, and not how late it is: who goes on with it after a kill goes on there.
        """
        between = self.pace.at_cycles
        for left in reversed(range(timedelta(seconds=seconds) // between + 1)):
            looked = self.look([[row, outcomes[row["name"]]] for row in rows])
            for row, outcome in zip(rows, looked, strict=True):
                is_waiting = outcome["verdict"] == Verdict.WAITING.value
                if left == 0 or not is_waiting:
                    outcomes[row["name"]] = outcome
                    DBOS.write_stream(ENDED, outcome)
            rows = [
                row for row, outcome in zip(rows, looked, strict=True) if outcome["verdict"] == Verdict.WAITING.value
            ]
            if not (rows and left):
                return
            DBOS.sleep(between.total_seconds())

    def _result_of(self, handle: WorkflowHandle[Json], row: Json) -> Json:
        """Take the result; a bug in one tenant's work stops nobody else's."""
        try:
            return handle.get_result(polling_interval_sec=self.pace.at_queues)
        except Exception as error:  # noqa: BLE001 - the boundary between tenants
            bug = TenantOutcome(
                row["name"],
                Verdict.FAILED,
                reason=f"This is a bug: {type(error).__name__}.",
                what_to_do="Report it; pulumi up in this tenant's folder shows more.",
            )
            return _written(bug)

    @DBOS.workflow()
    def tenant(self, row: Json, run: str) -> Json:
        """Plan, let the guard judge, bring about, verify; nobody else is at this tenant meanwhile."""
        with self.living.alone(row["name"]):
            return self._worked_on(row, run)

    def _worked_on(self, row: Json, run: str) -> Json:
        stopped = DBOS.get_event(run, STOPPED, timeout_seconds=0)
        if stopped:
            return _left_out(row, stopped)
        planned = TenantPlan(**_read(self.plan(row)))
        accepted = row["checksum"]
        if planned.verdict is not Verdict.CHANGES:
            return self.verify(row, _written(planned.as_outcome))
        if accepted and planned.checksum != accepted:
            return _written(_moved(planned, accepted))
        return self.verify(row, self.up(row, _written(planned)))

    @DBOS.step()
    def plan(self, row: Json) -> Json:
        """Mend what a cut run left, and look what would be done."""
        planned = _written(self.acts.prepare(_tenant_in(row)))
        self.prepared.add(str(DBOS.workflow_id))
        return planned

    @DBOS.step()
    def up(self, row: Json, planned: Json) -> Json:
        """Bring it about. Repeated after a kill, or by another worker, it mends what that left and does the rest."""
        run = str(DBOS.workflow_id)
        is_prepared = run in self.prepared
        self.prepared.discard(run)
        return _written(self.acts.up(_tenant_in(row), TenantPlan(**_read(planned)), is_prepared=is_prepared))

    @DBOS.step()
    def verify(self, row: Json, outcome: Json) -> Json:
        """See how the job is."""
        return _written(self.acts.verify(_tenant_in(row), TenantOutcome(**_read(outcome))))

    @DBOS.step()
    def look(self, waiting: Sequence[Sequence[Json]]) -> list[Json]:
        """See of each whether its first cycle has ended."""
        with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
            return list(pool.map(self._look, waiting))

    def _look(self, one: Sequence[Json]) -> Json:
        row, outcome = one
        return _written(self.acts.await_cycle(_tenant_in(row), TenantOutcome(**_read(outcome))))


WORK = Work("work")
"""The one of this process: the library finds it by its name when it takes up what was begun."""


def _left_out(row: Json, reason: str) -> Json:
    return _written(TenantOutcome(row["name"], Verdict.LEFT_OUT, reason=reason, what_to_do="Run the command again."))


def _moved(planned: TenantPlan, accepted: str) -> TenantOutcome:
    return replace(
        planned.as_outcome,
        verdict=Verdict.MOVED,
        reason=f"What would be done now has the checksum {planned.checksum}, and {accepted} was accepted.",
        what_to_do="Look at what it is now, and accept that.",
    )


def _entra_tenant(row: Json) -> str:
    return str(row["entra"].get("tenantId") or OWN).lower()


def _is_well(outcome: Json) -> bool:
    return TenantOutcome(**_read(outcome)).is_well


def _tenant_in(row: Json) -> Tenant:
    return Tenant(row["name"], row["written"], row["labels"], row["entra"])


def _written(value: TenantPlan | TenantOutcome) -> Json:
    return {**asdict(value), "verdict": value.verdict.value}


def _read(written: Json) -> Json:
    return {**written, "verdict": Verdict(written["verdict"])}


@dataclass(frozen=True, slots=True)
class Run:
    """An order that is being carried out."""

    id: str
    tenants: tuple[str, ...]
    is_joined: bool
    """Whether somebody had asked for exactly this before, and it is not done yet."""

    def outcomes(self) -> Iterator[TenantOutcome]:
        """Give what comes of each tenant, as soon as it is there, until there is nothing left to do."""
        for one in DBOS.read_stream(self.id, ENDED, polling_interval_sec=WORK.pace.at_queues):
            yield TenantOutcome(**_read(one))


class Durable:
    """The durable engine of this process."""

    def __init__(self, living: Living) -> None:
        """Carry out orders as the worker *living*."""
        self._living = living
        self._dead: set[str] = set()
        """Who was found dead at the last look."""

    def begin(self, order: Order) -> Run:
        """Begin an order, or join the same one that is not done yet."""
        before = _runs(f"run-{order.digest}-")
        active = next((each.workflow_id for each in before if each.status in ACTIVE), "")
        run = active or f"run-{order.digest}-{len(before) + 1}"
        with SetWorkflowID(run):
            DBOS.enqueue_workflow(RUNS, WORK.run, order.as_json())
        return Run(run, tuple(tenant.name for tenant, _ in order.tenants), is_joined=bool(active))

    def newest(self, *, is_unfinished: bool = False) -> Run:
        """Find the newest order, or the newest that is not done.

        :raises ConfigurationError: when there is none.
        """
        runs = [each for each in _runs() if each.status in ACTIVE or not is_unfinished]
        if not runs:
            kind = "is unfinished" if is_unfinished else "is recorded"
            raise ConfigurationError(f"No run {kind}.", hint="Begin one: elium fleet up")
        (order,) = cast("Any", runs[0].input)["args"]
        return Run(runs[0].workflow_id, tuple(row["name"] for row in order["tenants"]), is_joined=True)

    def ended(self, run: Run) -> list[TenantOutcome]:
        """Give what came of a run's tenants, those included that nobody began; one that is not done yet is left out."""
        workflows = [f"{run.id}:{name}" for name in run.tenants]
        found = DBOS.list_workflows(workflow_ids=[run.id, *workflows], load_input=False)
        done = {each.workflow_id: each.output for each in found if each.output}
        outcomes = done.get(run.id) or [done[each] for each in workflows if each in done]
        return [TenantOutcome(**_read(one)) for one in outcomes]

    def take_over(self) -> Sequence[str]:
        """Take up what workers had begun that were found dead now and at the look before; gives which.

        One look may fall into the moment in which a worker connects again.
        """
        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {each.executor_id for each in begun if each.executor_id} - {self._living.name}
        before, self._dead = self._dead, {name for name in others if self._living.is_dead(name)}
        orphans = [each for each in begun if each.executor_id in before & self._dead]
        for each in orphans:
            # In its own queue, so that it counts among what runs for its tenant.
            DBOS.resume_workflow(each.workflow_id, queue_name=each.queue_name)
        return [each.workflow_id for each in orphans]

    @contextmanager
    def watching(self, every: timedelta, tell: Callable[[str], None]) -> Iterator[None]:
        """Take up what the dead leave, until the block ends; *tell* is told of each."""
        is_over = threading.Event()

        def watch() -> None:
            while not is_over.wait(every.total_seconds()):
                # A database that is away for a while comes back; until then nobody is taken for dead.
                with suppress(SQLAlchemyError):
                    for taken in self.take_over():
                        tell(taken)

        thread = threading.Thread(target=watch, name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


def _runs(prefix: str = "run-") -> list[WorkflowStatus]:
    """List runs, the newest first; what they did for their tenants is named by them and left out."""
    found = DBOS.list_workflows(workflow_id_prefix=prefix, sort_desc=True, load_output=False)
    return [each for each in found if ":" not in each.workflow_id]


@contextmanager
def durable(
    acts: Does,
    living: Living,
    url: str,
    *,
    at_once: int,
    pace: Pace = PACE,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Durable]:
    """Open the database, take up what this worker had begun before it died, and work until the block ends.

    *url* is ``sqlite:////folder/file`` or ``postgresql://…``; *at_once* is how many tenants a process works on. With 0
    nothing is worked on and nothing taken up: what is recorded can be asked for. *tell* is told of each that is taken
    up from others who have died.
    """
    for name in ("dbos", "sqlalchemy"):
        # A traceback for each refusal, and hundreds of lines while a database is away, would bury what matters.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": url,
        "executor_id": living.name,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        # Its thread sleeps for so long at the end, too.
        "notification_listener_polling_interval_sec": pace.at_queues,
    }
    DBOS(config=config)
    # Before the launch, which takes up what was begun.
    WORK.acts, WORK.living, WORK.pace = acts, living, pace
    if not at_once:
        DBOS.listen_queues([])
    DBOS.launch()
    try:
        engine = Durable(living)
        if at_once:
            _make_queues(at_once, pace)
        with engine.watching(pace.at_the_dead, tell) if at_once else nullcontext():
            yield engine
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=0)


def _make_queues(at_once: int, pace: Pace) -> None:
    """Make the queues as they are to be from now on, for every worker of the database."""
    DBOS.register_queue(RUNS, polling_interval_sec=pace.at_queues, on_conflict="always_update")
    DBOS.register_queue(
        TENANTS,
        worker_concurrency=at_once,
        limiter=FOR_ALL,
        partition_limiter=FOR_ONE_ENTRA_TENANT,
        polling_interval_sec=pace.at_queues,
        on_conflict="always_update",
    )
