"""A route is a row: method, path, who may, what happens. The same rows dispatch, document and are counted.

Segments are compared without regard to case, as Graph does. ``name(key='value')`` reads as ``name/key='value'``, and
the brackets of a function such as ``filterOperators()`` may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from emulator.company.refusal import Refusal
from emulator.graph.access import ANY_TOKEN, Access
from emulator.graph.exchange import Answer, Call

Handler = Callable[[Call], Answer | Awaitable[Answer]]

_KEYED = re.compile(r"^([A-Za-z]+)\((.*)\)$")


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    method: str
    path: str
    """With names in braces, such as ``/users/{id}``."""
    handler: Handler
    access: Access = ANY_TOKEN
    summary: str = ""
    """What it does, in a few words, for the reference."""
    versions: tuple[str, ...] = ("v1.0", "beta")
    absent: bool = False
    """Whether it is here only to say that it is not served."""
    any_media: bool = False
    """Whether the body may be something else than JSON, such as a picture."""
    cost: int = 1
    """Resource units (Learn: throttling-limits#identity-and-access-service-limits)."""

    @property
    def is_metered(self) -> bool:
        """Whether the quotas count it: synchronization is not among the limited resources."""
        return "/synchronization" not in self.path

    @property
    def name(self) -> str:
        """What documents and tests call it, such as ``GET /users/{id}``."""
        return f"{self.method} {self.path}"


class Match(NamedTuple):
    """A route that was found, and what stood in its braces."""

    route: Route
    ids: Mapping[str, str]


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    any_child: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._roots: dict[str, _Node] = {"v1.0": _Node(), "beta": _Node()}
        for route in self.routes:
            for version in route.versions:
                self._add(self._roots[version], route)

    def find(self, version: str, method: str, path: str) -> Match:
        """Look up a route. :raises Refusal: 404 when the path is unknown, 405 when only its verb is."""
        segments = segments_of(path)
        values: list[str] = []
        node = _walk(self._roots[version], segments, 0, values)
        if node is None:
            raise _no_such_segment(segments)
        route = node.routes.get(method) or next((each for each in node.routes.values() if each.absent), None)
        if route is None:
            raise Refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
        return Match(route, dict(zip(_names_in(route.path), values, strict=True)))

    def _add(self, node: _Node, route: Route) -> None:
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{"):
                node.any_child = node.any_child or _Node()
                node = node.any_child
            else:
                node = node.children.setdefault(segment.lower(), _Node())
        if route.method in node.routes:
            raise ValueError(f"{route.name} is in the table twice.")
        node.routes[route.method] = route


def segments_of(path: str) -> list[str]:
    """Split a path and write keys in brackets as segments of their own."""
    found: list[str] = []
    for segment in path.strip("/").split("/"):
        keyed = _KEYED.match(segment) if segment.endswith(")") else None
        if keyed is None:
            found.append(segment)
        elif keyed[2]:
            found += [keyed[1], keyed[2].strip("'") if "=" not in keyed[2] else keyed[2]]
        else:
            found.append(keyed[1])
    return found


_NAMES: dict[str, tuple[str, ...]] = {}


def _names_in(path: str) -> tuple[str, ...]:
    names = _NAMES.get(path)
    if names is None:
        names = _NAMES[path] = tuple(re.findall(r"\{(\w+)\}", path))
    return names


def _walk(node: _Node, segments: list[str], at: int, values: list[str]) -> _Node | None:
    """Follow segments, words before braces; *values* collects what stood in braces."""
    if at == len(segments):
        return node if node.routes else None
    child = node.children.get(segments[at].lower())
    if child is not None:
        found = _walk(child, segments, at + 1, values)
        if found is not None:
            return found
    if node.any_child is None or not segments[at]:
        return None
    depth = len(values)
    values.append(segments[at])
    found = _walk(node.any_child, segments, at + 1, values)
    if found is None:
        del values[depth:]
    return found


def _no_such_segment(segments: list[str]) -> Refusal:
    return Refusal(404, "ResourceNotFound", f"Resource not found for the segment '{segments[-1]}'.")
