from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from asking import elium_app, elium_job, graph_of, named

from emulator import Emulator
from emulator.company.store import Kind
from emulator.moods.graph_knobs import GraphKnobs
from tools.manual.parity import witness

if TYPE_CHECKING:
    import httpx2

    from emulator import Seed

EVENTUAL = {"ConsistencyLevel": "eventual"}


@witness("Pages end with an absolute nextLink that is followed as it is")
async def test_pages_are_followed_to_the_end(graph: httpx2.AsyncClient) -> None:
    link, seen = "https://localhost/v1.0/users?$top=10&$select=id&$filter=accountEnabled eq true", []
    while link:
        page = (await graph.get(link)).json()
        seen.append(len(page["value"]))
        link = page.get("@odata.nextLink", "")

        assert not link or link.startswith("https://localhost/v1.0/users?")
    assert seen == [10, 10, 4]


async def test_a_page_has_at_most_999_objects_and_a_token_that_was_given(graph: httpx2.AsyncClient) -> None:
    for query in ("$top=1000", "$top=0", "$top=x", "$skiptoken=nonsense", "$skiptoken=WyJ4Il0="):
        assert (await graph.get(f"/users?{query}")).status_code == 400


async def test_objects_are_skipped(graph: httpx2.AsyncClient) -> None:
    found = (await graph.get("/applicationTemplates?$skip=7")).json()["value"]

    assert [one["displayName"] for one in found] == ["Fabrikam Desk"]


async def test_objects_are_ordered(graph: httpx2.AsyncClient) -> None:
    up = (await graph.get("/users?$orderby=displayName&$top=2")).json()["value"]
    down = (await graph.get("/users?$orderby=department desc,displayName&$top=2&$select=displayName")).json()["value"]

    assert [one["displayName"] for one in up] == ["Ada Byron", "Alan Turing"]
    assert [one["displayName"] for one in down] == ["Joseph O'Neill", "Margaret Hamilton"]


@witness("Advanced queries need ConsistencyLevel and $count, and are refused or ignored without them as documented")
async def test_advanced_queries_need_both_header_and_count(graph: httpx2.AsyncClient) -> None:
    for query in (
        "$filter=endswith(mail,'@contoso.com')",
        "$filter=department ne 'Sales'",
        "$filter=not(accountEnabled eq true)",
        "$filter=businessPhones/$count eq 0",
        "$filter=accountEnabled eq true&$orderby=displayName",
    ):
        without = await graph.get(f"/users?{query}")
        both = await graph.get(f"/users?{query}&$count=true", headers=EVENTUAL)

        assert (without.status_code, without.json()["error"]["code"]) == (400, "Request_UnsupportedQuery")
        assert both.status_code == 200


async def test_a_count_is_given_with_the_header_and_silently_left_out_without(graph: httpx2.AsyncClient) -> None:
    without = (await graph.get("/users?$count=true&$top=1")).json()
    first = (await graph.get("/users?$count=true&$top=20", headers=EVENTUAL)).json()
    second = (await graph.get(first["@odata.nextLink"], headers=EVENTUAL)).json()

    assert tuple(page.get("@odata.count") for page in (without, first, second)) == (None, 25, None)


async def test_at_a_count_the_header_alone_will_do(graph: httpx2.AsyncClient) -> None:
    for query, number in (("$filter=userType ne 'Guest'", "24"), ("$filter=endswith(mail,'@contoso.com')", "23")):
        assert (await graph.get(f"/users/$count?{query}")).status_code == 400
        assert (await graph.get(f"/users/$count?{query}", headers=EVENTUAL)).text == number


async def test_a_search_narrows_a_count(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get('/users/$count?$search="displayName:ada"', headers=EVENTUAL)

    assert answer.text == "1"


async def test_a_first_page_that_skips_is_counted(graph: httpx2.AsyncClient) -> None:
    first = (await graph.get("/applicationTemplates?$skip=1&$top=1&$count=true")).json()
    second = (await graph.get(first["@odata.nextLink"])).json()

    assert (first["@odata.count"], second.get("@odata.count")) == (8, None)


async def test_words_are_searched_from_their_beginning(graph: httpx2.AsyncClient) -> None:
    async def found(text: str) -> list[str]:
        answer = await graph.get("/users", params={"$search": text, "$select": "displayName"}, headers=EVENTUAL)
        return [one["displayName"] for one in answer.json()["value"]]

    assert await found('"displayName:byr"') == ["Ada Byron"]
    assert await found('"displayName:yron"') == []
    assert await found('"displayName:ada" AND "mail:tony" OR "displayName:hoare"') == ["Tony Hoare"]
    assert (await graph.get("/users?$search=ada", headers=EVENTUAL)).status_code == 400


async def test_related_objects_are_expanded(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group = f"/groups/{named(emulator, Kind.GROUP, 'Guests').id}"
    members = (await graph.get(f"{group}?$expand=members($select=id,displayName),owners")).json()
    application = (await graph.get("/applications?$expand=owners&$top=1")).json()["value"][0]
    principal = (await graph.get("/servicePrincipals?$expand=owners,memberOf&$top=1")).json()["value"][0]

    assert [one["displayName"] for one in members["members"]] == ["Linus Pauling"]
    assert (members["owners"], application["owners"], principal["owners"], principal["memberOf"]) == ([], [], [], [])


async def test_what_is_not_related_cannot_be_expanded(graph: httpx2.AsyncClient) -> None:
    for text in ("shoes", "manager(", "manager,,memberOf"):
        assert (await graph.get(f"/users/ada.byron@contoso.com?$expand={text}")).status_code == 400


async def test_how_long_a_page_is_can_be_doubted(seed: Seed) -> None:
    async with graph_of(Emulator(seed=seed, graph_knobs=GraphKnobs(page_size=7))) as graph:
        assert len((await graph.get("/users")).json()["value"]) == 7


@pytest.mark.parametrize(
    ("path", "name"), [("/users", "dispalyName"), ("/applications", "_secrets"), ("/auditLogs/provisioning", "user")]
)
async def test_a_search_in_what_does_not_exist_is_refused(graph: httpx2.AsyncClient, path: str, name: str) -> None:
    answer = await graph.get(path, params={"$search": f'"{name}:a"'}, headers=EVENTUAL)

    assert answer.json()["error"]["message"].startswith(
        f"Invalid search clause: Could not find a property named '{name}'"
    )


async def test_a_search_names_properties_in_any_case(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get('/users?$search="displayname:ada"&$select=displayName', headers=EVENTUAL)

    assert [one["displayName"] for one in answer.json()["value"]] == ["Ada Byron"]


async def test_a_search_needs_the_header(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get('/users?$search="displayName:ada"')

    assert "ConsistencyLevel" in answer.json()["error"]["message"]


async def test_a_filter_on_what_does_not_exist_is_refused(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/users?$filter=shoeSize eq 42")

    assert (
        answer.json()["error"]["message"]
        == "Invalid filter clause: Could not find a property named 'shoeSize' on type 'microsoft.graph.user'."
    )


async def test_mixed_objects_show_what_each_of_them_has(graph: httpx2.AsyncClient) -> None:
    path = "/users/ada.byron@contoso.com/memberOf?$select=membershipRule,jobTitle"
    found = (await graph.get(path)).json()["value"]

    assert found[0] == {"@odata.type": "#microsoft.graph.group", "membershipRule": None}


async def test_mixed_objects_are_selected_in_any_case(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    members = f"/groups/{named(emulator, Kind.GROUP, 'Elium users').id}/members?$top=1&$select=displayname"
    (found,) = (await graph.get(members)).json()["value"]

    assert found == {"@odata.type": "#microsoft.graph.user", "displayName": "Ada Byron"}


async def test_mixed_objects_are_filtered_by_what_nobody_set(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    group = {"displayName": "Mixed", "mailNickname": "mixed", "mailEnabled": False, "securityEnabled": True}
    made = (await graph.post("/groups", json=group)).json()["id"]
    for member in (named(emulator, Kind.USER, "Ada Byron"), named(emulator, Kind.SERVICE_PRINCIPAL, "elium-deployer")):
        await graph.post(f"/groups/{made}/members/$ref", json={"@odata.id": f"{emulator.origin}/{member.id}"})
    query = "$filter=servicePrincipalType eq 'Application'&$select=displayName"

    of_any_kind = (await graph.get(f"/groups/{made}/members?{query}")).json()["value"]
    of_one = (await graph.get(f"/groups/{made}/members/microsoft.graph.servicePrincipal?{query}")).json()["value"]

    assert [one["displayName"] for one in of_any_kind] == [one["displayName"] for one in of_one] == ["elium-deployer"]


@witness("A property that does not exist is refused in every list, also in an empty one")
@pytest.mark.parametrize(
    "query",
    [
        "$filter=provisioningStatusInfo/stauts eq 'failure'",
        "$filter=sourceIdentity/objectId eq '1'",
        "$filter=modifiedProperties/any(m:m/name eq 'title')",
        "$filter=statis eq 'x'",
        "$orderby=activityDate desc",
        "$select=statusInfo",
    ],
)
async def test_a_misspelt_question_to_an_empty_log_is_refused(graph: httpx2.AsyncClient, query: str) -> None:
    answer = await graph.get(f"/auditLogs/provisioning?{query}")

    assert answer.status_code == 400
    assert "Could not find a property named" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/auditLogs/directoryAudits", "$filter=targetResources/any(t:t/name eq 'x')"),
        ("/applicationTemplates", "$filter=name eq 'Elium'"),
        ("/applicationTemplates", "$select=shoeSize"),
        ("/domains", "$filter=shoeSize eq 1"),
        ("/users", "$orderby=shoeSize"),
        ("/users", "$filter=department eq 'Nobody'&$select=shoeSize"),
        ("/users/ada.byron@contoso.com/memberOf", "$select=shoeSize"),
        ("/users/ada.byron@contoso.com/appRoleAssignments", "$filter=roleId eq '1'"),
        ("/applicationTemplates", "$expand=shoes"),
    ],
)
async def test_every_list_knows_what_its_things_have(graph: httpx2.AsyncClient, path: str, query: str) -> None:
    assert (await graph.get(f"{path}?{query}")).status_code == 400


async def test_the_gallery_is_filtered_by_name_and_category_only(graph: httpx2.AsyncClient) -> None:
    refused = await graph.get("/applicationTemplates?$filter=publisher eq 'Elium'")

    assert refused.json()["error"]["code"] == "Request_UnsupportedQuery"
    assert (await graph.get("/applicationTemplates?$filter=categories/any(c:c eq 'x')")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "$filter=jobid eq 'x'",
        "$filter=provisioningStatusInfo/status eq 'failure'",
        "$filter=provisioningStatusInfo/errorInformation/errorCode eq 'x'",
        "$filter=sourceIdentity/details/UserPrincipalName eq 'x'",
        "$filter=provisioningSteps/any(s:s/details/ErrorCode eq 'x')",
        "$filter=activityDateTime ge 2026-01-15&$orderby=activityDateTime desc&$select=id,provisioningStatusInfo",
    ],
)
async def test_what_a_log_has_may_be_asked_for(graph: httpx2.AsyncClient, query: str) -> None:
    assert (await graph.get(f"/auditLogs/provisioning?{query}")).status_code == 200


NO_NUMBERS = ["²", "٣", "-1", "1.5", "x", "9" * 5_000]


@pytest.mark.parametrize("option", ["$top", "$skip", "skip"])
@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda text: text[:3])
async def test_what_is_not_a_number_is_refused(graph: httpx2.AsyncClient, option: str, number: str) -> None:
    assert (await graph.get("/users", params={option: number})).status_code == 400


@pytest.mark.parametrize("token", [*NO_NUMBERS, "[1]", "[1e999]", "[" * 20_000], ids=lambda text: text[:6])
async def test_a_token_that_nobody_gave_is_refused(graph: httpx2.AsyncClient, token: str) -> None:
    forged = base64.urlsafe_b64encode(token.encode()).decode()
    refused = await graph.get("/users", params={"$skiptoken": forged})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "Directory_ExpiredPageToken")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("$foo=1", "The query parameter '$foo' is not supported."),
        ("$apply=x", "The query parameter '$apply' is not supported."),
        ("$top=5&top=6", "Query option '$top' was specified more than once, but it must be specified at most once."),
        ("$count=maybe", "Invalid value 'maybe' for $count query option found. Valid values are 'true, false'."),
        ("$count=True", "Invalid value 'True' for $count query option found. Valid values are 'true, false'."),
        ("$orderby=displayName sideways", "Invalid orderby clause: Syntax error in 'displayName sideways'."),
        ("$orderby=displayName,", "Invalid orderby clause: Syntax error in ''."),
    ],
)
async def test_what_no_resource_would_understand_is_refused(
    graph: httpx2.AsyncClient, query: str, sentence: str
) -> None:
    assert (await graph.get(f"/users?{query}")).json()["error"]["message"] == sentence


async def test_options_of_a_client_s_own_are_left_out_of_account(graph: httpx2.AsyncClient) -> None:
    assert (await graph.get("/users?cache=no&cache=really")).status_code == 200


@pytest.mark.parametrize(
    "condition",
    [
        "accountEnabled eq 'true'",
        "accountEnabled eq 1",
        "displayName eq 5",
        "displayName gt 5",
        "displayName eq true",
        "displayName",
        "not displayName",
        "displayName/any(p:p eq 'x')",
        "proxyAddresses eq 'x'",
        "createdDateTime ge '2026-01-01'",
        "createdDateTime ge 2026-13-45",
        "proxyAddresses/any(p:startswith(p,'x')) and accountEnabled eq 'x'",
    ],
)
async def test_a_comparison_that_has_no_meaning_is_refused(graph: httpx2.AsyncClient, condition: str) -> None:
    refused = await graph.get(f"/users?$filter={condition}&$count=true", headers={"ConsistencyLevel": "eventual"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    "condition",
    [
        "accountEnabled",
        "ACCOUNTENABLED eq true",
        "displayName eq null",
        "createdDateTime ge 2026-01-01",
        "createdDateTime eq null",
        "tolower(displayName) eq 'x'",
        "proxyAddresses/$count eq 0",
        "proxyAddresses/any()",
        "assignedLicenses/any(displayName:displayName/skuId eq 5)",
        "employeeOrgData/division eq 'x'",
        "id eq a7cb45cf-f65a-5cf5-ac49-ec475281d1eb",
    ],
)
async def test_a_comparison_that_has_a_meaning_is_answered(graph: httpx2.AsyncClient, condition: str) -> None:
    told = await graph.get(f"/users?$filter={condition}&$count=true", headers={"ConsistencyLevel": "eventual"})

    assert told.status_code == 200, told.text


async def test_a_star_selects_what_is_shown_by_itself(graph: httpx2.AsyncClient) -> None:
    everything, starred = [await graph.get("/users", params=how) for how in ({}, {"$select": "*"})]

    assert starred.json()["value"] == everything.json()["value"]


async def places_of_one(emulator: Emulator, graph: httpx2.AsyncClient) -> dict[str, str]:
    """Make one of each type, and tell where it is and what can be selected of it."""
    job = await elium_job(emulator, graph)
    at = job.partition("/jobs/")[0]
    assigned = f"{at.removesuffix('/synchronization')}/appRoleAssignedTo"
    pair = await elium_app(graph, "Another")
    application = f"/applications/{pair['application']['id']}"
    credential = {"name": "ci", "issuer": "https://ci.example", "subject": "main", "audiences": ["x"]}
    extension = {"name": "size", "dataType": "String", "targetObjects": ["User"]}
    federated = (await graph.post(f"{application}/federatedIdentityCredentials", json=credential)).json()["id"]
    extended = (await graph.post(f"{application}/extensionProperties", json=extension)).json()["id"]
    assignment = (await graph.get(assigned)).json()["value"][0]
    directory = (await graph.get(f"{job}/schema/directories")).json()["value"][0]["id"]
    return {
        job: "templateId",
        f"{at}/templates/elium": "factoryTag",
        f"{job}/schema/directories/{directory}": "name",
        f"{assigned}/{assignment['id']}": "principalType",
        f"/groups/{assignment['principalId']}/appRoleAssignments/{assignment['id']}": "resourceDisplayName",
        f"{application}/federatedIdentityCredentials/{federated}": "subject",
        f"{application}/extensionProperties/{extended}": "dataType",
        f"/applicationTemplates/{pair['application']['applicationTemplateId']}": "publisher",
        "/domains/contoso.com": "isVerified",
        f"/organization/{emulator.seed.tenant.id}": "displayName",
    }


@witness("One thing of any type shows what $select names, and refuses a property that it does not have")
async def test_of_one_thing_too_properties_are_selected(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    for path, name in (await places_of_one(emulator, graph)).items():
        shown = (await graph.get(f"{path}?$select={name}")).json()
        refused = await graph.get(f"{path}?$select=shoeSize")

        assert {"@odata.context", "id", name} == set(shown), path
        assert shown["@odata.context"].endswith(f"({name})/$entity"), path
        assert refused.status_code == 400, path


async def test_what_no_type_has_is_not_written(emulator: Emulator, graph: httpx2.AsyncClient) -> None:
    for path in await places_of_one(emulator, graph):
        collection = path.rpartition("/")[0]
        answer = await graph.post(collection, json={"@odata.type": "x", "shoeSize": 42})
        if answer.status_code == 405:
            continue

        assert "Could not find a property named 'shoeSize'" in answer.json()["error"]["message"], path
