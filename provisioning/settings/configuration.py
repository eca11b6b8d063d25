"""A stack's whole configuration: what is ours in it, what was meant to be, and whether the token is kept secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from provisioning.apps import ELIUM
from provisioning.errors import ConfigurationError
from provisioning.model.credentials import secret_token_of
from provisioning.model.token_source import TokenSource
from provisioning.settings.other_words import folded, nearest
from provisioning.settings.stack import NAMESPACE, PLACE, Settings

TOKEN = f"{PLACE}secretToken"

_OTHER_MARK = re.compile(rf"{NAMESPACE}[^a-z0-9]", re.IGNORECASE)
"""Our prefix with another mark than a colon: ``elium.groups``, which Pulumi takes for a name in the project's own."""

_ALIKE = 0.7
"""How much of a namespace must be ours to be taken for a slip: ``elim`` and ``Elium``, not ``azuread``."""


@dataclass(frozen=True, slots=True)
class StackConfiguration:
    """What Pulumi hands to a program."""

    values: Mapping[str, Any]
    """By whole key, such as ``elium:tenantUrl``; structured values as JSON texts."""
    secret: Collection[str]
    """The keys whose values are kept encrypted."""
    project: str
    """The name of the project, in whose namespace a key without one lies."""

    def of(self, namespace: str) -> dict[str, Any]:
        """Give the values of a namespace, by name without it."""
        mark = f"{namespace}:"
        return {key.removeprefix(mark): value for key, value in self.values.items() if key.startswith(mark)}


def settings_in(
    stack: StackConfiguration,
    environment: Mapping[str, str],
    *,
    others: Collection[str] = (),
) -> Settings:
    """Read every ``elium:`` setting of a stack. *others* are names in the project's namespace that are not ours.

    :raises ConfigurationError: with every mistake and its place.
    """
    mistakes = [*_strays(stack, others), *_plain_token(stack)]
    try:
        settings = Settings.parse(stack.of(NAMESPACE), environment)
    except ConfigurationError as error:
        raise ConfigurationError([*mistakes, *error.reasons]) from None
    if mistakes:
        raise ConfigurationError(mistakes)
    return settings


def _strays(stack: StackConfiguration, others: Collection[str]) -> Iterator[str]:
    """Tell of keys that were meant to be ours, and would be ignored."""
    names = [field.alias or name for name, field in Settings.model_fields.items()]
    for key in stack.values:
        namespace, _, written = key.partition(":")
        name = written[len(PLACE) :] if _OTHER_MARK.match(written) else written
        meant = nearest(name, names)
        is_the_projects = namespace == stack.project != NAMESPACE and written not in others
        if is_the_projects and meant and folded(meant) == folded(name):
            yield f"{key}: is the project's own, since it has no {PLACE} before it. Write {PLACE}{meant}."
        elif is_the_projects and name == NAMESPACE:
            yield f"{key}: is a table of the project's own. Write each line of it by itself, with {PLACE} before it."
        elif namespace not in {stack.project, NAMESPACE} and meant and _resembles_ours(namespace, stack.project):
            yield f"{key}: there are no settings under {namespace}:; did you mean {PLACE}{meant}."


def _resembles_ours(namespace: str, project: str) -> bool:
    is_a_slip = bool(get_close_matches(namespace.lower(), [NAMESPACE], cutoff=_ALIKE))
    return is_a_slip or folded(namespace) == folded(project)


def _plain_token(stack: StackConfiguration) -> Iterator[str]:
    """Refuse a token that anybody can read who has the stack's file, or the backend's history of it."""
    written = stack.values.get(TOKEN)
    if TOKEN not in stack.secret and isinstance(written, str) and _is_token(written):
        yield (
            f"{TOKEN}: stands as plain text in the stack's file, and so in its history at the backend. Replace this "
            f"token at {ELIUM.name}, then run `pulumi config set --secret {TOKEN}` and give it the new one."
        )


def _is_token(written: str) -> bool:
    try:
        return TokenSource.parse(written) is None and bool(secret_token_of(written))
    except ConfigurationError:
        return False
