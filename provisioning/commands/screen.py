"""Where a command writes: what was asked for goes to stdout, everything else to stderr; secrets go nowhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from getpass import getpass
from typing import Self, TextIO

from provisioning.commands.json_form import as_text

SECRETS = ("ELIUM_SECRET_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN")
"""Variables that hold a secret and are none of the sign-in's, whose names tell."""

MARKS = ("SECRET", "PASSWORD", "TOKEN")
"""What the name of such a variable of the sign-in has (``ARM_CLIENT_SECRET``), unless it names a file or an address."""

NOT_SECRET = ("PATH", "FILE", "URL")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person, or the next program in a pipe, sees."""

    stdout: TextIO
    stderr: TextIO
    secrets: tuple[str, ...] = ()
    """What is never written."""
    ask: Callable[[str], str] | None = None
    """Asks a question and gives the answer; ``None`` where there is nobody to be asked."""
    ask_hidden: Callable[[str], str] | None = None
    """The same without showing what is typed."""
    has_terminal: bool = False
    """Whether somebody watches stderr on a terminal that can move its cursor."""

    @classmethod
    def real(cls, environment: Mapping[str, str]) -> Self:
        """Take this process's own."""
        is_smart = environment.get("TERM") != "dumb"
        ask, ask_hidden = (_answer, _hidden_answer) if sys.stdin.isatty() and sys.stderr.isatty() else (None, None)
        watched = is_smart and sys.stderr.isatty()
        return cls(sys.stdout, sys.stderr, secrets_in(environment), ask, ask_hidden, watched)

    def hiding(self, *secrets: str) -> Self:
        """Give the same screen, on which these are never written either."""
        return replace(self, secrets=(*self.secrets, *filter(None, secrets)))

    def show(self, text: str) -> None:
        """Write a line of what was asked for."""
        self._write(self.stdout, text)

    def document(self, value: object, *, is_line: bool = False) -> None:
        """Write a value of ours as JSON."""
        self.show(as_text(value, indent=None if is_line else 2))

    def tell(self, text: str) -> None:
        """Write a line about it."""
        self._write(self.stderr, text)

    def _write(self, stream: TextIO, text: str) -> None:
        from provisioning.graph.scrubbing import scrubbed  # noqa: PLC0415 - nothing is written by `elium --help`

        stream.write(f"{scrubbed(text, self.secrets)}\n")
        stream.flush()


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the values of an environment that must not be written."""
    return tuple(value for name, value in environment.items() if value and _is_secret(name))


def _is_secret(name: str) -> bool:
    of_sign_in = name.startswith(("ARM_", "AZURE_")) and any(mark in name for mark in MARKS)
    return name in SECRETS or (of_sign_in and not name.endswith(NOT_SECRET))


def _answer(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _hidden_answer(question: str) -> str:
    return getpass(question, stream=sys.stderr).strip()
