from __future__ import annotations

import pytest

from emulator.identity import tokens
from emulator.identity.keys import key_of_this_process
from emulator.identity.tokens import Caller, TokenDesk, is_graph

CALLER = Caller("tenant", "principal", "app", frozenset({"User.Read.All"}), 0.0)
GRAPH = "https://graph.microsoft.com"


def a_desk() -> TokenDesk:
    return TokenDesk(key_of_this_process, lambda: 1000.0)


def test_a_caller_is_recognised_by_its_token() -> None:
    desk = a_desk()
    caller = desk.recognise(f"Bearer {desk.issue(CALLER, audience=GRAPH, issuer='x')}")

    assert ("principal", frozenset({"User.Read.All"}), 4600.0) == (caller.object_id, caller.roles, caller.expires)


def test_a_signature_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    authorization = f"Bearer {desk.issue(CALLER, audience=GRAPH, issuer='x')}"
    first = desk.recognise(authorization)
    monkeypatch.setattr("jwt.decode", None)

    assert first is desk.recognise(authorization)


def test_a_desk_remembers_a_limited_number_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_REMEMBERED", 1)
    desk = a_desk()
    for _ in range(3):
        caller = desk.recognise(f"Bearer {desk.issue(CALLER, audience=GRAPH, issuer='x')}")

        assert caller.app_id == "app"


def test_a_forgetful_desk_checks_again() -> None:
    desk = a_desk()
    authorization = f"Bearer {desk.issue(CALLER, audience=GRAPH, issuer='x')}"
    first = desk.recognise(authorization)
    desk.forget()

    assert first is not desk.recognise(authorization)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (GRAPH, True),
        ("https://localhost:8443", True),
        ("https://[::1]:8443", True),
        ("00000003-0000-0000-c000-000000000000", True),
        ("http://graph.microsoft.com", False),
        ("https://management.azure.com", False),
    ],
)
def test_graph_is_known_by_its_names(resource: str, *, expected: bool) -> None:
    assert expected == is_graph(resource)
