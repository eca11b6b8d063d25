"""Structured settings, which Pulumi hands over as JSON texts: every mistake in them is told with its setting."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from provisioning.errors import ConfigurationError
from provisioning.settings.mistakes import TOO_DEEP


def structured(written: Mapping[str, Any], texts: Collection[str], *, place: str) -> tuple[dict[str, Any], list[str]]:
    """Read the JSON texts among the settings, but for *texts*, which stay as they are; and give the mistakes.

    A setting with a mistake is left out, so that nothing else is said of it.
    """
    read: dict[str, Any] = {}
    mistakes: list[str] = []
    for name, value in written.items():
        try:
            read[name] = value if name in texts else _from_json(value)
        except ConfigurationError as error:
            mistakes += [f"{place}{name}: {error.message} {error.hint}".rstrip()]
    return read, mistakes


def _from_json(value: object) -> object:
    if not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    try:
        return json.loads(value, object_pairs_hook=_table, parse_constant=_no_number)
    except RecursionError:
        raise ConfigurationError(TOO_DEEP) from None
    except ValueError:
        # It may be a name that begins with a bracket; if it is not, what it should be is told.
        return value


def _table(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice, of which JSON would keep the last."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"{', '.join(twice)} stands more than once in one table.", hint="Keep one of them.")
    return dict(pairs)


def _no_number(name: str) -> NoReturn:
    raise ConfigurationError(f"{name} is not a number.")
