"""Tenants as CSV, for whoever keeps them in a spreadsheet: the same rows, a column for each name.

A table of a row is spread over columns, such as ``labels.region``; a list stands in one cell with semicolons between;
what is structured more deeply, such as mappings, is JSON.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioning.errors import ConfigurationError
from provisioning.fleet.positions import Document, Mistake, Path, Position
from provisioning.fleet.tenant import Tenant
from provisioning.fleet.tenants_file import TENANTS

SPREAD = ("labels", "entra")
"""Tables that are spread over columns."""

LISTS = ("groups", "users")

SEPARATOR = ";"


def document_of_csv(text: str) -> Document:
    """Read CSV as the document that the same rows are in YAML; a column counts as a spreadsheet counts it.

    :raises ConfigurationError: when it cannot be read.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    positions: dict[Path, Position] = {(): Position(1, 1), (TENANTS,): Position(1, 1)}
    mistakes: list[Mistake] = []
    rows: list[dict[str, Any]] = []
    try:
        heads = next(reader, [])
        for cells in reader:
            if any(cells):
                line, path = reader.line_num, (TENANTS, len(rows))
                positions[path] = Position(line, 1)
                rows.append(_row(heads, cells, line, path, positions, mistakes))
    except csv.Error as error:
        raise ConfigurationError(f"{reader.line_num}:1: cannot be read as CSV: {error}.") from error
    return Document({TENANTS: rows}, positions, tuple(mistakes))


def csv_of(tenants: Iterable[Tenant]) -> str:
    """Write tenants as CSV (RFC 4180)."""
    rows = [dict(_cells(tenant)) for tenant in tenants]
    heads = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(
    heads: list[str],
    cells: list[str],
    line: int,
    path: Path,
    positions: dict[Path, Position],
    mistakes: list[Mistake],
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, (head, cell) in enumerate(zip(heads, cells, strict=False), start=1):
        table, dot, name = head.strip().partition(".")
        if not cell.strip():
            continue
        at = Position(line, column)
        positions.setdefault((*path, table), at)
        try:
            value = _value(table, cell.strip())
        except ValueError:
            mistakes.append(Mistake(at, f"{head}: begins like JSON, and is none."))
            continue
        if dot:
            positions[*path, table, name] = at
            row.setdefault(table, {})[name] = _listed(cell) if table == "filters" else value
        else:
            row[table] = value
    return row


def _value(table: str, cell: str) -> Any:  # noqa: ANN401 - a JSON value
    if table in SPREAD:
        return cell
    if cell[:1] in {"{", "["}:
        return json.loads(cell)
    return _listed(cell) if table in LISTS else cell


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _cells(tenant: Tenant) -> Iterator[tuple[str, str]]:
    for name, value in tenant.row():
        if name in SPREAD and isinstance(value, Mapping):
            yield from ((f"{name}.{key}", str(each)) for key, each in value.items())
        else:
            yield name, _cell(name, value)


def _cell(name: str, value: object) -> str:
    is_plain_list = isinstance(value, list) and all(isinstance(one, str) and SEPARATOR not in one for one in value)
    if name in LISTS and is_plain_list:
        return f"{SEPARATOR} ".join(map(str, value if isinstance(value, list) else []))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
