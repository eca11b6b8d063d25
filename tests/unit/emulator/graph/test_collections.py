from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.parity import witness

if TYPE_CHECKING:
    import httpx2

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
    found = (await graph.get("/applicationTemplates?$skip=6")).json()["value"]

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


async def test_a_search_needs_the_header(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get('/users?$search="displayName:ada"')

    assert "ConsistencyLevel" in answer.json()["error"]["message"]


async def test_a_filter_on_what_does_not_exist_is_refused(graph: httpx2.AsyncClient) -> None:
    answer = await graph.get("/users?$filter=shoeSize eq 42")

    assert (
        answer.json()["error"]["message"]
        == "Unsupported or invalid query filter clause specified for property 'shoeSize' of resource 'User'."
    )


async def test_mixed_objects_show_what_each_of_them_has(graph: httpx2.AsyncClient) -> None:
    path = "/users/ada.byron@contoso.com/memberOf?$select=membershipRule,jobTitle"
    found = (await graph.get(path)).json()["value"]

    assert found[0] == {"@odata.type": "#microsoft.graph.group", "membershipRule": None}
