"""The platforms on which a pipeline runs, told by the variables that each sets, and what each shows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from provisioning.errors import ConfigurationError, ProvisioningError

Run = Callable[[Sequence[str], str], str]
"""Runs a program with something on its stdin, and gives its stdout."""


class Platform(Protocol):
    """What is asked of a platform."""

    def output(self, name: str, value: str) -> None:
        """Hand a value to later steps and jobs."""

    def summary(self, page: Path) -> None:
        """Show Markdown on the page of the run."""

    def comment(self, marker: str, text: str) -> None:
        """Put *text* below the pull request whose run this is, if any; our comment that begins with *marker* goes.

        :raises ProvisioningError: when the platform refuses.
        """

    def reviewed(self, artifact: str, plan: Path) -> None:
        """Write to *plan* the plan that was shown below the pull request which brought this commit.

        :raises ProvisioningError: when there is none.
        """


class NoPlatform:
    """A terminal: there is nothing to show it on."""

    def output(self, name: str, value: str) -> None:
        """Tell it."""
        sys.stderr.write(f"{name}={value}\n")

    def summary(self, page: Path) -> None:
        """Say where it lies."""
        sys.stderr.write(f"{page}\n")

    def comment(self, marker: str, text: str) -> None:
        """Do nothing: there is no pull request."""

    def reviewed(self, artifact: str, plan: Path) -> None:
        """Refuse."""
        del artifact, plan
        raise ConfigurationError(
            "This is not a pipeline of GitHub, Azure Pipelines or GitLab, so no pull request brought this commit.",
            hint="Make a plan here: python -m scripts.onboard plan",
        )


def no_reviewed_plan(commit: str) -> ConfigurationError:
    """Say that nobody looked at a plan of this commit."""
    return ConfigurationError(
        f"No plan was shown below a pull request that brought {commit}. Nothing was done.",
        hint="Start the pipeline by hand: it shows a plan, and applies that after the approval.",
    )


def setting(environment: Mapping[str, str], name: str) -> str:
    """Give a variable of the platform.

    :raises ConfigurationError: when it is not there.
    """
    value = environment.get(name, "")
    if not value:
        raise ConfigurationError(f"{name} is not set.", hint="Hand it to the step, as the files in pipelines/ do.")
    return value


def run_program(command: Sequence[str], written: str) -> str:
    """Run a program.

    :raises ProvisioningError: with its own words, when it fails.
    """
    try:
        ended = subprocess.run(command, input=written, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError as error:
        raise ConfigurationError(f"There is no {command[0]} on the PATH.", hint="Install it on the runner.") from error
    if ended.returncode:
        raise ProvisioningError(
            f"{command[0]} failed: {ended.stderr.strip() or ended.stdout.strip()}",
            hint="Look whether the job's token may do this: docs/how-to/onboard-from-a-pipeline.md.",
        )
    return ended.stdout
