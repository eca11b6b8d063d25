"""The site is what its clone makes it, and nothing else."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

from browser.conftest import SITE

from tools.places import this_clone, user_cache
from tools.setup.commands import run
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.site.building import PAGES, build


def test_the_same_clone_gives_the_same_bytes_in_another_folder(tmp_path: Path) -> None:
    clone = this_clone()
    context = Context(clone, user_cache(os.environ), os.environ, run, Progress(io.StringIO()))

    wrong = build(context, clone.environment_beside("site") / "bin", tmp_path / "elsewhere")

    assert wrong == []
    assert contents(tmp_path / "elsewhere" / PAGES) == contents(SITE)


def contents(folder: Path) -> dict[str, str]:
    """Give what stands in every file, as a digest."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
