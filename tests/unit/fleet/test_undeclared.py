"""What is deployed and declared nowhere, and what is declared twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fleets import tenant

from provisioning.fleet.acts import Verdict
from provisioning.fleet.doubles import refused_doubles
from provisioning.fleet.tenants_file import Fleet
from provisioning.fleet.undeclared import undeclared


def test_a_stack_with_resources_and_neither_row_nor_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").touch()

    (told,) = undeclared({"acme": 7, "lost": 7, "dev": 7, "emptied": 0}, {"acme"}, tmp_path)

    assert (told.tenant, told.verdict, told.is_well) == ("lost", Verdict.NO_ROW, False)
    assert "Its people keep their accounts." in told.reason
    assert told.what_to_do.endswith("elium fleet teardown --only lost")


def test_where_nobody_can_tell_which_stacks_there_are_none_is_told(tmp_path: Path) -> None:
    assert undeclared(None, {"acme"}, tmp_path) == []


def test_of_two_rows_with_one_app_in_one_entra_tenant_the_second_is_refused_also_when_it_is_chosen_alone() -> None:
    first, second = tenant("acme", displayName="Elium"), tenant("bolt")
    elsewhere = replace(tenant("cone"), entra={"tenantId": "cone.onmicrosoft.com"})
    other_app = tenant("dune", galleryApp="Elium for tests")
    fleet = Fleet.of((first, second, elsewhere, other_app))

    (told,) = refused_doubles(fleet)

    assert (told.tenant, told.verdict) == ("bolt", Verdict.REFUSED)
    assert "the row acme has an app of this name" in told.reason
    assert refused_doubles(fleet.only({}, ["bolt"])) == [told]
    assert refused_doubles(fleet.only({}, ["acme"])) == []
