"""msgraph-sdk and azure-identity for Python walk the whole job."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import TypeVar
from uuid import UUID

from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from msgraph.generated.application_templates.application_templates_request_builder import (
    ApplicationTemplatesRequestBuilder,
)
from msgraph.generated.application_templates.item.instantiate.instantiate_post_request_body import (
    InstantiatePostRequestBody,
)
from msgraph.generated.audit_logs.provisioning.provisioning_request_builder import ProvisioningRequestBuilder
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.synchronization_job_item_request_builder import (  # noqa: E501 - the generated name
    SynchronizationJobItemRequestBuilder,
)
from msgraph.generated.service_principals.item.synchronization.jobs.validate_credentials.validate_credentials_post_request_body import (  # noqa: E501 - the generated name
    ValidateCredentialsPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import (
    SecretsPutRequestBody,
)
from msgraph.graph_service_client import GraphServiceClient

ENV = os.environ
ADDRESS = ENV.get("ELIUM_EMULATOR_URL")
"""Where Graph is; nowhere in particular when Microsoft's host names lead to the emulator."""
PATIENCE = 60.0
ELIUM = "displayName eq 'Elium'"
USERS = "displayName eq 'Elium users'"
T = TypeVar("T")
Templates = ApplicationTemplatesRequestBuilder.ApplicationTemplatesRequestBuilderGetQueryParameters
Groups = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters
Log = ProvisioningRequestBuilder.ProvisioningRequestBuilderGetQueryParameters


def signed_in() -> GraphServiceClient:
    """Open Microsoft's client; the authority and whom to trust it reads from the environment itself."""
    credential = ClientSecretCredential(
        ENV["AZURE_TENANT_ID"],
        ENV["AZURE_CLIENT_ID"],
        ENV["AZURE_CLIENT_SECRET"],
        disable_instance_discovery=ADDRESS is not None,
    )
    graph = GraphServiceClient(credential, ["https://graph.microsoft.com/.default"])
    if ADDRESS:
        graph.request_adapter.base_url = f"{ADDRESS}/v1.0"
    return graph


async def walk(graph: GraphServiceClient) -> dict[str, object]:
    """Take every step, and tell what was made."""
    templates = await graph.application_templates.get(RequestConfiguration(query_parameters=Templates(filter=ELIUM)))
    template = graph.application_templates.by_application_template_id(given(given(given(templates).value)[0].id))
    pair = given(await template.instantiate.post(InstantiatePostRequestBody(display_name="Elium (Python)")))
    application, principal = given(pair.application), given(pair.service_principal)
    one = graph.service_principals.by_service_principal_id(given(principal.id))
    groups = await graph.groups.get(RequestConfiguration(query_parameters=Groups(filter=USERS)))
    await one.app_role_assigned_to.post(
        AppRoleAssignment(
            principal_id=UUID(given(given(given(groups).value)[0].id)),
            resource_id=UUID(given(principal.id)),
            app_role_id=given(principal.app_roles)[0].id,
        )
    )
    jobs = one.synchronization.jobs
    job = given(given(await jobs.post(SynchronizationJob(template_id="elium"))).id)
    await jobs.validate_credentials.post(ValidateCredentialsPostRequestBody(template_id="elium", credentials=secrets()))
    await one.synchronization.secrets.put(SecretsPutRequestBody(value=secrets()))
    await without_groups(graph, jobs.by_synchronization_job_id(job))
    await jobs.by_synchronization_job_id(job).start.post()
    await has_run(jobs.by_synchronization_job_id(job))
    made = Log(filter=f"jobId eq '{job}' and provisioningAction eq 'create'")
    log = given(await graph.audit_logs.provisioning.get(RequestConfiguration(query_parameters=made)))
    await jobs.by_synchronization_job_id(job).delete()
    await graph.applications.by_application_id(given(application.id)).delete()
    return {
        "application": application.id,
        "servicePrincipal": principal.id,
        "job": job,
        "created": [given(entry.source_identity).display_name for entry in given(log.value)],
    }


def secrets() -> list[SynchronizationSecretKeyStringValuePair]:
    """List what Elium's security page shows."""
    pairs = {
        SynchronizationSecret.BaseAddress: f"{ENV['ELIUM_TENANT_URL']}/scim/v2",
        SynchronizationSecret.SecretToken: ENV["ELIUM_SECRET_TOKEN"],
    }
    return [SynchronizationSecretKeyStringValuePair(key=key, value=value) for key, value in pairs.items()]


async def without_groups(graph: GraphServiceClient, job: SynchronizationJobItemRequestBuilder) -> None:
    """Save the schema with the mapping of groups off. The builders have PATCH, which Graph refuses, and no PUT."""
    schema = given(await job.schema.get())
    given(given(schema.synchronization_rules)[0].object_mappings)[0].enabled = False
    request = job.schema.to_patch_request_information(schema)
    request.http_method = Method.PUT
    await graph.request_adapter.send_no_response_content_async(request, {})


async def has_run(job: SynchronizationJobItemRequestBuilder) -> None:
    """Ask until a cycle has succeeded."""
    until = time.monotonic() + PATIENCE
    while given(given(await job.get()).status).last_successful_execution is None:
        if time.monotonic() > until:
            sys.exit(f"No cycle of the job had succeeded after {PATIENCE:.0f} seconds.")


def given(value: T | None) -> T:
    """Give what the client's types say may be absent."""
    if value is None:
        raise ValueError("Graph left out what its document promises.")
    return value


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(asyncio.run(walk(signed_in())))}\n")
