from __future__ import annotations

import pytest

from emulator.company.refusal import Refusal
from emulator.moods.faults import Fault, Faults


@pytest.mark.parametrize(
    ("route", "request_name", "expected"),
    [
        ("*", "GET /users", True),
        ("GET /users/{id}", "GET /users/7", True),
        ("GET /users/{id}", "GET /users/7/manager", False),
        ("GET /users/{id}", "PATCH /users/7", False),
        ("/users/{id}", "PATCH /users/7", True),
        ("* /servicePrincipals/{id}/synchronization/*", "PUT /serviceprincipals/7/synchronization/secrets", True),
        ("POST *", "POST /groups", True),
    ],
)
def test_a_fault_knows_its_route(route: str, request_name: str, *, expected: bool) -> None:
    assert expected == Fault(route=route).strikes(request_name)


def test_a_fault_strikes_after_some_calls_and_as_often_as_it_was_told() -> None:
    fault = Fault(after=1, times=2)

    assert [fault.strikes("GET /users") for _ in range(4)] == [False, True, True, False]


def test_a_fault_without_an_end_strikes_for_ever() -> None:
    fault = Fault(times=None)

    assert all(fault.strikes("GET /users") for _ in range(9))


def test_chance_can_be_repeated() -> None:
    first, second = (Fault(times=None, probability=0.5, seed=7) for _ in range(2))
    struck = [first.strikes("GET /users") for _ in range(20)]

    assert struck == [second.strikes("GET /users") for _ in range(20)]
    assert {True, False} == set(struck)


def test_the_first_fault_that_strikes_is_the_one() -> None:
    faults = Faults()
    faults.add([Fault(route="GET /groups"), Fault(route="GET /users", status=503), Fault(status=500)])
    struck = [faults.strike("GET", "/users"), faults.strike("GET", "/users"), faults.strike("GET", "/users")]

    assert [fault.status if fault else None for fault in struck] == [503, 500, None]


def test_a_fault_is_read_from_json_and_mistakes_are_told() -> None:
    assert Fault.from_json({"route": "GET /users", "status": 429, "retry_after": 3}).status == 429
    with pytest.raises(Refusal, match="no 'rout'"):
        Fault.from_json({"rout": "x"})
    with pytest.raises(Refusal, match="'content' cannot be 'pdf'; it is 'truncated' or"):
        Fault.from_json({"content": "pdf"})


@pytest.mark.parametrize(
    "told",
    [
        {"route": 5},
        {"status": 99},
        {"status": "500"},
        {"retry_after": "soon"},
        {"retry_after": -1},
        {"probability": 2},
        {"delay": float("nan")},
        {"times": 1.5},
        {"drop": "yes"},
        {"seed": None},
        {"content": True},
        {"_chance": 1},
    ],
)
def test_a_fault_that_cannot_be_is_refused_when_it_is_set(told: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        Fault.from_json(told)
