"""How Graph answers with many objects: filter, order, count, pages.

Learn: query-parameters, aad-advanced-queries, paging.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from emulator.company import values
from emulator.company.numbers import whole_number
from emulator.company.refusal import Refusal
from emulator.company.shapes import SHAPES
from emulator.company.store import Kind
from emulator.engine.reports import Log
from emulator.graph import extensions, odata, search
from emulator.graph.declared import no_such_property
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.expand import clauses_in, clauses_of, expanded
from emulator.graph.showing import shown, those_of, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from emulator.company.shapes import Shape
    from emulator.company.store import DirectoryObject, JsonObject
    from emulator.graph.declared import Declared

LARGEST_PAGE = 999

_ADVANCED = frozenset({"ne", "not", "endswith", "$count"})


@dataclass(frozen=True, slots=True)
class Columns:
    """How members of a collection are read and shown."""

    view: Callable[[Any, Sequence[str]], JsonObject]
    """Shows one, with the selected properties."""
    full: Callable[[Any], Mapping[str, Any]]
    """Gives everything that may be filtered and ordered by."""
    check_select: Callable[[str], None]
    """Refuses a property that cannot be selected; a list without objects would not notice."""
    check_filter: Callable[[str], None]
    """Refuses a path that cannot be filtered by."""
    check_order: Callable[[str], None]
    """Refuses a path that cannot be ordered by."""
    check_search: Callable[[str], None]
    """Refuses a property that cannot be searched in."""
    check_use: Callable[[odata.Use], None] = lambda _: None
    """Refuses what cannot be done with the type of a path."""
    case_sensitive: bool = False
    advanced: bool = True
    """Whether the rules for advanced queries on directory objects apply."""


def answer(call: Call, objects: Iterable[Any], columns: Columns, of: str) -> Answer:
    """Answer with the objects that the query options leave, one page at a time."""
    found = _searched(call, filtered(call, objects, columns), columns)
    found = _ordered(call, found, columns)
    select = selected(call)
    for name in select:
        columns.check_select(name)
    start, size = _page_of(call)
    page = [columns.view(each, select) for each in found[start : start + size]]
    body: JsonObject = {"@odata.context": context(call, of if not select else f"{of}({','.join(select)})")}
    is_first = "skiptoken" not in call.options
    if call.options.get("count") == "true" and (call.is_eventual or not columns.advanced) and is_first:
        body["@odata.count"] = len(found)
    if start + size < len(found):
        body["@odata.nextLink"] = _next_link(call, start + size)
    body["value"] = page
    return Answer(200, body)


def count(call: Call, objects: Iterable[Any], columns: Columns) -> Answer:
    """Answer a ``/$count``, which needs ``ConsistencyLevel: eventual`` on directory objects."""
    if columns.advanced and not call.is_eventual:
        raise Refusal(400, "Request_BadRequest", "$count is not currently supported.")
    number = len(_searched(call, filtered(call, objects, columns), columns))
    return Answer(200, str(number).encode(), {"content-type": "text/plain"})


def filtered(call: Call, objects: Iterable[Any], columns: Columns) -> Sequence[Any]:
    """Keep what ``$filter`` admits. :raises Refusal: 400 when it is malformed or not supported."""
    objects = call.entra.replication.listed(objects, lambda each: str(columns.full(each).get("id")))
    text = call.options.get("filter")
    if not text:
        # A long log stays packed, except for the page that is asked for.
        return objects if isinstance(objects, Sequence) else list(objects)
    condition = odata.parse(text, case_sensitive=columns.case_sensitive)
    for path in sorted(condition.paths):
        columns.check_filter(path)
    for use in sorted(condition.uses):
        columns.check_use(use)
    if columns.advanced:
        _check_advanced(call, condition)
    admits, full = condition.admits, columns.full
    return [each for each in objects if admits(full(each))]


def selected(call: Call, *shapes: Shape) -> list[str]:
    """List what ``$select`` names. :raises Refusal: 400 when it is an extension that none of *shapes* has."""
    names = [name.strip() for name in call.options.get("select", "").split(",") if name.strip()]
    if "*" in names:
        # Everything that is shown by itself (OData 4.01 part 2, 5.1.3).
        return []
    kinds = [shape.kind for shape in shapes or SHAPES.values()]
    extensions.check_known(names, call.directory, kinds, shapes[0].type if shapes else "directoryObject")
    return names


def directory_objects(
    call: Call,
    objects: Iterable[DirectoryObject],
    kind: Kind,
    of: str | None = None,
    *,
    total: bool = False,
    dim: Collection[Kind] = (),
) -> Answer:
    """Answer with objects of one kind; *total* answers with their number only, *dim* kinds are shown by id alone."""
    columns = _columns_of(SHAPES[kind], call)
    if kind in dim:
        columns = _dimmed(columns, dim)
    return count(call, objects, columns) if total else answer(call, objects, columns, of or SHAPES[kind].collection)


def mixed_objects(
    call: Call,
    objects: Iterable[DirectoryObject],
    *,
    of: str = "directoryObjects",
    total: bool = False,
    dim: Collection[Kind] = (),
) -> Answer:
    """Answer with objects of several kinds, each with its ``@odata.type``; *dim* kinds are shown by it and id alone."""

    def view(each: DirectoryObject, select: Sequence[str]) -> JsonObject:
        return typed(each, call.version, those_of(SHAPES[each.kind], call.version, select))

    kinds = [SHAPES[kind].kind for kind in Kind]
    known = {name for kind in kinds for name in SHAPES[kind].properties(call.version)}
    known |= {name for kind in kinds for name in extensions.extensions_of(call.directory, kind)}
    columns = Columns(
        view=view,
        full=lambda each: {**SHAPES[each.kind].properties(call.version), **each.properties},
        check_select=lambda path: _known("directoryObject", known, path, _SELECT),
        check_filter=lambda path: _known("directoryObject", known, path, _FILTER),
        check_order=lambda path: _known("directoryObject", known, path, _ORDER),
        check_search=lambda path: _known("directoryObject", known, path, _SEARCH),
    )
    if dim:
        columns = _dimmed(columns, dim)
    return count(call, objects, columns) if total else answer(call, objects, columns, of)


def _dimmed(columns: Columns, kinds: Collection[Kind]) -> Columns:
    """Show null for everything but type and id of some *kinds*, to whoever may not read them.

    Learn: permissions-overview, limited information returned for inaccessible member objects.
    """

    def dimmed(each: DirectoryObject, body: Mapping[str, Any]) -> JsonObject:
        if each.kind not in kinds:
            return dict(body)
        return {name: value if name in {"@odata.type", "id"} else None for name, value in body.items()}

    return replace(
        columns,
        view=lambda each, select: dimmed(each, columns.view(each, select)),
        full=lambda each: dimmed(each, columns.full(each)),
    )


def _columns_of(shape: Shape, call: Call) -> Columns:
    if any(clause.levels > 1 for clause in clauses_of(call, shape.kind)):
        # Learn: user-list-manager.
        raise Refusal(400, "Request_UnsupportedQuery", "$levels is supported on a single user only.")
    properties = {
        **shape.properties(call.version),
        **dict.fromkeys(extensions.extensions_of(call.directory, shape.kind)),
    }
    return Columns(
        view=lambda each, select: expanded(call, each, shown(each, call.version, select)),
        full=lambda each: {**properties, **each.properties},
        check_select=lambda path: _known(shape.type, properties, path, _SELECT),
        check_filter=lambda path: _known(shape.type, properties, path, _FILTER),
        check_order=lambda path: _known(shape.type, properties, path, _ORDER),
        check_search=lambda path: _known(shape.type, properties, path, _SEARCH),
        check_use=lambda use: _check_use(properties, use),
    )


def plain_objects(
    call: Call, objects: Iterable[JsonObject], declared: Declared, of: str, *, total: bool = False
) -> Answer:
    """Answer with JSON that is already as Graph shows it, such as jobs."""
    for clause in clauses_in(call.options.get("expand", "")):
        declared.check_select(clause.name)
    columns = plain_columns(declared)
    return count(call, objects, columns) if total else answer(call, objects, columns, of)


def plain_object(call: Call, body: JsonObject, declared: Declared, of: str) -> Answer:
    """Answer 200 with one such object, or with what ``$select`` names of it; *of* is where it stands.

    :raises Refusal: 400 when a property is selected that the type does not have.
    """
    select = selected(call)
    for name in select:
        declared.check_select(name)
    named = f"{of}({','.join(select)})" if select else of
    shown_body = plain_columns(declared).view(body, select)
    return Answer(200, {"@odata.context": context(call, f"{named}/$entity"), **shown_body})


def plain_columns(declared: Declared, *, case_sensitive: bool = False) -> Columns:
    """Describe JSON objects of a type that is not a directory object."""

    def picked(each: Mapping[str, Any], select: Sequence[str]) -> JsonObject:
        wanted = {"id", *(name.casefold() for name in select)}
        return {name: each[name] for name in each if not select or name.casefold() in wanted}

    return Columns(
        view=picked,
        full=lambda each: each,
        check_select=declared.check_select,
        check_filter=declared.check_filter,
        check_order=declared.check_order,
        check_search=declared.check_search,
        case_sensitive=case_sensitive,
        advanced=False,
    )


_SELECT = "Parsing OData Select and Expand failed: "
_FILTER, _ORDER, _SEARCH = "Invalid filter clause: ", "Invalid orderby clause: ", "Invalid search clause: "


def _known(of: str, properties: Collection[str], path: str, why: str) -> None:
    """Refuse a path whose first part no object of this type has. :raises Refusal: 400 then."""
    name = path.partition("/")[0]
    if name not in properties and name.casefold() not in {each.casefold() for each in properties}:
        raise no_such_property(name, of, why)


def _check_use(properties: Mapping[str, Any], use: odata.Use) -> None:
    """Refuse what cannot be done with the type of a property. :raises Refusal: 400 in the words of OData's library."""
    name = next((name for name in properties if name.casefold() == use.path.casefold()), None)
    of = values.type_of(name, properties[name]) if name else ""
    if not of:
        return
    if use.kind in {"any", "all"}:
        if of != "Collection":
            raise Refusal(400, "BadRequest", f"{_FILTER}Any/All may only be used following a collection.")
    elif use.kind == "alone":
        if of != "Edm.Boolean":
            message = "The $filter expression must evaluate to a single boolean value."
            raise Refusal(400, "BadRequest", f"{_FILTER}{message}")
    elif use.operand and of != use.operand:
        message = "A binary operator with incompatible types was detected. Found operand types"
        raise Refusal(
            400, "BadRequest", f"{_FILTER}{message} '{of}' and '{use.operand}' for operator kind '{use.kind}'."
        )


def _check_advanced(call: Call, condition: odata.Filter) -> None:
    """Refuse operators that need the header and ``$count=true`` (Learn: aad-advanced-queries).

    At a ``/$count``, whose answer is the count, the header alone will do (observed in published scripts).
    """
    is_counted = call.options.get("count") == "true" or call.path.lower().endswith("/$count")
    if call.is_eventual and is_counted:
        return
    for word in sorted(condition.operators & _ADVANCED):
        shown_word = {"endswith": "endsWith"}.get(word, word)
        raise Refusal(
            400,
            "Request_UnsupportedQuery",
            f"Operator '{shown_word}' is not supported because the required parameters might be missing. Try adding "
            "$count=true query parameter and ConsistencyLevel:eventual header. Refer to "
            "https://aka.ms/graph-docs/advanced-queries for more information",
        )
    if "orderby" in call.options:
        raise Refusal(400, "Request_UnsupportedQuery", "Sorting not supported for current query.")


def _searched(call: Call, found: Sequence[Any], columns: Columns) -> Sequence[Any]:
    text = call.options.get("search")
    if text is None:
        return found
    if not call.is_eventual:
        raise Refusal(
            400,
            "Request_UnsupportedQuery",
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'",
        )
    asked = search.parse(text)
    for name in asked.properties:
        columns.check_search(name)
    return [each for each in found if asked.admits(columns.full(each))]


def _ordered(call: Call, found: Sequence[Any], columns: Columns) -> Sequence[Any]:
    text = call.options.get("orderby")
    if not text:
        return found
    for clause in reversed(text.split(",")):
        name, descending = _order(clause)
        columns.check_order(name)
        found = _sorted(found, name, columns, descending=descending)
    return found


def _order(clause: str) -> tuple[str, bool]:
    """Read a name, and whether it goes down. :raises Refusal: 400 when that is not what stands there."""
    match clause.split():
        case [name]:
            return name, False
        case [name, direction] if direction.lower() in {"asc", "desc"}:
            return name, direction.lower() == "desc"
        case _:
            raise Refusal(400, "BadRequest", f"{_ORDER}Syntax error in '{clause.strip()}'.")


def _sorted(found: Sequence[Any], name: str, columns: Columns, *, descending: bool) -> Sequence[Any]:
    # To sort a long log means to unpack all of it, for every page.
    kept = found.ordered_by(name, descending=descending) if isinstance(found, Log) else None
    if kept is not None:
        return kept
    path = name.split("/")
    return sorted(found, key=lambda each: _sort_key(odata.follow(columns.full(each), path)), reverse=descending)


def _sort_key(value: object) -> tuple[int, float, str]:
    """Put nothing before numbers, and numbers before texts, in whatever case."""
    match value:
        case None:
            return 0, 0, ""
        case int() | float():
            return 1, value, ""
        case _:
            return 2, 0, str(value).casefold()


def _page_of(call: Call) -> tuple[int, int]:
    """Tell where the page starts and how long it is. :raises Refusal: 400 when ``$top`` or the token is wrong."""
    top = call.options.get("top", "")
    size = whole_number(top) if top else call.entra.graph_knobs.page_size
    if size is None or not 1 <= size <= LARGEST_PAGE:
        raise Refusal(
            400,
            "Request_UnsupportedQuery",
            f"Invalid page size specified: '{top}'. Must be between 1 and {LARGEST_PAGE} inclusive.",
        )
    token = call.options.get("skiptoken")
    if token:
        return _position_in(token), size
    return whole_number(call.options.get("skip", "")) or 0, size


def _next_link(call: Call, start: int) -> str:
    token = base64.urlsafe_b64encode(str(start).encode()).decode()
    kept = {f"${key}": value for key, value in call.options.items() if key not in {"skiptoken", "skip"}}
    return f"{call.root}{call.path}?{urlencode({**kept, '$skiptoken': token}, quote_via=quote, safe='$,')}"


def _position_in(token: str) -> int:
    try:
        start = whole_number(base64.urlsafe_b64decode(token).decode())
    except ValueError:
        start = None
    if start is None:
        raise Refusal(400, "Directory_ExpiredPageToken", "The specified page token value is invalid.")
    return start
