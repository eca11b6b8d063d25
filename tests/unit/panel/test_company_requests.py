"""What Elium was sent, in words."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.panel.company.requests import WireRequest, request_of

ADA = "ada@contoso.com"


def a_request(act: str, **differences: Any) -> WireRequest:
    node = {
        "number": 7,
        "at": "2026-01-15T09:40:00+00:00",
        "act": act,
        "about": {"id": "", "name": ADA},
        "method": "PATCH",
        "target": "/Users/1",
        "headers": {"content-type": "application/scim+json"},
        "body": None,
        "status": 204,
        "refusal": "",
    }
    return request_of({**node, **differences})


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("test", "Elium is asked for somebody who cannot exist: does the token open it?"),
        ("find", f"Elium is asked whether it knows {ADA}."),
        ("read", f"Elium is asked what it has of {ADA}."),
        ("create", f"{ADA} is made at Elium."),
        ("change", f"{ADA} gets other values at Elium: none."),
        ("disable", f"{ADA} is disabled at Elium: closed, not deleted."),
        ("enable", f"{ADA} is opened again at Elium."),
        ("delete", f"{ADA} is deleted at Elium."),
        ("dance", f"Elium is sent something about {ADA}."),
    ],
)
def test_each_request_is_a_sentence(act: str, sentence: str) -> None:
    request = a_request(act)

    assert (request.about if request.has_name else "").join(request.words) == sentence


def test_a_change_names_what_it_changes_once() -> None:
    operations = [
        {"op": "Replace", "path": "title", "value": "Countess"},
        {"op": "Replace", "value": {"displayName": "Ada", "title": "Countess"}},
        {"op": "Replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"},
    ]

    assert a_request("change", body={"Operations": operations}).words[1] == (
        " gets other values at Elium: title, displayName, department."
    )


def test_the_token_is_left_out_of_the_http() -> None:
    assert a_request("change").http == (
        "PATCH /scim/v2/Users/1 HTTP/1.1\ncontent-type: application/scim+json\nauthorization: Bearer (left out)"
    )


@pytest.mark.parametrize(
    ("status", "phrase", "is_refused"),
    [(201, "201 Created", False), (409, "409 Conflict", True), (599, "599", True), (0, "…", False)],
)
def test_the_answer_is_told_as_http_calls_it(status: int, phrase: str, *, is_refused: bool) -> None:
    request = a_request("create", status=status)

    assert (request.phrase, request.is_refused) == (phrase, is_refused)


@pytest.mark.parametrize(
    ("body", "shown"), [(None, ""), ("<x/>", "<x/>"), ({"name": "Żółty"}, '{\n  "name": "Żółty"\n}')]
)
def test_a_body_is_shown_as_people_read_it(body: Any, shown: str) -> None:
    assert a_request("create", body=body).document == shown
