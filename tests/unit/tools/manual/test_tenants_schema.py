"""The schema of a file of tenants, judged by jsonschema: it takes what the project writes, and no secret."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from emulator import Fleet
from tools.manual import tenants_schema

DOCUMENT = tenants_schema.document()

ROW: dict[str, Any] = {
    "name": "acme",
    "tenantUrl": "https://acme.elium.com",
    "secretToken": "env:ACME_ELIUM_TOKEN",
    "groups": ["Elium users"],
    "labels": {"region": "eu", "ring": 1, "isTrial": True},
    "entra": {"tenantId": "contoso.example", "clientSecret": "keyvault:https://v.vault.azure.net/secrets/s"},
}


def objections(value: Any) -> list[str]:
    found = Draft7Validator(DOCUMENT).iter_errors(value)
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(DOCUMENT)


def test_it_takes_what_the_emulator_writes() -> None:
    with Fleet(3, entra_tenants=2).serve() as served:
        assert objections(yaml.safe_load(served.tenants)) == []


def test_it_takes_a_row_and_defaults() -> None:
    assert objections({"tenants": [ROW]}) == []
    assert objections({"defaults": {"groups": ["Elium users"], "labels": {"region": "eu"}}, "tenants": [ROW]}) == []


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"secretToken": "a-token-as-plain-text"}, "tenants.0.secretToken"),
        ({"secretToken": "vault:acme"}, "tenants.0.secretToken"),
        ({"secretToken": "env:"}, "tenants.0.secretToken"),
        ({"entra": {"clientSecret": "a-secret-as-plain-text"}}, "tenants.0.entra.clientSecret"),
        ({"entra": {"password": "env:A"}}, "tenants.0.entra"),
        ({"labels": {"region": ["eu"]}}, "tenants.0.labels.region"),
        ({"name": "a b"}, "tenants.0.name"),
        ({"tenantURL": "https://acme.elium.com"}, "tenants.0"),
        ({"groups": {"name": "Elium users"}}, "tenants.0.groups"),
    ],
)
def test_what_is_wrong_is_marked_where_it_stands(wrong: dict[str, Any], place: str) -> None:
    assert objections({"tenants": [{**ROW, **wrong}]}) == [place]


@pytest.mark.parametrize("value", [{}, {"tenants": []}, {"tenants": [{}]}, {"tenants": [ROW], "tenant": {}}])
def test_what_is_not_a_file_of_tenants_is_refused(value: Any) -> None:
    assert objections(value) != []
