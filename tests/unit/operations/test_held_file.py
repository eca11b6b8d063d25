from __future__ import annotations

import sys
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError
from provisioning.operations.held_file import hold


def test_what_one_holds_another_cannot(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as first, path.open("w") as second:
        hold(first)

        with pytest.raises(BlockingIOError):
            hold(second)
        first.close()
        hold(second)


def test_a_system_without_such_locks_is_told_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)

    with (tmp_path / "lock").open("w") as file, pytest.raises(ConfigurationError, match="Nothing was done") as raised:
        hold(file)
    assert raised.value.hint == "Run it on Linux or macOS; on Windows, in the Subsystem for Linux."
