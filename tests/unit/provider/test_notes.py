from __future__ import annotations

from typing import Any

import pytest

from provisioning.provider.notes import Notes


@pytest.mark.parametrize(
    "notes",
    [
        Notes(),
        Notes(is_unfinished=True),
        Notes(restart_is_due=True),
        Notes(schema_seen="6a1f"),
        Notes(left_in="none yet", app="Elium"),
        Notes(is_unfinished=True, restart_is_due=True, schema_seen="6a1f"),
    ],
)
def test_notes_are_read_as_they_were_written(notes: Notes) -> None:
    assert Notes.of(notes.outputs()) == notes


def test_notes_say_nothing_of_what_is_not_so() -> None:
    assert Notes().outputs() == {"notes": {}}


@pytest.mark.parametrize(
    ("state", "notes"),
    [
        ({}, Notes()),
        ({"schemaVersion": "v1"}, Notes(schema_seen="v1")),
        ({"schemaVersion": "v1", "schemaIsOurs": True}, Notes()),
        ({"schemaVersion": ""}, Notes()),
        ({"unfinished": True, "adopted": True}, Notes(is_unfinished=True)),
        ({"restartIsDue": True}, Notes(restart_is_due=True)),
    ],
)
def test_the_outputs_of_the_earlier_release_are_understood(state: dict[str, Any], notes: Notes) -> None:
    assert Notes.of(state) == notes


def test_a_version_that_is_told_beside_notes_is_not_taken_for_what_was_seen() -> None:
    assert Notes.of({"schemaVersion": "v1", "notes": {}}) == Notes()


def test_a_schema_that_was_seen_is_remembered_with_the_rest() -> None:
    assert Notes(is_unfinished=True, schema_seen="6a1f").seeing("77aa") == Notes(is_unfinished=True, schema_seen="77aa")
