"""Target attributes: ``name.givenName``, ``emails[type eq "work"].value``, ``urn:…:User:department``.

A :class:`TargetPath` knows how to find its value in what the target answered, and how to put a value into a body that
is being composed (Learn: use-scim-to-provision-users-and-groups; customize-application-attributes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_URN = re.compile(r"(?P<urn>urn:.+:[^:]+):(?P<rest>[^:]+)\Z", re.IGNORECASE)
_FILTERED = re.compile(r'(?P<list>\w+)\[(?P<key>\w+) eq "(?P<value>[^"]*)"\](?:\.(?P<sub>\w+))?\Z', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TargetPath:
    """Where a value lives in a SCIM resource."""

    text: str
    """As the schema writes it."""
    steps: tuple[str, ...]
    """The keys on the way: an extension's URN, an attribute, a sub-attribute."""
    where: tuple[str, str] | None = None
    """In a list of complex values, which one: ``("type", "work")``; the last step is then inside it."""

    @classmethod
    def parse(cls, text: str) -> TargetPath:
        """Understand a target attribute name."""
        return _parsed(text)

    @property
    def is_simple(self) -> bool:
        """Whether it names a place without a filter."""
        return self.where is None

    def find(self, resource: JsonObject) -> Any:  # noqa: ANN401 - a SCIM resource is JSON
        """Look up the value in what the target answered; ``None`` when it is not there."""
        place: Any = resource
        *way, last = self.steps
        for step in way:
            place = _member(place, step)
        if self.where is not None:
            place = _element(place, self.where)
        return _member(place, last) if last else place

    def put(self, resource: JsonObject, value: object, *, primary: bool = False) -> None:
        """Set the value in a body that is being composed."""
        place: Any = resource
        *way, last = self.steps
        for step in way[:-1] if self.where else way:
            place = place.setdefault(step, {})
        if self.where:
            place = _element_made(place.setdefault(way[-1], []), self.where, primary=primary)
        place[last or "value"] = value


@cache
def _parsed(text: str) -> TargetPath:
    urn = _URN.fullmatch(text)
    prefix, rest = ((urn["urn"],), urn["rest"]) if urn else ((), text)
    if prefix == (CORE_USER,):
        prefix = ()
    filtered = _FILTERED.fullmatch(rest)
    if filtered:
        return TargetPath(
            text, (*prefix, filtered["list"], filtered["sub"] or ""), (filtered["key"], filtered["value"])
        )
    return TargetPath(text, (*prefix, *rest.split(".")))


def _member(place: object, name: str) -> Any:  # noqa: ANN401 - a SCIM resource is JSON
    if not isinstance(place, dict):
        return None
    if name in place:
        return place[name]
    folded = name.casefold()
    return next((value for key, value in place.items() if key.casefold() == folded), None)


def _element(place: object, where: tuple[str, str]) -> Any:  # noqa: ANN401 - a SCIM resource is JSON
    key, wanted = where
    if not isinstance(place, list):
        return None
    return next((item for item in place if str(_member(item, key)).casefold() == wanted.casefold()), None)


def _element_made(place: list[Any], where: tuple[str, str], *, primary: bool) -> JsonObject:
    found = _element(place, where)
    if isinstance(found, dict):
        return found
    key, wanted = where
    made: JsonObject = {key: wanted if key != "primary" else wanted.casefold() == "true"}
    if primary:
        made["primary"] = True
    place.append(made)
    return made
