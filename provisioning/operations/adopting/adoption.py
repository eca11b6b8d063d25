"""An adoption as a value: what was found, what would be written, and what stays; and how it is carried out.

Every step can be the last one of a run that is killed, and the next run goes on: a file that says the same is not
written again, what the state has is not imported again, and plan and job are put into the state in one piece.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.model.credentials import UNTOLD
from provisioning.model.identifiers import JobAddress
from provisioning.operations.adopting.declaring import Declared
from provisioning.operations.adopting.engine import AdoptingEngine
from provisioning.operations.adopting.finding import Found
from provisioning.operations.adopting.importing import Component, Importable, adopted, exports, has_its_job, import_file
from provisioning.operations.adopting.settings_file import SettingsFile
from provisioning.operations.deployed import EngineError
from provisioning.operations.resource_names import APP_TYPE
from provisioning.operations.stack_state import Kept
from provisioning.planning.job_status import notices_of_job
from provisioning.settings.configuration import TOKEN

TOKEN_IS_KEPT = (
    f"The token is not known here, and Entra never shows it: it is kept as it is ({TOKEN}: kept). The next "
    "change of address, notification, threshold or scope needs it, since Entra saves them as one list."
)


@dataclass(frozen=True, slots=True)
class AdoptReport:
    """What was brought under the program, or would be."""

    stack: str
    app: str
    """The display name of the application."""
    application_id: str
    service_principal_id: str
    job_id: str
    assigned: tuple[str, ...]
    """Who is declared, as the stack's file writes them."""
    kept: tuple[str, ...]
    """What stays as it is, undeclared, a sentence each."""
    notices: tuple[str, ...]
    """What is to be heard of the job, such as a quarantine."""
    token_is_known: bool
    """Whether the state has the token's fingerprint; otherwise it is kept as Entra has it."""
    diff: str
    """What is written into the stack's file; empty when nothing is."""
    imported: tuple[str, ...]
    """What the engine imports, by the program's names; empty when the state has it."""
    is_done: bool
    """Whether the stack has it now."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is going to be adopted: what is shown before somebody is asked."""

    stack: str
    found: Found
    declared: Declared
    kept: tuple[str, ...]
    file: SettingsFile
    lay: Callable[[], SettingsFile]
    """Lays the settings into the file as it is then."""
    lacking: tuple[Importable, ...]
    token_is_known: bool

    @property
    def lines(self) -> Sequence[str]:
        """What comes of it."""
        found = self.found
        assigned = ", ".join(each.name for each in self.declared.assigned) or "nobody"
        told = [
            f"{found.app.name!r}, service principal {found.app.service_principal}",
            f"  job {found.job.id}, {found.job.status}; assigned as {self.declared.settings.role}: {assigned}",
            *(f"! {sentence}" for sentence in self.notices),
            *(f"= {sentence}" for sentence in self.kept),
            *(() if self.token_is_known else (f"= {TOKEN_IS_KEPT}",)),
            self.file.diff or f"{self.file.path.name} says all of it already.",
            "Nothing is changed in Entra.",
        ]
        return tuple(told)

    @property
    def notices(self) -> tuple[str, ...]:
        """What is to be heard of the job."""
        found = self.found
        return tuple(notices_of_job(found.address, found.job, found.observed.beside, should_run=None))

    @property
    def is_severe(self) -> bool:
        """Tell whether it cannot be taken back: the state forgets it as easily (`pulumi state delete`)."""
        return False

    @property
    def checksum(self) -> str:
        """What this is accepted by."""
        text = "\n".join((self.file.diff, *(each.id for each in self.lacking)))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def report(self, *, is_done: bool) -> AdoptReport:
        """Say what would be done, or was."""
        found = self.found
        return AdoptReport(
            self.stack,
            found.app.name,
            found.application,
            found.app.service_principal,
            found.job.id,
            tuple(each.name for each in self.declared.assigned),
            self.kept,
            self.notices,
            self.token_is_known,
            self.file.diff,
            tuple(each.name for each in self.lacking),
            is_done,
        )


def report_of_state(stack: str, resources: Sequence[Mapping[str, Any]]) -> AdoptReport | None:
    """Say what a stack has already; ``None`` when it has no job that the program made, or an adoption."""
    job = has_its_job(resources)
    if job is None:
        return None
    app: Mapping[str, Any] = next((one.get("outputs") or {} for one in resources if one.get("type") == APP_TYPE), {})
    inputs = job.get("inputs") or {}
    return AdoptReport(
        stack,
        str(app.get("displayName") or ""),
        str(app.get("applicationObjectId") or ""),
        JobAddress.parse(str(job["id"])).service_principal,
        JobAddress.parse(str(job["id"])).job,
        tuple(str(each.get("name") or each["principalId"]) for each in inputs.get("assignments") or ()),
        *((), ()),
        token_is_known=inputs.get("secretToken") != UNTOLD,
        diff="",
        imported=(),
        is_done=True,
    )


def carry_out(
    adoption: Adoption,
    engine: AdoptingEngine,
    component: Component,
    ours: tuple[Kept, Kept],
    tell: Callable[[str], None],
) -> None:
    """Do what was shown. *ours* are plan and job as the state is to hold them; *tell* is told each step.

    :raises EngineError: when the engine fails; what was done is done, and the next run goes on.
    """
    resources = engine.resources()
    if resources is None:
        tell(f"Pulumi makes the stack {adoption.stack} …")
        engine.make_stack()
    # Anew, since making a stack writes into the file; and before the state, which means nothing without it.
    adoption.lay().write()
    if adoption.lacking:
        tell(f"Pulumi imports {', '.join(each.name for each in adoption.lacking)} …")
        engine.import_resources(import_file(adoption.lacking, component, resources or ()))
    tell(f"Pulumi takes the state, {component.names.plan} and {component.names.job} completed …")
    engine.bring_back(adopted(engine.export(), component.names, *ours, exports(adoption.found, ours[1])))
    tell("Pulumi looks whether anything would change …")
    ended = engine.preview()
    if ended.code:
        raise EngineError(
            f"The stack {adoption.stack} has it now, and its preview is not empty: "
            f"{ended.stdout.strip()}\n{ended.stderr.strip()}".rstrip(),
            hint=f"Nothing was changed in Entra. Look before an up: pulumi preview --diff --stack {adoption.stack}",
        )
