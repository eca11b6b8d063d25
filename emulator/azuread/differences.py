"""What an update would change, and whether it needs a new resource. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.provider.experimental.provider import PropertyDiff, PropertyDiffKind

from emulator.azuread.properties import Kind, Role
from emulator.azuread.values import is_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from emulator.azuread.properties import Property
    from emulator.azuread.values import Values

REPLACING = {
    PropertyDiffKind.ADD: PropertyDiffKind.ADD_REPLACE,
    PropertyDiffKind.DELETE: PropertyDiffKind.DELETE_REPLACE,
    PropertyDiffKind.UPDATE: PropertyDiffKind.UPDATE_REPLACE,
}


def differences(
    table: Iterable[Property], state: Values, inputs: Values, ignored: Collection[str] = ()
) -> dict[str, PropertyDiff]:
    """Compare what is with what is declared, property by property.

    What is not declared counts as empty, except where Graph may decide: there it counts as what Graph decided.
    """
    changes: dict[str, PropertyDiff] = {}
    for row in table:
        if not row.is_input or row.name in ignored:
            continue
        kind = _change(row, state.get(row.name, row.zero), inputs.get(row.name))
        if kind is not None:
            changes[row.name] = PropertyDiff(REPLACING[kind] if row.replaces else kind, input_diff=False)
    return changes


def _change(row: Property, before: object, after: object) -> PropertyDiffKind | None:
    if after is None:
        if row.role is Role.ADOPTED or before == row.zero:
            return None
        return PropertyDiffKind.DELETE
    if not is_unknown(after) and _comparable(row, before) == _comparable(row, after):
        return None
    return PropertyDiffKind.ADD if before == row.zero else PropertyDiffKind.UPDATE


def _comparable(row: Property, value: object) -> object:
    return sorted(value) if row.kind is Kind.SET and isinstance(value, list) else value
