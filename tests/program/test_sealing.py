"""A token on its way to the plugin: what the engine sees opens nothing, and the disk has no token."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.model.token_source import TokenSource, resolve
from provisioning.sealing import sealed

TOKEN = "canary-of-the-tests"


def test_a_sealed_token_is_opened_by_the_file_that_it_names() -> None:
    source = TokenSource.parse(sealed(TOKEN))

    assert source is not None
    assert resolve(source, {}, lambda path: Path(path).read_text(encoding="ascii")).reveal() == TOKEN


def test_neither_what_travels_nor_the_file_has_the_token() -> None:
    travels = sealed(TOKEN)
    source = TokenSource.parse(travels)

    assert source is not None
    for text in (travels, Path(source.name).read_text(encoding="ascii")):
        assert TOKEN not in text
        assert TOKEN.encode().hex() not in text


def test_the_file_is_for_this_user_alone() -> None:
    source = TokenSource.parse(sealed(TOKEN))

    assert source is not None
    path = Path(source.name)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_token_needs_one_file() -> None:
    assert sealed(TOKEN) == sealed(TOKEN)


@pytest.mark.parametrize("source", ["env:ELIUM_SECRET_TOKEN", "file:/run/secrets/elium"])
def test_where_a_token_lies_is_told_as_it_is(source: str) -> None:
    assert sealed(source) == source


def test_the_file_goes_when_the_program_ends() -> None:
    program = f"from provisioning.sealing import sealed; print(sealed({TOKEN!r}))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours

    source = TokenSource.parse(ended.stdout.strip())
    assert source is not None
    assert not Path(source.name).parent.exists()
