from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tools.environment import environment
from tools.errors import SetUpError
from tools.places import Clone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = Clone(tmp_path)
    clone.state.mkdir()
    (tmp_path / "engine").mkdir()
    clone.toolchain_record.write_text(json.dumps({"bin": str(tmp_path / "engine")}), encoding="utf-8")
    return clone


def test_our_python_and_the_chosen_engine_come_first_on_path(clone: Clone) -> None:
    ours = environment(clone, {"PATH": "/usr/bin:/bin"})

    assert f"{clone.commands}:{clone.root}/engine:/usr/bin:/bin" == ours["PATH"]


def test_a_path_that_is_ours_already_stays_as_it_is(clone: Clone) -> None:
    once = environment(clone, {"PATH": "/usr/bin"})

    assert once["PATH"] == environment(clone, once)["PATH"]


def test_state_and_plugins_are_the_clones_own(clone: Clone) -> None:
    ours = environment(clone, {"PULUMI_HOME": "/home/ada/.pulumi"})

    assert str(clone.pulumi_home) == ours["PULUMI_HOME"]
    assert f"file://{clone.pulumi_state}" == ours["PULUMI_BACKEND_URL"]
    assert clone.pulumi_state.is_dir()


def test_a_backend_of_the_users_is_left_alone_unless_asked_for(clone: Clone) -> None:
    theirs = {"PULUMI_BACKEND_URL": "azblob://state"}

    assert f"file://{clone.pulumi_state}" == environment(clone, theirs)["PULUMI_BACKEND_URL"]
    assert environment(clone, theirs, keep_backend=True)["PULUMI_BACKEND_URL"] == "azblob://state"
    assert f"file://{clone.pulumi_state}" == environment(clone, {}, keep_backend=True)["PULUMI_BACKEND_URL"]


def test_pulumi_asks_no_one_about_updates_or_plugins(clone: Clone) -> None:
    ours = environment(clone, {})

    assert ours["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert ours["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_a_passphrase_is_invented_once_for_the_eyes_of_this_user(clone: Clone) -> None:
    first = environment(clone, {})["PULUMI_CONFIG_PASSPHRASE_FILE"]
    invented = clone.passphrase.read_text(encoding="utf-8")

    assert str(clone.passphrase) == first == environment(clone, {})["PULUMI_CONFIG_PASSPHRASE_FILE"]
    assert invented == clone.passphrase.read_text(encoding="utf-8")
    assert len(invented) > 40
    assert clone.passphrase.stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_beside_the_passphrase(clone: Clone) -> None:
    environment(clone, {})

    assert {"passphrase", "pulumi-state", "toolchain.json"} == {entry.name for entry in clone.state.iterdir()}


@pytest.mark.parametrize("chosen", ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_a_passphrase_that_the_user_has_chosen_stays_even_when_it_is_empty(clone: Clone, chosen: str) -> None:
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in environment(clone, {chosen: ""})
    assert not clone.passphrase.exists()


def test_before_the_set_up_there_is_no_environment(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="run `make setup` first"):
        environment(Clone(tmp_path), {})


def test_a_toolchain_that_has_gone_is_asked_for_again(clone: Clone) -> None:
    (clone.root / "engine").rmdir()

    with pytest.raises(SetUpError, match="run `make setup` first"):
        environment(clone, {})
