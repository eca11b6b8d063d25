from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.mapping import ObjectKind
from provisioning.model.connection import Notification
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed
from provisioning.settings.plan import PlanInputs
from provisioning.settings.shared import JobSettings
from provisioning.settings.stack import Settings

ADDRESS = "https://acme.elium.com"


def inputs(**written: Any) -> PlanInputs:
    return parsed(PlanInputs, {"baseAddress": ADDRESS} | written, place="")


def test_an_address_is_enough() -> None:
    least = inputs()

    assert (least.base_address, least.principal, least.notified, least.role, least.assigned()) == (
        f"{ADDRESS}/scim/v2",
        None,
        None,
        None,
        (),
    )


def test_a_plan_says_of_the_schema_what_a_job_says() -> None:
    part = inputs(filters={"users": None}, servicePrincipalId="sp").schema_part

    assert part.filters == {ObjectKind.USERS: None}


def test_the_role_is_looked_up_later() -> None:
    plan = inputs(role="User", assignments=[{"principalId": "id", "kind": "group", "name": "Sales"}])

    assert plan.assigned("role-user") == (Assignment("id", PrincipalKind.GROUP, "Sales", "role-user"),)


def test_who_is_told_of_failures_is_a_value() -> None:
    plan = inputs(notification={"email": "it@acme.example", "enabled": False}, servicePrincipalId="sp")

    assert (plan.notified, plan.principal) == (Notification("it@acme.example", enabled=False), "sp")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"secretToken": "canary"}, "secretToken: there is no such setting"),
        ({"assignments": [{"principalId": "id", "kind": "user", "role": "x"}]}, "assignments.0.role: there is no such"),
    ],
)
def test_a_plan_holds_neither_token_nor_roles_of_assignments(written: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        inputs(**written)

    assert refusal.value.reasons[0].startswith(sentence)
    assert "canary" not in str(refusal.value)


@pytest.mark.parametrize("model", [Settings, JobInputs, PlanInputs])
def test_what_a_stack_and_the_resources_share_is_declared_once(model: type[JobSettings]) -> None:
    own = vars(model)["__annotations__"].keys()

    assert own & JobSettings.model_fields.keys() == set()
    assert {name: model.model_fields[name].description for name in JobSettings.model_fields} == {
        name: field.description for name, field in JobSettings.model_fields.items()
    }
