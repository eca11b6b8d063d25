"""How a folder of programs is known to be whole: the checksums of its files, written down when it was finished."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MANIFEST = "manifest.json"


def seal(folder: Path, programs: Iterable[str]) -> None:
    """Write down what the *programs* in *folder* look like now."""
    checksums = {name: _checksum(folder / name) for name in programs}
    (folder / MANIFEST).write_text(json.dumps(checksums, indent=2), encoding="utf-8")


def flaw_of(folder: Path, programs: Iterable[str]) -> str | None:
    """Tell what is wrong with a sealed *folder*, or ``None`` when its *programs* are as they were."""
    try:
        checksums = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return f"{MANIFEST} is missing"
    except ValueError:
        return f"{MANIFEST} cannot be read"
    flaws = (_flaw_of_program(folder / name, checksums.get(name)) for name in programs)
    return next((flaw for flaw in flaws if flaw is not None), None)


def _flaw_of_program(program: Path, checksum: str | None) -> str | None:
    if not program.is_file():
        return f"{program.name} is missing"
    if not os.access(program, os.R_OK | os.X_OK):
        return f"{program.name} cannot be run"
    if _checksum(program) != checksum:
        return f"{program.name} is damaged"
    return None


def _checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
