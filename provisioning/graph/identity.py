"""The provider's own configuration: an identity for one tenant, in azuread's names, laid over the environment.

So one program can serve several tenants, with an explicit provider for each. As with azuread, what the configuration
does not name comes from the environment (terraform-provider-azuread: provider.go). But a way to sign in that the
configuration names is the one that is used: another that the environment has settings for does not come before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from provisioning.errors import ConfigurationError
from provisioning.graph.ways import CLI, CLIENT, MANAGED, SOURCES, TENANT, Way


class Field(NamedTuple):
    """One name of the configuration."""

    setting: str
    """The name in the environment that it stands for; empty when it only chooses among ways."""
    meaning: str
    """What it is, as a sentence."""
    ways: tuple[Way, ...] = ()
    """The ways to sign in that it names."""
    is_switch: bool = False
    is_secret: bool = False


OIDC = (Way.OIDC_TOKEN, Way.OIDC_FILE, Way.PIPELINE, Way.GITHUB)

FIELDS: Mapping[str, Field] = {
    "tenantId": Field("ARM_TENANT_ID", "The directory (tenant) that the resources are in."),
    "clientId": Field("ARM_CLIENT_ID", "The application that signs in, by its client id."),
    "clientCertificatePath": Field(
        "ARM_CLIENT_CERTIFICATE_PATH",
        "A file with the certificate that the application signs in by, PKCS #12 or PEM.",
        (Way.CERTIFICATE,),
    ),
    "clientCertificatePassword": Field(
        "ARM_CLIENT_CERTIFICATE_PASSWORD", "What opens the certificate.", is_secret=True
    ),
    "clientSecret": Field(
        "ARM_CLIENT_SECRET", "The secret that the application signs in by.", (Way.SECRET,), is_secret=True
    ),
    "clientSecretFilePath": Field("ARM_CLIENT_SECRET_FILE_PATH", "A file with that secret.", (Way.SECRET_FILE,)),
    "oidcToken": Field("ARM_OIDC_TOKEN", "A token of a workload identity.", (Way.OIDC_TOKEN,), is_secret=True),
    "oidcTokenFilePath": Field(
        "ARM_OIDC_TOKEN_FILE_PATH", "A file with such a token, read anew each time.", (Way.OIDC_FILE,)
    ),
    "adoPipelineServiceConnectionId": Field(
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
        "The service connection of Azure Pipelines that the application trusts.",
        (Way.PIPELINE,),
    ),
    "oidcRequestUrl": Field(
        "ARM_OIDC_REQUEST_URL", "Where GitHub, or another issuer, gives such tokens.", (Way.GITHUB,)
    ),
    "oidcRequestToken": Field(
        "ARM_OIDC_REQUEST_TOKEN", "What asks for them there.", (Way.PIPELINE, Way.GITHUB), is_secret=True
    ),
    "useOidc": Field("", "Whether a workload identity may sign in.", OIDC, is_switch=True),
    "useMsi": Field(MANAGED, "Whether the managed identity of the machine signs in.", (Way.MANAGED,), is_switch=True),
    "useCli": Field(CLI, "Whether the Azure CLI may sign in.", (Way.CLI,), is_switch=True),
    "environment": Field("ARM_ENVIRONMENT", "The cloud, such as `public`, `usgovernment` or `china`."),
    "metadataHost": Field(
        "ARM_METADATA_HOSTNAME", "The host that tells a cloud's addresses, for an emulator or a cloud of one's own."
    ),
}
"""Every name of the configuration, as azuread spells it."""

INSTEAD: Mapping[str, str] = {
    "clientCertificate": "clientCertificatePath",
    "clientIdFilePath": "clientId",
    "useAksWorkloadIdentity": "oidcTokenFilePath",
}
"""Names of azuread's that are not taken here, and which one serves."""

TRUTHS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


def identity_of(configuration: Mapping[str, str | bool], environment: Mapping[str, str]) -> Mapping[str, str]:
    """Lay a configuration over the environment; the result is what :func:`provisioning.graph.connect.connect` takes.

    A name without a value counts as not written; a switch may be a text. Whoever names no way to sign in gets the
    environment's; a switch that is false takes its ways away.

    :raises ConfigurationError: with a sentence for every name that is not known, and every switch that is neither true
        nor false.
    """
    texts = {name: _text(value) for name, value in configuration.items()}
    written = {name: value for name, value in texts.items() if value}
    mistakes = [*_mistakes(written)]
    if mistakes:
        raise ConfigurationError(mistakes, hint=f"The provider's configuration takes {', '.join(FIELDS)}.")
    allowed = _allowed(written)
    kept = {name: value for name, value in environment.items() if name not in _of_others(allowed)}
    laid = {FIELDS[name].setting: value for name, value in written.items() if FIELDS[name].setting}
    # The CLI is a way when nobody says otherwise, so leaving it out must be said.
    cli = {} if Way.CLI in allowed else {CLI: "false"}
    return {**kept, **laid, **cli}


def _text(value: str | bool | None) -> str:  # noqa: FBT001 - what programs write
    return str(value).lower() if isinstance(value, bool) else (value or "").strip()


def _allowed(written: Mapping[str, str]) -> frozenset[Way]:
    """Tell which ways may be used: those of the narrowest names written, or else all that none switches off."""
    named = [field for name in written if (field := FIELDS[name]).ways and not _is_off(name, written)]
    if named:
        narrowest = min(len(field.ways) for field in named)
        return frozenset(way for field in named if len(field.ways) == narrowest for way in field.ways)
    refused = {way for name in written if _is_off(name, written) for way in FIELDS[name].ways}
    return frozenset(Way) - refused


def _of_others(allowed: frozenset[Way]) -> set[str]:
    """List the settings of the environment that serve only ways which may not be used."""
    needs = {source.way: _names(source.needs) for source in SOURCES}
    shared = _names((TENANT, CLIENT)).union(*(needs[way] for way in allowed))
    return set().union(*(needs[way] for way in Way)) - shared


def _names(needs: tuple[str, ...]) -> set[str]:
    return {name for need in needs for name in need.split("|")}


def _is_off(name: str, written: Mapping[str, str]) -> bool:
    return FIELDS[name].is_switch and not TRUTHS[written[name].lower()]


def _mistakes(written: Mapping[str, str]) -> Iterator[str]:
    for name, value in written.items():
        if name not in FIELDS:
            near = INSTEAD.get(name) or next(iter(get_close_matches(name, FIELDS, n=1)), "")
            yield f"{name} is not a name of the provider's configuration{f'; write {near}' if near else ''}."
        elif FIELDS[name].is_switch and value.lower() not in TRUTHS:
            yield f"{name}: {value!r} is neither true nor false."
