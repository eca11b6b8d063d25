"""As whom a token signs in, where it can be read."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from provisioning.graph.claims import SignedIn, signed_in_by


def token(**claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


def test_an_application_holds_roles() -> None:
    read = signed_in_by(token(tid="t", appid="a", roles=["User.Read.All"]))

    assert read == SignedIn("t", "a", frozenset({"User.Read.All"}))


def test_an_application_without_a_permission_holds_none() -> None:
    assert signed_in_by(token(tid="t", appid="a")) == SignedIn("t", "a", frozenset())


def test_a_person_holds_the_scopes_of_what_they_signed_in_with() -> None:
    read = signed_in_by(token(tid="t", appid="cli", scp="AuditLog.Read.All User.ReadWrite.All"))

    assert read == SignedIn("t", "cli", frozenset({"AuditLog.Read.All", "User.ReadWrite.All"}), is_person=True)


@pytest.mark.parametrize("text", ["", "opaque", "a.b", "a.bm8.c", "e30.W10.s", token(appid="a")])
def test_a_token_that_cannot_be_read_is_no_mistake(text: str) -> None:
    assert signed_in_by(text) is None
