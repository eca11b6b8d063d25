"""What every kind of resource can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from emulator.azuread.properties import declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emulator.azuread.checks import Objection
    from emulator.azuread.graph import Graph
    from emulator.azuread.properties import Property
    from emulator.azuread.values import Values


class Resource(ABC):
    """One kind of resource: its properties, and the requests that make, read, change and remove one."""

    table: ClassVar[Sequence[Property]]
    """Every property, inputs and outputs."""

    def objections(self, inputs: Values) -> Iterator[Objection]:  # noqa: ARG002 - most kinds have none
        """Yield what is wrong with properties taken together; *inputs* has no unknown ones."""
        yield from ()

    def declaration_of(self, state: Values) -> Values:
        """Put together the inputs that an imported resource must have been declared with."""
        return declared(self.table, state)

    @abstractmethod
    async def create(self, graph: Graph, inputs: Values) -> str:
        """Make one, and give its id as soon as it exists."""

    async def complete(self, graph: Graph, identifier: str, inputs: Values) -> None:  # noqa: B027 - most kinds are complete
        """Do what remains once it exists."""

    @abstractmethod
    async def read(self, graph: Graph, identifier: str) -> Values | None:
        """Give its state, or ``None`` when it does not exist."""

    @abstractmethod
    async def update(self, graph: Graph, identifier: str, before: Values, after: Values) -> None:
        """Change it from the state *before* to the inputs *after*."""

    @abstractmethod
    async def delete(self, graph: Graph, identifier: str) -> None:
        """Remove it."""
