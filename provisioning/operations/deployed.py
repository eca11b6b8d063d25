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
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from provisioning.errors import ConfigurationError, NoCredentialError, ProvisioningError
from provisioning.graph.identity import FIELDS, identity_of
from provisioning.model.identifiers import JobAddress
from provisioning.operations.resource_names import JOB_TYPE
from provisioning.operations.watching import StackJob

PULUMI = "pulumi"

COMPONENT_TYPES = frozenset(
    f"{package}Provisioning" for package in ("elium:index:Elium", "entrasync:index:Elium", "entrasync:index:GalleryApp")
)
"""What a job may belong to: by its name the job is told from others of its stack."""

SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a constant of the engine's format
"""The key that marks a secret in a state (pulumi: sdk/go/common/resource, SigKey)."""

NO_STACK, NO_LOGIN = "no stack named", "PULUMI_ACCESS_TOKEN"
NO_PROJECT = "no Pulumi.yaml"

_NOT_YAML = re.compile(r"(?:could not unmarshal '(?P<file>[^']+)': )?invalid YAML file: (?:yaml: )?(?P<why>.+)")
"""What the engine says of a project's file, and of a stack's, which it does not name."""

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


class StackPart(NamedTuple):
    """A stack, or one component of it: ``dev``, or ``dev@databricks`` where the program has several apps."""

    stack: str
    component: str
    """As the program names it, or the job where that stands alone; empty when the whole stack is meant."""

    @classmethod
    def named(cls, written: str) -> StackPart:
        """Take apart what was written. The name of a stack has no ``@`` (pulumi: tokens.StackName).

        :raises ConfigurationError: when a part is missing, since what is left would be the whole stack.
        """
        stack, behind, component = written.partition("@")
        if behind and not (stack and component):
            raise ConfigurationError(
                f"{written} names no app of a stack.", hint="Write both, dev@databricks, or the stack alone: dev."
            )
        return cls(stack, component)

    def of(self, resources: Sequence[Mapping[str, Any]]) -> list[str]:
        """Give the URNs of what belongs to it, the engine's own things aside."""
        parents = {str(one.get("urn")): str(one.get("parent") or "") for one in resources}
        tops = {str(one["urn"]) for one in resources if self._is_top(one)}
        ours = (str(one["urn"]) for one in resources if not str(one.get("type")).startswith("pulumi:"))
        return [urn for urn in ours if not self.component or tops.intersection(_line_of(urn, parents))]

    def _is_top(self, one: Mapping[str, Any]) -> bool:
        # By its type as well: something else in the program may have the same name.
        return one.get("type") in {*COMPONENT_TYPES, JOB_TYPE} and _name_of(one) == self.component


def is_whole(stack: str) -> bool:
    """Tell whether a stack is named, with all that its file declares: no job of it, and no component."""
    return not is_address(stack) and not StackPart.named(stack).component


def deployed(stack: str, *, folder: Path, environment: Mapping[str, str], run: Run) -> Deployed:
    """Find the job that is meant by a stack's name, by that and a component's, or by the job's own, without an engine.

    :raises ConfigurationError: when there is no such stack or project, or it has no such job, or several.
    :raises NoCredentialError: when Pulumi is not logged in to a backend.
    :raises EngineError: when Pulumi is not there, or fails.
    """
    if is_address(stack):
        return Deployed(StackJob(stack, JobAddress.parse(stack)), environment)
    part = StackPart.named(stack)
    engine = StackEngine(part.stack, folder, run)
    resources = engine.resources()
    job = _the_job(resources, part)
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
    part = StackPart.named(stack)
    engine = StackEngine(part.stack, folder, run)
    if not (left := engine.left_of(part)):
        return
    ended = engine.run((PULUMI, "destroy", "--preview-only", *_just(part, left), "--non-interactive"), folder)
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
    part = StackPart.named(stack)
    engine = StackEngine(part.stack, folder, run)
    if not (left := engine.left_of(part)):
        return
    flags = ["--yes", "--skip-preview", "--refresh"]
    if part.component:
        # A run of its own: within a destroy, a target that the look finds gone is an error (seen with Pulumi 3.259).
        flags.remove("--refresh")
        _engine_does("refresh", flags, part, left, engine)
        # Without a target, the whole stack would be destroyed.
        if not (left := engine.left_of(part)):
            return
    _engine_does("destroy", flags, part, left, engine)


def _engine_does(what: str, flags: Sequence[str], part: StackPart, left: Sequence[str], engine: StackEngine) -> None:
    ended = engine.run((PULUMI, what, *flags, *_just(part, left), "--non-interactive"), engine.folder)
    if ended.code:
        raise EngineError(
            f"Pulumi did not {what} the stack {part.stack}: {_said(ended)}",
            hint="Accounts are closed and the job is gone. Mend what it names, and repeat the command.",
        )


def _just(part: StackPart, left: Sequence[str]) -> Iterator[str]:
    """Say which stack is destroyed, and of a component exactly what is its own: what others made of it stops that."""
    yield from ("--stack", part.stack)
    for urn in left if part.component else ():
        yield from ("--target", urn)


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

    def __post_init__(self) -> None:
        """Refuse a component: what is asked here is asked of the whole stack."""
        if StackPart.named(self.stack).component:
            raise ConfigurationError(
                f"{self.stack} is one component of a stack, and this is about all that a stack's file declares.",
                hint="Run `pulumi preview --diff`, which runs the program and tells the plan of each component.",
            )

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

    def left_of(self, part: StackPart) -> list[str]:
        """Give the URNs of what is left of it beside what the engine itself keeps; none when the stack is gone."""
        try:
            return part.of(self.resources())
        except NoStackError:
            return []

    def _refusal(self, ended: Ended) -> ProvisioningError:
        said = ended.stderr.strip().removeprefix("error: ")
        if NO_STACK in said:
            return NoStackError(f"There is no stack {self.stack}{self._or_meant()}", hint=self._to_make_it)
        if NO_PROJECT in said or "fully qualified name" in said:
            return ConfigurationError(
                f"There is no Pulumi project in {self.folder}.", hint="Go to its folder, or name it with --cwd."
            )
        if found := _NOT_YAML.search(said):
            file = PurePath(found["file"]).name if found["file"] else f"Pulumi.{self.stack.rpartition('/')[2]}.yaml"
            return ConfigurationError(f"{file} is not YAML: {found['why']}.", hint="Correct the file.")
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


def _the_job(resources: Sequence[Mapping[str, Any]], part: StackPart) -> Mapping[str, Any]:
    jobs = [one for one in resources if one.get("type") == JOB_TYPE and one.get("id") and not one.get("delete")]
    if not jobs:
        raise NoJobError(
            f"The stack {part.stack} has no synchronization job: it was never deployed, or was taken down.",
            hint=f"Run `pulumi up --stack {part.stack}`.",
        )
    named = [(f"{part.stack}@{_component_of(one, resources)}", one) for one in jobs]
    listed = ", ".join(f"{name} ({one['id']})" for name, one in named)
    wanted = f"{part.stack}@{part.component}"
    meant = [one for name, one in named if name == wanted] if part.component else jobs
    if not meant:
        raise NoJobError(
            f"The stack {part.stack} has no component {part.component} with a synchronization job.",
            hint=f"It has {listed}.",
        )
    if len(meant) > 1:
        raise ConfigurationError(
            f"{wanted if part.component else f'The stack {part.stack}'} has {len(meant)} synchronization jobs.",
            hint=f"Write in place of the stack's name which one is meant, by one of its names: {listed}.",
        )
    return meant[0]


def _component_of(job: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> str:
    """Give the name by which a job is told from others: its component's, or where it stands alone its own."""
    parent: Mapping[str, Any] = next((one for one in resources if one.get("urn") == job.get("parent")), {})
    return _name_of(parent if parent.get("type") in COMPONENT_TYPES else job)


def _name_of(resource: Mapping[str, Any]) -> str:
    """Give the name that the program gave it: the last part of its URN."""
    return str(resource.get("urn") or "").rpartition("::")[2]


def _line_of(urn: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Give a resource, its parent, and so on."""
    while urn:
        yield urn
        urn = parents.get(urn, "")


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
