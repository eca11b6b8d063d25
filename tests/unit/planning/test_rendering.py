from __future__ import annotations

import json
from datetime import UTC, datetime

from builders import a_declared_schema, a_schema

from provisioning.language import Expression, ScopingFilter
from provisioning.model.mapping import DeclaredMapping, ObjectKind
from provisioning.model.person import People, Person
from provisioning.planning.configuration import Configuration, Desired
from provisioning.planning.plan import Plan, plan_of
from provisioning.planning.rendering import as_json, as_text

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
SALES = ScopingFilter.parse(["department EQUALS Sales"])
TITLE = DeclaredMapping("title", {"source": Expression.parse("[otherMails]")})
ADA = Person("1", "Ada Byron", {"department": "IT", "otherMails": ["a@x", "b@x"]})


def a_plan(people: People | None = None) -> Plan:
    desired = a_declared_schema(filters={ObjectKind.USERS: SALES}, mappings={ObjectKind.USERS: {"title": TITLE}})
    plan = plan_of(Configuration(a_schema()), Desired(desired, accepted_leavers=3))
    return plan.judged(people, now=NOW) if people else plan.uncounted("Nobody may be read.")


def test_a_plan_for_machines_is_json() -> None:
    told = json.loads(json.dumps(as_json(a_plan(People((ADA,))))))

    assert told["people"]["leaving"] == {"count": 1, "names": ["Ada Byron"]}
    assert [change["place"] for change in told["changes"]] == ["mappings.users.title", "filters.users"]


def test_a_plan_without_a_count_says_why() -> None:
    told = as_json(a_plan())

    assert (told["people"], told["whyUncounted"]) == (None, "Nobody may be read.")
    assert "is not known. Nobody may be read." in as_text(a_plan())


def test_what_could_not_be_compared_is_named() -> None:
    text = as_text(a_plan(People((ADA,), unreadable=frozenset({"otherMails"}))))

    assert "  Not compared, because Graph does not give it here: otherMails." in text.splitlines()


def test_an_estimate_that_does_not_cover_everybody_says_whom_it_covers() -> None:
    text = as_text(a_plan(People((ADA,), is_complete=False)))

    assert "  1 person in scope now, nobody afterwards; this covers the first 1 people." in text.splitlines()


def test_an_acceptance_of_an_unknown_number_says_so() -> None:
    assert "Nobody may be read. That is accepted by acceptLeavers: 3." in as_text(a_plan())
