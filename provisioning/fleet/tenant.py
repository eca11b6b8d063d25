"""One tenant: a row of the file, which declares what a stack's file declares, and whose people they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.graph.identity import FIELDS, identity_of
from provisioning.model.credentials import SecretToken
from provisioning.model.token_source import SourceKind
from provisioning.operations.token_reference import Here, TokenReference
from provisioning.settings.stack import FROM_ENVIRONMENT, Settings

TOKENS_VARIABLE = FROM_ENVIRONMENT["secretToken"]

IN_ENVIRONMENT = f"{SourceKind.ENVIRONMENT.value}:{TOKENS_VARIABLE}"
"""Where each tenant's token lies while it is worked on, in that tenant's own environment."""

OTHERS = tuple(FROM_ENVIRONMENT.values())
"""Variables by which one environment configures one stack: in a fleet they would configure every tenant alike."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One Elium platform, and the people of one Entra tenant who are provisioned into it."""

    name: str
    """The stack's."""
    written: Mapping[str, Any]
    """The settings by name, with what the defaults say laid under; the token is named by where it lies."""
    labels: Mapping[str, str] = field(default_factory=dict)
    entra: Mapping[str, str] = field(default_factory=dict)
    """The identity for its Entra tenant where that is not the environment's, in the provider's words; secrets are named
    by where they lie."""

    @property
    def digest(self) -> str:
        """Tell two declarations apart, in one word. Labels choose tenants and change nothing, so they are not in it."""
        text = json.dumps([self.name, self.written, self.entra], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def settings(self, environment: Mapping[str, str]) -> Settings:
        """Read what it declares; of *environment*, see :meth:`environment`, the token is read and nothing else.

        :raises ConfigurationError: with every mistake.
        """
        written = {**self.written, "secretToken": IN_ENVIRONMENT}
        return Settings.parse(written, {TOKENS_VARIABLE: environment[TOKENS_VARIABLE]})

    def environment(self, here: Here) -> Mapping[str, str]:
        """Give the environment in which it is worked on: that of *here*, its own identity, and its token.

        :raises ConfigurationError: when a secret is not where it should lie.
        """
        identity = identity_of({**self.entra, **self._opened(here)}, _without(here.environment, *OTHERS))
        return {**identity, TOKENS_VARIABLE: self.token(here).reveal()}

    def token(self, here: Here) -> SecretToken:
        """Read its token.

        :raises ConfigurationError: when it is not where it should lie.
        """
        return TokenReference.parse(str(self.written.get("secretToken") or ""), written="secretToken").token(here)

    def _opened(self, here: Here) -> Mapping[str, str]:
        secret = {name: text for name, text in self.entra.items() if FIELDS[name].is_secret}
        references = {name: TokenReference.parse(text, written=f"entra.{name}") for name, text in secret.items()}
        return {name: reference.token(here).reveal() for name, reference in references.items()}

    def row(self) -> Iterator[tuple[str, Any]]:
        """Give it as the file has it, one name after the other."""
        yield "name", self.name
        yield from self.written.items()
        for name, table in (("labels", self.labels), ("entra", self.entra)):
            if table:
                yield name, dict(table)


def _without(environment: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}
