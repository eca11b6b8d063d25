"""The page of the demonstration: what is drawn of it, and what its buttons do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import httpx2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from provisioning.errors import ConfigurationError
from provisioning.operations.rehearsal.emulator import TwinError
from provisioning.operations.status import State
from provisioning.operations.watching import Switched
from provisioning.panel.app import FRAGMENT, Endpoint, fields_of
from provisioning.panel.company import deeds, faults, passing
from provisioning.panel.company.deeds import Done
from provisioning.panel.company.faults import SWITCHES
from provisioning.panel.company.stack_file import OFFERED, StackFile
from provisioning.panel.company.views import PATH, View, Wish
from provisioning.panel.company.watched import WatchedCompany, told_of
from provisioning.panel.live import Live
from provisioning.panel.pages import drawn

FORGOTTEN = ("Escrows", "QuarantineState")
"""What a restart forgets here: the failures and the quarantine, so that all is tried anew."""

Form = Mapping[str, str]
Deed = Callable[[Form], Awaitable[Done]]


@dataclass(slots=True)
class CompanyPlace:
    """The company, the wire and Elium side by side."""

    watched: WatchedCompany
    file: StackFile
    graph: Switched
    """By which the job is restarted, as anybody would."""
    stack_path: str
    """Where the stack's own page is, with the plan."""
    path: str = PATH
    title: str = "Company, wire, Elium"
    template: str = "company/page"
    and_then: Callable[[], None] = lambda: None
    """Is done after each deed: others may show what comes of it."""
    live: Live = field(init=False)
    _hired: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        names = ("clock", "told", "how", "people", "chosen", "wire", "faults", "accounts")
        self.live = Live({name: self._drawer(name) for name in names})

    @property
    def view(self) -> View:
        """What was seen of what this reader asks for."""
        return self.watched.view_of(Wish.of_the_reader())

    @property
    def offered(self) -> Mapping[str, Sequence[str]]:
        """What can be mapped, and what is suggested."""
        return OFFERED

    @property
    def steps(self) -> Mapping[str, str]:
        """How time can pass, and what the buttons say."""
        return passing.STEPS

    def routes(self) -> Sequence[Route]:
        """List what the buttons are answered by."""
        deeds_of_people = {
            "join": self._join,
            "move": self._move,
            "leave": self._leave,
            "enter": self._enter,
            "disable": self._disable,
            "enable": self._enable,
            "delete": self._delete,
        }
        about_people = {f"people/{name}": self._at_the_directory(deed) for name, deed in deeds_of_people.items()}
        all_deeds = {
            "time": self._time,
            "break": self._break,
            "mend": self._mend,
            "restart": self._restart,
            "mapping": self._map,
            "filter": self._let_in,
            **about_people,
        }
        return [Route(f"{self.path}/{name}", self._answer(deed), methods=["POST"]) for name, deed in all_deeds.items()]

    async def prepare(self) -> None:
        """Look at what this reader asks for."""
        await self.watched.prepare(Wish.of_the_reader())

    def followed(self) -> AbstractContextManager[None]:
        """Look at what this reader asks for whenever something changes, until the block ends."""
        return self.watched.followed(Wish.of_the_reader())

    async def watch(self) -> None:
        """Look whenever something changes."""
        while True:
            await self.watched.next_look()
            self.live.changed()
            await self.watched.rest()

    # What the buttons do

    async def _time(self, form: Form) -> Done:
        step = form.get("step", "")
        if step not in passing.STEPS:
            raise ConfigurationError("Time does not pass so.", hint=f"Choose one of {', '.join(passing.STEPS)}.")
        passed = await passing.let_pass(self.watched.emulated, step, self.watched.meant.address)
        return Done(passed.what, passed.then, "")

    async def _join(self, form: Form) -> Done:
        done = await deeds.join(self.watched.directory, self.watched.assigned, deeds.hire_of(form), turn=self._hired)
        self._hired += 1
        return done

    async def _move(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        told = {name: form.get(name, "").strip() for name in ("department", "title")}
        return await deeds.move(self.watched.directory, person, **told)

    async def _leave(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        return await deeds.leave(self.watched.directory, self.watched.assigned, person)

    async def _enter(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        return await deeds.enter(self.watched.directory, self.watched.assigned, person, form.get("group", ""))

    async def _disable(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        return await deeds.switch(self.watched.directory, person, enabled=False)

    async def _enable(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        return await deeds.switch(self.watched.directory, person, enabled=True)

    async def _delete(self, form: Form) -> Done:
        person = await deeds.found(self.watched.directory, form.get("person", ""))
        return await deeds.delete(self.watched.directory, person)

    async def _break(self, form: Form) -> Done:
        switch = next((each for each in SWITCHES if each.name == form.get("what")), None)
        if switch is None:
            raise ConfigurationError("There is no such fault.", hint="Choose one of those on the page.")
        names = (await faults.broken(self.watched.emulated)).names
        await faults.break_exactly(self.watched.emulated, names ^ {switch.name})
        if switch.name in names:
            return Done(f"Mended: {switch.title}.", self._after_mending(), "")
        return Done(f"Broken: {switch.title}.", switch.promise, "")

    async def _mend(self, _: Form) -> Done:
        await faults.mend_everything(self.watched.emulated)
        return Done("Everything is mended.", self._after_mending(), "")

    async def _restart(self, _: Form) -> Done:
        await self.graph.restart(self.watched.meant.address, FORGOTTEN)
        return Done(
            "The job is restarted: the quarantine and the failures are forgotten.",
            "Everybody is looked at again in a cycle at once; whoever has an account keeps it.",
            "",
        )

    async def _map(self, form: Form) -> Done:
        attribute = form.get("attribute", "")
        file = self.file.map(attribute, form.get("expression", "").strip())
        return self._written(f"{file.path.name} says another {attribute} now.", file.diff)

    async def _let_in(self, form: Form) -> Done:
        department = form.get("department", "").strip()
        file = self.file.let_in(department)
        said = f"lets only {department} in now" if department else "lets everybody in who is assigned"
        return self._written(f"{file.path.name} {said}.", file.diff)

    def _written(self, what: str, diff: str) -> Done:
        if not diff:
            return Done("The file says so already.", "Nothing was written.", "")
        return Done(
            what, "Nothing happens at Entra until pulumi up, which is make up in a clone: look at the plan.", ""
        )

    def _after_mending(self) -> str:
        report = self.watched.report
        if report is not None and report.state in {State.OFF, State.STOPPED, State.GIVEN_UP}:
            return "The job does not run, so no cycle finds it mended: restart it."
        if report is None or report.state is not State.QUARANTINE:
            return "Later cycles find it mended, and catch up."
        return "The job is still in quarantine: restart it, or wait until it is tried the next time."

    def _at_the_directory(self, deed: Deed) -> Deed:
        """Say besides when the next cycle is, since nothing comes of a change before."""

        async def done(form: Form) -> Done:
            what = await deed(form)
            return Done(what.what, f"{self._when()} {what.then}", what.name)

        return done

    def _when(self) -> str:
        report, state = self.watched.report, self.watched.state
        if report is not None and report.quarantine:
            return "The job is in quarantine, and nothing comes of this before it ends. Then:"
        if state is None or state.next_cycle is None:
            return "The job does not run, so nothing comes of it. Once it does:"
        return f"At the next cycle, at {state.next_cycle:%H:%M}, and Entra waits no longer than 40 minutes:"

    def _answer(self, deed: Deed) -> Endpoint:
        async def answer(request: Request) -> Response:
            form = await fields_of(request)
            try:
                # In the order in which they were asked for: who joins is there before the time passes.
                async with self._turn:
                    done = await deed(form)
                    await self.watched.look_now()
            except (TwinError, httpx2.HTTPError) as error:
                raise told_of(error) from error
            self.watched.tell(done.what, done.then)
            self.live.changed()
            self.and_then()
            if FRAGMENT in request.headers:
                return HTMLResponse(self.live.parts["told"]())
            return RedirectResponse(f"{self.path}?{request.url.query}" if request.url.query else self.path, 303)

        return answer

    def _drawer(self, name: str) -> Callable[[], str]:
        return lambda: drawn(f"company/{name}", place=self, watched=self.watched, view=self.view, switches=SWITCHES)
