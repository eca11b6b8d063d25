"""The properties of a resource, each a line in a table: what it is called, where it comes from, how it behaves.

The tables decide what ``check`` accepts, what a diff sees, what replaces a resource, and what the state shows. The
behaviour is that of the official provider's schemas (terraform-provider-azuread: internal/services/*_resource.go) and
the names are those of the ``pulumi_azuread`` wheel.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.azuread.values import Values


class Kind(Enum):
    """What values a property takes."""

    TEXT = "string"
    FLAG = "boolean"
    LIST = "list"
    """Texts in an order that matters."""
    SET = "set"
    """Texts whose order does not matter."""
    BLOCK = "object"


class Role(Enum):
    """Who decides about a property."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    """The declaration alone: left out means empty, or its default."""
    ADOPTED = "adopted"
    """The declaration, and where it says nothing Graph (Terraform: optional and computed)."""
    OUTPUT = "output"
    """Graph alone."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a resource."""

    name: str
    """At Pulumi, such as ``displayName``."""
    role: Role = Role.OPTIONAL
    kind: Kind = Kind.TEXT
    graph: str = ""
    """At Graph, such as ``employeeOrgData.costCenter``; empty when it is put together from more than one value."""
    replaces: bool = False
    """Whether a change makes a new resource (Terraform: ForceNew)."""
    default: bool = False
    """What a flag is when it is not declared."""
    secret: bool = False
    choices: tuple[str, ...] = ()
    """The values that a text, or each text of a set, may have; empty when they are not limited."""
    is_id: bool = False
    """Whether a text, or each text of a set, is an object id."""

    @property
    def zero(self) -> object:
        """The value that means nothing was said."""
        return _ZERO[self.kind]

    @property
    def is_input(self) -> bool:
        """Whether it can be declared."""
        return self.role is not Role.OUTPUT


_ZERO = {Kind.TEXT: "", Kind.FLAG: False, Kind.LIST: [], Kind.SET: [], Kind.BLOCK: None}


def required(name: str, *, graph: str = "", replaces: bool = False, is_id: bool = False) -> Property:
    """Describe a text that must be declared."""
    return Property(name, Role.REQUIRED, graph=graph or name, replaces=replaces, is_id=is_id)


def texts(names: str, role: Role = Role.OPTIONAL) -> list[Property]:
    """Describe texts that Graph calls as Pulumi does, or ``pulumi=graph`` where it does not."""
    pairs = [name.partition("=") for name in names.split()]
    return [Property(name, role, graph=graph or name) for name, _, graph in pairs]


def shown(table: Iterable[Property], body: Values) -> Values:
    """Put together the state that Graph's answer means; what Graph does not say is zero."""
    state: Values = {}
    for row in table:
        if row.graph:
            found = _at(body, row.graph)
            state[row.name] = row.zero if found is None else found
    return state


def declared(table: Iterable[Property], state: Values) -> Values:
    """Put together the inputs that an imported resource must have been declared with."""
    return {
        row.name: state[row.name]
        for row in table
        if row.is_input and row.name in state and (row.role is Role.REQUIRED or state[row.name] != _unsaid(row))
    }


def _unsaid(row: Property) -> object:
    return row.default if row.kind is Kind.FLAG else row.zero


def _at(body: Values, path: str) -> object:
    value: object = body
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
