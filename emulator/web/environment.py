"""The environment that points clients here: one variable each, as the clients read them.

The azuread provider reads ``ARM_*``, azure-identity ``AZURE_*``; Go, httpx and aiohttp trust ``SSL_CERT_FILE``,
requests trusts ``REQUESTS_CA_BUNDLE``, curl ``CURL_CA_BUNDLE``, Node ``NODE_EXTRA_CA_CERTS``; Java is told by
``JAVA_TOOL_OPTIONS``, and says so whenever it starts.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.company.seed import Seed

JAVA_TRUST = "ca.p12"
"""The file beside the authority's certificate that has it as a PKCS #12 trust store, which is what Java reads."""
JAVA_PASSWORD = "changeit"  # noqa: S105 - the customary one; there is nothing secret in the file


def environment_of(
    seed: Seed, origin: str, ca_file: str, *, control_key: str | None = None, names: Sequence[str] = ()
) -> dict[str, str]:
    """List the variables for the seed's first application and its first tenant at Elium.

    *names* are the host names that lead here, beside those of loopback. Where the login service's is among them,
    azure-identity is told no other authority: it would ask Microsoft's own about that one, and a program that has the
    names written in does not tell it to leave that. Nobody with names written in reads the other addresses.
    """
    client = seed.clients[0]
    secret = client.secret or ""
    host = origin.removeprefix("https://")
    found = {
        "ARM_METADATA_HOSTNAME": host,
        "ARM_TENANT_ID": seed.tenant.id,
        "ARM_CLIENT_ID": client.app_id,
        "ARM_CLIENT_SECRET": secret,
        "ARM_USE_CLI": "false",
        "AZURE_TENANT_ID": seed.tenant.id,
        "AZURE_CLIENT_ID": client.app_id,
        "AZURE_CLIENT_SECRET": secret,
        **({} if any(name.startswith("login.") for name in names) else {"AZURE_AUTHORITY_HOST": origin}),
        "SSL_CERT_FILE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "CURL_CA_BUNDLE": ca_file,
        "NODE_EXTRA_CA_CERTS": ca_file,
        "JAVA_TOOL_OPTIONS": _java_options(Path(ca_file).with_name(JAVA_TRUST)),
        "NO_PROXY": ",".join(("localhost", "127.0.0.1", "::1", *names)),
        "ELIUM_EMULATOR_URL": origin,
    }
    if seed.elium:
        found["ELIUM_TENANT_URL"] = f"{origin}/elium/{seed.elium[0].name}"
        found["ELIUM_SECRET_TOKEN"] = seed.elium[0].token or ""
    if control_key:
        found["ELIUM_EMULATOR_KEY"] = control_key
    return found


def _java_options(trust_file: Path) -> str:
    trust = f"-Djavax.net.ssl.trustStore='{trust_file}'"
    return f"{trust} -Djavax.net.ssl.trustStorePassword={JAVA_PASSWORD}"


def as_exports(environment: dict[str, str]) -> str:
    """Write the variables as a shell reads them."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
