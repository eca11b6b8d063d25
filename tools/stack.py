"""``python -m tools.stack VERB STACK …``: Pulumi on a stack of this project, after a look whether it is the right one.

A stack that does not exist is mostly one that was misspelt, so that only ``up`` makes one, and says so first; a
``preview`` or ``refresh`` of it is refused. ``make up``, ``preview``, ``refresh`` and ``destroy`` run this.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from tools.environment import environment
from tools.errors import SetUpError, StackError
from tools.places import this_clone
from tools.setup.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tools.setup.commands import Runner

SECONDS_TO_LIST = 60.0
EXAMPLE = "Pulumi.prod.yaml.example"
MADE_UP = "dev"
"""The stack of the made-up company; without its environment there is no Elium to speak to."""

ITS_ENVIRONMENT = ("ELIUM_EMULATOR_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
"""Any of these says that the company's environment was entered, or that the user has a stack ``dev`` of their own."""

PARTS = ("config", "environment", "secretsprovider", "encryptionsalt", "encryptedkey")
"""What Pulumi reads of a stack's file (pulumi: stack settings file reference). It passes over anything else."""

_OUTERMOST = re.compile(r"^([A-Za-z][^\s:]*) *:(?=\s)", re.MULTILINE)


class Verb(StrEnum):
    """What is done to a stack."""

    UP = "up"
    PREVIEW = "preview"
    REFRESH = "refresh"
    DESTROY = "destroy"


FLAGS: Mapping[Verb, Sequence[str]] = {Verb.PREVIEW: ("--diff",)}


@dataclass(frozen=True, slots=True)
class Project:
    """The project in a folder, and the engine that serves it."""

    root: Path
    run: Runner
    environment: Mapping[str, str]
    """All of it, the user's and ours."""

    def declared(self) -> list[str]:
        """Give the names of the stacks that have a file."""
        return sorted(file.name.split(".")[1] for file in self.root.glob("Pulumi.*.yaml"))

    def existing(self) -> list[str]:
        """Give the names of the stacks that the backend knows.

        :raises StackError: when the backend does not answer.
        """
        listed = self.run(
            ["pulumi", "stack", "ls", "--json"], within=SECONDS_TO_LIST, environment=self.environment, where=self.root
        )
        if not listed.succeeded:
            raise StackError(f"Pulumi cannot list its stacks:\n{listed.output.strip()}")
        return sorted(str(stack["name"]).rpartition("/")[2] for stack in json.loads(listed.output))


def must_be_made(verb: Verb, stack: str, project: Project) -> bool:
    """Tell whether *stack* has to be made before the *verb*, which only ``up`` may do.

    :raises StackError: when the stack is not declared, or is not there and should be.
    """
    name = stack.rpartition("/")[2]
    _demand_file(name, project)
    existing = project.existing()
    if name in existing:
        return False
    if verb is Verb.UP:
        return True
    raise StackError(
        f"The stack {stack} does not exist{_or_meant(name, existing)} "
        f"To make it: `pulumi stack init {stack}`, or `make up STACK={stack}`."
    )


def demand_stack(stack: str, user: Mapping[str, str], project: Project) -> None:
    """Refuse a *stack* that nothing but ``up`` could begin with.

    :raises StackError: when it is not named, not declared, not there, or the made-up company's without the company.
    """
    demand_surroundings(stack, user)
    must_be_made(Verb.REFRESH, stack, project)


def demand_surroundings(stack: str, user: Mapping[str, str]) -> None:
    """Refuse a *stack* without a name, and the made-up company's where its environment was not entered.

    What counts is what the *user* has set: the clone's own passphrase is always there.
    """
    if not stack:
        raise StackError(f"STACK is empty: name the stack that is meant, such as STACK={MADE_UP}.")
    if stack == MADE_UP and not any(user.get(variable) for variable in ITS_ENVIRONMENT):
        raise StackError(
            f"The stack {MADE_UP} is the made-up company: run `make demo KEEP=1` and the eval that it prints; "
            "or name yours, STACK=…"
        )


def _demand_file(name: str, project: Project) -> None:
    file = f"Pulumi.{name}.yaml"
    if not (project.root / file).is_file():
        raise StackError(
            f"There is no {file}, which would declare the stack {name}{_or_meant(name, project.declared())} "
            f"To declare it: `cp {EXAMPLE} {file}`, and fill it in."
        )
    for part in _OUTERMOST.findall((project.root / file).read_text(encoding="utf-8")):
        if part not in PARTS:
            raise StackError(f"{file}: Pulumi reads nothing that stands under {part}:{_or_meant(part, PARTS)}")


def _or_meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else "."


def make(stack: str, project: Project) -> int:
    """Make a *stack*, saying so first, and return Pulumi's exit code."""
    sys.stderr.write(f"The stack {stack} does not exist yet; it is made now.\n")
    command = ["pulumi", "stack", "init", stack]
    return subprocess.run(command, cwd=project.root, env=project.environment, check=False).returncode  # noqa: S603


def main(arguments: Sequence[str]) -> int:
    """Run the verb on the stack and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked.verb, asked.stack, asked.arguments)
    except StackError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


def _run(verb: Verb, stack: str, more: Sequence[str]) -> int:
    demand_surroundings(stack, os.environ)
    ours = {**os.environ, **environment(this_clone(), os.environ, keep_backend=True)}
    project = Project(this_clone().root, run, ours)
    if must_be_made(verb, stack, project) and (code := make(stack, project)):
        return code
    command = ["pulumi", verb, *FLAGS.get(verb, ()), "--stack", stack, *more]
    return _become(command, project)


def _become(command: list[str], project: Project) -> NoReturn:
    # In this process's place, so that Ctrl-C is Pulumi's alone: it ends what it is doing and gives its lock back.
    os.chdir(project.root)
    os.execvpe(command[0], command, project.environment)  # noqa: S606 - no shell is meant


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.stack", description="Run Pulumi on a stack of this project.")
    parser.add_argument("verb", type=Verb, choices=list(Verb))
    parser.add_argument("stack")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on to Pulumi")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
