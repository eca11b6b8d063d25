"""Journals of teardowns, which must outlive the runner: without its journal a teardown that was cut cannot go on.

They have names and addresses of people, so only their owner may read the files.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.operations.teardown.journal import FOLDER

JOURNALS = "journals"

FLEET = Path(".state") / "fleet"
"""Below it each tenant has a folder that is its stack's."""


@contextmanager
def kept(results: Path, project: Path) -> Iterator[None]:
    """Bring back the journals that earlier runs left among *results*, and keep those of this one, however it ends."""
    journals, fleet = results / JOURNALS, project / FLEET
    journals.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The last one by name wins: a platform may lay each attempt into a folder of its own.
    earlier = {found.name: found for found in sorted(results.glob(f"**/{JOURNALS}/*.json"))}
    for journal in earlier.values():
        its_own = fleet / journal.stem / FOLDER / journal.name
        # What lies there already is of the same runner, and newer.
        if not its_own.exists():
            its_own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(journal, its_own)
    try:
        yield
    finally:
        for journal in fleet.glob(f"*/{FOLDER}/*.json"):
            _copy(journal, journals / journal.name)


def _copy(journal: Path, to: Path) -> None:
    to.touch(mode=0o600)
    shutil.copyfile(journal, to)
