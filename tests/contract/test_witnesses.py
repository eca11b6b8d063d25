"""Programs with clients that nobody here wrote walk the whole job, and are judged by what the emulator saw.

Here walks the one that needs nothing installed; ``make witnesses`` calls all of them.
"""

from __future__ import annotations

import json
import re
import sys

import pytest
from witnesses.run import HERE, WITNESSES, Witness
from witnesses.walking import walked

NOTHING = {"application": "a", "servicePrincipal": "b", "job": "c", "created": []}


def program(told: str) -> tuple[str, ...]:
    """Make a program that does nothing and says something."""
    return (sys.executable, "-c", f"print({told!r})")


def test_microsofts_client_for_python_walks_the_whole_job() -> None:
    outcome = walked((sys.executable, str(HERE / "python" / "walk.py")))

    assert (outcome.objections, outcome.requests) == ([], 14)


def test_who_only_tells_of_it_has_not_walked() -> None:
    assert walked(program(json.dumps(NOTHING))).objections == [
        "It did not find Elium in the gallery by its name: GET /applicationTemplates.",
        "It tells of ['a', 'b'], and the recycle bin holds [].",
        "It tells of the job c, and another was deleted, or none.",
        "It tells of [], and at Elium are [].",
    ]


def test_who_does_not_tell_what_was_made_is_asked_to() -> None:
    told = walked(program("11 objects were created")).objections[-1]

    assert told == "It does not end with the line of JSON that tells what it made, but with: 11 objects were created"


def test_who_gives_up_is_quoted() -> None:
    assert walked((sys.executable, "-c", "raise SystemExit('No cycle.')")).objections == ["No cycle."]


@pytest.mark.parametrize("witness", WITNESSES, ids=lambda witness: witness.name)
def test_a_lock_file_tells_which_clients_are_called(witness: Witness) -> None:
    for version in witness.versions().values():
        assert re.fullmatch(r"\d+(\.\d+)+", version)
