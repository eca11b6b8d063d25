"""The inputs of the resource ``entrasync:index:SynchronizationJob``."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from provisioning.errors import ConfigurationError
from provisioning.model.assignment import Assignment, PrincipalKind
from provisioning.model.base_address import address_of
from provisioning.model.connection import Notification
from provisioning.model.credentials import UNTOLD, Fingerprint, SecretToken, secret_token_of
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.token_source import TokenSource
from provisioning.settings.base import SettingsModel
from provisioning.settings.email import Email
from provisioning.settings.mistakes import reporting
from provisioning.settings.shared import JobSettings

BaseAddress = Annotated[
    str,
    AfterValidator(reporting(address_of)),
    Field(description="Where the target answers SCIM.", examples=["https://acme.elium.com/scim/v2"]),
]


class NotificationSettings(SettingsModel):
    """Whom Entra writes to when provisioning fails."""

    email: Email = Field(description="One address, a person's or a group's.")
    enabled: bool = Field(default=True, description="Send an e-mail when a failure occurs.")

    def declared(self) -> Notification:
        """Give the model's value."""
        return Notification(self.email, enabled=self.enabled)


class PrincipalSettings(SettingsModel):
    """A group or user that the app is assigned to."""

    principal_id: str = Field(min_length=1, description="Object id of the group or user.")
    kind: PrincipalKind = Field(description="What it is: group or user.")
    name: str = Field(default="", description="What an administrator knows it by; its object id if not said.")

    def assignment(self, role: str) -> Assignment:
        """Give the model's value. *role* is the id of the app role, empty when it is not known."""
        return Assignment(self.principal_id, self.kind, self.name or self.principal_id, role)


class AssignmentSettings(PrincipalSettings):
    """A group or user that the app is assigned to, and the role that it holds."""

    role: str = Field(default="", description="Id of the app role; unknown if not said.")


_Principal = TypeVar("_Principal", bound=PrincipalSettings)


def in_order(written: list[_Principal]) -> list[_Principal]:
    """Put them in one order, so that lines that change places are not a change; and refuse one that is there twice."""
    ids = [each.principal_id for each in written]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise ConfigurationError(f"{', '.join(twice)} is there more than once.", hint="Name each group and user once.")
    return sorted(written, key=lambda each: (each.name.casefold(), each.principal_id))


def _handed_over(text: str) -> str:
    """Take a token, where it lies, or what the state keeps in its place."""
    if text != UNTOLD and not Fingerprint.parse(text) and not TokenSource.parse(text):
        secret_token_of(text)
    return text


class DeclaredJob(JobSettings):
    """What a job and its plan are both told."""

    base_address: BaseAddress
    secret_token: Annotated[str, Field(min_length=1), AfterValidator(reporting(_handed_over))] = Field(
        description="The target's SCIM token, or where it lies: env:NAME or file:/path; kept: the one that Entra has. "
        "Only a fingerprint is stored.",
        repr=False,
    )
    notification: NotificationSettings | None = Field(default=None, description="Who is told of failures.")

    @property
    def token_source(self) -> TokenSource | None:
        """Where the token lies; ``None`` when the inputs hold the token, or its fingerprint."""
        return TokenSource.parse(self.secret_token)

    def declared(self, token: SecretToken | None, assignments: tuple[Assignment, ...] | None) -> Declaration:
        """Give the model's value. The inputs hold a fingerprint; *token* is the token itself, where it is known."""
        notification = self.notification.declared() if self.notification else None
        return self.declaration_of(self.base_address, notification, token, assignments)


class JobInputs(DeclaredJob):
    """How a synchronization job should be. What is not written stays as the service has it."""

    service_principal_id: str = Field(min_length=1, description="Object id of the app's service principal.")
    assignments: Annotated[list[AssignmentSettings], AfterValidator(reporting(in_order))] | None = Field(
        default=None, description="Who is assigned, so that the plan sees them come and go."
    )

    @property
    def principal(self) -> ServicePrincipalId:
        """The service principal that the job belongs to."""
        return ServicePrincipalId(self.service_principal_id)

    @property
    def assigned(self) -> tuple[Assignment, ...] | None:
        """Who is assigned; the role of each is an id, or empty. ``None`` when nobody says."""
        return None if self.assignments is None else tuple(each.assignment(each.role) for each in self.assignments)

    def declaration(self, token: SecretToken | None) -> Declaration:
        """Give the model's value."""
        return self.declared(token, self.assigned)
