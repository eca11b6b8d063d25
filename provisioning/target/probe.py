"""Whether the app takes address and token, asked from here: with the question that Entra asks as well.

*Test connection* asks for a user who cannot exist, and is content with an empty list (Learn: use-scim-to-provision-
users-and-groups). So every target that Entra can use answers it, and nobody's account is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import httpx2

from provisioning.errors import CredentialsRejectedError, UnavailableError
from provisioning.graph.transport import UNREADABLE, NetworkError, cause_of, http_client
from provisioning.model.credentials import Credentials

ASKED = "GET /Users"

REFUSED = frozenset({401, 403})


async def probe(credentials: Credentials, environment: Mapping[str, str]) -> None:
    """Ask the app for a user who cannot exist; *environment* tells whom to trust. One request.

    :raises CredentialsRejectedError: when it does not take the token, or there is no SCIM at the address.
    :raises UnavailableError: when it gives no answer, or asks to come back later.
    """
    try:
        async with http_client(environment) as http:
            answer = await http.get(_question(credentials.base_address), headers=_headers(credentials))
    except NetworkError as error:
        cause = cause_of(error)
        raise UnavailableError(
            f"The app gives no answer from here: {cause.sentence}.", status=0, asked=ASKED, hint=cause.hint
        ) from error
    if answer.status_code in REFUSED:
        raise CredentialsRejectedError(
            f"The app does not accept the token, asked from here ({answer.status_code}).",
            hint="Copy the token again from the app's own settings, as one of its administrators.",
        )
    if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        raise UnavailableError(
            f"The app cannot answer now ({answer.status_code}).",
            status=answer.status_code,
            asked=ASKED,
            hint="Try again in a few minutes.",
        )
    if not (answer.is_success and _is_a_list(answer)):
        raise CredentialsRejectedError(
            f"There is no SCIM at the address: the answer has status {answer.status_code}, and is not a list of users.",
            hint="Look whether the address is the app's own.",
        )


def _question(address: str) -> str:
    # Flags behind the address, such as ?aadOptscim062020, are for Entra.
    scheme, netloc, path, _, _ = urlsplit(address)
    query = urlencode({"filter": f'userName eq "{uuid4()}"'})
    return urlunsplit((scheme, netloc, f"{path.rstrip('/')}/Users", query, ""))


def _headers(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials.token.reveal()}", "Accept": "application/scim+json"}


def _is_a_list(answer: httpx2.Response) -> bool:
    try:
        return isinstance(answer.json().get("totalResults"), int)
    except UNREADABLE:
        return False
