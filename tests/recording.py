"""A service in memory that writes down what it is asked, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builders import a_job, a_schema

from provisioning.errors import ProvisioningError
from provisioning.graph.apps import AppFound
from provisioning.model.assignment import AppRole, Assignment
from provisioning.model.credentials import Credentials
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.job import Job, SynchronizationTemplate
from provisioning.model.person import People
from provisioning.model.schema import SynchronizationSchema

_WRITING = frozenset({"create", "delete", "pause", "reset", "restart", "save", "start"})

USER_ROLE = AppRole("role-user", "User")


class KilledError(Exception):
    """The process was killed: nothing of ours catches it, and nothing is remembered."""


@dataclass
class RecordingService:
    """Holds at most one job.

    *refusing* names a verb that fails, and how; *losing* one that is done and fails all the same, because its answer is
    lost; *cutting* one after which we are killed.
    """

    held: Job | None = None
    beside: tuple[Job, ...] = ()
    secrets_held: dict[str, str] = field(default_factory=dict)
    schema_held: SynchronizationSchema = field(default_factory=a_schema)
    template_ids: tuple[str, ...] = ("elium",)
    template_schema: SynchronizationSchema | None = None
    asks_for: frozenset[str] | None = None
    people_held: People = field(default_factory=People)
    assignments_held: tuple[Assignment, ...] = ()
    unlisted: frozenset[str] = frozenset()
    """The names of those whom the app's list of assignments lacks, though they are assigned."""
    apps_held: tuple[AppFound, ...] = ()
    roles_held: tuple[AppRole, ...] = (USER_ROLE,)
    refusing: dict[str, ProvisioningError] = field(default_factory=dict)
    losing: dict[str, ProvisioningError] = field(default_factory=dict)
    cutting: str = ""
    lists_lag: bool = False
    """Whether the list of jobs lacks the one that is held."""
    asked: list[str] = field(default_factory=list)

    def _ask(self, verb: str, detail: str = "") -> None:
        self.asked.append(f"{verb} {detail}".strip())
        if verb in self.refusing:
            raise self.refusing[verb]

    def _did(self, verb: str) -> None:
        if verb == self.cutting:
            raise KilledError(verb)
        if verb in self.losing:
            raise self.losing[verb]

    async def apps_of(self, template: str, display_name: str) -> tuple[AppFound, ...]:
        self._ask("apps", f"{template} {display_name}")
        return self.apps_held

    async def app_roles(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> tuple[AppRole, ...]:
        del principal, may_be_new
        self._ask("roles")
        return self.roles_held

    async def assignments(self, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        del principal
        self._ask("assignments")
        return tuple(each for each in self.assignments_held if each.name not in self.unlisted)

    async def assignments_held_by(self, known: Assignment, principal: ServicePrincipalId) -> tuple[Assignment, ...]:
        del principal
        self._ask("assignments of", known.name)
        return tuple(each for each in self.assignments_held if each.principal == known.principal)

    async def templates(self, principal: ServicePrincipalId) -> list[SynchronizationTemplate]:
        del principal
        self._ask("templates")
        last = self.template_ids[-1:]
        return [
            SynchronizationTemplate(
                TemplateId(name), is_default=name in last, schema=self.template_schema, secrets=self.asks_for
            )
            for name in self.template_ids
        ]

    async def jobs(self, principal: ServicePrincipalId, *, may_be_new: bool = True) -> list[Job]:
        del principal, may_be_new
        self._ask("jobs")
        return [*([self.held] if self.held and not self.lists_lag else []), *self.beside]

    async def job(self, address: JobAddress) -> Job | None:
        self._ask("job")
        return next((each for each in (self.held, *self.beside) if each and each.id == address.job), None)

    async def create_job(
        self, principal: ServicePrincipalId, template: TemplateId, *, made_before: bool = False
    ) -> Job:
        del principal
        self._ask("create job", f"{template}{', perhaps made before' if made_before else ''}")
        self.held = a_job(template=template)
        self._did("create job")
        return self.held

    async def delete_job(self, address: JobAddress) -> None:
        del address
        self._ask("delete job")
        self.held = None
        self._did("delete job")

    async def start(self, address: JobAddress) -> None:
        del address
        self._ask("start")
        self._switch(on=True)
        self._did("start")

    async def pause(self, address: JobAddress) -> None:
        del address
        self._ask("pause")
        self._switch(on=False)
        self._did("pause")

    async def restart(self, address: JobAddress, forgetting: Iterable[str]) -> None:
        del address
        self._ask("restart", ", ".join(forgetting))
        self._switch(on=True)
        self._did("restart")

    def let_it_run(self, **differences: Any) -> None:
        """Let a cycle pass, after which the service reports the job otherwise."""
        usual: dict[str, Any] = {"is_on": True, "status": "Active"}
        if self.held:
            self.held = replace(self.held, **(usual | differences))

    @property
    def writes(self) -> list[str]:
        """What changed something at the service."""
        return [asked for asked in self.asked if asked.partition(" ")[0] in _WRITING]

    def _switch(self, *, on: bool) -> None:
        if self.held:
            self.held = replace(self.held, is_on=on)

    async def validate_credentials(
        self, principal: ServicePrincipalId, template: TemplateId, credentials: Credentials
    ) -> None:
        del principal, template
        self._ask("validate", credentials.base_address)

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        del principal
        self._ask("secrets")
        return dict(self.secrets_held)

    async def save_secrets(self, principal: ServicePrincipalId, secrets: Mapping[str, str]) -> None:
        del principal
        self._ask("save secrets")
        self.secrets_held = {**secrets, "SecretToken": "*"}
        self._did("save secrets")

    async def schema(self, address: JobAddress) -> SynchronizationSchema:
        del address
        self._ask("schema")
        return self.schema_held

    async def save_schema(self, address: JobAddress, schema: SynchronizationSchema) -> None:
        del address
        self._ask("save schema")
        self.schema_held = schema
        self._did("save schema")

    async def reset_schema(self, address: JobAddress) -> None:
        del address
        self._ask("reset schema")

    async def people(
        self, principals: Collection[Assignment], *, attributes: Collection[str], everybody: bool, at_most: int
    ) -> People:
        del at_most
        who = ", ".join(sorted(each.name for each in principals)) or "nobody"
        also = " and everybody" if everybody else ""
        self._ask("people", f"{who}{also}: {', '.join(sorted(attributes))}")
        return self.people_held
