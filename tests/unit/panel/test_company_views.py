"""What a reader's address asks to see."""

from __future__ import annotations

import pytest

from provisioning.panel.company.directory import People, Person
from provisioning.panel.company.views import View, Wish
from provisioning.panel.view import seen_with


def a_person(name: str) -> Person:
    return Person(name, name.title(), f"{name}@contoso.com", f"{name}@mail.example", "", "", is_enabled=True, groups=())


def test_an_address_is_read_and_written_again() -> None:
    seen_with({"who": "ada&co@contoso.com", "q": "a b", "accounts": "50", "other": "x"})
    wish = Wish.of_the_reader()

    assert wish == Wish(who="ada&co@contoso.com", q="a b", accounts="50")
    assert wish.at(q="") == "/company?who=ada%26co%40contoso.com&accounts=50"
    assert Wish().at() == "/company"
    assert wish.action("time") == f"/company/time{wish.query}"


@pytest.mark.parametrize("written", ["-1", "x", "٣", "²", "9" * 5_000])
def test_what_is_not_a_number_asks_for_nothing(written: str) -> None:
    seen_with({"accounts": written, "before": written})

    assert Wish.of_the_reader() == Wish()


def test_one_is_lit_under_each_of_their_names() -> None:
    view = View(Wish(who="ada@contoso.com"), chosen=a_person("ada"))

    assert [view.is_lit(name) for name in ("ADA@contoso.com", "ada@mail.example", "alan@contoso.com", "")] == [
        True,
        True,
        False,
        False,
    ]
    assert not View(Wish()).is_lit("ada@contoso.com")


def test_nobody_is_listed_twice_who_is_chosen_or_has_changed() -> None:
    ada, alan, grace = map(a_person, ("ada", "alan", "grace"))
    view = View(Wish(who="grace@contoso.com"), People((ada, alan, grace)), changed=(alan,), chosen=grace)

    assert view.rows == (grace, alan, ada)
