"""Everything under ``/synchronization``: templates, jobs, secrets, schema (graph: synchronization-overview).

This face only translates. What a job does is decided by the provisioning service, :mod:`emulator.engine.service`.
Everything hangs under the object id of the service principal; an app id or an application's id finds nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.engine.job import ResetScope
from emulator.graph import audit_logs, collections, declared, expand, lookup, writing
from emulator.graph.access import needs
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context, entity_of
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject
    from emulator.engine.job import Job
    from emulator.engine.service import ProvisioningService

_SCOPES = {scope.value.lower(): scope for scope in ResetScope}


def get_root(call: Call) -> Answer:
    """Show that there is synchronization, with its jobs and templates inside when ``$expand`` names them."""
    inside = {"jobs": _jobs, "templates": _templates}
    body: JsonObject = {"@odata.context": context(call, f"{_of(call, '')}/$entity"), "id": _principal(call).id}
    for clause in expand.clauses_in(call.options.get("expand", "")):
        if clause.name not in inside:
            raise declared.no_such_property(clause.name, "synchronization", "Parsing OData Select and Expand failed: ")
        body[clause.name] = inside[clause.name](call)
    return Answer(200, body)


def list_templates(call: Call) -> Answer:
    """List what the application can be provisioned with."""
    return collections.plain_objects(call, _templates(call), declared.TEMPLATE, _of(call, "templates"))


def count_templates(call: Call) -> Answer:
    """Count the templates."""
    return collections.plain_objects(call, _templates(call), declared.TEMPLATE, "", total=True)


def get_template(call: Call) -> Answer:
    """Show one template."""
    return collections.plain_object(call, _template(call), declared.TEMPLATE, _of(call, "templates"))


def get_template_schema(call: Call) -> Answer:
    """Show the schema that a new job starts with."""
    return _entity(call, f"templates('{call.ids['template']}')/schema", schema_of_template(call))


def list_jobs(call: Call) -> Answer:
    """List the jobs, without their schema."""
    return collections.plain_objects(call, _jobs(call), declared.JOB, _of(call, "jobs"))


def count_jobs(call: Call) -> Answer:
    """Count the jobs."""
    return collections.plain_objects(call, _jobs(call), declared.JOB, "", total=True)


def create_job(call: Call) -> Answer:
    """Create a job, switched off, with the schema of its template."""
    principal = _principal(call)
    declared.JOB.check_written(call.json)
    template_id = call.json.get("templateId")
    if not isinstance(template_id, str) or not template_id:
        raise Refusal.bad_request("A value is required for property 'templateId' of resource 'synchronizationJob'.")
    job = _service(call).create_job(call.tenant, principal.id, template_id)
    call.entra.replication.born(job.id)
    audit_logs.note(call, "Add provisioning configuration", job.id)
    of = context(call, f"{_of(call, 'jobs')}/$entity")
    return Answer(201, {"@odata.context": of, **_service(call).as_graph(job)})


def get_job(call: Call) -> Answer:
    """Show a job with its schedule and status."""
    job = _service(call).as_graph(job_of(call))
    return collections.plain_object(call, job, declared.JOB, _of(call, "jobs"))


def delete_job(call: Call) -> Answer:
    """Delete a job; the accounts at the target stay as they are."""
    job = job_of(call)
    _service(call).delete_job(call.tenant, job.service_principal_id, job.id)
    audit_logs.note(call, "Delete provisioning configuration", job.id)
    return NO_CONTENT


def start_job(call: Call) -> Answer:
    """Start a job, or go on where it was paused."""
    job = job_of(call)
    _service(call).start(job)
    audit_logs.note(call, "Enable/start provisioning configuration", job.id)
    call.entra.wake()
    return NO_CONTENT


def pause_job(call: Call) -> Answer:
    """Pause a job; a running cycle ends first."""
    job = job_of(call)
    _service(call).pause(job)
    audit_logs.note(call, "Disable/pause provisioning configuration", job.id)
    return NO_CONTENT


def restart_job(call: Call) -> Answer:
    """Restart a job and let it forget what the criteria name; without criteria, as the portal's button does."""
    job = job_of(call)
    criteria = call.json.get("criteria") or {}
    told = criteria.get("resetScope") or "" if isinstance(criteria, dict) else None
    if not isinstance(told, str):
        raise Refusal.bad_request("The parameter 'criteria' has a text in 'resetScope', such as 'Watermark, Escrows'.")
    scopes = _scopes_in(told)
    _service(call).restart(job, scopes)
    audit_logs.note(call, "Enable/restart provisioning configuration", job.id)
    call.entra.wake()
    return NO_CONTENT


async def validate_credentials(call: Call) -> Answer:
    """Try credentials against the target before there is a job."""
    await _validate(call, call.json.get("templateId"))
    return NO_CONTENT


async def validate_job_credentials(call: Call) -> Answer:
    """Try credentials, or the saved ones, against the target of a job."""
    await _validate(call, job_of(call).template_id)
    return NO_CONTENT


async def provision_on_demand(call: Call) -> Answer:
    """Provision named objects at once. The answer is 200 even when that failed: what happened stands inside."""
    job, parameters = job_of(call), call.json.get("parameters")
    if not isinstance(parameters, list):
        raise Refusal.bad_request("The parameter 'parameters' must be a list.")
    _check_connection(call, job)
    result = await _service(call).provision_on_demand(call.tenant, job.service_principal_id, job, parameters)
    # The answer may bring a context of its own: one of the published shapes does.
    here = {"@odata.context": context(call, "microsoft.graph.stringKeyStringValuePair")}
    return Answer(200, {**here, **result})


def get_secrets(call: Call) -> Answer:
    """Show the connection's keys, with secret values masked."""
    pairs = _service(call).secrets_of(call.tenant, _principal(call).id)
    return Answer(200, {"@odata.context": context(call, _of(call, "secrets")), "value": pairs})


def count_secrets(call: Call) -> Answer:
    """Count the connection's keys."""
    return Answer(200, str(len(_service(call).secrets_of(call.tenant, _principal(call).id))).encode())


def replace_secrets(call: Call) -> Answer:
    """Replace the whole set of keys; an empty value removes its key."""
    principal = _principal(call)
    given = call.json.get("value", call.json.get("credentials"))
    _service(call).save_secrets(call.tenant, principal.id, _pairs(given))
    audit_logs.note(call, "Update provisioning setting or credentials", principal.id)
    call.entra.wake()
    return NO_CONTENT


def get_schema(call: Call) -> Answer:
    """Show a job's schema: rules, mappings, directories."""
    return _entity(call, f"jobs('{call.ids['job']}')/schema", schema_of_job(call))


def replace_schema(call: Call) -> Answer:
    """Replace a job's schema as a whole; the next cycle is an initial one."""
    job = job_of(call)
    _service(call).replace_schema(job, writing.plain(call.json))
    audit_logs.note(call, "Update attribute mappings or scope", job.id)
    call.entra.wake()
    return NO_CONTENT


def reset_schema(call: Call) -> Answer:
    """Put a job's schema back to its template's, scoping filters included."""
    job = job_of(call)
    _service(call).reset_schema(job)
    audit_logs.note(call, "Update attribute mappings or scope", job.id)
    call.entra.wake()
    return NO_CONTENT


def refuse_patch(call: Call) -> Answer:
    """Refuse to change a part of a job or its schema, as the service does whatever the metadata says.

    The words are those that clients were given (msgraph-sdk-python#820; microsoft-graph-docs-contrib#3539).
    """
    at = f"servicePrincipals('{_principal(call).id}')/synchronization/jobs('{call.ids['job']}')"
    part = "/schema" if call.path.lower().endswith("/schema") else ""
    address = f"https://syncfabric.windowsazure.com/api/{at}{part}?api-version=2.0"
    message = f"No HTTP resource was found that matches the request URI '{address}'."
    raise Refusal(404, "UnknownError", json.dumps({"Message": message}, separators=(",", ":")))


def schema_of_job(call: Call) -> JsonObject:
    """Find the schema of the job that the path names. :raises Refusal: 404 when there is none."""
    return _service(call).schema_of(job_of(call))


def schema_of_template(call: Call) -> JsonObject:
    """Find the schema of the template that the path names. :raises Refusal: 404 when there is none."""
    schema: JsonObject = _template(call)["schema"]
    return schema


def _service(call: Call) -> ProvisioningService:
    return call.entra.service


def _principal(call: Call) -> DirectoryObject:
    """Find the service principal that the path names, itself or by its application. :raises Refusal: 404 otherwise."""
    if not call.path.lower().startswith("/applications"):
        return lookup.service_principal(call)
    for principal in call.entra.principals_of(call.tenant, lookup.application(call)):
        return principal
    raise Refusal.not_found(call.ids["id"])


def job_of(call: Call) -> Job:
    """Find the job that the path names. :raises Refusal: 404 when there is none, or it has not arrived."""
    job = _service(call).job_of(call.tenant, _principal(call).id, call.ids["job"])
    call.entra.replication.read(job.id)
    return job


def _jobs(call: Call) -> list[JsonObject]:
    service = _service(call)
    return [service.as_graph(job) for job in service.jobs_of(call.tenant, _principal(call).id)]


def _templates(call: Call) -> list[JsonObject]:
    return _service(call).templates_of(call.tenant, _principal(call).id)


def _template(call: Call) -> JsonObject:
    for template in _templates(call):
        if template["id"].lower() == call.ids["template"].lower():
            return template
    raise Refusal.not_found(call.ids["template"])


def _of(call: Call, what: str) -> str:
    collection = "applications" if call.path.lower().startswith("/applications") else "servicePrincipals"
    return f"{entity_of(collection, call.ids['id'])}/synchronization/{what}".rstrip("/")


def _entity(call: Call, of: str, body: JsonObject) -> Answer:
    return Answer(200, {"@odata.context": context(call, f"{_of(call, of)}/$entity"), **body})


def _check_connection(call: Call, job: Job) -> None:
    """Refuse to provision on demand without a connection (observed: terraform-provider-azuread's acceptance test)."""
    pairs = _service(call).secrets_of(call.tenant, job.service_principal_id)
    if not any(pair["key"] == "BaseAddress" for pair in pairs):
        message = (
            "Please configure provisioning by providing your admin credentials then retry the provision on-demand."
        )
        raise Refusal(400, "CredentialsMissing", message)


def _scopes_in(text: str) -> frozenset[ResetScope]:
    """Read a comma-separated list (graph: synchronizationjobrestartcriteria). :raises Refusal: 400 otherwise."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name.lower() not in _SCOPES]
    if unknown:
        raise Refusal.bad_request(f"Requested value '{unknown[0]}' was not found.")
    return frozenset(_SCOPES[name.lower()] for name in names)


def _pairs(given: Any) -> list[dict[str, str]]:  # noqa: ANN401 - whatever the body holds
    """Read key and value pairs, both texts. :raises Refusal: 400 when they are not; no value is part of it."""
    if not isinstance(given, list) or not all(isinstance(pair, dict) for pair in given):
        raise Refusal.bad_request("A list of keys and values is expected in 'value'.")
    for pair in given:
        if not isinstance(pair.get("key"), str) or not pair["key"]:
            raise Refusal.bad_request("The key of a pair must be a text.")
        if not isinstance(pair.get("value"), str | None):
            raise Refusal.bad_request(f"The value of '{pair['key']}' must be a text.")
    return [{"key": pair["key"], "value": pair.get("value") or ""} for pair in given]


async def _validate(call: Call, template_id: object) -> None:
    saved = call.json.get("useSavedCredentials") is True
    await _service(call).validate_credentials(
        call.tenant,
        _principal(call).id,
        template_id=template_id if isinstance(template_id, str) else None,
        credentials=None if saved else _pairs(call.json.get("credentials") or []),
    )


_READ = needs("Synchronization.Read.All", owned=True, quiet=True)
_READ_SCHEMA = needs("Synchronization.Read.All", "CustomSecAttributeProvisioning.Read.All", owned=True, quiet=True)
_WRITE = needs("Synchronization.ReadWrite.All", owned=True, quiet=True)
_AT = "/servicePrincipals/{id}/synchronization"
_OF_APPLICATION = "/applications/{id}/synchronization"
_JOB = f"{_AT}/jobs/{{job}}"


def _reads(at: str, how: str) -> tuple[Route, ...]:
    """List what is read, below a service principal and below its application alike."""
    return (
        Route("GET", at, get_root, _READ, f"show that there is synchronization{how}"),
        Route("GET", f"{at}/templates", list_templates, _READ, f"list provisioning templates{how}"),
        Route("GET", f"{at}/templates/$count", count_templates, _READ, f"count provisioning templates{how}"),
        Route("GET", f"{at}/templates/{{template}}", get_template, _READ, f"show a provisioning template{how}"),
        Route("GET", f"{at}/templates/{{template}}/schema", get_template_schema, _READ_SCHEMA, f"show its schema{how}"),
        Route("GET", f"{at}/jobs", list_jobs, _READ, f"list jobs{how}"),
        Route("GET", f"{at}/jobs/$count", count_jobs, _READ, f"count jobs{how}"),
        Route("GET", f"{at}/jobs/{{job}}", get_job, _READ, f"show a job and its status{how}"),
        Route("GET", f"{at}/jobs/{{job}}/schema", get_schema, _READ_SCHEMA, f"show a job's schema{how}"),
    )


ROUTES = (
    *_reads(_AT, ""),
    *_reads(_OF_APPLICATION, " by application"),
    Route("POST", f"{_AT}/jobs", create_job, _WRITE, "create a job"),
    Route("POST", f"{_AT}/jobs/validateCredentials", validate_credentials, _WRITE, "try credentials without a job"),
    Route("DELETE", _JOB, delete_job, _WRITE, "delete a job"),
    Route("POST", f"{_JOB}/start", start_job, _WRITE, "start a job"),
    Route("POST", f"{_JOB}/pause", pause_job, _WRITE, "pause a job"),
    Route("POST", f"{_JOB}/restart", restart_job, _WRITE, "restart a job and let it forget"),
    Route("POST", f"{_JOB}/validateCredentials", validate_job_credentials, _WRITE, "try a job's credentials"),
    Route("POST", f"{_JOB}/provisionOnDemand", provision_on_demand, _WRITE, "provision objects at once"),
    Route("PUT", f"{_JOB}/schema", replace_schema, _WRITE, "replace a job's schema"),
    Route("DELETE", f"{_JOB}/schema", reset_schema, _WRITE, "reset a job's schema"),
    Route("PATCH", _JOB, refuse_patch, _WRITE, "refused with 404, as the service does"),
    Route("PATCH", f"{_JOB}/schema", refuse_patch, _WRITE, "refused with 404, as the service does"),
    Route("GET", f"{_AT}/secrets", get_secrets, _READ, "show the connection, secrets masked"),
    Route("GET", f"{_AT}/secrets/$count", count_secrets, _READ, "count the connection's keys"),
    Route("PUT", f"{_AT}/secrets", replace_secrets, _WRITE, "replace the connection"),
)
