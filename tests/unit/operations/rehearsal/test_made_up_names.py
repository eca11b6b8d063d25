"""Made-up names keep the shape of what they replace, and what filters and expressions compare with."""

from __future__ import annotations

import re

import pytest

from provisioning.errors import ConfigurationError
from provisioning.language.clauses import Clause
from provisioning.operations.rehearsal.made_up_names import MadeUpNames, names_keeping

NAMES = MadeUpNames(b"key")


def keeping(*clauses: str, literals: tuple[str, ...] = ()) -> MadeUpNames:
    return names_keeping(b"key", map(Clause.parse, clauses), literals)


def test_the_same_value_becomes_the_same_whatever_its_case_and_another_key_gives_another() -> None:
    assert NAMES.text("Ada").casefold() == NAMES.text("ADA").casefold() == NAMES.text("ada")
    assert NAMES.text("Ada") != MadeUpNames(b"another").text("Ada")


def test_no_two_of_a_hundred_thousand_words_become_the_same() -> None:
    words = {f"{first}{second}" for first in ("ann", "bea", "cy", "di") for second in map(str, range(25_000))}

    assert len({NAMES.text(word) for word in words}) == len(words)


def test_a_name_stays_the_join_of_its_parts_and_an_address_is_made_of_them() -> None:
    given, family = NAMES.text("Ada"), NAMES.text("Byron")

    assert NAMES.text("Ada Byron") == f"{given} {family}"
    assert NAMES.text("ada.byron@contoso.com").partition("@")[0] == f"{given}.{family}".casefold()


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("Ada", r"[A-Z][a-z]+"),
        ("ada", r"[a-z]+"),
        ("HR", r"[A-Z]+"),
        ("Søren", r"[A-Z][áéíóú][a-z]+"),
        ("al-Khwarizmi", r"[a-z]+-[A-Z][a-z]+"),
        ("1001", r"\d{10}"),
        ("", r""),
        ("ada@contoso.com", r"[a-z]+@d[0-9a-f]{8}\.example"),
        ("SMTP:ada@contoso.com", r"SMTP:[a-z]+@d[0-9a-f]{8}\.example"),
        ("ada_fabrikam.com#EXT#@contoso.com", r"[a-z]+_d[0-9a-f]{8}\.example#EXT#@d[0-9a-f]{8}\.example"),
        ("2026-01-15T09:00:00Z", r"2026-01-15T09:00:00Z"),
    ],
)
def test_the_shape_of_a_value_stays(written: str, shape: str) -> None:
    assert re.fullmatch(shape, NAMES.text(written))


def test_people_of_one_domain_stay_in_one_and_a_guest_keeps_the_domain_of_home() -> None:
    ada, bob = NAMES.text("ada@contoso.com"), NAMES.text("bob@Contoso.com")
    guest = NAMES.text("linus_fabrikam.com#EXT#@contoso.com")

    assert ada.partition("@")[2] == bob.partition("@")[2] == guest.partition("@")[2]
    assert NAMES.text("linus@fabrikam.com") == "@".join(guest.partition("#EXT#")[0].rsplit("_", 1))


def test_what_is_absent_stays_absent_and_what_names_nobody_stays() -> None:
    node = {"id": "c0ffee00-1234-4abc-8def-0123456789ab", "mail": None, "userType": "Guest", "accountEnabled": False}
    made = NAMES.node({**node, "otherMails": ["ada@contoso.com"], "onPremisesExtensionAttributes": {"a1": "x"}})

    assert {name: made[name] for name in ("mail", "userType", "accountEnabled")} == {
        "mail": None,
        "userType": "Guest",
        "accountEnabled": False,
    }
    assert (made["id"] != node["id"], made["otherMails"] != ["ada@contoso.com"]) == (True, True)
    assert made["onPremisesExtensionAttributes"] == {"a1": NAMES.text("x")}


def test_what_a_filter_compares_with_stays_and_all_else_is_replaced() -> None:
    names = keeping("department EQUALS Sales")

    assert (names.text("Sales"), names.text("Finance") != "Finance") == ("Sales", True)


def test_what_an_expression_compares_with_stays_and_so_does_a_domain_that_it_cuts_off() -> None:
    names = keeping(literals=("Managing Director", "@contoso.com"))

    assert names.text("Managing Director") == "Managing Director"
    assert names.text("ada@contoso.com").endswith("@contoso.com")


def test_an_attribute_that_a_pattern_looks_into_stays_under_both_its_names() -> None:
    names = keeping("department REGEX MATCH ^S", "mobile REGEX MATCH ^.32")

    assert names.node({"department": "Sales", "mobilePhone": "+32 1", "city": "Ghent"}) == {
        "department": "Sales",
        "mobilePhone": "+32 1",
        "city": names.text("Ghent"),
    }


def test_a_domain_that_a_filter_looks_for_stays_and_others_go() -> None:
    names = keeping("mail ENDS_WITH @contoso.com")

    assert names.text("ada@eu.contoso.com").endswith("@eu.contoso.com")
    assert not names.text("ada@fabrikam.com").endswith("fabrikam.com")


@pytest.mark.parametrize("clause", ["displayName REGEX MATCH ^A", "mail INCLUDES ada", "surname ENDS_WITH .com"])
def test_a_filter_that_looks_into_a_name_is_refused(clause: str) -> None:
    with pytest.raises(ConfigurationError, match="which is to be replaced"):
        keeping(clause)
