"""The settings of one environment: the ``elium:`` part of ``Pulumi.<stack>.yaml``, one per step of the tutorial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from provisioning.apps import ELIUM
from provisioning.errors import ConfigurationError
from provisioning.model.base_address import base_address_of
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import SourceKind, TokenSource, resolve
from provisioning.settings.email import Email
from provisioning.settings.mistakes import parsed, reporting
from provisioning.settings.shared import JobSettings
from provisioning.settings.structured import structured

NAMESPACE = ELIUM.namespace
PLACE = f"{NAMESPACE}:"

FROM_ENVIRONMENT = {"tenantUrl": "ELIUM_TENANT_URL", "secretToken": "ELIUM_SECRET_TOKEN"}
"""Settings that the environment may give when the stack does not: a vault's token then lies in no file."""

DEFAULT_ACCESS = ("default access", "00000000-0000-0000-0000-000000000000")
"""Name and id of the role that stands for no role (graph: approleassignment)."""


def _provisioned_role(role: str) -> str:
    """Refuse the role whose holders the tutorial says are not provisioned (Learn: elium-provisioning-tutorial)."""
    if role.strip().lower() in DEFAULT_ACCESS:
        raise ConfigurationError(
            "people with Default Access are not provisioned.", hint="Name a role of the app, such as User."
        )
    return role


def _list_of(written: object) -> object:
    """Accept one name where a list of names is meant."""
    return [written] if isinstance(written, str) and written else written


def _token_or_source(text: str) -> str:
    if not TokenSource.parse(text):
        secret_token_of(text)
    return text


Names = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_list_of)]


def _with_scim_path(tenant_url: str) -> str:
    return base_address_of(tenant_url, ELIUM.scim_path)


class Settings(JobSettings):
    """What one environment declares."""

    tenant_url: Annotated[str, AfterValidator(reporting(_with_scim_path))] = Field(
        description="Elium's address, as its Security page shows it; /scim/v2 is added.",
        examples=["https://acme.elium.com"],
    )
    secret_token: Annotated[str, Field(min_length=1), AfterValidator(reporting(_token_or_source))] = Field(
        description="Elium's secret token, or where it lies: env:NAME or file:/path; kept: the one that Entra has.",
        examples=[f"the one that {ELIUM.name} shows under {ELIUM.token_is_found}"],
        repr=False,
    )
    notification_email: Email | None = Field(default=None, description="Who is told of provisioning failures.")
    notify_on_failure: bool = Field(default=True, description="Send an e-mail when a failure occurs.")
    groups: Names = Field(default=[], description="Groups to assign: display names or object ids.")
    users: Names = Field(
        default=[], description="Users to assign: user principal names, mail addresses, object ids or display names."
    )
    role: Annotated[str, Field(min_length=1), AfterValidator(reporting(_provisioned_role))] = Field(
        default="User", description="The app role that they are assigned: its display name, value or id."
    )
    display_name: str = Field(
        default="Elium", min_length=1, max_length=256, description="Name of the enterprise application."
    )
    gallery_app: str = Field(default="Elium", min_length=1, description="Name of the app in the gallery.")

    _token: SecretToken | None = PrivateAttr(default=None)

    @classmethod
    def parse(
        cls,
        written: Mapping[str, Any],
        environment: Mapping[str, str],
    ) -> Settings:
        """Read a stack's ``elium:`` settings, by name without the namespace; and the environment's, underneath.

        :raises ConfigurationError: with every mistake and its place.
        """
        read, mistakes = structured(_from(environment) | dict(written), _texts(), place=PLACE)
        source = _source_in(read)
        mistakes += [*_unheard(read), *_unresolved(source, environment)]
        try:
            settings = parsed(cls, read, place=PLACE)
        except ConfigurationError as error:
            raise ConfigurationError([*mistakes, *error.reasons]) from None
        if mistakes:
            raise ConfigurationError(mistakes)
        is_here = source is not None and source.kind is SourceKind.ENVIRONMENT
        return settings.knowing(resolve(source, environment, str)) if source and is_here else settings

    def knowing(self, token: SecretToken) -> Self:
        """Remember the token that lies where the settings say."""
        self._token = token
        return self

    @property
    def token(self) -> SecretToken:
        """Elium's secret token, unprintable.

        :raises ConfigurationError: when it lies in a file, which only the plugin reads, or is kept as Entra has it.
        """
        source = TokenSource.parse(self.secret_token)
        if source is None:
            return SecretToken(self.secret_token)
        if self._token is None:
            is_kept = source.kind is SourceKind.KEPT
            why = "is kept as Entra has it" if is_kept else "lies in a file, which is not read here"
            raise ConfigurationError(f"{PLACE}secretToken: {why}.")
        return self._token


def _from(environment: Mapping[str, str]) -> dict[str, Any]:
    """Give what the environment says: of the token, only where it lies."""
    said = {name: variable for name, variable in FROM_ENVIRONMENT.items() if environment.get(variable)}
    return {
        name: f"{SourceKind.ENVIRONMENT.value}:{variable}" if name == "secretToken" else environment[variable]
        for name, variable in said.items()
    }


def _texts() -> frozenset[str]:
    """Give the settings that are texts, whatever they begin with."""
    fields = Settings.model_fields.items()
    return frozenset(field.alias or name for name, field in fields if field.annotation in (str, str | None))


def _source_in(read: Mapping[str, Any]) -> TokenSource | None:
    """Find where the token lies, if anywhere; a source that names nothing is told by the field itself."""
    written = read.get("secretToken")
    try:
        return TokenSource.parse(written) if isinstance(written, str) else None
    except ConfigurationError:
        return None


def _unresolved(source: TokenSource | None, environment: Mapping[str, str]) -> Iterator[str]:
    """Tell what is wrong with a token that lies in the environment; files are the plugin's to read."""
    if source is not None and source.kind is SourceKind.ENVIRONMENT:
        try:
            resolve(source, environment, str)
        except ConfigurationError as error:
            yield f"{PLACE}secretToken: {error.message} {error.hint}"


def _unheard(read: Mapping[str, Any]) -> Iterator[str]:
    """Tell of a threshold whose question would be sent to nobody (Learn: accidental-deletions, step "Ensure …")."""
    threshold = str(read.get("deleteThreshold", "0"))
    if threshold.isdecimal() and int(threshold) > 0 and not read.get("notificationEmail"):
        yield (
            f"{PLACE}deleteThreshold: above it, Entra asks by e-mail whether to go on, and nobody would hear of it. "
            f"Set {PLACE}notificationEmail as well."
        )
