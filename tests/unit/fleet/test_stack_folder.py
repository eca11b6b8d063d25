"""A tenant's folder: its row as a stack's file, and the program found from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fleets import tenant

from provisioning.errors import ConfigurationError
from provisioning.fleet.stack_folder import StackFolder
from provisioning.fleet.tenant import Tenant

PROJECT = """\
name: elium-provisioning
runtime: python
plugins:
  providers:
    - {name: entrasync, path: .venv/bin}
    - {name: azuread, version: 6.10.0}
"""


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    return StackFolder(tmp_path / "fleet" / "acme", tmp_path / "project")


def read(folder: StackFolder, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder.path / name).read_text("utf-8"))
    return found


def test_the_program_and_its_plugins_are_found_from_there(folder: StackFolder) -> None:
    folder.write(tenant())

    written = read(folder, "Pulumi.yaml")
    assert (written["name"], written["main"]) == ("elium-provisioning", str(folder.project))
    assert written["plugins"]["providers"] == [
        {"name": "entrasync", "path": str(folder.project / ".venv/bin")},
        {"name": "azuread", "version": "6.10.0"},
    ]


def test_a_row_is_a_stack_s_configuration_and_what_was_taken_out_goes(folder: StackFolder) -> None:
    folder.write(tenant(notificationEmail="it@contoso.com"))
    folder.write(tenant())

    assert read(folder, "Pulumi.acme.yaml") == {
        "config": {
            "elium:tenantUrl": "https://acme.elium.com",
            "elium:secretToken": "env:ACME_TOKEN",
            "elium:groups": ["Elium users"],
        }
    }


def test_what_pulumi_needs_again_is_kept(folder: StackFolder) -> None:
    folder.write(tenant())
    file = folder.path / "Pulumi.acme.yaml"
    kept = {"encryptionsalt": "v1:of-a-test", "secretsprovider": "passphrase"}
    file.write_text(yaml.safe_dump({"config": {"elium:groups": ["Nobody"]}, **kept}), encoding="utf-8")

    folder.write(tenant())

    written = read(folder, "Pulumi.acme.yaml")
    assert written.items() >= kept.items()
    assert written["config"]["elium:groups"] == ["Elium users"]


@pytest.mark.parametrize("place", ["command:pass show acme", "keyvault:https://fleet.vault.azure.net/secrets/acme"])
def test_a_token_that_only_the_command_finds_is_not_the_plugin_s(folder: StackFolder, place: str) -> None:
    folder.write(tenant(secretToken=place))

    assert "elium:secretToken" not in read(folder, "Pulumi.acme.yaml")["config"]


def test_an_identity_is_for_both_plugins_and_its_secret_in_no_file(folder: StackFolder) -> None:
    row = tenant()
    entra = {"tenantId": "contoso.example", "clientSecret": "env:CONTOSO_SECRET"}
    folder.write(Tenant(row.name, row.written, {}, entra))

    written = read(folder, "Pulumi.acme.yaml")["config"]
    of_plugins = {name: value for name, value in written.items() if not name.startswith("elium:")}
    assert of_plugins == {"azuread:tenantId": "contoso.example", "entrasync:tenantId": "contoso.example"}


def test_a_file_that_would_say_the_same_is_left_alone(folder: StackFolder) -> None:
    folder.write(tenant())
    before = {file.name: file.stat().st_ino for file in folder.path.iterdir()}

    folder.write(tenant())

    # A file that is written takes the place of another one.
    assert {file.name: file.stat().st_ino for file in folder.path.iterdir()} == before
    assert set(before) == {"Pulumi.yaml", "Pulumi.acme.yaml"}


def test_without_a_project_it_is_said_where_one_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"There is no Pulumi project in {tmp_path}"):
        StackFolder(tmp_path / "fleet" / "acme", tmp_path).write(tenant())


def test_a_file_that_is_not_yaml_is_told_and_not_overwritten(folder: StackFolder) -> None:
    folder.write(tenant())
    file = folder.path / "Pulumi.acme.yaml"
    file.write_text("{", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"Pulumi\.acme\.yaml cannot be read"):
        folder.write(tenant())
    assert file.read_text("utf-8") == "{"
