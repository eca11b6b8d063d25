"""Orders for many tenants: what begins, what is left out, and what a repeated order does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from dbos import DBOS
from fleets import PACE, Remembering, engine_in, tenant

from provisioning.errors import ConfigurationError
from provisioning.fleet.acts import Verdict
from provisioning.fleet.durable import FOR_ALL, FOR_ONE_ENTRA_TENANT, NONE, OWN, TENANTS, Order

NAMES = ("acme", "bolt", "cone", "dune")
SHOWN = "c0ffee00"


def order(
    *names: str, checksum: str = SHOWN, canary: int = 0, stop_after: int = 0, wait: timedelta = timedelta()
) -> Order:
    return Order(tuple((tenant(name), checksum) for name in names), canary, stop_after, wait)


def verdicts_of(folder: Path, acts: Remembering, asked: Order) -> dict[str, Verdict]:
    with engine_in(folder, acts) as engine:
        return {outcome.tenant: outcome.verdict for outcome in engine.begin(asked).outcomes()}


def test_every_tenant_is_planned_brought_about_and_verified(tmp_path: Path) -> None:
    acts = Remembering()

    assert verdicts_of(tmp_path, acts, order(*NAMES)) == dict.fromkeys(NAMES, Verdict.DONE)
    assert sorted(acts.done) == sorted(f"{act} {name}" for act in ("plan", "up", "verify") for name in NAMES)
    assert acts.mended == []


def test_who_is_unchanged_or_refused_is_not_touched(tmp_path: Path) -> None:
    acts = Remembering({"acme": Verdict.UNCHANGED, "bolt": Verdict.REFUSED, "cone": Verdict.FAILED})

    found = verdicts_of(tmp_path, acts, order(*NAMES))

    assert list(found.values()).count(Verdict.DONE) == 1
    assert [act for act in acts.done if act.startswith("up")] == ["up dune"]


def test_a_failure_stops_nobody_else(tmp_path: Path) -> None:
    found = verdicts_of(tmp_path, Remembering(failing=frozenset({"acme"})), order(*NAMES))

    assert found == dict.fromkeys(NAMES, Verdict.DONE) | {"acme": Verdict.FAILED}


@pytest.mark.parametrize("accepted", ["0ther000", NONE])
def test_what_was_not_shown_is_not_done(tmp_path: Path, accepted: str) -> None:
    acts = Remembering()

    assert verdicts_of(tmp_path, acts, order("acme", checksum=accepted)) == {"acme": Verdict.MOVED}
    assert "up acme" not in acts.done


def test_when_a_canary_is_not_well_nobody_else_begins(tmp_path: Path) -> None:
    acts = Remembering(unwell=frozenset({"acme"}))

    found = verdicts_of(tmp_path, acts, order(*NAMES, canary=1))

    assert found == dict.fromkeys(NAMES, Verdict.LEFT_OUT) | {"acme": Verdict.UNWELL}
    assert {act.split()[1] for act in acts.done} == {"acme"}


def test_when_the_canaries_are_well_the_others_follow(tmp_path: Path) -> None:
    acts = Remembering()

    assert set(verdicts_of(tmp_path, acts, order(*NAMES, canary=2)).values()) == {Verdict.DONE}
    others = [acts.done.index(f"plan {name}") for name in NAMES[2:]]
    assert max(acts.done.index(f"verify {name}") for name in NAMES[:2]) < min(others)


def test_after_so_many_failures_nobody_begins_any_more(tmp_path: Path) -> None:
    acts = Remembering(failing=frozenset(NAMES))

    found = verdicts_of(tmp_path, acts, order(*NAMES, canary=2, stop_after=2))

    assert list(found.values()).count(Verdict.FAILED) == 2
    assert list(found.values()).count(Verdict.LEFT_OUT) == 2


def test_a_first_cycle_is_waited_for_and_nobody_is_worked_on_for_it_again(tmp_path: Path) -> None:
    acts = Remembering(cycles={"acme": 2}, failing=frozenset({"cone"}))

    found = verdicts_of(tmp_path, acts, order("acme", "bolt", "cone", wait=10 * PACE.at_cycles))

    assert found == {"acme": Verdict.DONE, "bolt": Verdict.DONE, "cone": Verdict.FAILED}
    assert [acts.done.count(f"await {name}") for name in ("acme", "bolt", "cone")] == [3, 1, 1]
    assert [acts.done.count(f"up {name}") for name in ("acme", "bolt", "cone")] == [1, 1, 1]


def test_a_first_cycle_is_waited_for_so_long_and_no_longer(tmp_path: Path) -> None:
    acts = Remembering(cycles={"acme": 1_000})

    found = verdicts_of(tmp_path, acts, order("acme", "bolt", canary=1, wait=3 * PACE.at_cycles))

    assert found == {"acme": Verdict.WAITING, "bolt": Verdict.LEFT_OUT}
    assert acts.done.count("await acme") == 4


def test_what_begins_is_limited_over_all_workers_with_each_entra_tenant_and_with_all(tmp_path: Path) -> None:
    own, theirs = tenant("acme"), replace(tenant("bolt"), entra={"tenantId": "Bolt.onmicrosoft.com"})
    with engine_in(tmp_path, Remembering()) as engine:
        run = engine.begin(Order(((own, SHOWN), (theirs, SHOWN))))
        assert {outcome.verdict for outcome in run.outcomes()} == {Verdict.DONE}

        queue = DBOS.retrieve_queue(TENANTS)
        assert queue is not None
        assert (queue.limiter, queue.partition_limiter) == (FOR_ALL, FOR_ONE_ENTRA_TENANT)
        begun = DBOS.list_workflows(queue_name=TENANTS)

    assert {each.queue_partition_key for each in begun} == {OWN, "bolt.onmicrosoft.com"}


def test_an_order_that_is_repeated_once_it_is_done_does_nothing_twice(tmp_path: Path) -> None:
    acts = Remembering()
    verdicts_of(tmp_path, acts, order(*NAMES))

    assert verdicts_of(tmp_path, acts, order(*NAMES)) == dict.fromkeys(NAMES, Verdict.UNCHANGED)
    assert sorted(act for act in acts.done if act.startswith("up")) == [f"up {name}" for name in NAMES]


def test_a_bug_in_one_tenant_s_work_is_that_tenant_s(tmp_path: Path) -> None:
    class Breaking(Remembering):
        def verify(self, tenant, outcome):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as its base
            if tenant.name == "acme":
                raise RuntimeError("a secret-0123456789 in its text")
            return outcome

    with engine_in(tmp_path, Breaking()) as engine:
        found = {outcome.tenant: outcome for outcome in engine.begin(order("acme", "bolt")).outcomes()}

    assert found["bolt"].verdict is Verdict.DONE
    assert found["acme"].verdict is Verdict.FAILED
    assert "secret" not in found["acme"].reason


def test_the_last_run_is_remembered_with_those_whom_nobody_began(tmp_path: Path) -> None:
    verdicts_of(tmp_path, Remembering(failing=frozenset({"acme"})), order("acme", "bolt", canary=1))

    with engine_in(tmp_path, Remembering()) as engine:
        told = [(outcome.tenant, outcome.verdict) for outcome in engine.ended(engine.newest())]

    assert told == [("acme", Verdict.FAILED), ("bolt", Verdict.LEFT_OUT)]


def test_there_is_nothing_to_resume_when_all_is_done(tmp_path: Path) -> None:
    verdicts_of(tmp_path, Remembering(), order("acme"))

    with engine_in(tmp_path, Remembering()) as engine, pytest.raises(ConfigurationError, match="No run is unfinished"):
        engine.newest(is_unfinished=True)


def test_what_is_recorded_is_json_and_names_where_a_token_lies(tmp_path: Path) -> None:
    verdicts_of(tmp_path, Remembering(), order("acme"))

    stored = (tmp_path / "fleet.db").read_bytes()
    assert b"env:ACME_TOKEN" in stored
    assert b"py_pickle" not in stored
