"""A made-up company as a file: who works there, which groups, which applications may sign in, what the gallery has.

:func:`read` checks the file and reports every mistake at once, each with its place; :func:`populate` builds the world.
What is not given is derived from what is, so that a short file makes a whole company, with the same ids every time.
"""

from __future__ import annotations

import secrets
from importlib import resources
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from emulator.company.membership_rules import RuleError
from emulator.company.membership_rules import parse as parse_rule
from emulator.company.permissions import ROLE_IDS

if TYPE_CHECKING:
    from pathlib import Path

CONTOSO = "contoso.yaml"


class SeedError(ValueError):
    """The seed file is wrong. Every reason is listed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class TenantSeed(_Part):
    """The Entra tenant."""

    id: str = Field(pattern=r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
    display_name: str
    domain: str = Field(pattern=r"^[a-z0-9.-]+\.[a-z]+$")


class PersonSeed(_Part):
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


class GroupSeed(_Part):
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
    members: list[str] = []
    owners: list[str] = []

    @property
    def name(self) -> str:
        """What other parts of the file call it."""
        return self.key or self.display_name


class FederationSeed(_Part):
    """A workload of another issuer that may sign in as the application."""

    issuer: str
    subject: str
    audiences: list[str] = ["api://AzureADTokenExchange"]
    key: str | None = None
    """The issuer's public key in PEM; without one, nothing that it signs is accepted."""


class ClientSeed(_Part):
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


class EliumSeed(_Part):
    """A tenant at Elium."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    token: str | None = Field(default=None, repr=False)
    """Made at every start when it is not given."""


class RoleSeed(_Part):
    """A role that a gallery application declares."""

    id: str
    display_name: str
    value: str | None = None


class GallerySeed(_Part):
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


class Seed(_Part):
    """The whole file."""

    tenant: TenantSeed
    people: list[PersonSeed] = []
    groups: list[GroupSeed] = []
    clients: list[ClientSeed] = Field(default=[], min_length=1)
    elium: list[EliumSeed] = []
    gallery: list[GallerySeed] = []

    def id_of(self, kind: str, name: str) -> str:
        """Derive an id that is the same at every start."""
        return str(uuid5(NAMESPACE_URL, f"urn:emulator:{self.tenant.id}:{kind}:{name.lower()}"))


def read(path: Path | None = None) -> Seed:
    """Read a seed file, or the made-up company Contoso. Secrets that it leaves out are made.

    :raises SeedError: with every mistake and where it was made.
    """
    file = path or resources.files("emulator.company.seeds").joinpath(CONTOSO)
    text = file.read_text("utf-8")
    try:
        written = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SeedError([f"The file is not YAML: {' '.join(str(error).split())}"]) from None
    return parse(written)


def parse(written: Any) -> Seed:  # noqa: ANN401 - whatever the file held
    """Check what a file says and make the secrets that it leaves out. :raises SeedError: with every mistake."""
    reasons: list[str] = []
    seed: Seed | None = None
    try:
        seed = Seed.model_validate(written)
    except ValidationError as error:
        reasons += [f"{_place(problem['loc'])}: {problem['msg']}." for problem in error.errors()]
    if isinstance(written, dict):
        reasons += _dangling(written)
    if reasons or seed is None:
        raise SeedError(reasons)
    for client in seed.clients:
        client.secret = client.secret or secrets.token_urlsafe(30)
    for tenant in seed.elium:
        tenant.token = tenant.token or secrets.token_urlsafe(30)
    return seed


def _place(location: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".") or "file"


def _dangling(written: dict[str, Any]) -> list[str]:
    """Find references to nobody, in a file whose other mistakes are told as well."""
    people = {str(person.get("userPrincipalName")).lower() for person in _rows(written, "people")}
    groups = {str(group.get("key") or group.get("displayName")) for group in _rows(written, "groups")}
    reasons = []
    for number, person in enumerate(_rows(written, "people")):
        manager = person.get("manager")
        if manager is not None and str(manager).lower() not in people:
            reasons.append(f"people[{number}].manager: there is no {manager} in people.")
    for number, group in enumerate(_rows(written, "groups")):
        reasons += [
            f"groups[{number}].{relation}: there is no {name} in people or groups."
            for relation in ("members", "owners")
            for name in group.get(relation) or ()
            if str(name).lower() not in people and name not in groups
        ]
    reasons += _wrong_rules(written)
    for number, client in enumerate(_rows(written, "clients")):
        reasons += [
            f"clients[{number}].roles: {role} is not a permission that is known here."
            for role in client.get("roles") or ()
            if role not in ROLE_IDS
        ]
    return reasons


def _wrong_rules(written: dict[str, Any]) -> list[str]:
    reasons = []
    for number, group in enumerate(_rows(written, "groups")):
        rule = group.get("membershipRule")
        if rule is not None and group.get("members"):
            reasons.append(f"groups[{number}].members: they follow from the rule, and are not given.")
        try:
            parse_rule(str(rule)) if rule is not None else None
        except RuleError as error:
            reasons.append(f"groups[{number}].membershipRule: {error}")
    return reasons


def _rows(written: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = written.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
