"""The values of people's source attributes, read from a user as Graph shows it.

Everything is a text or a list of texts to the provisioning service, ``True`` and ``False`` too; an empty text and an
empty list are nothing (Learn: customize-application-attributes; graph: user). Which attribute is which property stands
in :mod:`provisioning.model.sources`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from provisioning.language import Value
from provisioning.model.person import GUEST
from provisioning.model.sources import ON_PREMISES, source_attribute

_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""What can be the name of a property: an attribute of a tenant's own list that nobody here knows may be one."""


def properties_for(attributes: Iterable[str]) -> set[str]:
    """List the properties of Graph's user that hold the *attributes*, or may hold them."""
    return {name for name in map(_property_for, attributes) if name}


def unknown_among(attributes: Iterable[str]) -> frozenset[str]:
    """List the *attributes* that no tenant has from the start, and that Graph may know all the same."""
    return frozenset(name for name in attributes if source_attribute(name) is None and _PROPERTY.fullmatch(name))


def unreadable_among(attributes: Iterable[str]) -> Iterator[str]:
    """List the *attributes* that no property of Graph's user can hold, such as ``manager``, which is a reference."""
    return (name for name in attributes if not _property_for(name) and not _is_computed(name))


def value_of(node: Mapping[str, Any], name: str) -> Value:
    """Read an attribute from a user as Graph shows it."""
    if name in _SPECIAL:
        return _SPECIAL[name](node)
    place = _property_for(name)
    return _text((node.get(ON_PREMISES) or {}).get(name) if place == ON_PREMISES else node.get(place))


def _property_for(name: str) -> str:
    known = source_attribute(name)
    if known is not None:
        return known.property
    return name if _PROPERTY.fullmatch(name) else ""


def _is_computed(name: str) -> bool:
    known = source_attribute(name)
    return known is not None and known.is_computed


def _text(value: object) -> Value:
    match value:
        case None:
            return None
        case str():
            return value or None
        case bool():
            return "True" if value else "False"
        case list():
            return [str(item) for item in value] or None
        case _:
            return str(value)


def _user_principal_name(node: Mapping[str, Any]) -> Value:
    """Give a guest's name as it flows: ``ada@fabrikam.com``, which Graph holds as ``ada_fabrikam.com#EXT#@…``.

    Learn: how-provisioning-works#b2b-guest-users.
    """
    whole = node.get("userPrincipalName")
    local, mark, _ = str(whole or "").partition(GUEST)
    return "@".join(local.rsplit("_", 1)) if mark else _text(whole)


def _first_phone(node: Mapping[str, Any]) -> Value:
    return _text(next(iter(node.get("businessPhones") or ()), None))


_SPECIAL: Mapping[str, Callable[[Mapping[str, Any]], Value]] = {
    "userPrincipalName": _user_principal_name,
    "telephoneNumber": _first_phone,
}
"""Those that are more than a property under another name."""
