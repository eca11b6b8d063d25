"""What a stack has deployed: which job is its own, and as whom its plugin signs in.

The state is asked for, not the program: it says so without a preview, without the passphrase, and for programs of other
people too. The stack's file says what should be, the state what was made.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from provisioning.errors import ConfigurationError, NoCredentialError, ProvisioningError
from provisioning.graph.identity import FIELDS, identity_of
from provisioning.model.identifiers import JobAddress
from provisioning.operations.watching import StackJob

PULUMI = "pulumi"

JOB_TYPE = "entrasync:index:SynchronizationJob"

SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a constant of the engine's format
"""The key that marks a secret in a state (pulumi: sdk/go/common/resource, SigKey)."""

NO_STACK, NO_LOGIN = "no stack named", "PULUMI_ACCESS_TOKEN"
NO_PROJECT = "no Pulumi.yaml"

_ADDRESS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[^/]+", re.IGNORECASE)

_PROJECT = re.compile(r"^name:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
"""The line of a project's file that has its name, which Pulumi allows letters, digits and ``-_.`` in."""


class EngineError(ProvisioningError):
    """Pulumi refused; its own words are in the message."""


class NoStackError(ConfigurationError):
    """There is no such stack."""


class NoJobError(ConfigurationError):
    """The stack has no synchronization job."""


class Ended(NamedTuple):
    """A command that ended."""

    code: int
    stdout: str
    stderr: str


Run = Callable[[Sequence[str], Path], Ended]
"""Runs a command in a folder. :raises FileNotFoundError: when there is no such command."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The job of a stack."""

    meant: StackJob
    identity: Mapping[str, str]
    """As whom Graph is asked: an environment, with what the stack's provider says laid over it."""
    resources: Sequence[Mapping[str, Any]] = ()
    """What the stack's state holds, secrets closed; nothing where the job was named itself."""

    @property
    def job(self) -> Mapping[str, Any]:
        """The job as the state holds it; empty where it was named itself."""
        return next((one for one in self.resources if one.get("id") == str(self.meant.address)), {})


def is_address(stack: str) -> bool:
    """Tell whether a job is named itself, by ``<servicePrincipalId>/<jobId>``, and not a stack."""
    return bool(_ADDRESS.fullmatch(stack))


def deployed(stack: str, *, folder: Path, environment: Mapping[str, str], run: Run) -> Deployed:
    """Find the job that is meant by a stack's name, or by ``<servicePrincipalId>/<jobId>``, where no engine is asked.

    :raises ConfigurationError: when there is no such stack or project, or it has no job, or several.
    :raises NoCredentialError: when Pulumi is not logged in to a backend.
    :raises EngineError: when Pulumi is not there, or fails.
    """
    if is_address(stack):
        return Deployed(StackJob(stack, JobAddress.parse(stack)), environment)
    engine = StackEngine(stack, folder, run)
    resources = engine.resources()
    job = _the_job(resources, engine)
    identity = identity_of(provider_of(job, resources, engine), environment)
    return Deployed(StackJob(stack, JobAddress.parse(job["id"])), identity, resources)


def provider_of(
    resource: Mapping[str, Any], resources: Sequence[Mapping[str, Any]], engine: StackEngine
) -> Mapping[str, str]:
    """Give the configuration of the provider that made a resource; secrets in it are opened."""
    configured = _configuration_of(resource, resources)
    if any(_is_secret(value) for value in configured.values()):
        configured = _configuration_of(resource, engine.resources("--show-secrets"))
    return _opened(configured)


def left_of(stack: str, address: JobAddress, *, environment: Mapping[str, str]) -> Deployed:
    """Give the job of a stack that is being taken down and whose state may have forgotten it."""
    return Deployed(StackJob(stack, address), environment)


def refuse_unless_destroyable(stack: str, *, folder: Path, run: Run) -> None:
    """Let the engine say whether it could destroy a stack: what would stop it at the end is to be noticed before.

    It previews a destroy, which opens the stack's secrets and asks nobody. So a wrong passphrase, a plugin that is
    missing and a resource that is protected are told; an export shows none of them (seen with Pulumi 3.259).

    :raises EngineError: when it could not; its own words are in the message.
    """
    engine = StackEngine(stack, folder, run)
    if engine.holds_nothing():
        return
    command = (PULUMI, "destroy", "--preview-only", "--stack", stack, "--non-interactive")
    ended = engine.run(command, folder)
    if ended.code:
        raise EngineError(
            f"Pulumi could not destroy the stack {stack} at the end: {_said(ended)} Nothing was done.",
            hint="Mend what it names, such as PULUMI_CONFIG_PASSPHRASE, and repeat the command.",
        )


def destroy(stack: str, *, folder: Path, run: Run) -> None:
    """Let the engine destroy a stack, after a look at what is really there; one that is empty or gone is destroyed.

    Without that look azuread fails to delete an assignment that is gone, and what depends on it stays.

    :raises EngineError: when the engine fails; its own words are in the message.
    """
    engine = StackEngine(stack, folder, run)
    if engine.holds_nothing():
        return
    command = (PULUMI, "destroy", "--yes", "--skip-preview", "--refresh", "--stack", stack, "--non-interactive")
    ended = engine.run(command, folder)
    if ended.code:
        raise EngineError(
            f"Pulumi did not destroy the stack {stack}: {_said(ended)}",
            hint="Accounts are closed and the job is gone. Mend what it names, and repeat the command.",
        )


def _said(ended: Ended) -> str:
    return f"{ended.stdout.strip()}\n{ended.stderr.strip()}".strip()


@dataclass(frozen=True, slots=True)
class StackEngine:
    """Pulumi, asked about one stack. Each question is a process.

    :raises ConfigurationError: when there is no such stack or project.
    :raises NoCredentialError: when Pulumi is not logged in to a backend.
    :raises EngineError: when Pulumi is not there, or fails.
    """

    stack: str
    folder: Path
    run: Run

    def asked_once(self) -> StackEngine:
        """Give the stack as it is when it is first asked: a question that is put again starts no process."""
        return replace(self, run=functools.cache(self.run))

    def resources(self, *flags: str) -> Sequence[Mapping[str, Any]]:
        """Give what the stack's state holds."""
        return self.export(*flags).get("deployment", {}).get("resources") or ()

    def export(self, *flags: str) -> dict[str, Any]:
        """Give the stack's whole state."""
        return self.told("stack", "export", flags=flags)

    @property
    def project(self) -> str:
        """The project's name, as its file says; empty when it cannot be read there."""
        with suppress(OSError):
            written = (self.folder / "Pulumi.yaml").read_text(encoding="utf-8")
            found = _PROJECT.search(written)
            return found[1] if found else ""
        return ""

    def told(self, *question: str, flags: Sequence[str] = ()) -> dict[str, Any]:
        """Ask something that is answered in JSON, such as ``stack export``."""
        command = (PULUMI, *question, "--stack", self.stack, "--non-interactive", *flags)
        try:
            ended = self.run(command, self.folder)
        except FileNotFoundError as error:
            raise EngineError(
                "There is no pulumi on the PATH, which knows what the stack has deployed.",
                hint="Install it, or in a clone of this project enter its environment: "
                'eval "$(.venv/bin/python -m tools.environment --keep-backend)". '
                "Or name the job itself: <servicePrincipalId>/<jobId>.",
            ) from error
        if ended.code:
            raise self._refusal(ended)
        told: dict[str, Any] = json.loads(ended.stdout)
        return told

    def holds_nothing(self) -> bool:
        """Tell whether nothing is left but what the engine itself keeps, or the stack is gone."""
        try:
            return all(str(one.get("type")).startswith("pulumi:") for one in self.resources())
        except NoStackError:
            return True

    def _refusal(self, ended: Ended) -> ProvisioningError:
        said = ended.stderr.strip().removeprefix("error: ")
        if NO_STACK in said:
            return NoStackError(f"There is no stack {self.stack}{self._or_meant()}", hint=self._to_make_it)
        if NO_PROJECT in said or "fully qualified name" in said:
            return ConfigurationError(
                f"There is no Pulumi project in {self.folder}.", hint="Go to its folder, or name it with --cwd."
            )
        if NO_LOGIN in said:
            return NoCredentialError(
                "Pulumi is not logged in, so that it cannot say what the stack has deployed.",
                hint="Run `pulumi login`, or set PULUMI_BACKEND_URL.",
            )
        return EngineError(f"Pulumi does not tell of the stack {self.stack}: {said}")

    @property
    def _to_make_it(self) -> str:
        declared = self._declared()
        if self.stack.rpartition("/")[2] in declared:
            return f"Run `pulumi up --stack {self.stack}`, which makes it."
        if declared:
            return f"Declared here: {', '.join(declared)}."
        return f"No stack is declared in {self.folder}: go to the project's folder, or name it with --cwd."

    def _or_meant(self) -> str:
        near = get_close_matches(self.stack, self._declared(), n=1)
        return f"; did you mean {near[0]}?" if near and near[0] != self.stack else "."

    def _declared(self) -> list[str]:
        """Give the names of the stacks that have a file here."""
        return sorted(file.name.split(".")[1] for file in self.folder.glob("Pulumi.*.yaml"))


def _the_job(resources: Sequence[Mapping[str, Any]], engine: StackEngine) -> Mapping[str, Any]:
    found = [one for one in resources if one.get("type") == JOB_TYPE and one.get("id") and not one.get("delete")]
    if not found:
        raise NoJobError(
            f"The stack {engine.stack} has no synchronization job: it was never deployed, or was taken down.",
            hint=f"Run `pulumi up --stack {engine.stack}`.",
        )
    if len(found) > 1:
        listed = ", ".join(str(one["id"]) for one in found)
        raise ConfigurationError(
            f"The stack {engine.stack} has {len(found)} synchronization jobs: {listed}.",
            hint="Write the one that is meant in place of the stack's name.",
        )
    return found[0]


def _configuration_of(job: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the configuration of the provider that made the job; it is stored as ``<urn>::<id>``."""
    urn = str(job.get("provider") or "").rpartition("::")[0]
    inputs = next((one.get("inputs") or {} for one in resources if one.get("urn") == urn), {})
    return {name: value for name, value in inputs.items() if name in FIELDS}


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and SECRET_MARK in value


def _opened(configured: Mapping[str, Any]) -> dict[str, str]:
    return dict(_texts(configured))


def _texts(configured: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give values as texts; a secret that was shown holds its value as JSON (pulumi: ``plaintext``)."""
    for name, value in configured.items():
        shown = json.loads(value["plaintext"]) if _is_secret(value) else value
        yield name, shown if isinstance(shown, str) else json.dumps(shown)
