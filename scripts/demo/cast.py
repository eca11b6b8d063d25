"""Who plays in the demonstration: Contoso's people, or those of a twin that ``elium rehearse --save`` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.demo.processes import DemoError

GUEST = "#EXT#"
"""What marks the name of a guest, who has another one at Elium."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The company, whom the app is assigned to, and who leaves."""

    groups: tuple[str, ...] = ("Elium users",)
    group: str = "Elium users"
    """The one that somebody leaves."""
    leaver: str = "alan.turing@contoso.com"
    seed: Path | None = None
    """The company that the emulator begins with; Contoso, when there is no file."""


def cast_of(twin: Path, folder: Path) -> Cast:
    """Take the people and groups of a twin. Its own app is left out, since the story makes one.

    :raises DemoError: when it is not a twin, or nobody in it could leave.
    """
    try:
        company = json.loads(twin.read_text(encoding="utf-8"))
        people = {person["userPrincipalName"]: person for person in company["people"]}
        assigned = {held["principal"] for app in company.pop("applications") for held in app["assignments"]}
        groups = [group for group in company["groups"] if group["key"] in assigned]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DemoError(
            f"{twin} is not a twin: {error}", hint="Write one: elium rehearse dev --save twin.json"
        ) from None
    found = next(_who_can_leave(groups, people), None)
    if found is None:
        raise DemoError(f"In {twin}, no group that is assigned has a member who could leave it.")
    seed = folder / "company.json"
    seed.touch(mode=0o600)
    seed.write_text(json.dumps(company), encoding="utf-8")
    return Cast(tuple(group["displayName"] for group in groups), *found, seed)


def _who_can_leave(groups: list[dict[str, Any]], people: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Give a group and a member of it who has an account, under the name of Entra, and no other way in."""
    for group in groups:
        others = {member for other in groups if other is not group for member in other["members"]}
        for member in group["members"]:
            is_active = people.get(member, {}).get("accountEnabled", False)
            if is_active and GUEST not in member and member not in others:
                yield group["displayName"], member
