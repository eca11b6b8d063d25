"""State in S3, in Azure Blob Storage and in PostgreSQL: one machine makes a stack, another takes it up, locks hold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from backends import Backend, azure_blob, postgres, s3
from pulumi_fleet import Fleet, fleet

from provisioning.commands.exit_codes import ExitCode

pytestmark = [pytest.mark.engine, pytest.mark.backends]

PLACES: dict[str, Callable[[Path], AbstractContextManager[Backend]]] = {
    "azure-blob": lambda folder: azure_blob(folder / "azurite"),
    "s3": lambda _: s3(),
    "postgresql": lambda _: postgres(),
}

PEOPLE = 10
"""Those of "Elium users" whose account is enabled."""

LOCK = ".pulumi/locks/organization/elium-provisioning/acme/0a1b2c3d.json"

HELD = {"pid": 4242, "username": "ci", "hostname": "runner-17", "timestamp": "2026-11-25T04:00:00Z"}


@pytest.mark.parametrize("place", PLACES)
def test_a_stack_is_brought_about_taken_up_elsewhere_and_unlocked(place: str, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    with PLACES[place](tmp_path) as backend, fleet(tmp_path / "first", ("acme",)) as local:
        first = replace(local, environment={**local.environment, **backend.variables})

        assert first.elium("up", "--yes", "--json").verdicts == {"acme": "done"}
        assert first.active("acme") == PEOPLE

        # Another machine has the row, the passphrase and the backend, and nothing of what the first one kept.
        second = another_machine(first, tmp_path / "second")
        assert second.elium("up", "--json").verdicts == {"acme": "unchanged"}
        second.defaults["mappings"] = {"users": {"title": "[department]"}}

        # A runner was killed with its machine.
        backend.put(LOCK, json.dumps(HELD).encode())
        ended = second.elium("up", "--yes", "--json")
        assert ended.verdicts == {"acme": "failed"}
        assert "ci@runner-17 (pid 4242, since 2026-11-25 04:00 UTC)" in ended.documents["acme"]["reason"]

        shown = second.elium("unlock", "--only", "acme")
        assert shown.code == ExitCode.CONFIGURATION
        assert "Whether it is still at work, only runner-17 knows." in shown.err
        checksum = shown.err.rstrip().rpartition("--doit ")[2]
        assert second.elium("unlock", "--only", "acme", "--doit", checksum, "--json").verdicts == {"acme": "done"}

        assert second.elium("up", "--yes", "--json").verdicts == {"acme": "done"}
        assert len(second.jobs("acme")) == 1

        # Another passphrase is refused where the stack's file has a salt. From a folder without one it is taken for
        # new, since nothing in the state is encrypted: what protects a stack is who may reach the backend.
        stranger = {**second.environment, "PULUMI_CONFIG_PASSPHRASE": "another one"}
        second.defaults["mappings"] = {"users": {"title": "[jobTitle]"}}
        ended = replace(second, environment=stranger).elium("up", "--yes", "--json")
        assert ended.verdicts == {"acme": "failed"}
        assert "passphrase" in ended.documents["acme"]["reason"]
        third = replace(another_machine(second, tmp_path / "third"), environment=stranger)
        assert third.elium("up", "--yes", "--json").verdicts == {"acme": "done"}
        second.defaults["mappings"] = {"users": {"title": "[department]"}}
        assert second.elium("up", "--yes", "--json").verdicts == {"acme": "done"}


def another_machine(first: Fleet, folder: Path) -> Fleet:
    """Check the project out somewhere else."""
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(first.folder / name, folder)
    return replace(first, folder=folder, defaults=dict(first.defaults))
