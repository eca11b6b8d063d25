"""The emulator's answers have the shapes of the documented samples.

A shape names each key and what kind of value it holds; ``=Active`` is that very value, ``[x]`` is at least one of x,
``["any number of", x]`` also none, ``[]`` is an empty list, ``a or null`` is either. A key too many does not count:
samples are trimmed. A key too few is one.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_app, elium_job, graph_of

from emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

HERE = Path(__file__).parent
SHAPES = sorted(HERE.glob("*.json"))
GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MOMENT = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
TEXTS = {
    "string": r"[\s\S]*",
    "guid": GUID,
    "moment": f"{MOMENT}Z",
    "moment without a zone": MOMENT,
    "duration": r"P(\d+D)?(T(\d+H)?(\d+M)?([\d.]+S)?)?",
    "address": r"https?://\S+",
    "job id": rf"[A-Za-z0-9]+\.[0-9a-f]{{32}}\.{GUID}",
    "assignment id": r"[A-Za-z0-9_-]{43}",
}
"""Kinds of text, and how each is written."""

KINDS = {"integer": int, "boolean": bool, "null": type(None), "object": dict, "list": list}
NESTED = "the JSON in a string"


def differences(shape: Any, answer: Any, at: str = "") -> Iterator[str]:
    """Tell where an answer is not as its shape says."""
    match shape:
        case {"the JSON in a string": inner}:
            yield from differences(inner, json.loads(answer), f"{at}!")
        case dict():
            yield from _in_object(shape, answer, at)
        case list():
            yield from _in_list(shape, answer, at)
        case _:
            if not any(_fits(kind, answer) for kind in shape.split(" or ")):
                yield f"{at}: {shape} was expected, not {answer!r}"


def _in_object(shape: dict[str, Any], answer: Any, at: str) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{at}: an object was expected, not {answer!r}"
        return
    yield from (f"{at}.{key}: is missing" for key in shape.keys() - answer.keys())
    for key in shape.keys() & answer.keys():
        yield from differences(shape[key], answer[key], f"{at}.{key}")


def _in_list(shape: list[Any], answer: Any, at: str) -> Iterator[str]:
    if not isinstance(answer, list):
        yield f"{at}: a list was expected, not {answer!r}"
    elif bool(shape) != bool(answer) and shape[:1] != ["any number of"]:
        yield f"{at}: holds {len(answer)}"
    else:
        for place, item in enumerate(answer):
            yield from differences(shape[-1], item, f"{at}[{place}]")


def _fits(kind: str, answer: Any) -> bool:
    if kind.startswith("="):
        return kind[1:] == (answer if isinstance(answer, str) else json.dumps(answer))
    if kind in TEXTS:
        return isinstance(answer, str) and re.fullmatch(TEXTS[kind], answer) is not None
    return type(answer) is KINDS[kind]


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Live through a first configuration and keep what was answered."""
    return asyncio.run(lived_through())


async def lived_through() -> dict[str, Any]:
    emulator = Emulator()
    async with graph_of(emulator) as graph:
        found = {"instantiation": await elium_app(graph, "Elium (new)")}
        at = f"/servicePrincipals/{found['instantiation']['servicePrincipal']['id']}/synchronization"
        found["job-created"] = (await graph.post(f"{at}/jobs", json={"templateId": "elium"})).json()
        job = await elium_job(emulator, graph)
        found["job-started"] = await read(graph, job)
        await emulator.run_due()
        found["job-steady"] = await read(graph, job)
        return {**found, **await looked_at(graph, job), "job-quarantined": await quarantined(emulator, graph)}


async def read(graph: httpx2.AsyncClient, path: str) -> Any:
    return (await graph.get(path)).json()


async def looked_at(graph: httpx2.AsyncClient, job: str) -> dict[str, Any]:
    """Ask for what a running job leaves."""
    principal, schema = job.partition("/synchronization")[0], await read(graph, f"{job}/schema")
    template = await read(graph, "/applicationTemplates?$filter=displayName eq 'Elium'")
    assignment = (await read(graph, f"{principal}/appRoleAssignedTo"))["value"][0]["id"]
    ada = await read(graph, "/users/ada.byron@contoso.com")
    subjects = [{"objectId": ada["id"], "objectTypeName": "User"}]
    asked = {"parameters": [{"ruleId": schema["synchronizationRules"][0]["id"], "subjects": subjects}]}
    return {
        "application-template": template["value"][0],
        "assignment": await read(graph, f"{principal}/appRoleAssignedTo/{assignment}"),
        "error": await read(graph, "/users/nobody"),
        "provisioning-log-entry": await created(graph),
        "provision-on-demand": (await graph.post(f"{job}/provisionOnDemand", json=asked)).json(),
        "schema": schema,
        "secrets": await read(graph, f"{principal}/synchronization/secrets"),
        "template": (await read(graph, f"{principal}/synchronization/templates"))["value"][0],
    }


async def created(graph: httpx2.AsyncClient) -> Any:
    """Find the log of somebody who was created without a remark."""
    log = await read(graph, "/auditLogs/provisioning?$filter=provisioningAction eq 'create'")
    people = (one for one in log["value"] if one["sourceIdentity"]["identityType"] == "User")
    return next(one for one in people if one["provisioningStatusInfo"]["status"] == "success")


async def quarantined(emulator: Emulator, graph: httpx2.AsyncClient) -> Any:
    """Let a job meet a token that Elium does not know."""
    job = await elium_job(emulator, graph)
    pairs = {"BaseAddress": f"{emulator.origin}/elium/{emulator.seed.elium[0].name}/scim/v2", "SecretToken": "wrong"}
    body = {"value": [{"key": key, "value": value} for key, value in pairs.items()]}
    await graph.put(f"{job.rpartition('/jobs/')[0]}/secrets", json=body)
    await emulator.run_cycle(job.rpartition("/")[2])
    return await read(graph, job)


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_an_answer_has_the_shape_of_the_documented_sample(answers: dict[str, Any], file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    assert list(differences(golden["shape"], answers[file.stem])) == []


def test_every_answer_has_a_shape(answers: dict[str, Any]) -> None:
    assert sorted(answers) == [file.stem for file in SHAPES]


@pytest.mark.parametrize(
    ("shape", "answer", "told"),
    [
        ({"a": "guid"}, {}, ".a: is missing"),
        ({"a": "integer"}, {"a": True}, ".a: integer was expected, not True"),
        ({"a": "=Active"}, {"a": "Paused"}, ".a: =Active was expected, not 'Paused'"),
        ({"a": {"b": "null"}}, {"a": None}, ".a: an object was expected, not None"),
        ({"a": ["string"]}, {"a": []}, ".a: holds 0"),
        ({"a": []}, {"a": [1]}, ".a: holds 1"),
        ({"a": ["string"]}, {"a": ["b", 1]}, ".a[1]: string was expected, not 1"),
        ({"a": {NESTED: {"b": "null"}}}, {"a": '{"b": 1}'}, ".a!.b: null was expected, not 1"),
        ({"a": "moment or null"}, {"a": "0001-01-01T00:00:00Z"}, ".a: moment or null was expected, not '0001-01"),
    ],
)
def test_a_difference_is_told_where_it_is(shape: Any, answer: Any, told: str) -> None:
    assert next(differences(shape, answer)).startswith(told)
