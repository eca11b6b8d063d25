"""How far the pretend Graph is Graph: one row for every route and every behaviour, each with the test that shows it.

Rows come from the routes themselves and from :data:`BEHAVIOURS`; tests name the rows that they show with
``@witness("GET /users/{id}")``. ``docs/parity.md`` is written from both, and a test fails when a row has no witness, or
a witness no row.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.graph.routes import ROUTES
from tools.manual.parity_rows import ABSENT, BEHAVIOURS, OTHER_ROUTES, SIMPLIFIED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_T = TypeVar("_T")

TESTS = Path(__file__).parents[2] / "tests"
FIGURES = TESTS / "witnesses" / "figures.json"
"""What ``make witnesses ARGS=--record`` measured last."""


def witness(*claims: str) -> Callable[[_T], _T]:
    """Mark a test that shows that claims hold: names of routes, or sentences of :data:`BEHAVIOURS`."""
    if not claims:
        raise ValueError("A witness needs something to witness.")

    def unchanged(test: _T) -> _T:
        return test

    return unchanged


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page."""

    area: str
    claim: str
    summary: str
    mark: str
    """🟢 behaves as documented, 🟡 answers but simplifies, 🔴 absent: answers 404."""
    who: str = ""
    """Which permissions open a route."""


def rows() -> Iterator[Row]:
    """Give every row, in the order of the page."""
    for route in (each for each in ROUTES if not each.absent):
        mark = "🟡" if route.name in SIMPLIFIED else "🟢"
        summary = f"{route.summary}; {SIMPLIFIED[route.name]}" if route.name in SIMPLIFIED else route.summary
        yield Row("Microsoft Graph", route.name, summary, mark, route.access.describe())
    for name, summary in OTHER_ROUTES.items():
        yield Row("Login, metadata and control", name, summary, "🟢")
    for sentence in BEHAVIOURS:
        yield Row("Behaviours", sentence, "", "🟢")
    for name, reason in ABSENT.items():
        yield Row("Absent", name, reason, "🔴")


def witnesses(folder: Path = TESTS) -> dict[str, list[str]]:
    """Read from the tests what each claims to show: claim to test names."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.rglob("test_*.py")):
        text = file.read_text("utf-8")
        # Few of a thousand files claim anything, and to read the others as Python takes seconds.
        for function in ast.walk(ast.parse(text)) if f"@{witness.__name__}(" in text else ():
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for claim in _claims_of(function):
                    found[claim].append(f"{file.relative_to(folder.parent).as_posix()}::{function.name}")
    return dict(found)


def problems(shown: Mapping[str, list[str]]) -> list[str]:
    """List rows without a witness and witnesses without a row."""
    claims = {row.claim for row in rows()}
    absent = [f"Nothing shows that this holds: {row.claim}" for row in rows() if row.claim not in shown]
    unknown = [
        f"There is no row for what {tests[0]} shows: {claim}" for claim, tests in shown.items() if claim not in claims
    ]
    return [*absent, *unknown]


def page(shown: Mapping[str, list[str]]) -> str:
    """Write the page."""
    lines = [_HEAD]
    area = ""
    for row in rows():
        if row.area != area:
            area = row.area
            lines += ["", f"## {area}", "", "| | | what | who may | shown by |", "|---|---|---|---|---|"]
        lines.append(f"| {row.mark} | {_code(row)} | {row.summary} | {row.who} | {_tests(shown.get(row.claim, []))} |")
    return "\n".join([*lines, _CLIENTS, *_clients(json.loads(FIGURES.read_text("utf-8"))), ""])


def _clients(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, measured in figures.items():
        clients = ", ".join(f"`{client}` {version}" for client, version in measured["clients"].items())
        ways = [f"{walk['requests']} requests, {walk['seconds']} s" for walk in measured["walks"]]
        yield f"| 🟢 | [{name}](../tests/witnesses/{name}) | {clients} | {' | '.join(ways)} |"


def _code(row: Row) -> str:
    return row.claim if row.area == "Behaviours" else f"`{row.claim}`"


def _tests(names: list[str]) -> str:
    first, more = names[:1], len(names) - 1
    links = [f"[{name.partition('::')[2]}](../{name.partition('::')[0]})" for name in first]
    return "".join(links) + (f" and {more} more" if more > 0 else "")


def _claims_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "witness":
            for argument in decorator.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


_HEAD = """# How far the emulator is Entra

This page is written by `python -m tools.manual` from the emulator's own routes and from the tests that name them.
A row without a test fails the build, and so does a route without a row.

- 🟢 behaves: as Microsoft documents it, or as it was observed
- 🟡 answers: with less than the service does; the row says what is missing
- 🔴 absent: answers 404, as an unknown path does"""

_CLIENTS = """
## Clients that nobody here wrote

`make witnesses` installs each from its lock file and lets it walk [the whole job](../tests/witnesses/walk.py):
from finding Elium in the gallery over assignment, connection, schema, a cycle and its log to the deletion of the app.
Each walks twice: at the emulator's address, and with Microsoft's host names written in, where there is only loopback.
A walk counts when the emulator saw every step in order, and what the program tells of is what it has.

The figures are those of `make witnesses ARGS=--record` on two cores: requests to Graph, and seconds without installing.

| | client | calls | at an address | at Microsoft's host names |
|---|---|---|---|---|"""
