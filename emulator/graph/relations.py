"""Lists of related objects, whole, counted, or of one type only: ``/users/{id}/memberOf/microsoft.graph.group/$count``.

Casts need the header and ``$count`` as advanced queries do only when they filter (graph: user-list-memberof).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.company.store import Directory, DirectoryObject, Kind
from emulator.graph import collections
from emulator.graph.access import unreadable
from emulator.graph.routing import Handler, Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.graph.access import Access
    from emulator.graph.exchange import Answer, Call

Read = Callable[[Directory, str], list[DirectoryObject]]
Find = Callable[["Call"], DirectoryObject]


@dataclass(frozen=True, slots=True)
class Relation:
    """One navigation property that leads to several objects."""

    path: str
    """Such as ``/users/{id}/memberOf``."""
    find: Find
    """Finds the object at its beginning."""
    read: Read
    access: Access
    summary: str
    casts: tuple[Kind, ...] = ()
    """The types that it can be narrowed to."""
    cost: int = 1

    def routes(self) -> Iterator[Route]:
        """List its routes: whole and counted, then the same of each type."""
        yield Route("GET", self.path, self._lists(None), self.access, self.summary, cost=self.cost)
        yield Route("GET", f"{self.path}/$count", self._counts(None), self.access, f"{self.summary}, counted")
        for kind in self.casts:
            at, what = f"{self.path}/microsoft.graph.{kind.value}", f"{self.summary}, {kind.value}s only"
            yield Route("GET", at, self._lists(kind), self.access, what, cost=self.cost)
            yield Route("GET", f"{at}/$count", self._counts(kind), self.access, f"{what}, counted")

    def _lists(self, kind: Kind | None) -> Handler:
        return lambda call: self._answer(call, kind, total=False)

    def _counts(self, kind: Kind | None) -> Handler:
        return lambda call: self._answer(call, kind, total=True)

    def _answer(self, call: Call, kind: Kind | None, *, total: bool) -> Answer:
        found = self.read(call.directory, self.find(call).id)
        dim = unreadable(call)
        if kind is None:
            return collections.mixed_objects(call, found, total=total, dim=dim)
        of_one = [each for each in found if each.kind is kind]
        return collections.directory_objects(call, of_one, kind, total=total, dim=dim)
