"""Where a new token comes from: a file, a variable, a command's output, or a question that is not shown.

It never stands on the command line, where every process of the machine could read it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import SourceKind, TokenSource, resolve
from provisioning.operations.deployed import Run

OPTIONS = "--token-file, --token-env or --token-command"


@dataclass(frozen=True, slots=True)
class NewToken:
    """What the command line says of it; each may be empty."""

    file: str = ""
    variable: str = ""
    command: str = ""

    def read(
        self, environment: Mapping[str, str], *, folder: Path, run: Run, ask: Callable[[str], str] | None
    ) -> SecretToken:
        """Get it. *ask* asks a question whose answer is not shown; ``None`` where nobody can be asked.

        :raises ConfigurationError: when it cannot be had, or cannot be a token; nothing of it is in the sentence.
        """
        if len([given for given in (self.file, self.variable, self.command) if given]) > 1:
            raise ConfigurationError("Several sources of the new token are named.", hint=f"Name one of {OPTIONS}.")
        if self.variable:
            return resolve(TokenSource(SourceKind.ENVIRONMENT, self.variable), environment, str)
        if self.file:
            return resolve(TokenSource(SourceKind.FILE, self.file), {}, lambda path: _text_of(folder / path))
        if self.command:
            return _checked("the command's output", output_of(self.command, folder, run, option="--token-command"))
        if ask is None:
            raise ConfigurationError("Nobody can be asked for the new token.", hint=f"Name it with {OPTIONS}.")
        return _checked("what was typed", ask("The new token (it is not shown): "))


def output_of(command: str, folder: Path, run: Run, *, option: str) -> str:
    """Run a command without a shell. What it says besides is not repeated: it may be about the token.

    :raises ConfigurationError: when it cannot be run, or fails; *option* is where it was written.
    """
    words = _words_of(command, option)
    try:
        ended = run(words, folder)
    except OSError as error:
        raise ConfigurationError(
            f"{option}: {words[0]} cannot be run: {error.strerror}.", hint="Look whether it is on the PATH."
        ) from None
    if ended.code:
        raise ConfigurationError(
            f"{option}: {words[0]} ended with {ended.code}.", hint="Run it by itself, and look what it says."
        )
    return ended.stdout.rstrip("\r\n")


def _words_of(command: str, option: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        raise ConfigurationError(f"{option}: a quotation mark is not closed.", hint="Close it.") from None
    if not words:
        raise ConfigurationError(f"{option}: is empty.", hint="Write a command that prints the token.")
    return words


def _checked(title: str, text: str) -> SecretToken:
    try:
        return secret_token_of(text)
    except ConfigurationError as error:
        raise ConfigurationError(f"The new token, {title}, {error.message}", hint=error.hint) from error


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")
