"""The real engine after a run was killed: what Entra has already is imported, and the next ``up`` has little to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi_stack import Stack

from emulator import Emulator
from scripts.recover.engine import Engine
from scripts.recover.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.web.server import Served

pytestmark = pytest.mark.engine

LATER = ("ProvisioningPlan", "AppRoleAssignment", "SynchronizationJob")
"""What is made after the app; the state knows nothing of it."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Emulator().serve() as served:
        yield served


@pytest.fixture
def cut(served: Served, tmp_path: Path) -> Stack:
    """Return a stack whose first run was killed when Entra had made everything and the state had nothing yet."""
    stack = Stack.of_this_project(tmp_path, served.environment, groups=["Elium users"])
    stack.up()
    (checkpoint,) = (tmp_path / "state" / ".pulumi" / "stacks").rglob("dev.json")
    written = json.loads(checkpoint.read_text(encoding="utf-8"))
    forget(written["checkpoint"]["latest"])
    checkpoint.write_text(json.dumps(written), encoding="utf-8")
    return stack


def forget(deployment: dict[str, Any]) -> None:
    """Call the app pending, and take out what comes after it."""
    kept, pending = [], []
    for node in deployment["resources"]:
        kind = node["type"].rpartition(":")[2]
        if kind == "ApplicationFromTemplate":
            pending.append({name: value for name, value in node.items() if name not in {"id", "outputs"}})
        elif kind not in LATER:
            kept.append(node)
    deployment["resources"] = kept
    deployment["pending_operations"] = [{"type": "creating", "resource": node} for node in pending]


async def mended(stack: Stack) -> list[str]:
    """Do what is found until nothing more is, and give the verbs that it took."""
    engine = Engine(stack.folder, {**stack.variables}, "dev")
    verbs = []
    while lines := (await look(engine, engine.preview())).lines:
        for line in lines:
            engine.carry_out(line)
            verbs.append(line[1])
    return verbs


async def test_what_was_made_is_imported_and_nothing_is_made_twice(cut: Stack, served: Served) -> None:
    before = len(served.requests("graph"))

    assert await mended(cut) == ["import", "refresh", "import"]
    cut.up()

    asked = served.requests("graph")[before:]
    assert [call.path for call in asked if call.method == "POST" and call.path.endswith("/instantiate")] == []
    assert [call.path for call in asked if call.method == "POST" and call.path.endswith("/jobs")] == []
    assert "unchanged" in cut.run("preview", "--expect-no-changes")
