"""A source attribute that the directory does not have is told where it was written, with what was meant."""

from __future__ import annotations

from typing import Any

import pytest
from builders import PRINCIPAL

from provisioning.model.mapping import ObjectKind
from provisioning.settings.attributes_named import unknown_attributes
from provisioning.settings.job import JobInputs
from provisioning.settings.mistakes import parsed

LEAST = {"servicePrincipalId": PRINCIPAL, "baseAddress": "https://acme.elium.com", "secretToken": "canary"}
KNOWN = {
    ObjectKind.USERS: ["givenName", "surname", "jobTitle", "department", "mail"],
    ObjectKind.GROUPS: ["displayName"],
}
EXTENSION = "extension_7a1d5f0c5c0e4d118a5b6c7d8e9f0a1b_costCenter"


def told(**written: Any) -> list[str]:
    return list(unknown_attributes(parsed(JobInputs, LEAST | written, place=""), "elium:", known=KNOWN))


def test_an_expression_is_shown_with_what_was_meant() -> None:
    (only,) = told(mappings={"users": {"displayName": 'Join(" ", [givenNam], [surname])'}})

    assert only.splitlines() == [
        (
            "elium:mappings.users.displayName.source: There is no source attribute givenNam. Did you mean givenName? "
            "Write [givenName]."
        ),
        '    Join(" ", [givenNam], [surname])',
        "              ^",
    ]


@pytest.mark.parametrize(
    "clauses", [["departement EQUALS Sales"], [["departement EQUALS Sales"]], {"Sales": ["departement EQUALS Sales"]}]
)
def test_a_clause_is_shown_with_what_was_meant(clauses: Any) -> None:
    (only,) = told(filters={"users": clauses})

    assert only.splitlines()[0].startswith(
        "elium:filters.users: There is no source attribute departement. Did you mean department?"
    )


def test_every_name_of_every_kind_is_told() -> None:
    sentences = told(
        mappings={"users": {"title": "Coalesce([jobTitel], [mial], [mail])"}, "groups": {"displayName": "[name]"}},
        filters={"users": ["mail IS NOT NULL", "x IS NULL"], "groups": None},
    )

    assert [sentence.partition(": ")[0] for sentence in sentences] == [
        "elium:mappings.users.title.source",
        "elium:mappings.users.title.source",
        "elium:filters.users",
        "elium:mappings.groups.displayName.source",
    ]


def test_an_extension_of_the_directory_is_known_by_its_form() -> None:
    assert told(mappings={"users": {"title": f"[{EXTENSION}]"}}, filters={"users": [f"{EXTENSION} EQUALS 7"]}) == []


def test_a_mapping_without_a_source_names_nothing() -> None:
    assert told(mappings={"users": {"title": None, "nickName": {"default": "x"}}}, filters={"users": None}) == []
