"""How a stack is configured: as the engine tells it, or as its file says where no engine need know the stack.

The engine is asked where its answer is acted upon: it adds what the project's file and environments say, and opens what
is encrypted. The file is read where there may be no stack yet, or no passphrase, to say what is wrong with it. Both
give one value, so that settings are read and judged in one way. Of the file, only the token is ever opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from provisioning.errors import ConfigurationError
from provisioning.graph.identity import FIELDS
from provisioning.model.credentials import SecretToken, secret_token_of
from provisioning.model.token_source import SourceKind, TokenSource, resolve
from provisioning.operations.deployed import PULUMI, Run, StackEngine
from provisioning.settings.configuration import TOKEN, StackConfiguration, settings_in
from provisioning.settings.stack import FROM_ENVIRONMENT, Settings

ENTRASYNC = "entrasync:"

STAND_IN = "encrypted-and-not-opened"
"""What stands for a value that is encrypted, while the others are checked."""

TOKENS_VARIABLE = FROM_ENVIRONMENT["secretToken"]


@dataclass(frozen=True, slots=True)
class StackFile:
    """``Pulumi.<stack>.yaml``, with the name of the project that it belongs to."""

    stack: str
    folder: Path
    project: str
    values: Mapping[str, Any]
    """By whole key, such as ``elium:tenantUrl``; of an encrypted one :data:`STAND_IN`."""
    encrypted: frozenset[str]

    @property
    def name(self) -> str:
        """What sentences call it."""
        return f"Pulumi.{_short(self.stack)}.yaml"

    @property
    def configuration(self) -> StackConfiguration:
        """What it says, as the engine would tell it."""
        return StackConfiguration(self.values, self.encrypted, self.project)

    @property
    def identity(self) -> Mapping[str, str]:
        """What it says of the identity that the plugin signs in with, as far as that is not encrypted."""
        plain = (key for key in self.values if key.startswith(ENTRASYNC) and key not in self.encrypted)
        named = {key.removeprefix(ENTRASYNC): str(self.values[key]) for key in plain}
        return {name: value for name, value in named.items() if name in FIELDS}

    def settings(self, environment: Mapping[str, str]) -> Settings:
        """Read its ``elium:`` settings.

        :raises ConfigurationError: with every mistake and its place.
        """
        return settings_in(self.configuration, environment)

    def token_is_in(self, environment: Mapping[str, str]) -> TokenSource | None:
        """Tell where it says that the token lies; ``None`` when the token itself stands in it.

        :raises ConfigurationError: when it says nothing of a token, or names nothing that could be read.
        """
        written = self.values.get(TOKEN)
        if written is None and environment.get(TOKENS_VARIABLE):
            return TokenSource(SourceKind.ENVIRONMENT, TOKENS_VARIABLE)
        if written is None:
            raise ConfigurationError(
                f"{self.name} has no {TOKEN}, and {TOKENS_VARIABLE} is not set.",
                hint=f"Run `pulumi config set --stack {self.stack} --secret {TOKEN}`, or set {TOKENS_VARIABLE}.",
            )
        return None if TOKEN in self.encrypted else TokenSource.parse(str(written))

    def token(self, environment: Mapping[str, str], run: Run) -> SecretToken:
        """Give the token that the next ``up`` would take. An encrypted one is opened by Pulumi.

        :raises ConfigurationError: when it is not where it should lie, or cannot be opened.
        """
        source = self.token_is_in(environment)
        if source is not None:
            return resolve(source, environment, _text_of)
        if TOKEN in self.encrypted:
            return self._opened(run)
        return secret_token_of(str(self.values[TOKEN]))

    def _opened(self, run: Run) -> SecretToken:
        command = (PULUMI, "config", "get", TOKEN, "--stack", self.stack, "--non-interactive")
        try:
            ended = run(command, self.folder)
        except FileNotFoundError:
            raise _not_opened("there is no pulumi on the PATH") from None
        if ended.code:
            # Pulumi's own words: it never repeats a value that it could not open.
            raise _not_opened(ended.stderr.strip().removeprefix("error: ").partition("\n")[0])
        return secret_token_of(ended.stdout.rstrip("\r\n"))


def configuration_of(engine: StackEngine, namespace: str) -> StackConfiguration:
    """Give how a stack is configured, as its program is told; secrets of *namespace* are opened, if it has any.

    Nothing is opened otherwise, so that no passphrase is needed.
    """
    told = engine.told("config", flags=("--json",))
    if any(one.get("secret") for key, one in told.items() if key.startswith(f"{namespace}:")):
        told = engine.told("config", flags=("--json", "--show-secrets"))
    values = {key: one.get("value", "") for key, one in told.items()}
    return StackConfiguration(values, {key for key, one in told.items() if one.get("secret")}, engine.project)


def declared_by(engine: StackEngine, namespace: str) -> StackConfiguration:
    """Give the configuration of a stack that declares provisioning, and not its program in its own words.

    :raises ConfigurationError: when there is nothing of *namespace*: by what is not there, everybody would leave.
    """
    configured = configuration_of(engine, namespace)
    if not configured.of(namespace):
        raise ConfigurationError(
            f"The stack {engine.stack} has no setting {namespace}:…, and what its program declares without them, only "
            "Pulumi finds out.",
            hint=f"Ask it: pulumi preview --diff --stack {engine.stack}",
        )
    return configured


def stack_file(stack: str, folder: Path) -> StackFile | None:
    """Read the file of a stack; ``None`` when there is none.

    :raises ConfigurationError: when it cannot be read.
    """
    path = folder / f"Pulumi.{_short(stack)}.yaml"
    if not path.is_file():
        return None
    written = _table_in(path).get("config") or {}
    if not isinstance(written, Mapping):
        raise ConfigurationError(f"{path.name}: config is not a table.", hint="Write one setting a line below it.")
    project = _table_in(folder / "Pulumi.yaml").get("name") if (folder / "Pulumi.yaml").is_file() else ""
    told = as_told(written, str(project or ""))
    return StackFile(stack, folder, told.project, told.values, frozenset(told.secret))


def as_told(written: Mapping[str, Any], project: str) -> StackConfiguration:
    """Give the values of a file as the engine hands them to a program; encrypted ones stay closed."""
    encrypted = frozenset(key for key, value in written.items() if _is_encrypted(value))
    values = {str(key): STAND_IN if key in encrypted else _as_the_engine(value) for key, value in written.items()}
    return StackConfiguration(values, encrypted, project)


def _short(stack: str) -> str:
    """Leave out organisation and project of a stack's name."""
    return stack.rpartition("/")[2]


def _table_in(path: Path) -> Mapping[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read: {_first_line(error)}", hint="Correct the file: it is YAML."
        ) from error
    return read if isinstance(read, Mapping) else {}


def _first_line(error: Exception) -> str:
    return f"{str(error).partition(chr(10))[0].rstrip('.')}."


def _is_encrypted(value: object) -> bool:
    """Tell whether something in a value is; the engine then treats all of it so."""
    if isinstance(value, Mapping):
        return set(value) == {"secure"} or any(map(_is_encrypted, value.values()))
    return isinstance(value, list) and any(map(_is_encrypted, value))


def _as_the_engine(value: object) -> object:
    """Write a value as the engine hands it to a program: what is not a table or a list is a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, Mapping | list) else str(value)


def _text_of(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _not_opened(why: str) -> ConfigurationError:
    return ConfigurationError(
        f"The encrypted {TOKEN} cannot be opened: {why}.".replace("..", "."),
        hint="Set the stack's passphrase, PULUMI_CONFIG_PASSPHRASE, or log in to its backend.",
    )
