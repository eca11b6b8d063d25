"""How long it takes to foresee whom a change touches: pure work on one core, people already read.

``python -m bench.impact`` prints it.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from provisioning.language import Expression, ScopingFilter
from provisioning.model.connection import Scope
from provisioning.model.mapping import AttributeMapping
from provisioning.model.person import People, Person
from provisioning.planning.configuration import Rules
from provisioning.planning.impact import impact_of

if TYPE_CHECKING:
    from provisioning.planning.touched import Impact

PEOPLE = 100_000
BEST_OF = 3
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
STAFF = "staff"
"""The group that is assigned."""
DEPARTMENTS = ("Sales", "Knowledge", "Engineering", "Finance", "Marketing")

BEFORE = Rules(
    scope=Scope.ASSIGNED,
    filter=ScopingFilter.parse(["mail IS NOT NULL"]),
    mappings={
        "userName": AttributeMapping("userName", Expression.parse("[userPrincipalName]"), match=1),
        "active": AttributeMapping(
            "active", Expression.parse('Switch([IsSoftDeleted], , "False", "True", "True", "False")')
        ),
        "displayName": AttributeMapping("displayName", Expression.parse("[displayName]")),
        "title": AttributeMapping("title", Expression.parse("[jobTitle]")),
    },
    definitions={},
    held={STAFF: ()},
)


def main() -> int:
    """Take every measurement and print it."""
    people = People(tuple(map(a_person, range(PEOPLE))))
    sys.stdout.write(f"$ python -m bench.impact   # {PEOPLE:,} people, the best of {BEST_OF}\n\n")
    for name, after in (
        ("one expression changed", _with(BEFORE, title='Join(" - ", [jobTitle], [department])')),
        ("the filter narrowed", replace(BEFORE, filter=ScopingFilter.parse([["department EQUALS Sales"]]))),
        ("the scope switched to all", replace(BEFORE, scope=Scope.ALL)),
        ("filter, scope, matching, active and two expressions", _everything()),
    ):
        seconds, impact = min((_judged(after, people) for _ in range(BEST_OF)), key=lambda taken: taken[0])
        counts = f"{impact.leaving.count:,} leave, {impact.entering.count:,} enter, {impact.changed.count:,} change"
        sys.stdout.write(f"{seconds:6.2f} s   {name}: {counts}\n")
    return 0


def a_person(number: int) -> Person:
    """Make up a person; one in ten is not assigned, one in fifty is disabled."""
    name = f"person{number}"
    return Person(
        id=name,
        name=name,
        attributes={
            "userPrincipalName": f"{name}@contoso.com",
            "mail": f"{name}@contoso.com" if number % 20 else None,
            "displayName": f"Person {number}",
            "jobTitle": "Engineer" if number % 3 else None,
            "department": DEPARTMENTS[number % len(DEPARTMENTS)],
        },
        through=frozenset({STAFF}) if number % 10 else frozenset(),
        is_enabled=number % 50 != 0,
    )


def _judged(after: Rules, people: People) -> tuple[float, Impact]:
    began = time.perf_counter()
    impact = impact_of(BEFORE, after, people, now=NOW)
    return time.perf_counter() - began, impact


def _with(rules: Rules, **sources: str) -> Rules:
    changed = {
        target: replace(rules.mappings[target], source=Expression.parse(source)) for target, source in sources.items()
    }
    return replace(rules, mappings={**rules.mappings, **changed})


def _everything() -> Rules:
    after = _with(
        BEFORE,
        userName="ToLower([mail])",
        active="Not([IsSoftDeleted])",
        displayName='Join(", ", [displayName], [department])',
        title='Join(" - ", [jobTitle], [department])',
    )
    return replace(after, scope=Scope.ALL, filter=ScopingFilter.parse([["department EQUALS Sales"], ["mail IS NULL"]]))


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.impact", description=__doc__).parse_args()
    sys.exit(main())
