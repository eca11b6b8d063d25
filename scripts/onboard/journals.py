"""Journals of teardowns, which must outlive the runner: without its journal a teardown that was cut cannot go on.

So while a teardown runs its journal lies among the results already, which a platform keeps even where it kills the
step. Journals have names and addresses of people, so only their owner may read the files.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.operations.teardown.journal import FOLDER

FLEET = Path(".state") / "fleet"
"""Below it each tenant has a folder that is its stack's."""

JOURNALS = "journals"


@contextmanager
def kept(results: Path, project: Path, tenants: Iterable[str]) -> Iterator[None]:
    """Let the journals of *tenants* lie among *results*, those that an earlier run left there included."""
    folders = {name: (project / FLEET / name / FOLDER, results / JOURNALS / name) for name in tenants}
    for name, (its_own, among_results) in folders.items():
        if its_own.is_symlink():
            # A run was killed here; what it wrote lies where this pointed to.
            its_own.unlink()
        among_results.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The last one by name wins: a platform may lay each attempt into a folder of its own. The runner's own, if it
        # keeps its folders, is the newest.
        earlier = sorted(results.glob(f"*/{JOURNALS}/{name}"))
        for folder in (*earlier, its_own):
            _copy(folder, among_results)
        its_own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(its_own, ignore_errors=True)
        its_own.symlink_to(among_results.resolve())
    try:
        yield
    finally:
        for its_own, among_results in folders.values():
            its_own.unlink()
            its_own.mkdir(mode=0o700)
            _copy(among_results, its_own)


def _copy(journals: Path, to: Path) -> None:
    for journal in journals.glob("*.json"):
        (to / journal.name).touch(mode=0o600)
        shutil.copyfile(journal, to / journal.name)
