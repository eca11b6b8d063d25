"""``$expand``: related objects shown inside an object, twenty at most (Learn: query-parameters#expand)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emulator.graph.shapes import SHAPES, typed
from emulator.refusal import Refusal
from emulator.store import Kind

if TYPE_CHECKING:
    from emulator.graph.exchange import Call
    from emulator.store import Directory, DirectoryObject, JsonObject

Related = Callable[["Directory", str], "list[DirectoryObject] | DirectoryObject | None"]

_MOST = 20
_CLAUSE = re.compile(r"(\w+)(?:\(\$select=([^)]*)\))?(?:,|$)")

_RELATIONS: dict[Kind, dict[str, Related]] = {
    Kind.USER: {
        "manager": lambda directory, user_id: directory.manager_of(user_id),
        "memberOf": lambda directory, user_id: directory.groups_of(user_id),
    },
    Kind.GROUP: {
        "members": lambda directory, group_id: directory.members_of(group_id),
        "owners": lambda directory, group_id: directory.owners_of(group_id),
        "memberOf": lambda directory, group_id: directory.groups_of(group_id),
    },
    Kind.APPLICATION: {"owners": lambda directory, object_id: directory.owners_of(object_id)},
    Kind.SERVICE_PRINCIPAL: {
        "owners": lambda directory, object_id: directory.owners_of(object_id),
        "memberOf": lambda directory, object_id: directory.groups_of(object_id),
    },
}


def expanded(call: Call, thing: DirectoryObject, body: JsonObject) -> JsonObject:
    """Add what ``$expand`` asks for to what is shown. :raises Refusal: 400 when there is no such relation."""
    text = call.options.get("expand")
    if not text:
        return body
    for name, select in _clauses_in(text):
        read = _RELATIONS[thing.kind].get(name)
        if read is None:
            of = SHAPES[thing.kind].type
            raise Refusal(
                400, "BadRequest", f"Could not find a property named '{name}' on type 'microsoft.graph.{of}'."
            )
        body = {**body, name: _shown(call, read(call.directory, thing.id), select)}
    return body


def _clauses_in(text: str) -> list[tuple[str, list[str]]]:
    """Read relations, each with what is selected of it. :raises Refusal: 400 when they cannot be read."""
    found, at = [], 0
    while at < len(text):
        clause = _CLAUSE.match(text, at)
        if clause is None or clause.end() == at:
            raise Refusal(400, "BadRequest", f"Parsing OData Select and Expand failed: Syntax error at position {at}.")
        found.append((clause[1], [name for name in (clause[2] or "").split(",") if name]))
        at = clause.end()
    return found


def _shown(call: Call, related: list[DirectoryObject] | DirectoryObject | None, select: list[str]) -> Any:  # noqa: ANN401 - one, many or nothing
    if related is None:
        return None
    if isinstance(related, list):
        return [typed(each, call.version, select) for each in related[:_MOST]]
    return typed(related, call.version, select)
