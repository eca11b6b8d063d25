"""A Graph client that the caller brings carries our requests: once, with its own headers, and gives back the answer."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from answers import JumpingClock
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from kiota_http.kiota_client_factory import KiotaClientFactory
from msgraph.graph_service_client import GraphServiceClient

from provisioning.errors import GraphError, NoCredentialError, RefusedError, SignInError, UnavailableError
from provisioning.graph.caller import CallersGraph, CallersSignIn, graph_over
from provisioning.model.identifiers import JobAddress, JobId, ServicePrincipalId

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation

ADDRESS = JobAddress(ServicePrincipalId("sp"), JobId("elium.1.2"))


class CallersProvider(AuthenticationProvider):
    """Adds the caller's token, or fails to."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble

    async def authenticate_request(
        self, request: RequestInformation, additional_authentication_context: dict[str, Any] | None = None
    ) -> None:
        del additional_authentication_context
        if self.trouble:
            raise self.trouble
        request.headers.try_add("Authorization", "Bearer the-callers")


class Wire:
    """Answers in order, the last one for ever, and remembers what was sent."""

    def __init__(self, *answers: httpx.Response | Exception, provider: CallersProvider | None = None) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer), headers={"User-Agent": "the-callers"})
        client = KiotaClientFactory.create_with_default_middleware(client=http)
        self.adapter = HttpxRequestAdapter(provider or CallersProvider(), http_client=client)
        self.adapter.base_url = "https://graph.example/v1.0/"

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def client(self) -> GraphServiceClient:
        return GraphServiceClient(request_adapter=self.adapter)  # type: ignore[arg-type]  # it is what Graph's adds to

    async def ask(self, method: str = "GET", **request: Any) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=CallersGraph(self.adapter)) as http:
            return await http.request(method, "https://graph.example/v1.0/users", **request)


async def test_the_caller_s_token_and_name_are_sent_and_ours_are_not() -> None:
    wire = Wire(httpx.Response(200, json={}))
    await wire.ask(headers={"Authorization": "Bearer ours", "User-Agent": "ours", "ConsistencyLevel": "eventual"})
    sent = wire.requests[0].headers
    assert sent["Authorization"] == "Bearer the-callers"
    assert sent["User-Agent"].startswith("the-callers")
    assert sent["ConsistencyLevel"] == "eventual"


async def test_address_method_and_body_arrive_as_they_were() -> None:
    wire = Wire(httpx.Response(201))
    await wire.ask("POST", params={"$filter": "displayName eq 'O''Neill & Co'"}, json={"ø": [1]})
    sent = wire.requests[0]
    assert (sent.method, sent.url.params["$filter"]) == ("POST", "displayName eq 'O''Neill & Co'")
    assert (sent.headers["Content-Type"], sent.content) == ("application/json", '{"ø":[1]}'.encode())


@pytest.mark.parametrize("status", [200, 204, 400, 404, 429, 503])
async def test_an_answer_comes_back_whatever_its_status(status: int) -> None:
    given = httpx.Response(status, json={"error": {"code": "x"}}, headers={"request-id": "r", "Retry-After": "7"})
    told = await Wire(given).ask()
    assert (told.status_code, told.json(), told.headers["request-id"]) == (status, {"error": {"code": "x"}}, "r")
    assert told.headers["Retry-After"] == "7"


async def test_a_packed_answer_is_unpacked_once() -> None:
    packed = httpx.Response(200, content=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})
    assert (await Wire(packed).ask()).json() == {"a": 1}


@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "DELETE"])
@pytest.mark.parametrize("status", [429, 503, 504])
async def test_nothing_is_sent_again_by_the_caller_s_middleware(method: str, status: int) -> None:
    wire = Wire(httpx.Response(status))
    told = await wire.ask(method)
    assert (told.status_code, len(wire.requests)) == (status, 1)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (httpx.ReadTimeout("slow"), httpx2.TimeoutException),
        (httpx.ConnectError("closed"), httpx2.TransportError),
        (httpx.RemoteProtocolError("cut"), httpx2.TransportError),
    ],
)
async def test_a_failed_journey_is_told_in_our_transport_s_words(
    trouble: Exception, told: type[httpx2.HTTPError]
) -> None:
    with pytest.raises(told):
        await Wire(trouble).ask()


@pytest.mark.parametrize(
    ("trouble", "told", "sentence"),
    [
        (CredentialUnavailableError("no az\nmore"), NoCredentialError, "no identity to sign in with: no az$"),
        (ClientAuthenticationError("AADSTS7000215: wrong"), RefusedError, "refused the Graph client's identity: AAD"),
        (ServiceRequestError("off"), SignInError, "got no token: ServiceRequestError"),
    ],
)
async def test_a_credential_that_gives_no_token_is_told_as_a_sign_in(
    trouble: Exception, told: type[SignInError], sentence: str
) -> None:
    with pytest.raises(told, match=sentence):
        await Wire(httpx.Response(200), provider=CallersProvider(trouble)).ask()


async def test_an_adapter_that_does_not_answer_with_httpx_is_a_mistake() -> None:
    class Other(HttpxRequestAdapter):
        async def send_no_response_content_async(self, *_: object) -> None:
            """Answer with nothing."""

    with pytest.raises(TypeError, match="NoneType"):
        async with httpx2.AsyncClient(transport=CallersGraph(Other(CallersProvider()))) as http:
            await http.get("https://graph.example/v1.0/users")


@pytest.mark.parametrize("base", ["/v1.0", "/v1.0/", "/beta"])
async def test_our_verbs_ask_the_cloud_of_the_caller_s_client(base: str) -> None:
    wire = Wire(httpx.Response(204))
    wire.adapter.base_url = f"https://graph.example{base}"
    await graph_over(wire.client).start(ADDRESS)
    path = "https://graph.example/v1.0/servicePrincipals/sp/synchronization/jobs/elium.1.2/start"
    assert [path] == [str(request.url) for request in wire.requests]


async def test_our_own_patience_sits_out_passing_trouble() -> None:
    throttled = httpx.Response(429, headers={"Retry-After": "7"})
    wire, clock = Wire(throttled, httpx.ReadTimeout("slow"), httpx.Response(204)), JumpingClock()
    await graph_over(wire.client, clock).start(ADDRESS)
    assert (len(wire.requests), clock.slept[0]) == (3, 7.0)


async def test_a_journey_that_never_succeeds_is_told_as_unavailable() -> None:
    with pytest.raises(UnavailableError, match="Graph gave no answer to POST"):
        await graph_over(Wire(httpx.ConnectError("closed")).client, JumpingClock()).start(ADDRESS)


async def test_the_next_page_is_asked_from_the_caller_s_graph_alone() -> None:
    elsewhere = httpx.Response(200, json={"value": [], "@odata.nextLink": "https://elsewhere.example/v1.0/users"})
    graph = graph_over(Wire(elsewhere).client, JumpingClock())
    with pytest.raises(GraphError, match=r"points to elsewhere\.example"):
        await graph.people([], attributes=[], everybody=True, at_most=1)


async def test_a_token_that_is_not_taken_is_the_caller_s_to_renew() -> None:
    sign_in = CallersSignIn()
    sign_in.forget()
    assert not await sign_in.token()
