from __future__ import annotations

import pytest
from builders import a_schema

from provisioning.model.mapping import ObjectAction, ObjectKind
from provisioning.planning.changes import SetActions
from provisioning.planning.configuration import Configuration
from provisioning.planning.consequences import Between, consequences_of

ALL = frozenset(ObjectAction)


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        (
            ObjectAction.CREATE,
            "No more users are created at Elium; those found there are still linked and updated.",
        ),
        (ObjectAction.UPDATE, "No users at Elium are updated any more, and nobody who leaves is disabled."),
        (ObjectAction.DELETE, "Those users that are deleted from Entra for good stay at Elium."),
    ],
)
def test_what_no_longer_happens_is_said(lost: ObjectAction, sentence: str) -> None:
    configuration = Configuration(a_schema())

    change = SetActions(ObjectKind.USERS, ALL, ALL - {lost})

    assert consequences_of(Between(configuration, configuration, [change]))[-1] == sentence
