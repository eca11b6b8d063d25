from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioning.operations.deployed import EngineError
from scripts.recover.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path


def an_engine(folder: Path, script: str) -> Engine:
    """Return an engine whose ``pulumi`` is a script."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return Engine(folder, {"PATH": f"{folder}:/usr/bin:/bin"}, "prod")


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_the_state_is_asked_for_without_its_secrets(tmp_path: Path) -> None:
    engine = an_engine(tmp_path, 'printf \'{"deployment": {"asked": "%s"}}\' "$*"')

    assert engine.export() == {"deployment": {"asked": "stack export --stack prod --non-interactive"}}


def test_a_state_that_cannot_be_had_is_a_sentence_with_pulumis_own_words(tmp_path: Path) -> None:
    engine = an_engine(tmp_path, "echo 'error: the passphrase is wrong' >&2; exit 255")

    with pytest.raises(EngineError, match=r"does not tell of the stack prod: the passphrase is wrong"):
        engine.export()


def test_a_preview_that_is_refused_is_not_an_error(tmp_path: Path) -> None:
    preview = an_engine(tmp_path, "exit 255").preview()

    assert (preview.steps, preview.is_refused) == ([], True)


def test_a_preview_that_is_refused_tells_how_far_it_got(tmp_path: Path) -> None:
    preview = an_engine(tmp_path, 'printf \'{"steps": [{"op": "create"}]}\'; exit 1').preview()

    assert (preview.steps, preview.is_refused) == ([{"op": "create"}], True)


def test_a_command_that_fails_is_a_sentence(tmp_path: Path) -> None:
    engine = an_engine(tmp_path, "exit 3")

    with pytest.raises(EngineError, match="`pulumi import` ended with 3"):
        engine.carry_out(["pulumi", "import"])
