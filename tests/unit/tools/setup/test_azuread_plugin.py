from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import Machine, a_context, a_program, asked_of, fails, printed_by, says

from tools.setup.azuread_plugin import PLUGIN, azuread_plugin, put_stand_in
from tools.setup.commands import run
from tools.setup.manifest import flaw_of

if TYPE_CHECKING:
    from tools.setup.commands import Ended
    from tools.setup.context import Context

HOME = "plugins/resource-azuread-v6.11.1"
TOOLCHAIN = Path("/toolchain")


@pytest.fixture
def offline(tmp_path: Path) -> Context:
    return a_context(tmp_path, {"get.pulumi.com": fails("")})


@pytest.fixture
def online(tmp_path: Path) -> Context:
    """Return a context where a plugin is fetched to wherever ``PULUMI_HOME`` points."""
    machine = Machine()

    def fetch(_command: list[str]) -> Ended:
        a_program(Path(machine.environments[-1]["PULUMI_HOME"]) / HOME / PLUGIN, "official")
        return says("")

    machine.answers = {"get.pulumi.com": says(""), "plugin install": fetch}
    context = a_context(tmp_path, machine)
    context.clone.state.mkdir()
    return context


def plugin_of(context: Context) -> Path:
    return context.clone.pulumi_home / HOME / PLUGIN


def test_offline_the_stand_in_lies_where_pulumi_looks(offline: Context) -> None:
    azuread_plugin(offline, TOOLCHAIN, "6.11.1")

    assert "emulator.azuread" in plugin_of(offline).read_text(encoding="utf-8")
    assert os.access(plugin_of(offline), os.X_OK)
    assert printed_by(offline)[0] == "Pulumi's plugins: out of reach"
    assert "for loopback only" in printed_by(offline)[1]


def test_online_the_official_plugin_of_the_locked_version_is_fetched(online: Context) -> None:
    azuread_plugin(online, TOOLCHAIN, "6.11.1")

    assert asked_of(online)[1] == "/toolchain/pulumi plugin install resource azuread 6.11.1"
    assert plugin_of(online).read_text(encoding="utf-8") == "official"
    assert flaw_of(plugin_of(online).parent, [PLUGIN]) is None


def test_the_official_plugin_replaces_the_stand_in(online: Context) -> None:
    put_stand_in(plugin_of(online).parent, online.clone.python)

    azuread_plugin(online, TOOLCHAIN, "6.11.1")

    assert plugin_of(online).read_text(encoding="utf-8") == "official"


def test_the_official_plugin_is_not_fetched_twice_nor_replaced(online: Context) -> None:
    azuread_plugin(online, TOOLCHAIN, "6.11.1")
    fetching = len(asked_of(online))

    azuread_plugin(online, TOOLCHAIN, "6.11.1")

    assert fetching == len(asked_of(online))
    assert plugin_of(online).read_text(encoding="utf-8") == "official"


@pytest.mark.parametrize("content", ["\x7fELF official", "#!/bin/sh\nexec /nix/store/azuread\n"])
@pytest.mark.parametrize("answer", ["", None])
def test_a_plugin_that_somebody_installed_is_never_touched(tmp_path: Path, content: str, answer: str | None) -> None:
    reachable = fails("") if answer is None else says(answer)
    context = a_context(tmp_path, {"get.pulumi.com": reachable, "plugin install": fails("not to be asked")})
    a_program(plugin_of(context), content)

    azuread_plugin(context, TOOLCHAIN, "6.11.1")

    assert plugin_of(context).read_text(encoding="utf-8") == content
    assert asked_of(context) == []
    assert printed_by(context) == ["azuread plugin, official: 6.11.1, installed by hand"]


def test_a_plugin_put_over_the_one_that_was_fetched_is_left_alone_and_told(online: Context) -> None:
    azuread_plugin(online, TOOLCHAIN, "6.11.1")
    plugin_of(online).write_text("another", encoding="utf-8")

    azuread_plugin(online, TOOLCHAIN, "6.11.1")

    assert plugin_of(online).read_text(encoding="utf-8") == "another"
    assert printed_by(online)[-1] == (
        f"{PLUGIN} is damaged, or somebody put another one there; it is left as it is. "
        f"To have it fetched again: rm -r {plugin_of(online).parent}"
    )


def test_a_fetch_that_fails_leaves_the_stand_in_and_nothing_half_done(tmp_path: Path) -> None:
    context = a_context(tmp_path, {"get.pulumi.com": says(""), "plugin install": fails("failed all 5 attempts")})
    context.clone.state.mkdir()

    azuread_plugin(context, TOOLCHAIN, "6.11.1")

    assert "failed (failed all 5 attempts)" in printed_by(context)[1]
    assert "emulator.azuread" in plugin_of(context).read_text(encoding="utf-8")
    assert [entry.name for entry in context.clone.state.iterdir()] == ["pulumi-home"]


def test_the_stand_in_passes_its_arguments_on_whatever_the_clone_is_called(tmp_path: Path) -> None:
    python = a_program(tmp_path / "Ada's clone" / "python", '#!/bin/sh\necho "$@"\n')
    put_stand_in(tmp_path / "home", python)

    ended = run(
        [tmp_path / "home" / PLUGIN, "127.0.0.1:4711", "a b"], within=10, environment={"PATH": os.environ["PATH"]}
    )

    assert ended.output == "-P -m emulator.azuread 127.0.0.1:4711 a b\n"


def test_a_stand_in_that_is_there_is_not_written_again(offline: Context) -> None:
    azuread_plugin(offline, TOOLCHAIN, "6.11.1")
    before = plugin_of(offline).stat()

    azuread_plugin(offline, TOOLCHAIN, "6.11.1")

    assert plugin_of(offline).stat().st_ino == before.st_ino
    assert printed_by(offline)[-1] == "azuread plugin, stand-in for the emulator: for loopback only"


def test_a_stand_in_for_another_python_is_written_anew(offline: Context) -> None:
    put_stand_in(plugin_of(offline).parent, Path("/moved/clone/.venv/bin/python"))

    azuread_plugin(offline, TOOLCHAIN, "6.11.1")

    assert str(offline.clone.python) in plugin_of(offline).read_text(encoding="utf-8")
