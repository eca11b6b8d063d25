"""What the plugin was told: where the cloud is, and who it is.

Configuration comes first, ``ARM_*`` variables underneath (terraform-provider-azuread: internal/provider/provider.go).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEYS = frozenset(
    {
        "adoPipelineServiceConnectionId",
        "clientCertificate",
        "clientCertificatePassword",
        "clientCertificatePath",
        "clientId",
        "clientIdFilePath",
        "clientSecret",
        "clientSecretFilePath",
        "disableTerraformPartnerId",
        "environment",
        "metadataHost",
        "msiEndpoint",
        "oidcRequestToken",
        "oidcRequestUrl",
        "oidcToken",
        "oidcTokenFilePath",
        "partnerId",
        "tenantId",
        "useAksWorkloadIdentity",
        "useCli",
        "useMsi",
        "useOidc",
    }
)
"""Every setting that the official plugin has."""

SECRETS = frozenset({"clientCertificatePassword", "clientId", "clientSecret"})
"""Those that are encrypted in a state (pulumi_azuread: provider.py)."""

VARIABLES: Mapping[str, str] = {
    "clientId": "ARM_CLIENT_ID",
    "clientIdFilePath": "ARM_CLIENT_ID_FILE_PATH",
    "clientSecret": "ARM_CLIENT_SECRET",
    "clientSecretFilePath": "ARM_CLIENT_SECRET_FILE_PATH",
    "environment": "ARM_ENVIRONMENT",
    "metadataHost": "ARM_METADATA_HOSTNAME",
    "oidcToken": "ARM_OIDC_TOKEN",
    "oidcTokenFilePath": "ARM_OIDC_TOKEN_FILE_PATH",
    "tenantId": "ARM_TENANT_ID",
    "useOidc": "ARM_USE_OIDC",
}
"""The variable that is asked where a setting is absent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The application that the plugin signs in as."""

    tenant_id: str
    client_id: str
    secret: str = field(default="", repr=False)
    """The client secret; empty when it signs in with an assertion."""
    assertion: str = field(default="", repr=False)
    """The token of another issuer that stands for the application (Entra: federated credential)."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A cloud and an identity."""

    metadata_host: str
    """Where the cloud describes itself, such as ``localhost:8443``; empty means Microsoft's own."""
    identity: Identity


def configuration_from(
    settings: Mapping[str, str], environment: Mapping[str, str], read_file: Callable[[str], str]
) -> Configuration:
    """Put together settings, variables and the files that they name.

    :raises PluginError: when no identity comes of it, or a file and a setting contradict each other.
    """

    def setting(name: str) -> str:
        return settings.get(name) or environment.get(VARIABLES[name], "")

    def setting_or_file(name: str, title: str) -> str:
        return _agreed(setting(name), setting(f"{name}FilePath"), title, read_file)

    tenant_id, client_id = setting("tenantId"), setting_or_file("clientId", "Client ID")
    secret = setting_or_file("clientSecret", "Client Secret")
    # Without useOidc the official plugin does not look at a token, even when one is given.
    assertion = setting_or_file("oidcToken", "OIDC token") if setting("useOidc").lower() in {"true", "1"} else ""
    if not (tenant_id and client_id and (secret or assertion)):
        raise PluginError(_NO_IDENTITY)
    identity = Identity(tenant_id, client_id, secret=secret, assertion="" if secret else assertion)
    return Configuration(setting("metadataHost"), identity)


# Without an asterisk before a blank: in the official plugin's texts that begins one of several reasons.
_NO_IDENTITY = (
    "no Authorizer could be configured, please check your configuration: tenantId and clientId are needed, with a"
    " clientSecret, or with useOidc and an oidcToken (or ARM_TENANT_ID and the other variables for them); the stand-in"
    " for the azuread plugin signs in in no other way"
)


def _agreed(given: str, path: str, title: str, read_file: Callable[[str], str]) -> str:
    if not path:
        return given
    try:
        held = read_file(path).strip()
    except OSError as error:
        raise PluginError(f"reading {title} from file {quoted(path)}: {error.strerror}") from error
    if given and given != held:
        raise PluginError(
            f"mismatch between supplied {title} and supplied {title} file contents"
            " - please either remove one or ensure they match"
        )
    return held
