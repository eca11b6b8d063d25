from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_app

from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

JOB = "/servicePrincipals/{id}/synchronization/jobs/{job}/schema"
TEMPLATE = "/servicePrincipals/{id}/synchronization/templates/{template}/schema"


@pytest.fixture(params=["templates", "jobs"])
async def schema(graph: httpx2.AsyncClient, request: pytest.FixtureRequest) -> str:
    """Tell where a schema is: a template's, or a job's."""
    at = f"/servicePrincipals/{(await elium_app(graph))['servicePrincipal']['id']}/synchronization"
    if request.param == "templates":
        return f"{at}/templates/elium/schema"
    return f"{at}/jobs/{(await graph.post(f'{at}/jobs', json={'templateId': 'elium'})).json()['id']}/schema"


async def tried(graph: httpx2.AsyncClient, schema: str, expression: str, *pairs: tuple[str, Any]) -> dict[str, Any]:
    properties = [{"key": key, "value": value} for key, value in pairs]
    body = {"expression": expression, "testInputObject": {"definition": None, "properties": properties}}
    told: dict[str, Any] = (await graph.post(f"{schema}/parseExpression", json=body)).json()
    return told


@witness(
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema/directories",
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema/directories/{directory}",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/schema/directories/{directory}/discover",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}/schema/directories",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}/schema/directories/{directory}",
    "POST /servicePrincipals/{id}/synchronization/templates/{template}/schema/directories/{directory}/discover",
)
async def test_directories_are_shown_and_cannot_be_discovered(graph: httpx2.AsyncClient, schema: str) -> None:
    listed = (await graph.get(f"{schema}/directories")).json()["value"]
    one = f"{schema}/directories/{listed[0]['id']}"
    shown, discovered = (await graph.get(one)).json(), await graph.post(f"{one}/discover")
    unknown = await graph.get(f"{schema}/directories/unknown")

    assert (shown["name"], len(listed)) == ("Azure Active Directory", 2)
    assert (discovered.status_code, unknown.status_code) == (400, 404)


@witness(
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema/filterOperators",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}/schema/filterOperators",
)
async def test_operators_say_what_they_compare(graph: httpx2.AsyncClient, schema: str) -> None:
    found = {each["name"]: each for each in (await graph.get(f"{schema}/filterOperators()")).json()["value"]}

    assert (found["EQUALS"]["arity"], found["EQUALS"]["supportedAttributeTypes"]) == ("Binary", ["Integer", "String"])
    assert (found["IS TRUE"]["arity"], found["IS TRUE"]["supportedAttributeTypes"]) == ("Unary", ["Boolean"])
    assert found["GREATER_THAN"]["supportedAttributeTypes"] == ["Integer"]
    assert "Binary" in found["IS NULL"]["supportedAttributeTypes"]


@witness(
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema/functions",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}/schema/functions",
)
async def test_functions_name_their_parameters(graph: httpx2.AsyncClient, schema: str) -> None:
    found = {each["name"]: each["parameters"] for each in (await graph.get(f"{schema}/functions")).json()["value"]}

    assert found["Append"][:1] == [
        {"name": "source", "type": "String", "required": True, "allowMultipleOccurrences": False}
    ]
    assert [parameter["name"] for parameter in found["Replace"]][:2] == ["source", "Find"]
    assert found["Join"][1]["allowMultipleOccurrences"] is True


@witness(
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/schema/parseExpression",
    "POST /servicePrincipals/{id}/synchronization/templates/{template}/schema/parseExpression",
)
async def test_an_expression_is_read_and_tried(graph: httpx2.AsyncClient, schema: str) -> None:
    told = await tried(graph, schema, 'Replace([preferredLanguage], "-", , , "_", , )', ("preferredLanguage", "en-US"))

    assert (told["parsingSucceeded"], told["evaluationSucceeded"], told["evaluationResult"]) == (True, True, ["en_US"])
    assert [each["key"] for each in told["parsedExpression"]["parameters"]] == ["source", "Find", "Replacement"]


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ("[a]", None, []),
        ("[a]", ["x", "y"], ["x", "y"]),
        ("[a]", True, ["True"]),
        ("[a]", 7, ["7"]),
    ],
)
async def test_values_of_all_kinds_are_tried(
    graph: httpx2.AsyncClient, schema: str, expression: str, value: object, expected: list[str]
) -> None:
    assert expected == (await tried(graph, schema, expression, ("a", value)))["evaluationResult"]


async def test_what_cannot_be_read_or_evaluated_says_why(graph: httpx2.AsyncClient, schema: str) -> None:
    unread = await tried(graph, schema, "Join(", ("a", "x"))
    failed = await tried(graph, schema, 'Mid([a], "x", 1)', ("a", "x"))
    untried = (await graph.post(f"{schema}/parseExpression", json={"expression": "[a]"})).json()
    missing = await graph.post(f"{schema}/parseExpression", json={})

    assert (unread["parsingSucceeded"], unread["parsedExpression"]) == (False, None)
    assert (
        failed["parsingSucceeded"],
        failed["evaluationSucceeded"],
        failed["error"]["code"],
    ) == (True, False, "EvaluationFailed")
    assert (untried["parsingSucceeded"], untried["evaluationSucceeded"], untried["error"]) == (True, False, None)
    assert missing.status_code == 400


@pytest.mark.parametrize("tried_with", [5, "x", [], {"properties": 5}])
async def test_an_expression_is_tried_with_an_object_or_not_at_all(
    graph: httpx2.AsyncClient, schema: str, tried_with: object
) -> None:
    body = {"expression": "[mail]", "testInputObject": tried_with}

    assert (await graph.post(f"{schema}/parseExpression", json=body)).status_code == 400
