"""A file that is written is heard, however it is written, and where the system has nothing left to watch with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from provisioning.panel import files

PATIENCE = 60


def replaced(file: Path) -> None:
    """Write it as editors do."""
    other = file.with_suffix(".new")
    other.write_text("b", encoding="utf-8")
    other.replace(file)


@pytest.mark.parametrize("write", [replaced, lambda file: file.write_text("b", encoding="utf-8")])
async def test_a_file_that_is_written_is_heard(tmp_path: Path, write: Callable[[Path], None]) -> None:
    await heard(tmp_path / "Pulumi.dev.yaml", write)


async def test_it_is_heard_where_the_system_watches_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def awatch(folder: Path, *, force_polling: bool | None, **options: Any) -> AsyncIterator[Any]:
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        return watchfiles.awatch(folder, force_polling=True, **options)

    monkeypatch.setattr(files, "awatch", awatch)

    await heard(tmp_path / "Pulumi.dev.yaml", replaced)


async def heard(file: Path, write: Callable[[Path], None]) -> None:
    """Write again and again until it is heard: nobody tells when the watch has begun."""
    replaced(file)
    listening = asyncio.ensure_future(anext(files.written(file)))
    async with asyncio.timeout(PATIENCE):
        while not listening.done():
            write(file)
            await asyncio.wait([listening], timeout=0.2)
    await listening
