"""``$expand``: related objects shown inside an object, twenty at most (Learn: query-parameters#expand).

A relation may have options of its own: ``manager($levels=max;$select=id,displayName)``. Those that are read here are
``$select``, ``$filter``, ``$top`` and, of managers, ``$levels``; ``*`` stands for every relation of the type.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from emulator.company.entitlements import shown as shown_assignment
from emulator.company.numbers import whole_number
from emulator.company.refusal import Refusal
from emulator.company.shapes import SHAPES
from emulator.company.store import DirectoryObject, Kind
from emulator.graph import odata
from emulator.graph.declared import no_such_property
from emulator.graph.extensions import is_extension
from emulator.graph.membership import groups_above, members_below
from emulator.graph.showing import those_of, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emulator.company.store import Directory, JsonObject
    from emulator.graph.exchange import Call

Related = Callable[["Directory", str], "Sequence[DirectoryObject | JsonObject] | DirectoryObject | None"]

_MOST = 20
_EVERY_LEVEL = 1_000
_FAILED = "Parsing OData Select and Expand failed: "
_PART = re.compile(r"\s*(\*|[A-Za-z]\w*)\s*(\(.*\))?\s*", re.DOTALL)
_OPTION = re.compile(r"\s*\$?(\w+)\s*=\s*(.*?)\s*", re.DOTALL)
_OPTIONS = frozenset({"select", "filter", "top", "levels"})


def _assigned(directory: Directory, object_id: str) -> list[JsonObject]:
    return [shown_assignment(directory, each) for each in directory.assigned_to(object_id)]


def _held(directory: Directory, object_id: str) -> list[JsonObject]:
    return [shown_assignment(directory, each) for each in directory.assignments_of(object_id)]


_IN_GROUPS: dict[str, Related] = {
    "memberOf": lambda directory, object_id: directory.groups_of(object_id),
    "transitiveMemberOf": groups_above,
}
_RELATIONS: dict[Kind, dict[str, Related]] = {
    Kind.USER: {
        "manager": lambda directory, user_id: directory.manager_of(user_id),
        "directReports": lambda directory, user_id: directory.reports_of(user_id),
        **_IN_GROUPS,
        "appRoleAssignments": _held,
    },
    Kind.GROUP: {
        "members": lambda directory, group_id: directory.members_of(group_id),
        "transitiveMembers": members_below,
        "owners": lambda directory, group_id: directory.owners_of(group_id),
        **_IN_GROUPS,
        "appRoleAssignments": _held,
    },
    Kind.APPLICATION: {"owners": lambda directory, object_id: directory.owners_of(object_id)},
    Kind.SERVICE_PRINCIPAL: {
        "owners": lambda directory, object_id: directory.owners_of(object_id),
        **_IN_GROUPS,
        "appRoleAssignedTo": _assigned,
        "appRoleAssignments": _held,
    },
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One relation, and what is wanted of it."""

    name: str
    select: tuple[str, ...] = ()
    levels: int = 1
    top: int = _MOST
    filter: odata.Filter | None = None


def clauses_of(call: Call, kind: Kind) -> list[Clause]:
    """Read what ``$expand`` asks of a kind of object. :raises Refusal: 400 when it cannot be read or is not there."""
    found = []
    for clause in clauses_in(call.options.get("expand", "")):
        known = {name.casefold(): name for name in _RELATIONS[kind]}
        if clause.name == "*":
            found += [Clause(name, clause.select) for name in _RELATIONS[kind]]
        elif clause.name.casefold() not in known:
            raise no_such_property(clause.name, SHAPES[kind].type, _FAILED)
        elif clause.levels > 1 and clause.name.casefold() != "manager":
            raise Refusal(400, "BadRequest", f"{_FAILED}$levels is supported for the manager only.")
        else:
            found.append(replace(clause, name=known[clause.name.casefold()]))
    return found


def clauses_in(text: str) -> list[Clause]:
    """Read relations with their options. :raises Refusal: 400 when they cannot be read."""
    return [_clause(part, at) for at, part in _split(text, ",")] if text else []


def expanded(call: Call, thing: DirectoryObject, body: JsonObject) -> JsonObject:
    """Add what ``$expand`` asks for to what is shown. :raises Refusal: 400 when there is no such relation."""
    if "expand" not in call.options:
        return body
    for clause in clauses_of(call, thing.kind):
        body = {**body, clause.name: _shown(call, thing, clause)}
    return body


def _shown(call: Call, thing: DirectoryObject, clause: Clause) -> Any:  # noqa: ANN401 - one, many or nothing
    related = _RELATIONS[thing.kind][clause.name](call.directory, thing.id)
    if related is None:
        return None
    if isinstance(related, DirectoryObject):
        return _chain(call, related, clause, clause.levels)
    admitted = clause.filter.admits if clause.filter else lambda _: True
    kept = [each for each in related if admitted(each.properties if isinstance(each, DirectoryObject) else each)]
    return [_one(call, each, clause) for each in kept[: clause.top]]


def _chain(call: Call, manager: DirectoryObject, clause: Clause, left: int) -> JsonObject:
    """Show a manager, and whose managers above as many as ``$levels`` says (graph: user-list-manager)."""
    chain, seen = [manager], {manager.id}
    while len(chain) < left and (above := call.directory.manager_of(chain[-1].id)) and above.id not in seen:
        chain.append(above)
        seen.add(above.id)
    body: JsonObject = {}
    for each in reversed(chain):
        body = {**_one(call, each, clause), **({"manager": body} if body else {})}
    return body


def _one(call: Call, each: DirectoryObject | JsonObject, clause: Clause) -> JsonObject:
    if isinstance(each, DirectoryObject):
        return typed(each, call.version, _names_for(call, each, clause))
    return {name: value for name, value in each.items() if not clause.select or name in clause.select}


def _names_for(call: Call, each: DirectoryObject, clause: Clause) -> Sequence[str]:
    """Keep what this kind of object has: members may be users and groups. :raises Refusal: 400 for what none has."""
    every = {name.casefold() for shape in SHAPES.values() for name in shape.properties(call.version)}
    for name in clause.select:
        if name.casefold() not in every and not is_extension(name):
            raise no_such_property(name, SHAPES[each.kind].type, _FAILED)
    return those_of(SHAPES[each.kind], call.version, clause.select)


def _clause(part: str, at: int) -> Clause:
    found = _PART.fullmatch(part)
    if found is None:
        _fail(at)
    name, options = found[1], (found[2] or "")[1:-1]
    return _with_options(name, dict(_options_in(options, at))) if options.strip() else Clause(name)


def _options_in(text: str, at: int) -> Iterator[tuple[str, str]]:
    for _, option in _split(text, ";"):
        found = _OPTION.fullmatch(option)
        if found is None:
            _fail(at)
        name = found[1].lower()
        if name not in _OPTIONS:
            raise Refusal(400, "BadRequest", f"{_FAILED}The option '${name}' is not supported inside of $expand.")
        yield name, found[2]


def _with_options(name: str, options: dict[str, str]) -> Clause:
    top, levels = options.get("top", str(_MOST)), options.get("levels", "1")
    levels = str(_EVERY_LEVEL) if levels.lower() == "max" else levels
    number, deep = whole_number(top), whole_number(levels)
    if number is None or not deep:
        raise Refusal(400, "BadRequest", f"{_FAILED}$top and $levels are whole numbers, or max.")
    return Clause(
        name,
        select=tuple(word.strip() for word in options.get("select", "").split(",") if word.strip()),
        levels=min(deep, _EVERY_LEVEL),
        top=min(number, _MOST),
        filter=odata.parse(options["filter"]) if "filter" in options else None,
    )


def _split(text: str, mark: str) -> Iterator[tuple[int, str]]:
    """Cut a text at marks that stand in no bracket and no quotes, each part with its place."""
    depth, begin, quoted = 0, 0, False
    for at, letter in enumerate(text):
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            _fail(at)
        if letter == mark and depth == 0 and not quoted:
            yield begin, text[begin:at]
            begin = at + 1
    if depth or quoted:
        _fail(len(text))
    yield begin, text[begin:]


def _fail(at: int) -> NoReturn:
    raise Refusal(400, "BadRequest", f"{_FAILED}Syntax error at position {at}.")
