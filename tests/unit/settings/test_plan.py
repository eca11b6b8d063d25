from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed
from provisioning.settings.plan import PlanInputs
from provisioning.settings.shared import JobSettings
from provisioning.settings.stack import Settings

ADDRESS = "https://acme.elium.com"


def inputs(**written: Any) -> PlanInputs:
    return parsed(PlanInputs, {"baseAddress": ADDRESS, "secretToken": "env:ELIUM_SECRET_TOKEN"} | written, place="")


def test_address_and_token_are_enough() -> None:
    least = inputs()

    assert (least.base_address, least.principal, least.role, least.assigned()) == (
        ADDRESS,
        None,
        None,
        None,
    )


def test_a_plan_declares_what_a_job_declares() -> None:
    same = {"filters": {"users": None}, "notification": {"email": "it@acme.example"}, "scope": "all", "status": "off"}
    job = parsed(JobInputs, {"baseAddress": ADDRESS, "secretToken": "x", "servicePrincipalId": "sp"} | same, place="")

    assert inputs(servicePrincipalId="sp", **same).declaration(None) == job.declaration(None)


def test_the_role_is_looked_up_later() -> None:
    plan = inputs(role="User", assignments=[{"principalId": "id", "kind": "group", "name": "Sales"}])

    assert plan.declaration(None, "role-user").assignments == (
        Assignment("id", PrincipalKind.GROUP, "Sales", "role-user"),
    )


def test_a_plan_belongs_to_a_service_principal_once_there_is_one() -> None:
    assert (inputs().principal, inputs(servicePrincipalId="sp").principal) == (None, "sp")


def test_a_plan_holds_no_roles_of_assignments() -> None:
    with pytest.raises(ConfigurationError, match=r"assignments\.0\.role: there is no such setting"):
        inputs(assignments=[{"principalId": "id", "kind": "user", "role": "x"}])


@pytest.mark.parametrize("model", [Settings, JobInputs, PlanInputs])
def test_what_a_stack_and_the_resources_share_is_declared_once(model: type[JobSettings]) -> None:
    own = vars(model)["__annotations__"].keys()

    assert own & JobSettings.model_fields.keys() == set()
    assert {name: model.model_fields[name].description for name in JobSettings.model_fields} == {
        name: field.description for name, field in JobSettings.model_fields.items()
    }
