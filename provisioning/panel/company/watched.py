"""What is known of the company, the wire and Elium, for those who look, kept by whoever watches."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import httpx2

from provisioning.errors import GraphError, NotFoundError, ProvisioningError
from provisioning.graph.patience import Clock, WallClock
from provisioning.graph.watching_wire import status_of as status_in
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.model.synchronization_status import SynchronizationStatus
from provisioning.operations.status import StatusReport, status_of
from provisioning.operations.watching import StackJob
from provisioning.panel.company.clock import CompanyClock
from provisioning.panel.company.directory import Assigned, Directory
from provisioning.panel.company.emulated import Changes, Emulated, State
from provisioning.panel.company.faults import Broken, broken
from provisioning.panel.company.views import View, Wish

VIEWS_KEPT = 4
"""How many views are kept that nobody follows: who asks for one again, and nothing has changed, has it at once."""

SECONDS_AFTER_TROUBLE = 1.0

TOLD_KEPT = 12


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done here, and what comes of it."""

    what: str
    then: str
    at: datetime | None
    """By the company's clock."""


@dataclass(frozen=True, slots=True)
class _ByControl:
    """Tells how jobs are by what the emulator's control says of them, which no fault of Graph's reaches."""

    state: State
    held: Mapping[str, str]

    async def statuses(self, principal: ServicePrincipalId) -> list[SynchronizationStatus]:
        return [status_in(job) for job in self.state.jobs if job["servicePrincipalId"] == principal]

    async def secrets(self, principal: ServicePrincipalId) -> dict[str, str]:
        del principal
        return dict(self.held)


@dataclass(slots=True)
class WatchedCompany:
    """The company of an emulator, and what is looked at of it."""

    emulated: Emulated
    directory: Directory
    meant: StackJob
    clock: CompanyClock
    """Is told what time it is there."""
    wall: Clock = field(default_factory=WallClock)
    """Measures how long a look takes, whatever time the company is in."""
    state: State | None = None
    report: StatusReport | None = None
    assigned: Assigned = field(default_factory=Assigned)
    broken: Broken = field(default_factory=Broken)
    trouble: ProvisioningError | None = None
    """Why nothing is known just now; ``None`` when all is well."""
    told: deque[Told] = field(default_factory=lambda: deque(maxlen=TOLD_KEPT))
    """What was done here, newest first."""
    views: OrderedDict[Wish, View] = field(default_factory=OrderedDict)
    _followers: Counter[Wish] = field(default_factory=Counter)
    """How many readers have a page open that is drawn after each look."""
    _changes: Changes | None = None
    _held: dict[str, str] = field(default_factory=dict, repr=False)
    _took: float = 0.0
    """How many seconds the last look took."""
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def next_look(self) -> None:
        """Wait until somebody has looked and something has changed, and look at that.

        What does not answer is :attr:`trouble`.
        """
        await self._wanted.wait()
        try:
            changes = await self.emulated.changes(self._changes.number if self._changes else None)
            begun = self.wall.now()
            await self._look(changes)
            self._took = (self.wall.now() - begun).total_seconds()
        except (ProvisioningError, httpx2.HTTPError) as error:
            self._changes, self.trouble = None, told_of(error)

    async def rest(self) -> None:
        """Wait before the next look, once what was seen is shown: as long as that was looked at.

        So watching takes half of the emulator's time at most from a cycle. It is longer where nothing answered.
        """
        await self.wall.sleep(self._took if self._changes else SECONDS_AFTER_TROUBLE)

    async def prepare(self, wish: Wish) -> None:
        """Look at what a reader asks for, unless that is as it was at the last look."""
        self._wanted.set()
        try:
            # A look that is under way knows the new number, and not yet what is new.
            async with self._turn:
                await self._prepare(wish)
        except (ProvisioningError, httpx2.HTTPError) as error:
            self._changes, self.trouble = None, told_of(error)

    async def _prepare(self, wish: Wish) -> None:
        changes = await self.emulated.changes()
        if self._changes is None or changes.number != self._changes.number:
            await self._look_at(changes)
        view = self.views.setdefault(wish, View(wish))
        if not view.is_fresh:
            await self._read(view)
        self.views.move_to_end(wish)
        passed = [each for each in self.views if each not in self._followers]
        for each in passed[:-VIEWS_KEPT]:
            del self.views[each]

    @contextmanager
    def followed(self, wish: Wish) -> Iterator[None]:
        """Look at what a reader asks for at each look, until the block ends."""
        self._followers[wish] += 1
        try:
            yield
        finally:
            self._followers -= Counter([wish])

    def view_of(self, wish: Wish) -> View:
        """Give what was seen of what a reader asks for; nothing, when that is not looked at any more."""
        return self.views.get(wish) or View(wish)

    def tell(self, what: str, then: str) -> None:
        """Remember what was done."""
        self.told.appendleft(Told(what, then, self.state.time if self.state else None))

    async def look_now(self) -> None:
        """Look at everything, because something was done here."""
        await self._look(await self.emulated.changes())

    async def _look(self, changes: Changes) -> None:
        # One after the other, or what was read earlier could be kept longer.
        async with self._turn:
            await self._look_at(changes)

    async def _look_at(self, changes: Changes) -> None:
        self.state, self.broken = await self.emulated.state(), await broken(self.emulated)
        # Only now, or who asks next would take what was known before for what is.
        known, self._changes = self._changes, changes
        self.clock.heard(self.state.time)
        for view in self.views.values():
            view.is_fresh = view.is_fresh and view.wish in self._followers
        followed = [self.views.setdefault(wish, View(wish)) for wish in self._followers]
        is_moved = known is None or known.journal != changes.journal or any(view.trouble for view in followed)
        if is_moved:
            await self._directory()
        for view in followed:
            await self._read(view, people=is_moved or not view.is_fresh)
        try:
            self.report = await status_of(_ByControl(self.state, self._held), self.meant, now=self.state.time)
            self.trouble = None
        except NotFoundError as error:
            # The company is still there when its job is not.
            self.report, self.trouble = None, error

    async def _read(self, view: View, *, people: bool = True) -> None:
        if people:
            await self._people_of(view)
        await self._site_of(view)
        view.is_fresh = True

    async def _directory(self) -> None:
        principal = self.meant.address.service_principal
        try:
            self.assigned = await self.directory.assigned_to(principal)
            self._held = await self.directory.secrets(principal)
        except GraphError:
            # What is looked at tells why, and this is asked again with it.
            return

    async def _people_of(self, view: View) -> None:
        wish = view.wish
        is_first = not wish.q and not wish.people
        try:
            view.people = await self.directory.people(wish.q, wish.people)
            changed = self._changes.people if self._changes and is_first else ()
            view.changed = await self.directory.among(changed)
            view.chosen = await self.directory.called(wish.who) if wish.who else None
            view.trouble = None
        except GraphError as error:
            view.trouble = error

    async def _site_of(self, view: View) -> None:
        wish = view.wish
        view.accounts = await self.emulated.accounts(wish.q, int(wish.accounts or 0))
        sent = await self.emulated.sent(before=int(wish.before) if wish.before else None)
        view.requests = sent.requests
        if wish.who:
            found = (await self.emulated.accounts(wish.who, 0)).rows
            view.account = next((each for each in found if view.is_lit(each.user_name)), None)


def told_of(error: ProvisioningError | httpx2.HTTPError) -> ProvisioningError:
    """Tell of an emulator that is gone as of that; anything else as it is."""
    cause = error if isinstance(error, httpx2.HTTPError) else error.__cause__
    if isinstance(cause, httpx2.HTTPError) and not isinstance(cause, httpx2.HTTPStatusError):
        return ProvisioningError(
            f"The emulator does not answer: {cause}",
            hint="Start it again, and then the panel, in the environment that the emulator writes.",
        )
    return error if isinstance(error, ProvisioningError) else ProvisioningError(f"The emulator refuses: {error}")
