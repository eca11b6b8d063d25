"""Templates, jobs, secrets, schema and credentials, as Graph's face asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from company import ADDRESS, GALLERY, TOKEN, Company

from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.elium import Fault
from emulator.engine.service import ProvisioningService
from emulator.engine.target import over_http
from emulator.moods.knobs import Knobs

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = "SystemForCrossDomainIdentityManagement"


# Templates and jobs


def test_the_gallery_entry_names_the_template_of_a_service_principal() -> None:
    contoso = Company()

    (template,) = contoso.service.templates_of(contoso.tenant, contoso.app.id)

    assert (template["id"], template["default"], template["applicationId"]) == ("elium", True, GALLERY)
    told = {one["key"]: one["value"] for one in template["metadata"]}
    assert json.loads(told["configurationFields"]) == [{"name": "baseaddress"}, {"name": "secrettoken", "secret": True}]


def test_an_application_without_a_connector_has_no_template() -> None:
    contoso = Company()
    other = contoso.directory.add(Kind.SERVICE_PRINCIPAL, {"id": contoso.world.id()})

    assert contoso.service.templates_of(contoso.tenant, other.id) == []


def test_a_job_starts_with_the_schema_of_its_template() -> None:
    contoso = Company()

    schema = contoso.service.schema_of(contoso.job)

    (template,) = contoso.service.templates_of(contoso.tenant, contoso.app.id)
    assert (schema["id"], schema["version"]) == (contoso.job.id, "v1.2")
    assert schema["synchronizationRules"] == template["schema"]["synchronizationRules"]


def test_a_template_that_is_not_the_applications_is_refused() -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.service.create_job(contoso.tenant, contoso.app.id, "marketo")

    assert refusal.value.status == 400


@pytest.mark.parametrize(("knob", "jobs"), [("another", 2), ("existing", 1)])
def test_what_a_second_job_is_is_a_knob(knob: str, jobs: int) -> None:
    contoso = Company(second_job=knob)

    contoso.service.create_job(contoso.tenant, contoso.app.id, "elium")

    assert len(contoso.service.jobs_of(contoso.tenant, contoso.app.id)) == jobs


def test_a_second_job_may_be_a_conflict() -> None:
    contoso = Company(second_job="conflict")

    with pytest.raises(Refusal) as refusal:
        contoso.service.create_job(contoso.tenant, contoso.app.id, "elium")

    assert refusal.value.status == 409


def test_an_unknown_job_or_service_principal_is_not_found() -> None:
    contoso = Company()

    for ask in (
        lambda: contoso.service.job_of(contoso.tenant, contoso.app.id, "elium.x"),
        lambda: contoso.service.delete_job(contoso.tenant, contoso.app.id, "elium.x"),
        lambda: contoso.service.jobs_of(contoso.tenant, contoso.world.id()),
    ):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.status == 404


# Secrets


def test_secrets_are_shown_with_the_token_masked() -> None:
    contoso = Company()

    assert contoso.service.secrets_of(contoso.tenant, contoso.app.id) == [
        {"key": "BaseAddress", "value": ADDRESS},
        {"key": "SecretToken", "value": "*"},
        {"key": "SyncAll", "value": "False"},
    ]


def test_secrets_are_replaced_whole_and_an_empty_value_removes_its_key() -> None:
    contoso = Company()

    pairs = [{"key": "BaseAddress", "value": "https://x.test"}, {"key": "SecretToken", "value": ""}]
    contoso.service.save_secrets(contoso.tenant, contoso.app.id, pairs)

    assert contoso.service.secrets_of(contoso.tenant, contoso.app.id) == [pairs[0]]


# Schema


def a_filter(operator: str, value: str) -> dict[str, Any]:
    clause = {"sourceOperandName": "city", "operatorName": operator, "targetOperand": {"values": [value]}}
    return {"groups": [{"name": "Only", "clauses": [clause]}]}


def users(schema: dict[str, Any]) -> dict[str, Any]:
    mapping: dict[str, Any] = schema["synchronizationRules"][0]["objectMappings"][1]
    return mapping


def test_a_saved_schema_gets_a_version_and_keeps_what_the_engine_does_not_know() -> None:
    contoso = Company()
    schema = {**contoso.service.schema_of(contoso.job), "somethingNew": 1}

    contoso.service.replace_schema(contoso.job, schema)

    saved = contoso.service.schema_of(contoso.job)
    assert saved["version"].startswith("Date:2026-01-15T09:00:00.0000000Z, ActivityId:")
    assert saved["somethingNew"] == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda schema: schema.pop("directories"), "The schema is not complete: 'directories'."),
        (lambda schema: schema.update(synchronizationRules=[]), "The schema is not complete"),
        (
            lambda schema: users(schema)["attributeMappings"][0].update(targetAttributeName="usrName"),
            "The target attribute 'usrName' does not exist.",
        ),
        (
            lambda schema: users(schema)["attributeMappings"][0].update(targetAttributeName="id"),
            "The target attribute 'id' is the anchor and cannot be mapped.",
        ),
        (
            lambda schema: users(schema)["attributeMappings"][0]["source"].update(expression="[userprincipalname]"),
            "The source attribute 'userprincipalname' of User does not exist.",
        ),
        (
            lambda schema: users(schema)["attributeMappings"][0]["source"].update(expression='Join(" ", [mail]'),
            "The expression for 'userName' cannot be read:",
        ),
        (
            lambda schema: users(schema).update(
                scope={"groups": [{"clauses": [{"sourceOperandName": "city", "operatorName": "LIKE"}]}]}
            ),
            "The scoping filter cannot be read:",
        ),
        (
            lambda schema: users(schema).update(scope=a_filter("REGEX MATCH", "(unclosed")),
            "The scoping filter cannot be read: ",
        ),
        (lambda schema: schema["directories"].pop(), "The schema is not complete: 'directory Elium'."),
        (lambda schema: users(schema).update(targetObjectName="Nobody"), "There is no object mapping"),
        (lambda schema: schema["synchronizationRules"][0].update(id="other"), "There is no rule 'other'."),
    ],
)
def test_a_schema_that_cannot_be_understood_is_refused_with_a_sentence(
    spoil: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    if users(schema)["attributeMappings"][0]["source"]["type"] == "Attribute":
        users(schema)["attributeMappings"][0]["source"]["type"] = "Function"
    spoil(schema)

    with pytest.raises(Refusal) as refusal:
        contoso.service.replace_schema(contoso.job, schema)

    assert refusal.value.status == 400
    assert sentence in refusal.value.message
    assert contoso.service.schema_of(contoso.job)["version"] == "v1.2"


def test_all_mistakes_of_a_schema_are_told_at_once() -> None:
    contoso = Company()
    schema = contoso.service.schema_of(contoso.job)
    for number, mapping in enumerate(users(schema)["attributeMappings"][2:4]):
        mapping["targetAttributeName"] = f"wrong{number}"

    with pytest.raises(Refusal) as refusal:
        contoso.service.replace_schema(contoso.job, schema)

    assert refusal.value.message.count("does not exist") == 2


# Credentials


async def test_good_credentials_are_validated_with_a_random_user_and_a_random_group() -> None:
    contoso = Company()

    await contoso.service.validate_credentials(contoso.tenant, contoso.app.id)

    assert [(one.method, one.target.partition("+eq+")[0]) for one in contoso.sites.received] == [
        ("GET", "/Users?filter=userName"),
        ("GET", "/Groups?excludedAttributes=members&filter=displayName"),
    ]


async def test_whether_a_random_group_is_asked_for_is_a_knob() -> None:
    contoso = Company(probe_groups=False)

    await contoso.service.validate_credentials(contoso.tenant, contoso.app.id)

    assert len(contoso.sites.received) == 1


async def refused(contoso: Company, **credentials: str) -> Refusal:
    pairs = [{"key": key, "value": value} for key, value in credentials.items()]
    with pytest.raises(Refusal) as refusal:
        await contoso.service.validate_credentials(
            contoso.tenant, contoso.app.id, template_id="elium", credentials=pairs
        )
    return refusal.value


async def test_a_wrong_token_is_refused_with_what_elium_answered() -> None:
    refusal = await refused(Company(), BaseAddress=ADDRESS, SecretToken="canary-f4lse")

    assert (refusal.status, refusal.code) == (400, f"{FAMILY}CredentialValidationFailure")
    assert "Operation: GET Response Status Code: Unauthorized" in refusal.message
    assert "The bearer token is missing or wrong." in refusal.message
    assert "canary" not in refusal.message


async def test_an_answer_that_repeats_the_token_is_masked() -> None:
    contoso = Company()
    contoso.elium.faults.append(Fault(status=500, body=f"Bearer {TOKEN}", content_type="text/plain"))

    refusal = await refused(contoso, BaseAddress=ADDRESS, SecretToken=TOKEN)

    assert "Bearer ***" in refusal.message
    assert TOKEN not in refusal.message


@pytest.mark.parametrize("address", ["", "acme.elium.com", "http://acme.elium.com/scim/v2"])
async def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    refusal = await refused(Company(), BaseAddress=address, SecretToken=TOKEN)

    assert refusal.code == f"{FAMILY}InvalidCredentials"
    assert refusal.message == "Please provide a valid tenant URL for your application."


async def test_an_address_that_is_not_scim_is_refused() -> None:
    refusal = await refused(Company(), BaseAddress="https://elium.test/dev/wiki", SecretToken=TOKEN)

    assert refusal.code == f"{FAMILY}CredentialValidationFailure"
    assert "NotFound" in refusal.message


def unreachable(error: Exception) -> ProvisioningService:
    """Build a service whose target cannot be reached."""

    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error

    contoso = Company()
    connect = over_http(Knobs(), transport=httpx2.MockTransport(fail))
    return ProvisioningService(contoso.world, connect=connect)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (httpx2.ConnectError("refused"), "An error occurred while sending the request."),
        (httpx2.ReadTimeout("slow"), "The operation has timed out."),
    ],
)
async def test_a_target_that_cannot_be_reached_is_unavailable(error: Exception, sentence: str) -> None:
    service = unreachable(error)
    (tenant,) = service.world.tenants.values()
    (principal,) = tenant.directory.all(Kind.SERVICE_PRINCIPAL)

    with pytest.raises(Refusal) as refusal:
        await service.validate_credentials(tenant, principal.id)

    assert refusal.value.code == f"{FAMILY}CredentialValidationUnavailable"
    assert refusal.value.message == sentence


async def test_credentials_for_a_template_that_is_not_there_are_refused() -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        await contoso.service.validate_credentials(contoso.tenant, contoso.app.id, template_id="marketo")

    assert refusal.value.status == 400


async def test_before_there_is_a_job_the_template_tells_what_to_ask_for() -> None:
    contoso = Company()
    contoso.service.delete_job(contoso.tenant, contoso.app.id, contoso.job.id)

    await contoso.service.validate_credentials(contoso.tenant, contoso.app.id, template_id="elium")

    assert contoso.sites.received[0].target.startswith("/Users?filter=userName+eq+")


async def test_an_unknown_object_connection_is_not_found() -> None:
    contoso = Company()

    with pytest.raises(Refusal) as refusal:
        contoso.service.object_connection(contoso.job, "nobody")

    assert refusal.value.status == 404
