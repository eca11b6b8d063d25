from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import elium_app, elium_job, graph_of, named

from emulator.company.store import Kind
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Emulator


@pytest.fixture
async def pair(graph: httpx2.AsyncClient) -> dict[str, Any]:
    """Make Elium's application and service principal."""
    return await elium_app(graph)


@pytest.fixture
def at(pair: dict[str, Any]) -> str:
    """Tell where its synchronization is."""
    return f"/servicePrincipals/{pair['servicePrincipal']['id']}/synchronization"


@pytest.fixture
async def job(graph: httpx2.AsyncClient, at: str) -> str:
    """Make a job and tell where it is."""
    made = await graph.post(f"{at}/jobs", json={"templateId": "elium"})
    return f"{at}/jobs/{made.json()['id']}"


def credentials(emulator: Emulator, **changes: str) -> list[dict[str, str]]:
    tenant = emulator.seed.elium[0]
    pairs = {"BaseAddress": f"{emulator.origin}/elium/{tenant.name}/scim/v2", "SecretToken": tenant.token or ""}
    return [{"key": key, "value": value} for key, value in {**pairs, **changes}.items()]


async def is_active(graph: httpx2.AsyncClient, job: str) -> bool:
    return bool((await graph.get(job)).json()["schedule"]["state"] == "Active")


@witness("GET /servicePrincipals/{id}/synchronization")
async def test_there_is_synchronization_under_a_service_principal_only(
    graph: httpx2.AsyncClient, pair: dict[str, Any], at: str
) -> None:
    wrong = f"/servicePrincipals/{pair['servicePrincipal']['appId']}/synchronization"

    assert ((await graph.get(at)).status_code, (await graph.get(wrong)).status_code) == (200, 404)


@witness(
    "GET /servicePrincipals/{id}/synchronization/templates",
    "GET /servicePrincipals/{id}/synchronization/templates/$count",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}",
    "GET /servicePrincipals/{id}/synchronization/templates/{template}/schema",
    "GET /applications/{id}/synchronization/templates",
)
async def test_templates_are_shown_with_their_schema(graph: httpx2.AsyncClient, pair: dict[str, Any], at: str) -> None:
    listed = (await graph.get(f"{at}/templates")).json()["value"]
    one = (await graph.get(f"{at}/templates/Elium")).json()
    schema = (await graph.get(f"{at}/templates/elium/schema")).json()
    by_application = await graph.get(f"/applications/{pair['application']['id']}/synchronization/templates")

    assert [(each["id"], each["default"]) for each in listed] == [("elium", True)]
    assert (await graph.get(f"{at}/templates/$count")).text == "1"
    assert one["schema"]["synchronizationRules"] == schema["synchronizationRules"]
    assert listed == by_application.json()["value"]
    assert (await graph.get(f"{at}/templates/other")).status_code == 404


async def test_an_application_without_a_service_principal_has_no_templates(graph: httpx2.AsyncClient) -> None:
    application = (await graph.post("/applications", json={"displayName": "x"})).json()["id"]

    assert (await graph.get(f"/applications/{application}/synchronization/templates")).status_code == 404


@witness(
    "POST /servicePrincipals/{id}/synchronization/jobs",
    "GET /servicePrincipals/{id}/synchronization/jobs",
    "GET /servicePrincipals/{id}/synchronization/jobs/$count",
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}",
)
async def test_a_job_is_created_switched_off(graph: httpx2.AsyncClient, at: str, job: str) -> None:
    shown = (await graph.get(job)).json()
    listed = (await graph.get(f"{at}/jobs", params={"$filter": "templateid eq 'elium'"})).json()["value"]

    assert (shown["schedule"]["state"], shown["status"]["code"]) == ("Disabled", "Paused")
    assert ([shown["id"]], "1") == ([each["id"] for each in listed], (await graph.get(f"{at}/jobs/$count")).text)
    assert job.endswith(shown["id"])


async def test_a_job_needs_a_template_of_its_own(graph: httpx2.AsyncClient, at: str) -> None:
    none, other = await graph.post(f"{at}/jobs", json={}), await graph.post(f"{at}/jobs", json={"templateId": "scim"})

    assert (none.status_code, other.status_code) == (400, 400)


@witness(
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/start",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/pause",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/restart",
    "DELETE /servicePrincipals/{id}/synchronization/jobs/{job}",
)
async def test_a_job_starts_pauses_restarts_and_goes(graph: httpx2.AsyncClient, job: str) -> None:
    seen = []
    for verb, body in (("start", None), ("pause", None), ("restart", {"criteria": {"resetScope": "Full"}})):
        assert (await graph.post(f"{job}/{verb}", json=body)).status_code == 204
        seen.append(await is_active(graph, job))
    deleted = await graph.delete(job)

    assert (seen, deleted.status_code) == ([True, False, True], 204)
    assert (await graph.get(job)).status_code == 404


async def test_a_restart_reads_its_scopes_with_spaces_and_refuses_unknown_ones(
    graph: httpx2.AsyncClient, job: str
) -> None:
    answers = [
        await graph.post(f"{job}/restart", json={"criteria": {"resetScope": scope}})
        for scope in ("Watermark, Escrows,QuarantineState", "", "Everything")
    ]

    assert [answer.status_code for answer in answers] == [204, 204, 400]


@witness(
    "GET /servicePrincipals/{id}/synchronization/secrets",
    "GET /servicePrincipals/{id}/synchronization/secrets/$count",
    "PUT /servicePrincipals/{id}/synchronization/secrets",
    "Secrets are replaced as a whole, masked when read, and removed by an empty value",
)
async def test_secrets_are_replaced_masked_and_removed(emulator: Emulator, graph: httpx2.AsyncClient, at: str) -> None:
    await graph.put(f"{at}/secrets", json={"value": credentials(emulator, SyncAll="false")})
    first = {each["key"]: each["value"] for each in (await graph.get(f"{at}/secrets")).json()["value"]}
    await graph.put(
        f"{at}/secrets", json={"value": [{"key": "BaseAddress", "value": "x"}, {"key": "SyncAll", "value": ""}]}
    )
    second = (await graph.get(f"{at}/secrets")).json()["value"]

    assert (first["SecretToken"], first["SyncAll"]) == ("*", "false")
    assert (second, (await graph.get(f"{at}/secrets/$count")).text) == ([{"key": "BaseAddress", "value": "x"}], "1")


async def test_secrets_must_be_pairs(graph: httpx2.AsyncClient, at: str) -> None:
    answers = [
        await graph.put(f"{at}/secrets", json=body) for body in ({}, {"value": "x"}, {"value": [{"value": "x"}]})
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


@witness(
    "POST /servicePrincipals/{id}/synchronization/jobs/validateCredentials",
    "POST /servicePrincipals/{id}/synchronization/jobs/{job}/validateCredentials",
)
async def test_credentials_are_tried_against_the_target(
    emulator: Emulator, graph: httpx2.AsyncClient, at: str, job: str
) -> None:
    right = {"templateId": "elium", "credentials": credentials(emulator)}
    wrong = {"templateId": "elium", "credentials": credentials(emulator, SecretToken="no")}
    before = await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})
    await graph.put(f"{at}/secrets", json={"value": credentials(emulator)})
    saved = await graph.post(f"{job}/validateCredentials", json={"useSavedCredentials": True})
    tried = [await graph.post(f"{at}/jobs/validateCredentials", json=body) for body in (right, wrong)]

    assert [answer.status_code for answer in (before, saved, *tried)] == [400, 204, 204, 400]
    assert tried[1].json()["error"]["code"].startswith("SystemForCrossDomainIdentityManagement")


@witness("POST /servicePrincipals/{id}/synchronization/jobs/{job}/provisionOnDemand")
async def test_on_demand_answers_200_also_for_someone_who_is_not_assigned(
    emulator: Emulator, graph: httpx2.AsyncClient, at: str, job: str
) -> None:
    await graph.put(f"{at}/secrets", json={"value": credentials(emulator)})
    rule = (await graph.get(f"{job}/schema")).json()["synchronizationRules"][0]["id"]
    ada = (await graph.get("/users/ada.byron@contoso.com")).json()["id"]
    subject = {"ruleId": rule, "subjects": [{"objectId": ada, "objectTypeName": "User"}]}
    answer = await graph.post(f"{job}/provisionOnDemand", json={"parameters": [subject]})
    malformed = await graph.post(f"{job}/provisionOnDemand", json={})
    await graph.put(f"{at}/secrets", json={"value": []})
    unconnected = await graph.post(f"{job}/provisionOnDemand", json={"parameters": [subject]})

    assert (answer.status_code, malformed.status_code) == (200, 400)
    assert unconnected.json()["error"]["code"] == "CredentialsMissing"
    assert '"result":"Skipped"' in answer.json()["key"].replace(" ", "")


@witness(
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/schema",
    "PUT /servicePrincipals/{id}/synchronization/jobs/{job}/schema",
    "DELETE /servicePrincipals/{id}/synchronization/jobs/{job}/schema",
    "PATCH /servicePrincipals/{id}/synchronization/jobs/{job}/schema",
)
async def test_a_schema_is_replaced_reset_and_never_patched(graph: httpx2.AsyncClient, job: str) -> None:
    schema = (await graph.get(f"{job}/schema")).json()
    mappings = schema["synchronizationRules"][0]["objectMappings"]
    changed = {
        **schema,
        "synchronizationRules": [{**schema["synchronizationRules"][0], "objectMappings": mappings[:1]}],
    }
    put = await graph.put(f"{job}/schema", json=changed)
    after = (await graph.get(f"{job}/schema")).json()
    patched, reset = await graph.patch(f"{job}/schema", json={}), await graph.delete(f"{job}/schema")
    back = (await graph.get(f"{job}/schema")).json()

    assert (put.status_code, patched.status_code, reset.status_code) == (204, 404, 204)
    assert after["version"] != schema["version"]
    assert tuple(len(s["synchronizationRules"][0]["objectMappings"]) for s in (after, back)) == (1, 2)


@witness("Application.ReadWrite.OwnedBy opens synchronization to an owner of the service principal only")
async def test_an_owner_may_and_another_may_not(emulator: Emulator, graph: httpx2.AsyncClient, at: str) -> None:
    async with graph_of(emulator, "elium-owner") as owner:
        mine = (await elium_app(owner, "Mine"))["servicePrincipal"]["id"]
        allowed = await owner.get(f"/servicePrincipals/{mine}/synchronization/jobs")
        refused = await owner.get(f"{at}/jobs")

    assert (allowed.status_code, refused.status_code, refused.json()["error"]["code"]) == (200, 401, "UnknownError")
    assert (await graph.get(f"{at}/jobs")).status_code == 200


@witness(
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/objectConnections",
    "GET /servicePrincipals/{id}/synchronization/jobs/{job}/objectConnections/{object}",
    "DELETE /servicePrincipals/{id}/synchronization/jobs/{job}/objectConnections/{object}",
)
async def test_links_are_shown_from_both_sides_and_forgotten_while_paused(
    emulator: Emulator, graph: httpx2.AsyncClient, beta: httpx2.AsyncClient
) -> None:
    job = await elium_job(emulator, graph)
    await emulator.run_due()
    ada = named(emulator, Kind.USER, "Ada Byron").id
    links = f"{job}/objectConnections"
    shown = (await beta.get(f"{links}/{ada}")).json()
    other_side = (await beta.get(f"{links}/{shown['targetAnchor']}")).json()
    running = await beta.delete(f"{links}/{ada}")
    await graph.post(f"{job}/pause")
    deleted, again = await beta.delete(f"{links}/{ada}"), await beta.delete(f"{links}/{ada}")
    gone = await beta.get(f"{links}/{ada}")

    assert ("User", ada) == (shown["objectTypeName"], other_side["sourceAnchor"])
    assert [answer.status_code for answer in (running, deleted, again, gone)] == [409, 204, 204, 404]
    assert ((await beta.get(links)).status_code, (await graph.get(links)).status_code) == (400, 404)


async def test_after_the_application_is_deleted_nothing_is_there(
    graph: httpx2.AsyncClient, pair: dict[str, Any], job: str
) -> None:
    await graph.delete(f"/applications/{pair['application']['id']}")
    gone = await graph.get(job)
    await graph.post(f"/directory/deletedItems/{pair['application']['id']}/restore")

    assert (gone.status_code, (await graph.get(job)).status_code) == (404, 200)


async def test_a_context_writes_an_alternate_key_as_it_was_asked_for(
    graph: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    app_id = pair["servicePrincipal"]["appId"]

    found = (await graph.get(f"/servicePrincipals(appId='{app_id}')/synchronization/jobs")).json()

    assert found["@odata.context"].endswith(f"#servicePrincipals(appId='{app_id}')/synchronization/jobs")


@witness(
    "GET /applications/{id}/synchronization",
    "GET /applications/{id}/synchronization/templates/$count",
    "GET /applications/{id}/synchronization/templates/{template}",
    "GET /applications/{id}/synchronization/templates/{template}/schema",
    "GET /applications/{id}/synchronization/jobs",
    "GET /applications/{id}/synchronization/jobs/$count",
    "GET /applications/{id}/synchronization/jobs/{job}",
    "GET /applications/{id}/synchronization/jobs/{job}/schema",
)
async def test_what_is_read_by_service_principal_is_read_by_application_too(
    graph: httpx2.AsyncClient, pair: dict[str, Any], at: str, job: str
) -> None:
    application = f"/applications/{pair['application']['id']}/synchronization"
    below = job.removeprefix(at)
    paths = ["", "/templates/$count", "/templates/elium", "/templates/elium/schema"]
    paths += ["/jobs", "/jobs/$count", below, f"{below}/schema"]
    for path in paths:
        one, other = await graph.get(f"{application}{path}"), await graph.get(f"{at}{path}")

        assert one.status_code == 200
        if "$count" in path:
            assert one.text == other.text
        else:
            assert without_context(one.json()) == without_context(other.json())


def without_context(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "@odata.context"}


async def test_an_application_without_a_service_principal_has_no_synchronization(graph: httpx2.AsyncClient) -> None:
    made = (await graph.post("/applications", json={"displayName": "x"})).json()["id"]

    assert (await graph.get(f"/applications/{made}/synchronization/jobs")).status_code == 404


@pytest.mark.usefixtures("job")
async def test_jobs_and_templates_are_shown_inside_of_synchronization(graph: httpx2.AsyncClient, at: str) -> None:
    found = (await graph.get(f"{at}?$expand=jobs,templates")).json()

    assert (len(found["jobs"]), [one["id"] for one in found["templates"]]) == (1, ["elium"])
    assert (await graph.get(f"{at}?$expand=shoes")).status_code == 400


@witness("PATCH /servicePrincipals/{id}/synchronization/jobs/{job}")
@pytest.mark.parametrize("part", ["", "/schema"])
async def test_a_part_of_a_job_is_refused_in_the_words_that_clients_were_given(
    graph: httpx2.AsyncClient, job: str, part: str
) -> None:
    refused = await graph.patch(f"{job}{part}", json={})

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (404, "UnknownError")
    assert "https://syncfabric.windowsazure.com/api/servicePrincipals(" in error["message"]
    assert f"{part}?api-version=2.0" in error["message"]


@pytest.mark.parametrize("criteria", [{"resetScope": 5}, {"resetScope": ["Watermark"]}, "Watermark", 5])
async def test_criteria_that_are_not_a_text_are_refused(graph: httpx2.AsyncClient, job: str, criteria: Any) -> None:
    assert (await graph.post(f"{job}/restart", json={"criteria": criteria})).status_code == 400


@pytest.mark.parametrize(
    "told", [{"key": "SyncAll", "value": True}, {"key": 5, "value": "x"}, {"key": "x", "value": {}}]
)
async def test_secrets_are_texts(graph: httpx2.AsyncClient, at: str, told: Any) -> None:
    assert (await graph.put(f"{at}/secrets", json={"value": [told]})).status_code == 400


@witness("A key that a connection does not have is refused")
@pytest.mark.parametrize("keys", [["BaseAdress"], ["SyncAll", "syncAll"], ["SyncAll", "Foo"], [" "]])
async def test_a_key_that_there_is_not_or_that_is_there_twice_is_refused(
    graph: httpx2.AsyncClient, at: str, keys: list[str]
) -> None:
    before = (await graph.get(f"{at}/secrets")).json()["value"]
    refused = await graph.put(f"{at}/secrets", json={"value": [{"key": key, "value": "hush"} for key in keys]})

    assert refused.status_code == 400
    assert "hush" not in refused.text
    assert (await graph.get(f"{at}/secrets")).json()["value"] == before


async def test_a_key_is_read_in_any_case(graph: httpx2.AsyncClient, at: str) -> None:
    await graph.put(f"{at}/secrets", json={"value": [{"key": "syncall", "value": "true"}]})

    assert (await graph.get(f"{at}/secrets")).json()["value"] == [{"key": "SyncAll", "value": "true"}]


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1",
        "https://[::1/scim",
        "https://x:99999",
        "https://localhost:99999",
        "https://a@localhost:0",
        "x\x00y",
    ],
)
async def test_an_address_that_is_not_one_is_told(
    emulator: Emulator, graph: httpx2.AsyncClient, at: str, address: str
) -> None:
    told = {"templateId": "elium", "credentials": credentials(emulator, BaseAddress=address)}

    refused = await graph.post(f"{at}/jobs/validateCredentials", json=told)

    assert refused.status_code == 400
