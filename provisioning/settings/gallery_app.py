"""The settings of any gallery app that takes a tenant URL and a secret token, one per step of its tutorial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, field_validator

from provisioning.errors import ConfigurationError
from provisioning.model.base_address import address_of
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import SourceKind, TokenSource, resolve
from provisioning.settings.email import Email
from provisioning.settings.mistakes import parsed, reporting
from provisioning.settings.shared import JobSettings
from provisioning.settings.structured import structured

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

TokenOrSource = Annotated[str, Field(min_length=1), AfterValidator(reporting(_token_or_source))]
"""A token, or where it lies."""


class GalleryAppSettings(JobSettings):
    """What is declared of one app of the gallery, and of who is provisioned into it."""

    tenant_url: str = Field(
        description="Where the app answers SCIM, as its tutorial says: the Tenant URL of the portal.",
        examples=["https://acme.example.com/scim/v2"],
    )
    secret_token: TokenOrSource = Field(
        description="The app's secret token, or where it lies: env:NAME or file:/path; kept: the one that Entra has.",
        examples=["the one that the app shows, or env:NAME"],
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
    display_name: Annotated[str, Field(min_length=1, max_length=256)] | None = Field(
        default=None, description="Name of the enterprise application; that of the app in the gallery if not said."
    )
    gallery_app: str = Field(
        min_length=1,
        description="Name of the app in the gallery.",
        examples=["Azure Databricks SCIM Provisioning Connector"],
    )

    _place: str = PrivateAttr(default="")
    _token: SecretToken | None = PrivateAttr(default=None)

    @staticmethod
    def address(tenant_url: str) -> str:
        """Give the address that Entra calls.

        :raises ConfigurationError: with the part that cannot be.
        """
        return address_of(tenant_url)

    @field_validator("tenant_url")
    @classmethod
    def _is_an_address(cls, written: str) -> str:
        return reporting(cls.address)(written)

    @classmethod
    def underneath(cls, environment: Mapping[str, str]) -> Mapping[str, str]:
        """Give the settings that an *environment* says, for those that are written nowhere else."""
        del environment
        return {}

    @classmethod
    def read(cls, written: Mapping[str, Any], environment: Mapping[str, str], *, place: str = "") -> Self:
        """Read a table of settings, by name. *place* is put before a name where a mistake is told, such as ``elium:``.

        *environment* is where a token lies that is written ``env:NAME``.

        :raises ConfigurationError: with every mistake and its place.
        """
        read, mistakes = structured(written, cls._texts(), place=place)
        source = _source_in(read)
        mistakes += [*_unheard(read, place), *_unresolved(source, environment, place)]
        try:
            settings = parsed(cls, read, place=place)
        except ConfigurationError as error:
            raise ConfigurationError([*mistakes, *error.reasons]) from None
        if mistakes:
            raise ConfigurationError(mistakes)
        is_here = source is not None and source.kind is SourceKind.ENVIRONMENT
        token = resolve(source, environment, str) if source and is_here else None
        return settings.knowing(place, token)

    def knowing(self, place: str, token: SecretToken | None) -> Self:
        """Remember where they were written, and the token that lies where they say."""
        self._place, self._token = place, token
        return self

    @property
    def place(self) -> str:
        """What stands before the names of these settings where they were written, such as ``elium:``."""
        return self._place

    @property
    def app_name(self) -> str:
        """The name of the enterprise application."""
        return self.display_name or self.gallery_app

    @property
    def token(self) -> SecretToken:
        """The app's secret token, unprintable.

        :raises ConfigurationError: when it lies in a file, which only the plugin reads, or is kept as Entra has it.
        """
        source = TokenSource.parse(self.secret_token)
        if source is None:
            return SecretToken(self.secret_token)
        if self._token is None:
            is_kept = source.kind is SourceKind.KEPT
            why = "is kept as Entra has it" if is_kept else "lies in a file, which is not read here"
            raise ConfigurationError(f"{self.place}secretToken: {why}.")
        return self._token

    @classmethod
    def _texts(cls) -> frozenset[str]:
        """Give the settings that are texts, whatever they begin with."""
        fields = cls.model_fields.items()
        return frozenset(field.alias or name for name, field in fields if field.annotation in (str, str | None))


def _source_in(read: Mapping[str, Any]) -> TokenSource | None:
    """Find where the token lies, if anywhere; a source that names nothing is told by the field itself."""
    written = read.get("secretToken")
    try:
        return TokenSource.parse(written) if isinstance(written, str) else None
    except ConfigurationError:
        return None


def _unresolved(source: TokenSource | None, environment: Mapping[str, str], place: str) -> Iterator[str]:
    """Tell what is wrong with a token that lies in the environment; files are the plugin's to read."""
    if source is not None and source.kind is SourceKind.ENVIRONMENT:
        try:
            resolve(source, environment, str)
        except ConfigurationError as error:
            yield f"{place}secretToken: {error.message} {error.hint}"


def _unheard(read: Mapping[str, Any], place: str) -> Iterator[str]:
    """Tell of a threshold whose question would be sent to nobody (Learn: accidental-deletions, step "Ensure …")."""
    threshold = str(read.get("deleteThreshold", "0"))
    if threshold.isdecimal() and int(threshold) > 0 and not read.get("notificationEmail"):
        yield (
            f"{place}deleteThreshold: above it, Entra asks by e-mail whether to go on, and nobody would hear of it. "
            f"Set {place}notificationEmail as well."
        )
