"""What a seed can tell, part by part; names are Microsoft Graph's in its own case."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    """A part of a seed: nothing is taken that is not understood."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class RoleSeed(Part):
    """A role that an application declares."""

    id: str
    display_name: str
    value: str | None = None


class TenantSeed(Part):
    """The Entra tenant."""

    id: str = Field(pattern=r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
    display_name: str
    domain: str = Field(pattern=r"^[a-z0-9.-]+\.[a-z]+$")


class PersonSeed(Part):
    """A user. What is left out is derived or empty."""

    user_principal_name: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    display_name: str
    id: str | None = None
    given_name: str | None = None
    surname: str | None = None
    mail: str | None = None
    mail_nickname: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    office_location: str | None = None
    mobile_phone: str | None = None
    business_phones: list[str] = []
    preferred_language: str | None = None
    street_address: str | None = None
    postal_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    usage_location: str | None = None
    employee_id: str | None = None
    employee_type: str | None = None
    account_enabled: bool = True
    user_type: str = Field(default="Member", pattern="^(Member|Guest)$")
    manager: str | None = None
    """A user principal name."""
    properties: dict[str, Any] = {}
    """Any other property, as Graph writes it; and in place of what would be derived."""


class GroupSeed(Part):
    """A group. Members are user principal names, or keys or display names of other groups."""

    display_name: str
    key: str | None = None
    """What other groups call it; needed when two groups share a display name."""
    id: str | None = None
    description: str | None = None
    membership_rule: str | None = None
    """Makes it a dynamic group: its members follow from the rule, and are not given."""
    unified: bool = False
    """Whether it is a Microsoft 365 group."""
    properties: dict[str, Any] = {}
    """Any other property, as Graph writes it; and in place of what would be derived."""
    members: list[str] = []
    owners: list[str] = []

    @property
    def name(self) -> str:
        """What other parts of the file call it."""
        return self.key or self.display_name


class FederationSeed(Part):
    """A workload of another issuer that may sign in as the application."""

    issuer: str
    subject: str
    audiences: list[str] = ["api://AzureADTokenExchange"]
    key: str | None = None
    """The issuer's public key in PEM; without one, nothing that it signs is accepted."""


class ClientSeed(Part):
    """An application that may sign in."""

    display_name: str
    app_id: str
    secret: str | None = Field(default=None, repr=False)
    """Made at every start when it is not given."""
    certificate: str | None = None
    """A certificate in PEM that may sign its assertions."""
    federated: list[FederationSeed] = []
    roles: list[str] = []
    """Microsoft Graph application permissions."""


class EliumSeed(Part):
    """A tenant at Elium."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    token: str | None = Field(default=None, repr=False)
    """Made at every start when it is not given."""


class GallerySeed(Part):
    """An entry of the application gallery."""

    id: str
    display_name: str
    publisher: str
    description: str = ""
    home_page_url: str
    categories: list[str] = []
    key: str
    synchronization_template: str | list[str] | None = None
    """Which provisioning template it has, or which several; without one it cannot provision."""
    app_roles: list[RoleSeed] = []

    @property
    def synchronization_templates(self) -> list[str]:
        """The provisioning templates, the default one first."""
        told = self.synchronization_template or []
        return [told] if isinstance(told, str) else told


class AssignmentSeed(Part):
    """A person or group that an application is assigned to."""

    principal: str
    """A user principal name, or a group's key or display name."""
    role: str
    """The id of an app role."""


class JobSeed(Part):
    """A provisioning job."""

    template_id: str
    """The provisioning template, one of the gallery entry's."""
    id: str | None = None
    on: bool = False
    """Whether it is started: its first cycle is due at once."""
    synchronization_schema: dict[str, Any] | None = Field(default=None, alias="schema")
    """As Graph shows one; the template's when it is not given."""


class ApplicationSeed(Part):
    """An application that was made from the gallery, with its service principal."""

    gallery: str
    """The id of the entry."""
    display_name: str
    id: str | None = None
    app_id: str | None = None
    service_principal_id: str | None = None
    app_roles: list[RoleSeed] | None = None
    """The entry's when they are not given."""
    assignments: list[AssignmentSeed] = []
    connection: dict[str, str] = {}
    """What Graph calls the synchronization secrets, by key. Without ``SecretToken`` it has the token of the tenant of
    Elium that ``BaseAddress`` names."""
    jobs: list[JobSeed] = []


class ExtensionSeed(Part):
    """A directory extension, which people and groups may have a value of."""

    name: str = Field(pattern=r"^extension_[0-9a-f]{32}_\w+$")
    data_type: str = Field(default="String", pattern="^(Binary|Boolean|DateTime|Integer|LargeInteger|String)$")
    is_multi_valued: bool = False


class Seed(Part):
    """The whole file."""

    tenant: TenantSeed
    people: list[PersonSeed] = []
    groups: list[GroupSeed] = []
    clients: list[ClientSeed] = Field(default=[], min_length=1)
    elium: list[EliumSeed] = []
    gallery: list[GallerySeed] = []
    applications: list[ApplicationSeed] = []
    extensions: list[ExtensionSeed] = []

    def id_of(self, kind: str, name: str) -> str:
        """Derive an id that is the same at every start."""
        return str(uuid5(NAMESPACE_URL, f"urn:emulator:{self.tenant.id}:{kind}:{name.lower()}"))
