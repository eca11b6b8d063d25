"""What a file says otherwise than what is there is named, and what agrees changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from found import ADMIN, USER, found, group

from provisioning.errors import ConfigurationError
from provisioning.operations.adopting.declaring import Declared, declared_by
from provisioning.operations.adopting.finding import Found
from provisioning.operations.adopting.naming import Names
from provisioning.settings.configuration import StackConfiguration

LEAST = {"tenantUrl": "https://acme.elium.com", "secretToken": "kept"}

STAFF = found(group("Staff"), group("Guests", ADMIN))


def declared(what: Found = STAFF, **settings: Any) -> Declared:
    values = {f"elium:{name}": value for name, value in {**LEAST, **settings}.items()}
    return declared_by(StackConfiguration(values, frozenset(), "provisioning"), {}, what)


def test_those_whom_the_file_names_are_found_among_the_assigned_by_name_or_id() -> None:
    renamed = replace(STAFF, names=Names({"staff": "Staff (EMEA)", "guests": "Guests"}))

    assert [each.id for each in declared(groups=["staff", "Staff"]).assigned] == ["staff"]
    assert [each.name for each in declared(renamed, groups=["Staff (emea)"]).assigned] == ["Staff (emea)"]


def test_nobody_need_be_named() -> None:
    without_roles = replace(STAFF, app=replace(STAFF.app, roles=()))

    assert (declared().assigned, declared().role, declared(without_roles).role) == ((), USER.id, "")


CONFLICTS: dict[str, tuple[dict[str, Any], str]] = {
    "another app": ({"displayName": "Other"}, "elium:displayName: the file says 'Other', the app is 'Elium'."),
    "nobody": ({"groups": ["Nobody"]}, "elium:groups.0: 'Nobody' is not assigned to the app."),
    "a user": ({"users": ["Staff"]}, "elium:users.0: 'Staff' is not assigned to the app."),
    "another role": ({"groups": ["Guests"]}, "elium:groups.0: 'Guests' is assigned, and not in the role User."),
    "no such role": ({"groups": ["Staff"], "role": "Chief"}, "elium:role: the app has no role 'Chief'; it has "),
    "the scope": ({"scope": "all"}, "The file says otherwise than what is there: ~ scope: assigned → all"),
    "an attribute that is not there": (
        {"mappings": {"users": {"title": "[shoeSize]"}}},
        "mappings.users.title.source: There is no source attribute shoeSize",
    ),
}


@pytest.mark.parametrize("what", CONFLICTS)
def test_what_the_file_says_otherwise_is_named(what: str) -> None:
    settings, sentence = CONFLICTS[what]

    with pytest.raises(ConfigurationError) as error:
        declared(**settings)
    assert error.value.reasons[0].startswith(sentence)
    assert error.value.hint.startswith("Make them agree")
