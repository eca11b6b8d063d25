"""The stand-in describes to Pulumi what it has, as the SDK that calls it sees it."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi_azuread
import pytest

from emulator.azuread.configuration import SECRETS
from emulator.azuread.functions import FUNCTIONS
from emulator.azuread.resources import RESOURCES
from emulator.azuread.schema import package_schema

SCHEMA = package_schema()


def test_everything_that_is_answered_is_described() -> None:
    assert (set(SCHEMA["resources"]), set(SCHEMA["functions"])) == (set(RESOURCES), set(FUNCTIONS))


def test_an_app_tells_its_ids_for_certain() -> None:
    app = SCHEMA["resources"]["azuread:index/applicationFromTemplate:ApplicationFromTemplate"]

    assert app["requiredInputs"] == ["displayName", "templateId"]
    assert {"applicationObjectId", "servicePrincipalObjectId"} <= set(app["required"])


def test_what_is_optional_and_never_told_is_not_certain() -> None:
    group = SCHEMA["resources"]["azuread:index/group:Group"]

    assert "description" not in group["required"]
    assert "objectId" in group["required"]
    assert group["properties"]["members"] == {"type": "array", "items": {"type": "string"}}


def test_secrets_are_marked() -> None:
    settings = SCHEMA["provider"]["inputProperties"]

    assert {name for name, it in settings.items() if it.get("secret")} == SECRETS
    assert SCHEMA["resources"]["azuread:index/user:User"]["inputProperties"]["password"]["secret"]


LATER = {"employeeHireDate"}
"""What the classes of older wheels lack (6.0); their programs cannot say it."""


@pytest.mark.parametrize("token", RESOURCES)
def test_every_input_is_one_of_the_sdk(token: str) -> None:
    arguments = getattr(pulumi_azuread, f"{token.rpartition(':')[2]}Args")
    known = {_camel(name) for name in inspect.signature(arguments).parameters}

    assert set(SCHEMA["resources"][token]["inputProperties"]) <= known | LATER


def test_a_functions_arguments_and_results_are_those_of_the_sdk() -> None:
    function: dict[str, Any] = SCHEMA["functions"]["azuread:index/getGroups:getGroups"]

    assert function["inputs"]["properties"]["displayNames"] == {"type": "array", "items": {"type": "string"}}
    assert function["inputs"]["properties"]["ignoreMissing"] == {"type": "boolean"}
    assert function["outputs"]["properties"]["objectIds"] == {"type": "array", "items": {"type": "string"}}
    users: dict[str, Any] = SCHEMA["functions"]["azuread:index/getUsers:getUsers"]
    assert users["outputs"]["properties"]["users"]["items"] == {"$ref": "pulumi.json#/Any"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
