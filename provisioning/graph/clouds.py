"""Where to sign in and where Graph answers: Microsoft's clouds, or an address that describes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from provisioning.errors import ConfigurationError, UnavailableError
from provisioning.graph.transport import UNREADABLE, NetworkError, cause_of


@dataclass(frozen=True, slots=True)
class Cloud:
    """One Microsoft cloud."""

    login: str
    """Such as ``https://login.microsoftonline.com``."""
    graph: str
    """Root of Microsoft Graph, such as ``https://graph.microsoft.com``; tokens are asked for ``<graph>/.default``."""
    is_described: bool = False
    """Whether it was learnt from a metadata document; then Microsoft's own directory of authorities is not asked."""


GLOBAL = Cloud("https://login.microsoftonline.com", "https://graph.microsoft.com")
US_GOVERNMENT_L4 = Cloud("https://login.microsoftonline.us", "https://graph.microsoft.us")
US_GOVERNMENT_L5 = Cloud("https://login.microsoftonline.us", "https://dod-graph.microsoft.us")
CHINA = Cloud("https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn")

CLOUDS: Mapping[str, Cloud] = {
    "public": GLOBAL,
    "global": GLOBAL,
    "usgovernment": US_GOVERNMENT_L4,
    "usgovernmentl4": US_GOVERNMENT_L4,
    "usgovernmentl5": US_GOVERNMENT_L5,
    "dod": US_GOVERNMENT_L5,
    "china": CHINA,
}
"""By the names that azuread's ``environment`` takes (Learn: authentication-national-cloud; graph: deployments)."""


async def cloud_of(environment: Mapping[str, str], http: httpx2.AsyncClient) -> Cloud:
    """Find the cloud that the environment names, as the azuread provider does: metadata host first, then its name.

    :raises ConfigurationError: when the name is unknown.
    :raises UnavailableError: when the metadata host does not answer.
    """
    host = environment.get("ARM_METADATA_HOSTNAME")
    if host:
        return await _described_by(host, http)
    name = environment.get("ARM_ENVIRONMENT", "public").lower()
    if name not in CLOUDS:
        raise ConfigurationError(
            f"ARM_ENVIRONMENT: {name!r} is not a Microsoft cloud.", hint=f"Use one of {', '.join(sorted(CLOUDS))}."
        )
    return CLOUDS[name]


async def _described_by(host: str, http: httpx2.AsyncClient) -> Cloud:
    url = f"https://{host}/metadata/endpoints?api-version=2022-09-01"
    try:
        answer = await http.get(url)
    except NetworkError as error:
        cause = cause_of(error)
        raise UnavailableError(
            f"ARM_METADATA_HOSTNAME: {host} could not be asked for its cloud: {cause.sentence}.",
            status=0,
            asked=f"GET {url}",
            hint=cause.hint,
        ) from error
    try:
        document = answer.raise_for_status().json()
        login, graph = document["authentication"]["loginEndpoint"], document["microsoftGraphResourceId"]
        return Cloud(login.rstrip("/"), graph.rstrip("/"), is_described=True)
    except (httpx2.HTTPStatusError, *UNREADABLE) as error:
        raise UnavailableError(
            f"ARM_METADATA_HOSTNAME: {host} does not describe a cloud: its answer has status {answer.status_code} and "
            "names no endpoints for sign-in and Graph.",
            status=answer.status_code,
            asked=f"GET {url}",
            hint="Name a host that serves /metadata/endpoints, or unset ARM_METADATA_HOSTNAME for Microsoft's cloud.",
        ) from error
