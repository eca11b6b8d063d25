"""Whether what was declared can be meant at all. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emulator.azuread.faults import quoted
from emulator.azuread.identifiers import is_uuid
from emulator.azuread.properties import Kind, Role
from emulator.azuread.values import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emulator.azuread.properties import Property
    from emulator.azuread.values import Values


class Objection(NamedTuple):
    """What is wrong with one property."""

    name: str
    reason: str


def with_defaults(table: Iterable[Property], inputs: Values) -> Values:
    """Switch on the flags that are on when nothing is said of them."""
    return {row.name: row.default for row in table if row.default} | inputs


def objections_to(table: Sequence[Property], inputs: Values) -> Iterator[Objection]:
    """Yield everything that is wrong with properties taken one by one."""
    known = {row.name: row for row in table if row.is_input}
    for row in known.values():
        if row.role is Role.REQUIRED and inputs.get(row.name) in {None, ""}:
            yield Objection(row.name, f"Missing required property '{row.name}'")
    for name, value in inputs.items():
        if name.startswith("__") or is_unknown(value):
            continue
        if name not in known:
            yield Objection(name, f"Invalid or unknown key {quoted(name)}")
        elif reason := _reason_against(known[name], value):
            yield Objection(name, reason)


def _reason_against(row: Property, value: object) -> str:
    if not _fits(row.kind, value):
        return f"expected {quoted(row.name)} to be of type {row.kind.value}, got {quoted(str(value))}"
    for text in _texts_of(value):
        if row.is_id and not is_uuid(text):
            return f"expected {quoted(row.name)} to be a valid UUID, got {text}"
        if row.choices and text and text not in row.choices:
            allowed = " ".join(map(quoted, row.choices))
            return f"expected {row.name} to be one of [{allowed}], got {text}"
    return ""


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.BLOCK:
            return isinstance(value, dict)
        case Kind.LIST | Kind.SET:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
