"""A fleet with the real engine whose tokens lie in a vault: a wrong one stops all, a new one is taken over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pulumi_fleet import NAMES, Fleet, fleet

from emulator.elium.tokens import FIRST
from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

CANARY, *OTHERS = NAMES

PEOPLE = 10


def test_a_canary_that_fails_keeps_the_others_back_and_a_rotated_token_is_taken_over(tmp_path: Path) -> None:
    with fleet(tmp_path) as found:
        for name in NAMES:
            found.row(name)["secretToken"] = f"keyvault:{found.served.origin}/secrets/{name}"
            put(found, name, f"token-of-{name}-0123456789")
        put(found, CANARY, "token-of-nobody-0123456789")

        # The first one fails, so nobody else begins. What is told is sentences.
        with found.begun("up", "--yes", "--canary", "1") as first:
            _, said = first.communicate()
        assert (first.returncode, "Traceback" in said) == (ExitCode.OTHER, False), said
        told = found.elium("report", "--json")
        assert told.verdicts == {CANARY: "failed"} | dict.fromkeys(OTHERS, "left out")
        assert {told.documents[name]["reason"] for name in OTHERS} == {"Those who went first are not well."}
        assert not any(found.apps(f"Elium {name}") for name in OTHERS)

        # With the right token in the vault the same command does the rest.
        put(found, CANARY, f"token-of-{CANARY}-0123456789")
        ended = found.elium("up", "--yes", "--canary", "1", "--json")
        assert ended.verdicts == dict.fromkeys(NAMES, "done"), ended.err
        assert [len(found.apps(f"Elium {name}")) for name in NAMES] == [1] * len(NAMES)

        assert_a_rotated_token_is_taken_over(found, OTHERS[0])


def assert_a_rotated_token_is_taken_over(found: Fleet, name: str) -> None:
    """Elium gives out a new token, the vault gets it, Entra gets it; then the old one opens nothing any more."""
    others = [other for other in NAMES if other != name]
    site = found.served.emulator.elium.tenant(name)
    _, new = site.tokens.make()
    put(found, name, new)

    ended = found.elium("rotate", "--yes", "--json")

    assert ended.verdicts == dict.fromkeys(others, "unchanged") | {name: "done"}, ended.err
    assert new not in ended.shown
    site.tokens.revoke(FIRST)
    found.served.advance(timedelta(minutes=41))
    assert found.elium("status", "--json").verdicts == dict.fromkeys(NAMES, "well")
    assert found.active(name) == PEOPLE

    # The next run notes it in the stack; then nothing is new any more.
    ended = found.elium("up", "--yes", "--json")
    assert ended.verdicts == dict.fromkeys(others, "unchanged") | {name: "done"}, ended.err
    assert found.elium("rotate", "--json").verdicts == dict.fromkeys(NAMES, "unchanged")


def put(found: Fleet, name: str, token: str) -> None:
    """Put a token into the vault, as its newest version."""
    found.served.emulator.vault.put(name, token)
