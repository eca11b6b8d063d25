"""What can be broken beside the wire, and what one will see then."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.panel.company.emulated import Emulated

GRAPH_PATHS = ("/users*", "/groups*", "/servicePrincipals*")
"""What is throttled of Graph; signing in goes on, and so does the emulator's own control."""

TAKEN = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "409",
    "scimType": "uniqueness",
    "detail": "userName is taken.",
}
"""How a target says that somebody else has the name (RFC 7644, section 3.12)."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that can go wrong."""

    name: str
    title: str
    promise: str
    """What one will see."""
    at_elium: tuple[Mapping[str, Any], ...] = ()
    at_graph: tuple[Mapping[str, Any], ...] = ()
    closes_tokens: bool = False


SWITCHES = (
    Switch(
        "token",
        "Elium refuses the token",
        "The next cycle begins by trying the token, is refused with 401, and ends there: the job goes into quarantine, "
        "and nobody is created or closed. It is tried again ever more rarely, and given up after four weeks.",
        closes_tokens=True,
    ),
    Switch(
        "down",
        "Elium answers 500",
        "The next cycle ends at its first question, and the job goes into quarantine, as with a refused token.",
        at_elium=({"status": 500, "times": None},),
    ),
    Switch(
        "busy",
        "Elium is too busy: 429",
        "Whatever is written is refused with 429 until a minute has passed, once more after that, and then tried again "
        "at later cycles. The question before each cycle is answered, so there is no quarantine.",
        at_elium=tuple(
            {"status": 429, "method": method, "times": None, "retry_after": "60"}
            for method in ("POST", "PATCH", "PUT", "DELETE")
        ),
    ),
    Switch(
        "lost",
        "The answer to the next new account is lost",
        "Elium makes the account, and Entra hears 500 instead of that. At a later cycle it asks whether Elium knows "
        "the person, finds the account, and makes no second one.",
        at_elium=({"status": 500, "method": "POST", "path": "/Users", "times": 1, "committed": True},),
    ),
    Switch(
        "taken",
        "The user name is taken",
        "Whoever joins is refused with 409, and tried again ever more rarely. All others go on; it takes thousands of "
        "such failures for a quarantine.",
        at_elium=(
            {
                "status": 409,
                "method": "POST",
                "path": "/Users",
                "times": None,
                "body": json.dumps(TAKEN),
                "content_type": "application/scim+json",
            },
        ),
    ),
    Switch(
        "throttled",
        "Graph throttles",
        "Who asks Graph is told 429: this page's list of people says so, nobody can join or leave, and commands wait "
        "as they are told to. Cycles go on, since they do not come through Graph.",
        at_graph=tuple(
            {"route": f"* {path}", "status": 429, "code": "TooManyRequests", "retry_after": 5, "times": None}
            for path in GRAPH_PATHS
        ),
    ),
)
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What goes wrong just now."""

    names: frozenset[str] = frozenset()
    """Of the switches that are on."""
    others: tuple[tuple[Mapping[str, Any], bool], ...] = field(default=(), repr=False)
    """Faults that somebody else has set, and whether each is Graph's; they are left alone."""


async def broken(emulated: Emulated) -> Broken:
    """Look what goes wrong."""
    held = [(fault, at_graph) for at_graph in (True, False) for fault in await emulated.faults(at_graph=at_graph)]
    are_closed = not any((await emulated.tokens()).values())
    names = {each.name for each in SWITCHES if _is_on(each, held) or (each.closes_tokens and are_closed)}
    ours = [(fault, True) for each in SWITCHES for fault in each.at_graph]
    ours += [(fault, False) for each in SWITCHES for fault in each.at_elium]
    others = tuple(one for one in held if not any(_is(one[0], fault) and one[1] == place for fault, place in ours))
    return Broken(frozenset(names), others)


async def break_exactly(emulated: Emulated, names: Collection[str]) -> None:
    """Let exactly these things go wrong, beside what somebody else has set."""
    others = (await broken(emulated)).others
    switches = [each for each in SWITCHES if each.name in names]
    for at_graph in (True, False):
        kept = [fault for fault, place in others if place == at_graph]
        ours = [fault for each in switches for fault in (each.at_graph if at_graph else each.at_elium)]
        await emulated.set_faults([*ours, *kept], at_graph=at_graph)
    await emulated.switch_tokens(enabled=not any(each.closes_tokens for each in switches))


async def mend_everything(emulated: Emulated) -> None:
    """Let nothing go wrong any more, whoever has set it."""
    for at_graph in (True, False):
        await emulated.set_faults([], at_graph=at_graph)
    await emulated.switch_tokens(enabled=True)


def _is_on(switch: Switch, held: Collection[tuple[Mapping[str, Any], bool]]) -> bool:
    wanted = [(fault, True) for fault in switch.at_graph] + [(fault, False) for fault in switch.at_elium]
    return any(_is(one, fault) and place == at for one, place in held for fault, at in wanted if one["times"] != 0)


def _is(held: Mapping[str, Any], fault: Mapping[str, Any]) -> bool:
    """Tell whether a fault is one of ours; how often it still strikes goes down."""
    return all(held.get(name) == value for name, value in fault.items() if name != "times")
