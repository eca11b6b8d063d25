"""The settings of one environment: the ``elium:`` part of ``Pulumi.<stack>.yaml``, one per step of the tutorial."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, EmailStr, Field, model_validator

from provisioning.errors import ConfigurationError
from provisioning.model.base_address import base_address_of
from provisioning.model.credentials import SecretToken
from provisioning.model.secrets import Scope
from provisioning.settings.mistakes import parsed, told
from provisioning.settings.written import Written, WrittenFilters, WrittenMappings
from provisioning.settings.written_objects import WrittenAttributes, WrittenObjects

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "elium"

FROM_ENVIRONMENT = {"tenantUrl": "ELIUM_TENANT_URL", "secretToken": "ELIUM_SECRET_TOKEN"}
"""Settings that the environment may give when the stack does not: a vault's token then lies in no file."""

DEFAULT_ACCESS = "default access"


def _provisioned_role(role: str) -> str:
    """Refuse the role whose holders the tutorial says are not provisioned (Learn: elium-provisioning-tutorial)."""
    if role.strip().lower() in {DEFAULT_ACCESS, "00000000-0000-0000-0000-000000000000"}:
        raise ConfigurationError(
            "people with Default Access are not provisioned.", hint="Name a role of the app, such as User."
        )
    return role


def _list_of(written: object) -> object:
    """Accept one name where a list of names is meant."""
    return [written] if isinstance(written, str) and written else written


def _switch(written: object) -> object:
    """Accept what YAML 1.1 makes of on and off."""
    return {"true": "on", "false": "off"}.get(str(written).lower(), written)


Names = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_list_of)]


class Settings(Written):
    """What one environment declares."""

    tenant_url: Annotated[str, AfterValidator(told(base_address_of))] = Field(
        description="Elium's address, as its Security page shows it; /scim/v2 is added.",
        examples=["https://acme.elium.com"],
    )
    secret_token: Annotated[str, Field(min_length=1, repr=False)] = Field(
        description="Elium's secret token. Set it with `pulumi config set --secret elium:secretToken`.",
        examples=["the one that Elium shows under My Profile > Settings > ADVANCED > Security"],
        repr=False,
    )
    notification_email: EmailStr | None = Field(default=None, description="Who is told of provisioning failures.")
    notify_on_failure: bool = Field(default=True, description="Send an e-mail when a failure occurs.")
    groups: Names = Field(default=[], description="Groups to assign: display names or object ids.")
    users: Names = Field(default=[], description="Users to assign: user principal names, object ids or display names.")
    role: Annotated[str, AfterValidator(told(_provisioned_role))] = Field(
        default="User", min_length=1, description="The app role that they are assigned, by display name."
    )
    scope: Scope = Field(default=Scope.ASSIGNED, description="Who is considered: assigned or all.")
    status: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = Field(
        default="on", description="Provisioning status: on or off."
    )
    mappings: WrittenMappings = Field(default=WrittenMappings(), description="Attribute mappings.")
    filters: WrittenFilters = Field(default=WrittenFilters(), description="Scoping filters.")
    objects: WrittenObjects = Field(default=WrittenObjects(), description="Which kinds are provisioned, and how.")
    attributes: WrittenAttributes = Field(default=WrittenAttributes(), description="Attributes of Elium's own.")
    display_name: str = Field(
        default="Elium", min_length=1, max_length=256, description="Name of the enterprise application."
    )
    gallery_app: str = Field(default="Elium", min_length=1, description="Name of the app in the gallery.")
    template_id: str | None = Field(default=None, description="Synchronization template; the default one if not said.")
    delete_threshold: int | None = Field(
        default=None, ge=0, description="How many disables and deletions one cycle may bring; 0 switches it off."
    )
    skip_out_of_scope_deletions: bool | None = Field(
        default=None, description="Whether people who leave the scope keep their accounts."
    )
    accept_leavers: int | None = Field(
        default=None, ge=0, description="How many people a change may take away; the guard names the number."
    )
    impact_limit: int = Field(
        default=10_000, ge=0, description="How many people are read to foresee whom a change touches; 0: none."
    )

    @model_validator(mode="before")
    @classmethod
    def _structured(cls, written: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever was written
        """Read structured settings, which Pulumi hands over as JSON texts."""
        return {key: value if key == "secretToken" else _from_json(value) for key, value in written.items()}

    @classmethod
    def parse(cls, written: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
        """Read a stack's ``elium:`` settings, by name without the namespace; and the environment's, underneath.

        :raises ConfigurationError: with every mistake and its place.
        """
        given = {name: environment[key] for name, key in FROM_ENVIRONMENT.items() if environment.get(key)}
        return parsed(cls, {**given, **written}, place=f"{NAMESPACE}:")

    @property
    def token(self) -> SecretToken:
        """Elium's secret token, unprintable."""
        return SecretToken(self.secret_token)


def _from_json(value: object) -> object:
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
