"""Searching people: by each word, whatever the case; those first at whom somebody has to look; fifty a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from provisioning.operations.standing import PersonStanding, Standing
from provisioning.panel.stack.people import A_PAGE, FIRST, People, Search

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def a_person(name: str, standing: Standing = Standing.PROVISIONED, code: str = "") -> PersonStanding:
    return PersonStanding(f"id-{name}", name, standing, "", None, code, "", "")


def names(people: People, **written: str) -> list[str]:
    return [one.person for one in people.found(Search.parse(written)).rows]


def test_who_fails_comes_first_and_others_by_name() -> None:
    rows = [a_person("bob"), a_person("Ada"), a_person("zoe", Standing.FAILING), a_person("Carl", Standing.WAITING)]

    assert names(People.of(rows, NOW)) == ["zoe", "Carl", "Ada", "bob"]


def test_every_standing_has_its_place() -> None:
    assert sorted(FIRST, key=str) == sorted(Standing, key=str)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"q": "ADA"}, ["Ada Byron"]),
        ({"q": "byr ada"}, ["Ada Byron"]),
        ({"q": "id-Grace"}, ["Grace Hopper"]),
        ({"q": "conflict"}, ["Grace Hopper"]),
        ({"standing": "failing"}, ["Grace Hopper"]),
        ({"standing": "no such standing"}, ["Grace Hopper", "Ada Byron"]),
        ({"q": "nobody"}, []),
    ],
)
def test_people_are_found_by_each_word(written: dict[str, str], found: list[str]) -> None:
    rows = [a_person("Ada Byron"), a_person("Grace Hopper", Standing.FAILING, "Conflict")]

    assert names(People.of(rows, NOW), **written) == found


@pytest.mark.parametrize(
    ("page", "number"), [("1", 1), ("3", 3), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("9" * 5000, 1)]
)
def test_a_page_that_is_not_there_is_one_that_is(page: str, number: int) -> None:
    people = People.of([a_person(f"{place:04}") for place in range(2 * A_PAGE + 1)], NOW)

    found = people.found(Search.parse({"page": page}))

    assert (found.page, found.pages, found.total) == (number, 3, 2 * A_PAGE + 1)
    assert len(found.rows) == (1 if number == 3 else A_PAGE)


def test_a_search_is_an_address() -> None:
    assert Search.parse({"q": "a&b", "standing": "failing"}).at(2) == "q=a%26b&standing=failing&page=2"
