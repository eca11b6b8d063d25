"""The page of one stack."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.graph.pace import Pace
from provisioning.operations.explaining import explain
from provisioning.operations.logs import LogReader
from provisioning.operations.status import State
from provisioning.panel.app import FRAGMENT, Endpoint, fields_of, page_of
from provisioning.panel.aside import Aside
from provisioning.panel.live import Live
from provisioning.panel.pages import drawn
from provisioning.panel.place import path_of_stack
from provisioning.panel.rhythm import Rhythm
from provisioning.panel.stack.log import WatchedLog, lines_of
from provisioning.panel.stack.people import FIRST, Search, WatchedPeople
from provisioning.panel.stack.planned import Declared, WatchedPlan
from provisioning.panel.stack.steering import Act, Steered, Steering
from provisioning.panel.stack.watched import WatchedStack

SECONDS_BETWEEN = 15.0
"""How often Graph is asked how it goes and what is new in the log: two requests, and one."""

PAUSE, START = ("pause", "Pause …"), ("start", "Start …")

SWITCHES: Mapping[State, Sequence[tuple[str, str]]] = {
    State.RUNNING: (PAUSE,),
    State.FIRST_CYCLE: (PAUSE,),
    State.QUARANTINE: (START, PAUSE),
    State.OFF: (START,),
    State.STOPPED: (START,),
    State.GIVEN_UP: (START,),
}
"""What there is to switch, by how a job is."""

FEW = 1_000
"""How many people are asked for anew after each cycle: of more it takes long, and is asked for."""

AT_ONCE = 1
"""How many plans are worked out at a time."""


@dataclass(slots=True)
class StackPlace:
    """A page that tells how one stack is doing."""

    stack: WatchedStack
    graph: Steered
    declared: Declared | None = None
    """``None`` where a job is watched and nobody knows of a stack's file."""
    template: str = "stack/page"
    live: Live = field(init=False)
    rhythm: Rhythm = field(init=False)
    log: WatchedLog = field(init=False)
    people: WatchedPeople = field(init=False)
    plan: WatchedPlan | None = field(init=False)
    steering: Steering = field(init=False)
    _log_rhythm: Rhythm = field(init=False)
    _people_wanted: asyncio.Event = field(init=False)
    _aside: Aside = field(init=False)

    def __post_init__(self) -> None:
        clock = self.stack.clock
        self.rhythm, self._log_rhythm = Rhythm(clock, SECONDS_BETWEEN), Rhythm(clock, SECONDS_BETWEEN)
        self.live = Live({"state": self._state, "plan": self._plan, "people": self._people, "log": self._log})
        # One pace for all who read the log: Graph counts by app, and not by what they want to know.
        reader = partial(LogReader, self.graph, clock, Pace(clock))
        self.log = WatchedLog(self.stack, reader())
        self.people = WatchedPeople(self.graph, self.stack, reader, lambda: self.live.changed("people"))
        self.steering = Steering(self.stack, self.graph, reader)
        self._people_wanted = asyncio.Event()
        self._aside = Aside(AT_ONCE)
        self.plan = None
        if self.declared:
            self.plan = WatchedPlan(self.declared, clock, self._aside, lambda: self.live.changed("plan"))

    @property
    def path(self) -> str:
        """Its address."""
        return path_of_stack(self.title)

    @property
    def title(self) -> str:
        """Its name."""
        return self.stack.meant.stack

    def routes(self) -> Sequence[Route]:
        """List what else is answered."""
        acts = [
            Route(f"{self.path}/{act.name}", self._asks(act), methods=["GET", "POST"])
            for act in self.steering.acts.values()
        ]
        return [
            Route(f"{self.path}/look", self._look, methods=["POST"]),
            Route(f"{self.path}/people/look", self._look_at_people, methods=["POST"]),
            Route(f"{self.path}/plan", self._work_out, methods=["POST"]),
            Route(f"{self.path}/people", self._searched),
            Route(f"{self.path}/people/{{person}}", self._explained),
            *acts,
        ]

    async def watch(self) -> None:
        """Look how it goes, what comes into the log, what would change and how everybody stands, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in (self._watch_state(), self._watch_log(), self._watch_people()):
                    tasks.create_task(work)
                if self.plan:
                    tasks.create_task(self.plan.watch())
        finally:
            self._aside.end()

    async def _watch_state(self) -> None:
        while True:
            before, cycle = self.stack.declared_of_it, self.stack.last_cycle
            if await self.stack.look():
                self.live.changed("state", "people")
            if self.plan and before and self.stack.declared_of_it != before:
                self.plan.work_out()
            if before and self.stack.last_cycle != cycle and len(self.people.people.rows) <= FEW:
                self._people_wanted.set()
            self.rhythm.heard(self.stack.heard.trouble)
            await self.rhythm.wait()

    async def _watch_log(self) -> None:
        while True:
            if await self.log.look():
                self.live.changed("log")
            self._log_rhythm.heard(self.log.heard.trouble)
            await self._log_rhythm.wait()

    async def _watch_people(self) -> None:
        while True:
            await self.people.look()
            await self._people_wanted.wait()
            self._people_wanted.clear()

    def look_now(self) -> None:
        """Ask Graph at once how it goes."""
        self.rhythm.look_now()
        self._log_rhythm.look_now()

    async def _look(self, _: Request) -> Response:
        self.look_now()
        return RedirectResponse(self.path, 303)

    async def _look_at_people(self, _: Request) -> Response:
        self._people_wanted.set()
        return RedirectResponse(self.path, 303)

    async def _work_out(self, _: Request) -> Response:
        if self.plan:
            self.plan.work_out()
        return RedirectResponse(self.path, 303)

    async def _searched(self, request: Request) -> Response:
        """Answer a search: with the rows alone where our script asks, else with a page."""
        asked = Search.parse(request.query_params)
        if FRAGMENT in request.headers:
            return page_of(request, self, self._rows(asked))
        told = drawn("stack/people_page", place=self, summary=self._people(), search=self.search(asked))
        return page_of(request, self, told)

    async def _explained(self, request: Request) -> Response:
        report = await explain(self.graph, self.stack.meant, request.path_params["person"], now=self.stack.clock.now())
        is_part = FRAGMENT in request.headers
        lines = tuple(lines_of(report.log))
        return page_of(request, self, drawn("stack/explained", place=self, report=report, lines=lines, is_part=is_part))

    def _asks(self, act: Act) -> Endpoint:
        """Say what an act would do and ask; when exactly that is answered, do it."""

        async def asks(request: Request) -> Response:
            is_answer = request.method == "POST"
            fields = await fields_of(request) if is_answer else request.query_params
            proposal = await act.look(fields)
            is_part = FRAGMENT in request.headers
            values = {"place": self, "act": act, "proposal": proposal, "is_part": is_part}
            is_same = fields.get("doit") == proposal.checksum
            if is_answer and is_same and proposal.is_needed and not proposal.is_severe:
                came = await proposal.carry_out()
                self.look_now()
                return page_of(request, self, drawn("stack/done", **values, came=came))
            asked = drawn("stack/question", **values, fields=fields, is_other=is_answer and not is_same)
            return page_of(request, self, asked)

        return asks

    @property
    def switches(self) -> Sequence[tuple[str, str]]:
        """Which acts make sense as it is, by name, and what their buttons are called."""
        status = self.stack.heard.status
        return SWITCHES.get(status.state, ()) if status else ()

    def search(self, asked: Search | None = None) -> str:
        """Draw the search for people, with those who are found."""
        asked = asked or Search()
        return drawn("stack/search", place=self, asked=asked, rows=self._rows(asked), standings=FIRST)

    def _rows(self, asked: Search) -> str:
        found = self.people.people.found(asked)
        return drawn("stack/people_rows", place=self, asked=asked, found=found, is_known=self.people.people.at)

    def _state(self) -> str:
        return drawn("stack/state", place=self, heard=self.stack.heard, now=self.stack.clock.now())

    def _log(self) -> str:
        return drawn("stack/log", place=self, heard=self.log.heard)

    def _plan(self) -> str:
        worked = self.plan.worked if self.plan else None
        return drawn("stack/plan", place=self, worked=worked, declared=self.declared)

    def _people(self) -> str:
        at, last = self.people.people.at, self.stack.last_cycle
        is_behind = at is not None and last is not None and at < (last.ended or last.began)
        return drawn("stack/people", place=self, watched=self.people, is_behind=is_behind)
