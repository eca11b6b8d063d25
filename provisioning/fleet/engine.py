"""Pulumi, run for one tenant after the other from one process (Pulumi's Automation API).

What a run costs is the start of Python, three times (bench/fleet.py): so the program and our plugin live in this
process, and a run finds them by address.
"""

from __future__ import annotations

import json
import logging
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import grpc
from pulumi import automation as auto
from pulumi.automation._stack import StackInitMode
from pulumi.automation.errors import create_command_error
from pulumi.runtime.settings import get_engine
from semver import VersionInfo

from provisioning.components import EliumProvisioning, errors_as_sentences, export_outputs
from provisioning.errors import ConfigurationError
from provisioning.fleet.azuread import Azuread
from provisioning.fleet.locks import Holder, holders_in, is_held_by
from provisioning.fleet.loop import Loop
from provisioning.operations.deployed import NO_STACK, Ended, EngineError
from provisioning.provider.hosting import Connect, hosted
from provisioning.provider.version import PACKAGE
from provisioning.settings.stack import Settings

NAME = "elium"
"""What the component is called in the program, so that a stack is the same from here and from ``pulumi up``."""

ATTACHED = "PULUMI_DEBUG_PROVIDERS"
"""Where a run is told which plugins run already, as ``name:port``."""

STACK = "pulumi:pulumi:Stack"

IS_THERE = "already exists"
"""What the engine says when a stack should be called as another one is (pulumi: backend/diy, RenameStack)."""

FAILED = "update failed"
"""What the engine adds when it has said why."""

SOON = timedelta(seconds=30)
"""How long somebody who holds a lock is waited for."""


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What came of a run."""

    is_done: bool
    said: tuple[str, ...]
    """What it warned of, and why it failed."""
    changes: Mapping[str, int]
    """How many resources were created, updated, deleted or stayed the same."""
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Events:
    """Listens to a run."""

    said: list[str] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def __call__(self, event: auto.EngineEvent) -> None:
        told = event.diagnostic_event
        if told and told.severity in {"warning", "error"} and told.message.strip() not in {"", FAILED}:
            self.said.append(told.message.strip())
        if event.summary_event:
            self.changes = {str(kind): count for kind, count in event.summary_event.resource_changes.items()}
        made = event.res_outputs_event
        if made and made.metadata.type == STACK and made.metadata.new:
            self.outputs = dict(made.metadata.new.outputs or {})


class Command(auto.PulumiCommand):
    """Pulumi's command with exactly the environment that it is given: nothing of this process's own leaks into it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Look for it on the PATH of *environment*, and ask its version.

        :raises ConfigurationError: when it is not there.
        """
        found = shutil.which("pulumi", path=environment.get("PATH"))
        if not found:
            raise ConfigurationError(
                "There is no pulumi on the PATH.",
                hint='Install it, or in a clone: eval "$(.venv/bin/python -m tools.environment --keep-backend)".',
            )
        # The library's own way to begin asks this process's environment instead.
        self.command = found
        self._running: set[subprocess.Popen[str]] = set()
        self._guard = threading.Lock()
        self._is_stopping = threading.Event()
        told = self.ended(("version",), Path.cwd(), environment).stdout
        self.version = VersionInfo.parse(told.strip().removeprefix("v"))

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> auto.CommandResult:
        """Run it to its end.

        :raises CommandError: when it fails.
        """
        del on_output, on_error  # it is listened to by its events
        result = self.ended(args, Path(cwd), additional_env)
        if result.code:
            raise create_command_error(result)
        return result

    def ended(self, args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> auto.CommandResult:
        """Run it to its end, good or bad; a lock that somebody left who has ended is released first.

        A run ends by itself soon after the program did that it belongs to, so that is waited for.
        """
        result = self._ended(args, folder, environment)
        holders = holders_in(result.stderr) if result.code else ()
        if not holders or not all(holder.has_ended(SOON) for holder in holders):
            return result
        self._ended(("cancel", "--yes", "--stack", args[args.index("--stack") + 1]), folder, environment)
        return self._ended(args, folder, environment)

    def holders(self, stack: str, folder: Path, environment: Mapping[str, str]) -> tuple[Holder, ...]:
        """Ask who holds a stack's locks. No command lists them, so one is run that is refused in either case.

        A stack cannot be given the name that it has; but whether it is locked is looked at before that (pulumi:
        backend/diy, RenameStack; tried with 3.259 on files, S3, Azure Blob and PostgreSQL).

        :raises EngineError: when the engine says something else.
        """
        ended = self._ended(("stack", "rename", stack, "--stack", stack), folder, environment)
        found = holders_in(ended.stderr)
        if not found and IS_THERE not in ended.stderr and NO_STACK not in ended.stderr:
            raise EngineError(
                f"Pulumi does not say whether the stack {stack} is locked: {ended.stderr.strip()}",
                hint="Mend what it names. With Pulumi Cloud there is nothing to release: a lock there ends by itself.",
            )
        return found

    def release(self, stack: str, folder: Path, environment: Mapping[str, str], *, shown: Sequence[Holder]) -> None:
        """Take away the locks that were shown.

        While one of them lies there nobody gets another (pulumi: backend/diy, Lock), so what is found just before is
        what is taken away.

        :raises EngineError: when it is locked by somebody else by now, or is still locked afterwards.
        """
        found = self.holders(stack, folder, environment)
        if not is_held_by(found, shown):
            by = ", ".join(map(str, found)) or "nobody"
            raise EngineError(
                f"The stack {stack} is not locked as it was shown any more, but by {by}. Nothing was released.",
                hint=f"Look again: elium fleet unlock --only {stack}",
            )
        ended = self._ended(("cancel", "--yes", "--stack", stack), folder, environment)
        if self.holders(stack, folder, environment):
            raise EngineError(
                f"The stack {stack} is still locked. {ended.stderr.strip()}".rstrip(),
                hint=f"Look who holds it: elium fleet unlock --only {stack}",
            )

    def _ended(self, args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> auto.CommandResult:
        self._stay_if_stopping()
        command = [self.command, *args, "--non-interactive"]
        with (
            subprocess.Popen(  # noqa: S603 - ours
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=dict(environment),
                text=True,
                # Ctrl-C on a terminal reaches everybody: how a run ends is decided here.
                start_new_session=True,
            ) as process,
            self._known(process),
        ):
            out, err = process.communicate()
        self._stay_if_stopping()
        return auto.CommandResult(stdout=out.rstrip(), stderr=err.rstrip(), code=process.returncode)

    def stop(self) -> None:
        """Let every run finish what it is at, and end (pulumi: SIGINT); wait for that. Nobody begins another one."""
        self._is_stopping.set()
        with self._guard:
            running = list(self._running)
        for process in running:
            process.send_signal(signal.SIGINT)
        for process in running:
            process.wait()

    def _stay_if_stopping(self) -> None:
        """Give no answer any more: what an interrupted run came to must not be taken for its result."""
        if self._is_stopping.is_set():
            threading.Event().wait()

    @contextmanager
    def _known(self, process: subprocess.Popen[str]) -> Iterator[None]:
        with self._guard:
            self._running.add(process)
        try:
            yield
        finally:
            with self._guard:
                self._running.discard(process)


class _Workspace(auto.LocalWorkspace):
    """A folder in which no stack is the chosen one: every command names its own."""

    def select_stack(self, stack_name: str) -> None:
        """Start no process for it."""


class _Stack(auto.Stack):
    """A stack whose runs are not asked about once more: their events told everything."""

    @classmethod
    def at(cls, name: str, workspace: auto.Workspace, *, is_new: bool) -> Self:
        """Make it where there is none; one that somebody else has made meanwhile is taken."""
        if is_new:
            with suppress(auto.StackAlreadyExistsError):
                return cls(name, workspace, StackInitMode.CREATE)
        return cls(name, workspace, StackInitMode.SELECT)

    def outputs(self) -> auto.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary | None:  # noqa: ARG002, FBT001, FBT002 - the library's
        return _NO_SUMMARY


_NO_SUMMARY = auto.UpdateSummary("update", datetime.min.replace(tzinfo=UTC), "", {}, {}, "")


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs Pulumi on stacks, each in its folder and environment."""

    command: Command
    loop: Loop
    connect: Connect
    azuread: Azuread = field(default_factory=Azuread)

    def __post_init__(self) -> None:
        # A run that fails ends before its program does, and gRPC would show a traceback for each call in between.
        logging.getLogger("grpc").setLevel(logging.CRITICAL)

    def up(
        self, stack: str, folder: Path, environment: Mapping[str, str], settings: Settings, *, is_new: bool
    ) -> EngineRun:
        """Bring about what *settings* declare; makes the stack that *is_new*.

        :raises EngineError: when somebody else is at it.
        """

        def program() -> None:
            _say_nothing_to_nobody()
            with errors_as_sentences():
                export_outputs(EliumProvisioning(NAME, settings))

        with self.attached(environment) as attached:
            workspace = _Workspace(
                work_dir=str(folder), program=program, env_vars=attached, pulumi_command=self.command
            )
            events = _Events()
            try:
                _Stack.at(stack, workspace, is_new=is_new).up(on_event=events)
            except auto.ConcurrentUpdateError as error:
                raise locked_error(stack, str(error)) from error
            except auto.CommandError as error:
                return EngineRun(is_done=False, said=tuple(events.said) or _last_words(error), changes=events.changes)
            return EngineRun(is_done=True, said=tuple(events.said), changes=events.changes, outputs=events.outputs)

    @contextmanager
    def attached(self, environment: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
        """Hold plugins ready for one run at a time; gives *environment* with where they are."""
        with self.azuread.lent(environment) as theirs, self.loop.entered(hosted(environment, self.connect)) as ours:
            ports = {PACKAGE: ours} | ({"azuread": theirs} if theirs else {})
            yield {**environment, ATTACHED: ",".join(f"{name}:{port}" for name, port in ports.items())}

    def stacks(self, project: Path, environment: Mapping[str, str]) -> Mapping[str, int] | None:
        """List the stacks of a project, each with the number of its resources, in one question to the backend.

        ``None`` when it is not answered: whoever works on a stack is told then why.
        """
        ended = self.command.ended(("stack", "ls", "--json"), project, environment)
        if ended.code:
            return None
        return {one["name"]: one.get("resourceCount") or 0 for one in json.loads(ended.stdout)}

    def run(self, environment: Mapping[str, str]) -> Callable[[Sequence[str], Path], Ended]:
        """Give what runs a command of Pulumi's in an environment."""

        def run(command: Sequence[str], folder: Path) -> Ended:
            ended = self.command.ended(command[1:], folder, environment)
            return Ended(ended.code, ended.stdout, ended.stderr)

        return run


def locked_error(stack: str, said: str) -> EngineError:
    """Say who holds a stack, from what the engine said."""
    holders = ", ".join(map(str, holders_in(said))) or "it is locked"
    return EngineError(
        f"Somebody else is at the stack {stack}: {holders}.",
        hint=f"Wait for it. If it is certain that it has ended: elium fleet unlock --only {stack}",
    )


def _say_nothing_to_nobody() -> None:
    """Let the library close the loop of a program whose run has failed.

    It says to the engine first what it is about to do; where that has ended, it gets no further (pulumi 3.259:
    automation/_server.py, Run), and three files stay open for each such run.
    """
    engine: Any = get_engine()
    say = engine.Log

    def say_if_it_listens(request: object) -> None:
        with suppress(grpc.RpcError):
            say(request)

    engine.Log = say_if_it_listens


def _last_words(error: auto.CommandError) -> tuple[str, ...]:
    """Take what it said on stderr (pulumi: CommandResult, __str__)."""
    said = str(error).partition("stderr: ")[2]
    return tuple(line.removeprefix("error: ") for line in said.splitlines() if line.strip())
