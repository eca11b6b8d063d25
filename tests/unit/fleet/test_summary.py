"""Many tenants in few lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError
from provisioning.fleet.acts import TenantOutcome, TenantPlan, Verdict
from provisioning.fleet.summary import FleetPlan, NewTokens, read_accepted, tally_of, worst, write_accepted

ACME = TenantPlan("acme", Verdict.CHANGES, checksum="aaaa", changes=1, entering=4)
BOLT = TenantPlan("bolt", Verdict.CHANGES, checksum="bbbb", changes=2, leaving=1_500, leaving_names=("Ada Byron",))
CONE = TenantPlan("cone", Verdict.CHANGES, checksum="cccc", changes=1, is_counted=False)
DUNE = TenantPlan("dune", Verdict.UNCHANGED, checksum="dddd")
EDEN = TenantPlan("eden", Verdict.REFUSED, checksum="eeee", leaving=7)


def test_it_is_said_how_many_stand_how_and_who_comes_and_goes() -> None:
    assert FleetPlan((ACME, DUNE, EDEN, replace(DUNE, tenant="fern"))).lines == [
        "2 unchanged, 1 to be changed, 1 refused.",
        "0 would leave, 4 would enter.",
    ]
    assert tally_of([Verdict.LEFT_OUT, Verdict.DONE]) == "1 done, 1 left out."
    assert FleetPlan((DUNE,)).lines == ["1 unchanged."]


def test_where_people_leave_in_many_tenants_at_once_that_is_said_and_severe() -> None:
    found = FleetPlan((ACME, BOLT, CONE))

    assert found.is_severe
    assert found.lines[-1] == (
        "People would leave, or lose or get access uncounted or by a number in their rows, in 2 tenants at once: bolt, "
        "cone."
    )


def test_what_a_number_in_the_defaults_accepts_in_many_tenants_is_severe_too() -> None:
    accepted = replace(ACME, entering=0, is_accepted=True)

    assert FleetPlan((accepted, replace(accepted, tenant="bolt"))).is_severe
    assert not FleetPlan((accepted, replace(BOLT, leaving=0))).is_severe


def test_one_tenant_that_loses_people_and_one_that_is_refused_are_not_many() -> None:
    assert not FleetPlan((ACME, BOLT, EDEN)).is_severe


def test_a_checksum_is_about_what_is_done_and_not_about_the_order() -> None:
    checksum = FleetPlan((ACME, BOLT)).checksum

    assert FleetPlan((DUNE, BOLT, EDEN, ACME)).checksum == checksum
    assert FleetPlan((ACME,)).checksum != checksum
    assert FleetPlan((ACME, replace(BOLT, checksum="bbbc"))).checksum != checksum
    assert FleetPlan((replace(ACME, tenant="bolt"), replace(BOLT, tenant="acme"))).checksum != checksum


def test_what_was_shown_is_kept_without_names_of_people(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"

    write_accepted(file, FleetPlan((ACME, BOLT, DUNE)))

    assert read_accepted(file) == {"acme": "aaaa", "bolt": "bbbb"}
    assert "Ada" not in file.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tenants": 1}', '{"tenants": ["acme"]}', "\udcff"])
def test_what_is_not_a_kept_plan_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(ConfigurationError, match=r"is not what elium fleet plan --out wrote"):
        read_accepted(file)
    with pytest.raises(ConfigurationError):
        read_accepted(tmp_path / "nothing.json")


def test_the_worst_is_what_a_pipeline_hears_of() -> None:
    order = (Verdict.FAILED, Verdict.UNWELL, Verdict.REFUSED, Verdict.MOVED, Verdict.LEFT_OUT)
    rows = [TenantOutcome(verdict.value, verdict) for verdict in (Verdict.DONE, *reversed(order))]

    assert [worst(rows[: len(rows) - number]) for number in range(len(order))] == list(order)
    assert worst(rows[:1]) is None


def test_it_is_said_who_gets_a_new_token() -> None:
    found = NewTokens.of([TenantOutcome("acme", Verdict.CHANGES), TenantOutcome("bolt", Verdict.UNCHANGED)])

    assert found.tenants == ("acme",)
    assert found.lines[0].startswith("Entra gets a new token for acme: each is tried before and after it is saved")
