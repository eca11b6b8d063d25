"""Asking the target itself: two questions that every target answers, and what its answers mean."""

from __future__ import annotations

import httpx2
import pytest
from answers import Script

from provisioning.errors import CredentialsRejectedError, UnavailableError
from provisioning.model.account import Account
from provisioning.model.credentials import Credentials, SecretToken
from provisioning.target.accounts import Accounts, value_at

TOKEN = "canary-token-5up3rs3cr3t"
MATCH = ("userName", 'ada "the" \\ byron')


def target(
    *given: httpx2.Response | Exception, address: str = "https://acme.elium.com/scim/v2"
) -> tuple[Accounts, Script]:
    script = Script(list(given))
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(script.answer))
    return Accounts(http, Credentials(address, SecretToken(TOKEN)), script.clock), script


def user(**differences: object) -> dict[str, object]:
    return {"id": "t1", "userName": "ada", "active": True, **differences}


@pytest.mark.parametrize(
    ("active", "is_active"),
    [(True, True), (False, False), ("False", False), ("True", True)],
    ids=["yes", "no", "no, as a text", "yes, as a text"],
)
async def test_an_account_is_found_by_its_id(active: object, *, is_active: bool) -> None:
    accounts, script = target(httpx2.Response(200, json=user(active=active)))

    assert await accounts.account("t1", None) == Account("t1", "ada", is_active)
    assert script.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_an_account_that_does_not_say_so_is_active() -> None:
    accounts, _ = target(httpx2.Response(200, json={"id": "t1"}))

    assert await accounts.account("t1", None) == Account("t1", "", is_active=True)


async def test_what_is_not_there_by_id_is_looked_for_by_the_matching_value() -> None:
    accounts, script = target(httpx2.Response(404), httpx2.Response(200, json={"Resources": [user()]}))

    assert await accounts.account("t0", MATCH) == Account("t1", "ada", is_active=True)
    assert script.requests[1].url.params["filter"] == 'userName eq "ada \\"the\\" \\\\ byron"'


async def test_of_several_accounts_an_active_one_is_told() -> None:
    several = [user(id="t1", active=False), user(id="t2")]
    accounts, _ = target(httpx2.Response(200, json={"Resources": several}))

    found = await accounts.account("", MATCH)
    assert found == Account("t2", "ada", is_active=True)


async def test_nobody_is_told_as_nobody() -> None:
    accounts, _ = target(httpx2.Response(200, json={"totalResults": 0}))

    assert await accounts.account("", MATCH) is None


async def test_without_id_and_value_nothing_can_be_asked() -> None:
    accounts, script = target(httpx2.Response(200, json={}))

    with pytest.raises(LookupError):
        await accounts.account("", None)
    assert script.requests == []


async def test_flags_behind_the_address_are_for_entra() -> None:
    accounts, script = target(
        httpx2.Response(200, json=user()), address="https://acme.elium.com/scim/v2/?aadOptscim062020"
    )

    await accounts.account("t1", None)
    assert str(script.requests[0].url) == "https://acme.elium.com/scim/v2/Users/t1"


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_is_refused_is_told_and_not_repeated(status: int) -> None:
    accounts, _ = target(httpx2.Response(status))

    with pytest.raises(CredentialsRejectedError) as caught:
        await accounts.account("t1", None)
    assert TOKEN not in f"{caught.value} {caught.value.hint}"


async def test_passing_trouble_is_sat_out() -> None:
    trouble = (httpx2.Response(429), httpx2.Response(503), httpx2.ConnectError("no"))
    accounts, script = target(*trouble, httpx2.Response(200, json=user()))

    assert await accounts.account("t1", None) is not None
    assert (len(script.requests), len(script.clock.slept)) == (4, 3)


@pytest.mark.parametrize(
    "answer",
    [httpx2.Response(200, text="<html>"), httpx2.Response(500), httpx2.Response(200, json={})],
    ids=["a page", "500", "no id"],
)
async def test_what_is_not_scim_is_no_proof(answer: httpx2.Response) -> None:
    accounts, _ = target(answer)

    with pytest.raises(UnavailableError):
        await accounts.account("t1", None)


async def test_an_account_is_deleted_and_may_be_gone_already() -> None:
    accounts, script = target(httpx2.Response(204), httpx2.Response(404))

    await accounts.delete("t1")
    await accounts.delete("t1")
    assert [request.method for request in script.requests] == ["DELETE", "DELETE"]


def page(total: int, *accounts: dict[str, object]) -> httpx2.Response:
    return httpx2.Response(200, json={"totalResults": total, "Resources": list(accounts)})


async def test_all_accounts_are_read_page_by_page_each_once() -> None:
    accounts, script = target(page(3, user(), user(id="t2", active=False)), page(3, user(id="t2"), user(id="t3")))

    assert [account.id async for account in accounts.each(())] == ["t1", "t2", "t3"]
    assert [request.url.params["startIndex"] for request in script.requests] == ["1", "3"]


async def test_of_each_account_the_values_are_given_by_which_it_is_matched() -> None:
    accounts, _ = target(page(1, user(externalId="e1")))

    (account,) = [account async for account in accounts.each(("externalId", "title"))]
    assert account.values == {"externalId": "e1"}


@pytest.mark.parametrize(
    "pages",
    [(page(3, user()), page(3)), (page(3, user()),), (page(2, user()), page(3, user(id="t2")), page(3))],
    ids=["pages that end early", "always the same page", "one that came meanwhile and was not given"],
)
async def test_a_list_that_is_not_whole_is_given_up(pages: tuple[httpx2.Response, ...]) -> None:
    accounts, _ = target(*pages)

    with pytest.raises(
        UnavailableError, match=r"The target's list of accounts is not whole: it has 3, and gave [12]\."
    ):
        _ = [account async for account in accounts.each(())]


async def test_a_target_without_accounts_has_a_whole_list() -> None:
    accounts, _ = target(page(0))

    assert [account async for account in accounts.each(())] == []


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("userName", "ada"),
        ("username", "ada"),
        ("name.givenName", "Ada"),
        ('emails[type eq "work"].value', "ada@contoso.com"),
        ('emails[type eq "home"].value', ""),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "1002"),
        ("active", ""),
        ("phoneNumbers", ""),
        ("x y", ""),
    ],
)
def test_what_a_mapping_names_is_read_of_an_account(attribute: str, value: str) -> None:
    node = {
        "userName": "ada",
        "name": {"givenName": "Ada"},
        "emails": [{"type": "other", "value": "x"}, {"type": "Work", "value": "ada@contoso.com"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "1002"},
        "active": True,
    }

    assert value_at(node, attribute) == value
