"""The emulator's control interface, as far as the demonstration needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from provisioning.operations.rehearsal.emulator import Control
from provisioning.panel.company.requests import WireRequest, request_of

ROWS = 50
"""How many rows of anything are shown at once."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How often something changed."""

    number: int
    journal: int
    """How many changes the directory has seen."""
    people: tuple[str, ...]
    """Ids of those who changed last, newest first."""


@dataclass(frozen=True, slots=True)
class State:
    """What time it is in the company, and how its jobs are."""

    time: datetime
    next_cycle: datetime | None
    jobs: tuple[Mapping[str, Any], ...]
    """As Graph shows them, each with its service principal."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Some of what Elium was sent."""

    requests: tuple[WireRequest, ...]
    """Newest first."""
    tally: Mapping[str, int]
    """How many accounts and groups were ever created, changed, disabled…, and how many requests refused."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody at Elium."""

    id: str
    user_name: str
    display_name: str
    title: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """A page of accounts, the one changed last first."""

    rows: tuple[Account, ...] = ()
    count: int = 0
    """How many the search finds."""
    active: int = 0
    """How many of these are open."""


@dataclass(frozen=True, slots=True)
class Emulated:
    """One Elium of an emulator, and the clock beside it. :raises TwinError: in all, when it does not answer."""

    control: Control
    site: str
    """Its name, such as ``contoso``."""

    @property
    def _elium(self) -> str:
        return f"/elium/{quote(self.site, safe='')}"

    async def changes(self, since: int | None = None) -> Changes:
        """Wait until something changed since a number, or for twenty seconds."""
        told = await self.control.asked("GET", "/changes" if since is None else f"/changes?since={since}")
        return Changes(told["number"], told["journal"], tuple(told["people"]))

    async def state(self) -> State:
        """Ask for the time and the jobs."""
        told = await self.control.asked("GET", "/state")
        following = datetime.fromisoformat(told["nextCycle"]) if told["nextCycle"] else None
        return State(datetime.fromisoformat(told["time"]), following, tuple(told["jobs"]))

    async def sent(self, *, before: int | None = None, top: int = ROWS) -> Sent:
        """Read the last requests, or the last before a number."""
        query = {"top": top} if before is None else {"top": top, "before": before}
        told = await self.control.asked("GET", f"{self._elium}/requests?{urlencode(query)}")
        return Sent(tuple(map(request_of, reversed(told["value"]))), told["tally"])

    async def accounts(self, search: str, skip: int) -> Accounts:
        """Read a page of accounts."""
        query = urlencode({"search": search, "skip": skip, "top": ROWS})
        told = await self.control.asked("GET", f"{self._elium}/accounts?{query}")
        return Accounts(tuple(map(_account_of, told["value"])), told["count"], told["active"])

    async def let_pass(self, seconds: float) -> int:
        """Let time pass, and tell how many cycles ran."""
        return int((await self.control.asked("POST", "/clock/advance", {"by": f"PT{seconds:.3f}S"}))["cycles"])

    async def run_due(self) -> int:
        """Run what is due now, and tell how many cycles ran."""
        return int((await self.control.asked("POST", "/cycles/run"))["cycles"])

    # What goes wrong

    async def faults(self, *, at_graph: bool) -> list[dict[str, Any]]:
        """List what goes wrong, at Graph or at Elium."""
        return list((await self.control.asked("GET", self._faults(at_graph=at_graph)))["value"])

    async def set_faults(self, faults: Sequence[Mapping[str, Any]], *, at_graph: bool) -> None:
        """Let exactly these things go wrong."""
        await self.control.asked("DELETE", self._faults(at_graph=at_graph))
        if faults:
            await self.control.asked("POST", self._faults(at_graph=at_graph), {"value": list(faults)})

    async def tokens(self) -> dict[str, bool]:
        """List the tokens by number, and whether each opens Elium."""
        told = await self.control.asked("GET", f"{self._elium}/tokens")
        return {each["number"]: each["enabled"] for each in told["value"]}

    async def switch_tokens(self, *, enabled: bool) -> None:
        """Let no token open Elium, or each of them again."""
        for number in await self.tokens():
            await self.control.asked("PATCH", f"{self._elium}/tokens/{number}", {"enabled": enabled})

    def _faults(self, *, at_graph: bool) -> str:
        return "/faults" if at_graph else f"{self._elium}/faults"


def _account_of(node: Mapping[str, Any]) -> Account:
    return Account(
        id=str(node["id"]),
        user_name=str(node.get("userName") or ""),
        display_name=str(node.get("displayName") or ""),
        title=str(node.get("title") or ""),
        is_active=node.get("active") is not False,
    )
