"""How a folder of programs is known to be whole: the checksums of its files, written down when it was finished."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.errors import UnavailableError

MANIFEST = "manifest.json"


@contextmanager
def whole_or_not_at_all(home: Path, programs: Sequence[str], works: Callable[[Path], object]) -> Iterator[Path]:
    """Give an empty folder to put ``bin`` with the *programs* into, and when that is done and works, make it *home*.

    Only for who holds the lock of the folder above: what unfinished attempts have left behind is swept away.

    :raises UnavailableError: when a program is missing, or when *works*, which is given ``bin``, says that it does not.
    """
    for left_behind in home.parent.glob(f"{home.name}.unfinished-*"):
        shutil.rmtree(left_behind)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=f"{home.name}.unfinished-") as unfinished:
        whole = Path(unfinished) / "whole"
        whole.mkdir()
        yield whole
        _demand(whole / "bin", programs)
        works(whole / "bin")
        seal(whole / "bin", programs)
        if home.exists():
            shutil.rmtree(home)
        whole.rename(home)


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


def _demand(folder: Path, programs: Iterable[str]) -> None:
    missing = [program for program in programs if not (folder / program).is_file()]
    if missing:
        raise UnavailableError(f"it lacks {missing[0]}")


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
