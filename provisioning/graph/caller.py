"""All our verbs over a Graph client that the caller brings, with its proxies, middleware and credentials.

It needs the extra ``msgraph``. Only the journey of a request is the caller's; what is asked, what a refusal means and
how long trouble is sat out stay ours. This module is imported by those who use it and by nothing else here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import httpx2
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity import CredentialUnavailableError
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.response_handler import ResponseHandler
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption

from provisioning.errors import NoCredentialError, RefusedError, SignInError
from provisioning.graph.client import GraphClient
from provisioning.graph.patience import Clock

if TYPE_CHECKING:
    from kiota_abstractions.request_adapter import RequestAdapter
    from msgraph.graph_service_client import GraphServiceClient

VERSIONS = ("/v1.0", "/beta")
"""What a Graph client's base address ends with."""

NOT_OURS = {
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "user-agent",
}
"""Headers that the caller's client writes itself: who asks, and how bytes travel."""

UNPACKED = {"connection", "content-encoding", "content-length", "transfer-encoding"}
"""Headers of an answer that describe its bytes before the caller's client unpacked them."""


def graph_over(client: GraphServiceClient, clock: Clock | None = None) -> GraphClient:
    """Give our verbs over a caller's client; the cloud is the one that its base address names.

    The caller opens and closes the client, and it decides time limits.
    """
    adapter = client.request_adapter
    http = httpx2.AsyncClient(transport=CallersGraph(adapter))
    return GraphClient(http, CallersSignIn(), _root_of(adapter.base_url), clock)


class CallersSignIn:
    """A sign-in without a token of its own: the caller's authentication provider adds its token on the way."""

    async def token(self) -> str:
        """Give no token; :class:`CallersGraph` does not send one."""
        return ""

    def forget(self) -> None:
        """Leave renewal to the caller's provider."""


class CallersGraph(httpx2.AsyncBaseTransport):
    """Sends requests with a caller's request adapter, and gives back what it answered, good or not.

    The retries of the caller's middleware are off for our requests. Its default sends a POST again after a 504, and
    when the first one was carried out there are two of what was asked for: two applications were measured (reliability
    3, rule 1). :class:`GraphClient` is patient itself, and knows what may be sent twice.
    """

    def __init__(self, adapter: RequestAdapter[Any]) -> None:
        self._adapter = adapter

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request, once.

        :raises httpx2.RequestError: when no answer came.
        :raises SignInError: when the caller's credentials give no token.
        """
        kept = _Kept()
        asked = _asked(request, await request.aread(), kept)
        try:
            await self._adapter.send_no_response_content_async(asked, {})
        except httpx.TimeoutException as error:
            raise httpx2.TimeoutException(str(error), request=request) from error
        except (httpx.RequestError, httpx.StreamError) as error:
            raise httpx2.TransportError(f"{type(error).__name__}: {error}", request=request) from error
        except AzureError as error:
            raise _sign_in_error(error) from error
        if not isinstance(kept.answer, httpx.Response):
            raise TypeError(f"The Graph client answers with {type(kept.answer).__name__}, not with httpx's response.")
        return _as_httpx2(kept.answer)


class _Kept(ResponseHandler):
    """Keeps the answer as it came; kiota reads no type and raises no status then."""

    answer: object = None

    async def handle_response_async(self, response: object, error_map: object) -> None:  # noqa: ARG002 - kiota's signature
        self.answer = response


def _asked(request: httpx2.Request, content: bytes, kept: ResponseHandler) -> RequestInformation:
    """Turn our request into kiota's."""
    asked = RequestInformation(Method(request.method))
    asked.url = str(request.url)
    for name, value in request.headers.items():
        if name.lower() not in NOT_OURS:
            asked.headers.try_add(name, value)
    asked.content = content or None
    once = RetryHandlerOption(max_retries=0, should_retry=False)
    asked.add_request_options([once, ResponseHandlerOption(kept)])
    return asked


def _as_httpx2(answer: httpx.Response) -> httpx2.Response:
    headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in UNPACKED]
    return httpx2.Response(answer.status_code, headers=headers, content=answer.content)


def _root_of(base_address: str) -> str:
    root = base_address.rstrip("/")
    for version in VERSIONS:
        root = root.removesuffix(version)
    return root


def _sign_in_error(error: AzureError) -> SignInError:
    first_line = str(error).strip().partition("\n")[0]
    hint = "Look at the credential that the Graph client was made with."
    match error:
        case CredentialUnavailableError():
            return NoCredentialError(f"The Graph client has no identity to sign in with: {first_line}", hint=hint)
        case ClientAuthenticationError():
            return RefusedError(f"Entra refused the Graph client's identity: {first_line}", hint=hint)
        case _:
            return SignInError(f"The Graph client got no token: {type(error).__name__}.", hint=hint)
