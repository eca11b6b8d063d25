"""What is deployed and declared nowhere, and what is declared twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fleets import tenant

from provisioning.fleet.acts import Verdict
from provisioning.fleet.doubles import refused_doubles
from provisioning.fleet.stack_folder import StackFolder
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.tenants_file import Fleet
from provisioning.fleet.undeclared import refused_heirs, undeclared


def test_a_stack_with_resources_and_neither_row_nor_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").touch()

    (told,) = undeclared({"acme": 7, "lost": 7, "dev": 7, "emptied": 0}, {"acme"}, tmp_path)

    assert (told.tenant, told.verdict, told.is_well) == ("lost", Verdict.NO_ROW, False)
    assert "Its people keep their accounts." in told.reason
    assert told.what_to_do.endswith("elium fleet teardown --only lost")


def test_where_nobody_can_tell_which_stacks_there_are_none_is_told(tmp_path: Path) -> None:
    assert undeclared(None, {"acme"}, tmp_path) == []


def test_a_new_row_of_an_elium_that_a_stack_without_a_row_provisions_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: elium\nruntime: python\n", encoding="utf-8")
    state, before = tmp_path / "state", tenant("acme")
    StackFolder(state / "acme", tmp_path).write(before)
    renamed = Tenant("acme2", {**before.written, "displayName": "Another"})
    fleet, stacks = Fleet.of((renamed, tenant("bolt"))), {"acme": 7}

    (told,) = refused_heirs(fleet, stacks, tmp_path, state)

    assert (told.tenant, told.verdict) == ("acme2", Verdict.REFUSED)
    assert "the stack acme, which has no row any more, provisions into this Elium" in told.reason
    assert "call the row acme again" in told.what_to_do
    # Not one that is brought about already, nor where the folder is elsewhere, or nobody can tell.
    assert refused_heirs(fleet, {"acme": 7, "acme2": 7}, tmp_path, state) == []
    assert refused_heirs(fleet, stacks, tmp_path, tmp_path / "elsewhere") == []
    assert refused_heirs(fleet, None, tmp_path, state) == []


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
