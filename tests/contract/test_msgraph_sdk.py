"""msgraph-sdk, Microsoft's own client, configures provisioning on the emulator with its builders."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from contract.places import sdk_client
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.application_templates.application_templates_request_builder import (
    ApplicationTemplatesRequestBuilder,
)
from msgraph.generated.application_templates.item.instantiate.instantiate_post_request_body import (
    InstantiatePostRequestBody,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.expression_input_object import ExpressionInputObject
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.string_key_object_value_pair import StringKeyObjectValuePair
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_job_application_parameters import SynchronizationJobApplicationParameters
from msgraph.generated.models.synchronization_job_restart_criteria import SynchronizationJobRestartCriteria
from msgraph.generated.models.synchronization_job_restart_scope import SynchronizationJobRestartScope
from msgraph.generated.models.synchronization_job_subject import SynchronizationJobSubject
from msgraph.generated.models.synchronization_schema import SynchronizationSchema
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair,
)
from msgraph.generated.models.synchronization_status_code import SynchronizationStatusCode
from msgraph.generated.service_principals.item.synchronization.jobs.item.provision_on_demand.provision_on_demand_post_request_body import (  # noqa: E501 - the generated name
    ProvisionOnDemandPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.restart.restart_post_request_body import (
    RestartPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.schema.parse_expression.parse_expression_post_request_body import (  # noqa: E501 - the generated name
    ParseExpressionPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.validate_credentials.validate_credentials_post_request_body import (  # noqa: E501 - the generated name
    ValidateCredentialsPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import (
    SecretsPutRequestBody,
)
from msgraph.graph_service_client import GraphServiceClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from identities import Contract
    from msgraph.generated.models.service_principal import ServicePrincipal
    from msgraph.generated.service_principals.item.synchronization.synchronization_request_builder import (
        SynchronizationRequestBuilder,
    )


@pytest.fixture
async def graph(contract: Contract) -> AsyncIterator[GraphServiceClient]:
    """Open Microsoft's client on the emulator."""
    async with sdk_client(contract) as client:
        yield client


async def template_of(graph: GraphServiceClient, name: str) -> str:
    """Find a gallery template by name."""
    parameters = ApplicationTemplatesRequestBuilder.ApplicationTemplatesRequestBuilderGetQueryParameters(
        filter=f"displayName eq '{name}'"
    )
    page = await graph.application_templates.get(RequestConfiguration(query_parameters=parameters))
    assert page is not None
    assert page.value is not None
    return str(page.value[0].id)


@pytest.fixture
async def principal(graph: GraphServiceClient) -> ServicePrincipal:
    """Make Elium's application."""
    template = await template_of(graph, "Elium")
    body = InstantiatePostRequestBody(display_name="Elium (sdk)")
    made = await graph.application_templates.by_application_template_id(template).instantiate.post(body)
    assert made is not None
    assert made.service_principal is not None
    return made.service_principal


@pytest.fixture
def synchronization(graph: GraphServiceClient, principal: ServicePrincipal) -> SynchronizationRequestBuilder:
    """Tell where its synchronization is."""
    return graph.service_principals.by_service_principal_id(str(principal.id)).synchronization


@pytest.fixture
async def job(synchronization: SynchronizationRequestBuilder) -> str:
    """Make a job."""
    made = await synchronization.jobs.post(SynchronizationJob(template_id="elium"))
    assert made is not None
    return str(made.id)


def credentials(contract: Contract) -> list[SynchronizationSecretKeyStringValuePair]:
    variables = contract.served.environment
    pairs = {
        SynchronizationSecret.BaseAddress: f"{variables['ELIUM_TENANT_URL']}/scim/v2",
        SynchronizationSecret.SecretToken: variables["ELIUM_SECRET_TOKEN"],
    }
    return [SynchronizationSecretKeyStringValuePair(key=key, value=value) for key, value in pairs.items()]


async def test_a_group_is_found_and_assigned_the_role_user(
    graph: GraphServiceClient, principal: ServicePrincipal
) -> None:
    parameters = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter="displayName eq 'Elium users'")
    groups = await graph.groups.get(RequestConfiguration(query_parameters=parameters))
    assert groups is not None
    assert groups.value is not None
    role = next(role for role in principal.app_roles or () if role.display_name == "User")
    assignment = AppRoleAssignment(
        principal_id=UUID(groups.value[0].id), resource_id=UUID(principal.id), app_role_id=role.id
    )
    assigned = graph.service_principals.by_service_principal_id(str(principal.id)).app_role_assigned_to
    made = await assigned.post(assignment)
    with pytest.raises(ODataError, match="EntitlementGrant entry already exists"):
        await assigned.post(assignment)

    assert made is not None
    assert (made.principal_display_name, made.principal_type) == ("Elium users", "Group")


async def test_an_owner_is_added_by_reference(graph: GraphServiceClient, principal: ServicePrincipal) -> None:
    users = await graph.users.get()
    assert users is not None
    assert users.value is not None
    reference = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{users.value[0].id}")
    owners = graph.service_principals.by_service_principal_id(str(principal.id)).owners
    await owners.ref.post(reference)
    listed = await owners.get()
    assert listed is not None
    assert listed.value is not None

    assert {"#microsoft.graph.servicePrincipal", "#microsoft.graph.user"} == {one.odata_type for one in listed.value}


async def test_templates_are_read_with_their_schema(synchronization: SynchronizationRequestBuilder) -> None:
    listed = await synchronization.templates.get()
    schema = await synchronization.templates.by_synchronization_template_id("elium").schema.get()
    assert listed is not None
    assert listed.value is not None
    assert schema is not None

    assert [(template.id, template.default) for template in listed.value] == [("elium", True)]
    assert len(schema.synchronization_rules or ()) == 1


async def test_a_job_lives_through_all_its_calls(synchronization: SynchronizationRequestBuilder, job: str) -> None:
    one = synchronization.jobs.by_synchronization_job_id(job)
    await one.start.post()
    await one.pause.post()
    criteria = SynchronizationJobRestartCriteria(reset_scope=SynchronizationJobRestartScope.Watermark)
    await one.restart.post(RestartPostRequestBody(criteria=criteria))
    shown, listed, count = await one.get(), await synchronization.jobs.get(), await synchronization.jobs.count.get()
    await one.delete()
    with pytest.raises(ODataError, match="does not exist"):
        await one.get()

    assert shown is not None
    assert shown.status is not None
    assert shown.status.code in {SynchronizationStatusCode.NotRun, SynchronizationStatusCode.Quarantine}
    assert listed is not None
    assert ([job], 1) == ([each.id for each in listed.value or ()], count)


async def test_secrets_are_put_and_come_back_masked(
    contract: Contract, synchronization: SynchronizationRequestBuilder
) -> None:
    await synchronization.secrets.put(SecretsPutRequestBody(value=credentials(contract)))
    shown = await synchronization.get()
    count = await synchronization.secrets.count.get()

    assert shown is not None
    assert count == 2


async def test_credentials_are_tried(contract: Contract, synchronization: SynchronizationRequestBuilder) -> None:
    right = ValidateCredentialsPostRequestBody(template_id="elium", credentials=credentials(contract))
    wrong = ValidateCredentialsPostRequestBody(template_id="elium", credentials=credentials(contract)[:1])
    await synchronization.jobs.validate_credentials.post(right)
    with pytest.raises(ODataError, match="Unauthorized"):
        await synchronization.jobs.validate_credentials.post(wrong)


async def test_a_schema_is_read_reset_and_refused_as_a_patch(
    synchronization: SynchronizationRequestBuilder, job: str
) -> None:
    one = synchronization.jobs.by_synchronization_job_id(job).schema
    schema = await one.get()
    with pytest.raises(APIError) as refused:
        await one.patch(schema or SynchronizationSchema())
    await one.delete()

    assert schema is not None
    assert (job, 404) == (schema.id, refused.value.response_status_code)


async def test_a_person_is_provisioned_on_demand(
    contract: Contract, graph: GraphServiceClient, synchronization: SynchronizationRequestBuilder, job: str
) -> None:
    await synchronization.secrets.put(SecretsPutRequestBody(value=credentials(contract)))
    one = synchronization.jobs.by_synchronization_job_id(job)
    schema, ada = await one.schema.get(), await graph.users.by_user_id("ada.byron@contoso.com").get()
    assert schema is not None
    assert ada is not None
    rule = (schema.synchronization_rules or [])[0].id
    subject = SynchronizationJobSubject(object_id=ada.id, object_type_name="User")
    parameters = [SynchronizationJobApplicationParameters(rule_id=rule, subjects=[subject])]
    answer = await one.provision_on_demand.post(ProvisionOnDemandPostRequestBody(parameters=parameters))

    assert answer is not None
    assert "NotEffectivelyEntitled" in f"{answer.key}{answer.value}"


async def test_operators_functions_and_expressions_are_asked_for(
    synchronization: SynchronizationRequestBuilder, job: str
) -> None:
    schema = synchronization.jobs.by_synchronization_job_id(job).schema
    operators, functions = await schema.filter_operators.get(), await schema.functions.get()
    body = ParseExpressionPostRequestBody(
        expression='Join(" ", [givenName], [surname])',
        test_input_object=ExpressionInputObject(
            properties=[
                StringKeyObjectValuePair(key="givenName", additional_data={"value": "Ada"}),
                StringKeyObjectValuePair(key="surname", additional_data={"value": "Byron"}),
            ]
        ),
    )
    parsed = await schema.parse_expression.post(body)
    assert operators is not None
    assert functions is not None
    assert parsed is not None
    assert parsed.parsed_expression is not None

    assert "EQUALS" in {operator.id for operator in operators.value or ()}
    assert "Join" in {function.id for function in functions.value or ()}
    assert (parsed.evaluation_result, parsed.parsed_expression.name) == (["Ada Byron"], "Join")


async def test_directories_are_listed_and_refuse_to_be_discovered(
    synchronization: SynchronizationRequestBuilder, job: str
) -> None:
    directories = synchronization.jobs.by_synchronization_job_id(job).schema.directories
    listed = await directories.get()
    assert listed is not None
    assert listed.value is not None
    one = directories.by_directory_definition_id(str(listed.value[0].id))
    shown = await one.get()
    with pytest.raises(ODataError, match="does not support discovery"):
        await one.discover.post()

    assert shown is not None
    assert shown.name == "Azure Active Directory"
