"""The settings of one environment: the ``elium:`` part of ``Pulumi.<stack>.yaml``, one per step of the tutorial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from provisioning.apps import ELIUM
from provisioning.model.base_address import base_address_of
from provisioning.model.token_source import SourceKind
from provisioning.settings.gallery_app import GalleryAppSettings, TokenOrSource

NAMESPACE = ELIUM.namespace
PLACE = f"{NAMESPACE}:"

FROM_ENVIRONMENT = {"tenantUrl": "ELIUM_TENANT_URL", "secretToken": "ELIUM_SECRET_TOKEN"}
"""Settings that the environment may give when the stack does not: a vault's token then lies in no file."""


class Settings(GalleryAppSettings):
    """What one environment declares: of one Elium, and of who is provisioned into it."""

    tenant_url: str = Field(
        description="Elium's address, as its Security page shows it; /scim/v2 is added.",
        examples=["https://acme.elium.com"],
    )
    secret_token: TokenOrSource = Field(
        description="Elium's secret token, or where it lies: env:NAME or file:/path; kept: the one that Entra has.",
        examples=[f"the one that {ELIUM.name} shows under {ELIUM.token_is_found}"],
        repr=False,
    )
    display_name: str = Field(
        default="Elium", min_length=1, max_length=256, description="Name of the enterprise application."
    )
    gallery_app: str = Field(default="Elium", min_length=1, description="Name of the app in the gallery.")

    @staticmethod
    def address(tenant_url: str) -> str:
        """Add the path at which Elium answers."""
        return base_address_of(tenant_url, ELIUM.scim_path)

    @classmethod
    def underneath(cls, environment: Mapping[str, str]) -> Mapping[str, str]:
        """Give what the environment says: of the token, only where it lies."""
        said = {name: variable for name, variable in FROM_ENVIRONMENT.items() if environment.get(variable)}
        return {
            name: f"{SourceKind.ENVIRONMENT.value}:{variable}" if name == "secretToken" else environment[variable]
            for name, variable in said.items()
        }

    @classmethod
    def parse(cls, written: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
        """Read a stack's ``elium:`` settings, by name without the namespace; and the environment's, underneath.

        :raises ConfigurationError: with every mistake and its place.
        """
        return cls.read({**cls.underneath(environment), **written}, environment, place=PLACE)
