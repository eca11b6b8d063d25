"""msgraph-sdk's remaining builders below ``synchronization``: those that answer, and those that nothing documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import pytest
from contract.places import new_app, sdk_client
from kiota_abstractions.api_error import APIError
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.directory_definition import DirectoryDefinition
from msgraph.generated.models.provisioning_result import ProvisioningResult
from msgraph.generated.models.quarantine_reason import QuarantineReason
from msgraph.generated.models.synchronization import Synchronization
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_job_application_parameters import SynchronizationJobApplicationParameters
from msgraph.generated.models.synchronization_job_restart_criteria import SynchronizationJobRestartCriteria
from msgraph.generated.models.synchronization_job_restart_scope import SynchronizationJobRestartScope
from msgraph.generated.models.synchronization_job_subject import SynchronizationJobSubject
from msgraph.generated.models.synchronization_schedule_state import SynchronizationScheduleState
from msgraph.generated.models.synchronization_schema import SynchronizationSchema
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair,
)
from msgraph.generated.models.synchronization_status_code import SynchronizationStatusCode
from msgraph.generated.models.synchronization_template import SynchronizationTemplate
from msgraph.generated.service_principals.item.synchronization.acquire_access_token.acquire_access_token_post_request_body import (  # noqa: E501 - the generated name
    AcquireAccessTokenPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.provision_on_demand.provision_on_demand_post_request_body import (  # noqa: E501 - the generated name
    ProvisionOnDemandPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.restart.restart_post_request_body import (
    RestartPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.validate_credentials.validate_credentials_post_request_body import (  # noqa: E501 - the generated name
    ValidateCredentialsPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import (
    SecretsPutRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.templates.item.schema.parse_expression.parse_expression_post_request_body import (  # noqa: E501 - the generated name
    ParseExpressionPostRequestBody,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from identities import Contract
    from msgraph.generated.service_principals.item.synchronization.jobs.item.schema.directories.item.directory_definition_item_request_builder import (  # noqa: E501 - the generated name
        DirectoryDefinitionItemRequestBuilder,
    )
    from msgraph.generated.service_principals.item.synchronization.jobs.item.synchronization_job_item_request_builder import (  # noqa: E501 - the generated name
        SynchronizationJobItemRequestBuilder,
    )
    from msgraph.generated.service_principals.item.synchronization.synchronization_request_builder import (
        SynchronizationRequestBuilder,
    )
    from msgraph.generated.service_principals.item.synchronization.templates.item.synchronization_template_item_request_builder import (  # noqa: E501 - the generated name
        SynchronizationTemplateItemRequestBuilder,
    )
    from msgraph.graph_service_client import GraphServiceClient

WRONG = "not-the-token"


class Builders(NamedTuple):
    """An app with a job, as the builders see it."""

    graph: GraphServiceClient
    principal: str
    all: SynchronizationRequestBuilder
    job: SynchronizationJobItemRequestBuilder
    template: SynchronizationTemplateItemRequestBuilder
    job_id: str

    @property
    def directory(self) -> DirectoryDefinitionItemRequestBuilder:
        return self.job.schema.directories.by_directory_definition_id("nowhere")

    async def connect(self, contract: Contract, token: str | None = None) -> None:
        variables = contract.served.environment
        pairs = {
            SynchronizationSecret.BaseAddress: f"{variables['ELIUM_TENANT_URL']}/scim/v2",
            SynchronizationSecret.SecretToken: token or variables["ELIUM_SECRET_TOKEN"],
        }
        listed = [SynchronizationSecretKeyStringValuePair(key=key, value=value) for key, value in pairs.items()]
        await self.all.secrets.put(SecretsPutRequestBody(value=listed))

    async def shown(self) -> SynchronizationJob:
        shown = await self.job.get()
        assert shown is not None
        return shown


@pytest.fixture
async def builders(contract: Contract) -> AsyncIterator[Builders]:
    principal = await new_app(contract.served.emulator)
    async with sdk_client(contract) as graph:
        synchronization = graph.service_principals.by_service_principal_id(principal).synchronization
        made = await synchronization.jobs.post(SynchronizationJob(template_id="elium"))
        assert made is not None
        assert made.id is not None
        job = synchronization.jobs.by_synchronization_job_id(made.id)
        template = synchronization.templates.by_synchronization_template_id("elium")
        yield Builders(graph, principal, synchronization, job, template, made.id)
        await job.delete()


async def test_a_template_is_counted_and_shown_with_what_it_asks_for(builders: Builders) -> None:
    count, template = await builders.all.templates.count.get(), await builders.template.get()
    assert template is not None
    # The enumeration of keys does not know this one (graph 5.1), so it is found by its value.
    fields = [pair.value for pair in template.metadata or () if "baseaddress" in (pair.value or "")]
    assert (count, template.id, template.factory_tag) == (1, "elium", "elium")
    assert [field["name"] for field in json.loads(fields[0] or "")] == ["baseaddress", "secrettoken"]


async def test_a_template_s_schema_has_the_tools_of_a_job_s(builders: Builders) -> None:
    schema = builders.template.schema
    body = ParseExpressionPostRequestBody(expression="ToLower([mail]")
    operators, functions = await schema.filter_operators.get(), await schema.functions.get()
    parsed, directories = await schema.parse_expression.post(body), await schema.directories.get()
    assert operators is not None
    assert functions is not None
    assert directories is not None
    assert parsed is not None
    assert (bool(operators.value), bool(functions.value)) == (True, True)
    assert (parsed.parsing_succeeded, len(directories.value or ())) == (False, 2)


async def test_a_new_job_is_read_as_paused_and_never_run(builders: Builders) -> None:
    job = await builders.shown()
    assert job.status is not None
    assert job.schedule is not None
    assert (job.schedule.state, job.status.code) == (
        SynchronizationScheduleState.Disabled,
        SynchronizationStatusCode.Paused,
    )
    assert job.status.last_execution is None


async def test_a_job_tries_the_credentials_that_were_saved(contract: Contract, builders: Builders) -> None:
    saved = ValidateCredentialsPostRequestBody(use_saved_credentials=True)
    with pytest.raises(APIError) as refused:
        await builders.job.validate_credentials.post(saved)
    await builders.connect(contract)
    await builders.job.validate_credentials.post(saved)
    assert refused.value.response_status_code == 400


@pytest.mark.parametrize("scope", [None, *SynchronizationJobRestartScope], ids=str)
async def test_a_job_restarts_whatever_it_forgets(
    contract: Contract, builders: Builders, scope: SynchronizationJobRestartScope | None
) -> None:
    await builders.connect(contract)
    await builders.job.start.post()
    await builders.job.restart.post(
        RestartPostRequestBody(criteria=SynchronizationJobRestartCriteria(reset_scope=scope))
    )
    schedule = (await builders.shown()).schedule
    assert schedule is not None
    assert schedule.state is SynchronizationScheduleState.Active


async def test_a_quarantine_is_read_with_its_reason(contract: Contract, builders: Builders) -> None:
    await builders.connect(contract, WRONG)
    await builders.job.start.post()
    contract.served.run_cycle(builders.job_id)
    status = (await builders.shown()).status
    assert status is not None
    assert status.quarantine is not None
    assert (status.code, status.quarantine.reason) == (
        SynchronizationStatusCode.Quarantine,
        QuarantineReason.EncounteredQuarantineException,
    )


async def test_a_person_is_provisioned_on_demand_and_logged(contract: Contract, builders: Builders) -> None:
    await builders.connect(contract)
    ada, schema = await builders.graph.users.by_user_id("ada.byron@contoso.com").get(), await builders.job.schema.get()
    assert ada is not None
    assert schema is not None
    await assign(builders, str(ada.id))
    subject = SynchronizationJobSubject(object_id=ada.id, object_type_name="User")
    rule = (schema.synchronization_rules or [])[0].id
    asked = [SynchronizationJobApplicationParameters(rule_id=rule, subjects=[subject])]
    answer = await builders.job.provision_on_demand.post(ProvisionOnDemandPostRequestBody(parameters=asked))
    log = await builders.graph.audit_logs.provisioning.get()
    assert answer is not None
    assert log is not None
    mine = [entry for entry in log.value or () if entry.job_id == builders.job_id]
    assert json.loads(answer.key or "")["result"] == "Success"
    told = {one.provisioning_status_info.status for one in mine if one.provisioning_status_info}
    assert told & {ProvisioningResult.Success, ProvisioningResult.Warning}


async def assign(builders: Builders, person: str) -> None:
    """Let a person use Elium."""
    one = builders.graph.service_principals.by_service_principal_id(builders.principal)
    principal = await one.get()
    assert principal is not None
    role = next(role for role in principal.app_roles or () if role.display_name == "User")
    assignment = AppRoleAssignment(principal_id=UUID(person), resource_id=UUID(builders.principal), app_role_id=role.id)
    await one.app_role_assigned_to.post(assignment)


REFUSED: dict[str, tuple[int, Callable[[Builders], Awaitable[Any]]]] = {
    "PUT synchronization": (405, lambda one: one.all.put(Synchronization())),
    "DELETE synchronization": (405, lambda one: one.all.delete()),
    "POST acquireAccessToken": (
        404,
        lambda one: one.all.acquire_access_token.post(AcquireAccessTokenPostRequestBody()),
    ),
    "PATCH job": (404, lambda one: one.job.patch(SynchronizationJob())),
    "PATCH schema": (404, lambda one: one.job.schema.patch(SynchronizationSchema())),
    "GET bulkUpload": (404, lambda one: one.job.bulk_upload.get()),
    "DELETE bulkUpload": (404, lambda one: one.job.bulk_upload.delete()),
    "POST directories": (405, lambda one: one.job.schema.directories.post(DirectoryDefinition())),
    "GET directory that is not there": (404, lambda one: one.directory.get()),
    "PATCH directory": (405, lambda one: one.directory.patch(DirectoryDefinition())),
    "DELETE directory": (405, lambda one: one.directory.delete()),
    "discover a directory that is not there": (404, lambda one: one.directory.discover.post()),
    "POST templates": (405, lambda one: one.all.templates.post(SynchronizationTemplate())),
    "PATCH template": (405, lambda one: one.template.patch(SynchronizationTemplate())),
    "DELETE template": (405, lambda one: one.template.delete()),
    "PATCH template's schema": (405, lambda one: one.template.schema.patch(SynchronizationSchema())),
    "DELETE template's schema": (405, lambda one: one.template.schema.delete()),
}
"""Calls that the metadata generates and no page documents, or that need what is not here."""


@pytest.mark.parametrize("call", REFUSED)
async def test_what_is_only_generated_is_refused_as_graph_refuses(builders: Builders, call: str) -> None:
    status, ask = REFUSED[call]
    with pytest.raises(APIError) as refused:
        await ask(builders)
    assert refused.value.response_status_code == status
