"""What Graph shows has the properties of the documented samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_app, elium_job, named

from emulator.company.store import Kind

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator

CASES = json.loads((Path(__file__).parents[3] / "conformance" / "graph_shapes.json").read_text("utf-8"))["cases"]


@pytest.fixture
async def samples(emulator: Emulator, graph: httpx2.AsyncClient) -> dict[str, dict[str, Any]]:
    """Ask for one of each."""
    instance = await elium_app(graph)
    job = await elium_job(emulator, graph)
    await emulator.run_due()
    principal, at = job.partition("/synchronization")[0], job.rpartition("/jobs/")[0]
    paths = {
        "application template": "/applicationTemplates",
        "application": f"/applications/{instance['application']['id']}",
        "service principal": principal,
        "app role assignment": f"{principal}/appRoleAssignedTo",
        "synchronization job": job,
        "synchronization template": f"{at}/templates",
        "synchronization schema": f"{job}/schema",
        "provisioning log entry": "/auditLogs/provisioning",
        "error": "/users/nobody",
        "user": "/users/ada.byron@contoso.com",
        "group": f"/groups/{named(emulator, Kind.GROUP, 'Elium users').id}",
    }
    found = {name: (await graph.get(path)).json() for name, path in paths.items()}
    one = f"{paths['app role assignment']}/{found['app role assignment']['value'][0]['id']}"
    mapping = found["synchronization schema"]["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][0]
    return {
        **{name: body["value"][0] if "value" in body else body for name, body in found.items()},
        "app role assignment": (await graph.get(one)).json(),
        "instance": instance,
        "synchronization status": found["synchronization job"]["status"],
        "attribute mapping": mapping,
        "error": found["error"]["error"],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_sample_has_the_documented_properties(samples: dict[str, dict[str, Any]], case: dict[str, Any]) -> None:
    assert set(case["keys"]) - samples[case["name"]].keys() == set()
