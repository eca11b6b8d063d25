"""What the look-ups have in common: one key among several, a filter around it, an id made of what was found."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from emulator.azuread.faults import PluginError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azuread.values import Values


def the_one_of(arguments: Values, names: Iterable[str]) -> str:
    """Tell which of *names* is given. :raises PluginError: unless it is exactly one, as Terraform's schema demands."""
    allowed = list(names)
    given = [name for name in allowed if name in arguments]
    choice = f"`{','.join(sorted(map(_snake, allowed)))}`"
    if not given:
        raise PluginError(f"Invalid combination of arguments: one of {choice} must be specified")
    if len(given) > 1:
        both = f"`{','.join(sorted(map(_snake, given)))}`"
        raise PluginError(
            f"Invalid combination of arguments: only one of {choice} can be specified, but {both} were specified."
        )
    return given[0]


def equals(name: str, value: str) -> str:
    """Write an OData filter, with apostrophes doubled."""
    return equals_unescaped(name, value.replace("'", "''"))


def equals_unescaped(name: str, value: str) -> str:
    """Write an OData filter as the official plugin does where it forgets to double apostrophes."""
    return f"{name} eq '{value}'"


def is_set(name: str, value: object) -> str:
    """Write an OData filter on a flag."""
    return f"{name} eq {'true' if value else 'false'}"


def single(found: list[Values], none: str, many: str) -> Values:
    """Give the only one. :raises PluginError: with the words for none or for many."""
    if not found:
        raise PluginError(none)
    if len(found) > 1:
        raise PluginError(many)
    return found[0]


def no_matches(kind: str, where: str) -> tuple[str, str]:
    """Say that a filter matched none, and that it matched many, of applications and the like."""
    plural = f"{kind}s"
    return (
        f"{kind.capitalize()} not found: no {plural} found matching filter: {quoted(where)}",
        f"Multiple {plural} found: found multiple {plural} matching filter: {quoted(where)}",
    )


def digest(names: Iterable[str], separator: str) -> str:
    """Make the id of a list from the names in it, as the official plugin does."""
    return base64.urlsafe_b64encode(
        hashlib.sha1(separator.join(names).encode(), usedforsecurity=False).digest()
    ).decode()


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
