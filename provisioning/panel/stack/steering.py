"""What a page may do to a stack: start, pause, provision one person. First it is said what that does, then it is asked.

What is carried out is what was shown: its checksum comes back with the answer, and where by then it would be something
else, that is shown, and asked again. What cannot be taken back is not done by a button.
"""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from provisioning.errors import ConfigurationError
from provisioning.operations import on_demand, switching
from provisioning.operations.explaining import Explained
from provisioning.operations.logs import LogReader
from provisioning.operations.on_demand import Provisions, provisioning_of
from provisioning.operations.surveying import Surveyed
from provisioning.operations.switching import Switching, carry_out, pausing, starting
from provisioning.operations.watching import Switched
from provisioning.panel.stack.watched import WatchedStack


class Steered(Switched, Provisions, Explained, Surveyed, Protocol):
    """Microsoft Graph, as far as the page of a stack needs it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked about."""

    lines: Sequence[str]
    """What comes of it, a sentence each."""
    checksum: str
    is_needed: bool
    """False when it is so already."""
    command: str
    """The same in a terminal."""
    is_severe: bool
    """Whether it cannot be taken back, so that only the command does it."""
    carry_out: Callable[[], Awaitable[Sequence[str]]]
    """Does it, and gives a sentence for each thing that came of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a button does."""

    name: str
    """In an address, and as the command calls it."""
    title: str
    """What is asked, such as ``Pause provisioning?``."""
    button: str
    """What the answer is called."""
    look: Callable[[Mapping[str, str]], Awaitable[Proposal]]
    """Looks what it would do, by the fields of the form."""


@dataclass(frozen=True, slots=True)
class Steering:
    """The acts of one stack."""

    stack: WatchedStack
    graph: Steered
    reader: Callable[[], LogReader]

    @property
    def acts(self) -> Mapping[str, Act]:
        """Give the acts by name."""
        acts = (
            Act("pause", "Pause provisioning?", "Pause", self._pause),
            Act("start", "Start provisioning?", "Start", self._start),
            Act("provision", "Provision this person now?", "Provision now", self._provision),
        )
        return {act.name: act for act in acts}

    async def _pause(self, _: Mapping[str, str]) -> Proposal:
        return self._switched(await pausing(self.graph, self.stack.meant))

    async def _start(self, _: Mapping[str, str]) -> Proposal:
        return self._switched(await starting(self.graph, self.stack.meant, log=self.reader()))

    def _switched(self, found: Switching) -> Proposal:
        async def done() -> Sequence[str]:
            await carry_out(self.graph, self.stack.meant.address, found)
            return [DONE[found.act]]

        command = f"elium {found.act.value} {shlex.quote(self.stack.meant.stack)} --doit {found.checksum}"
        return Proposal(found.lines, found.checksum, found.is_needed, command, found.is_severe, done)

    async def _provision(self, fields: Mapping[str, str]) -> Proposal:
        person = fields.get("person", "").strip()
        if not person:
            raise ConfigurationError("Nobody is named.", hint="Choose somebody in the list of people.")
        found = await provisioning_of(self.graph, self.stack.meant, [person], ())

        async def done() -> Sequence[str]:
            rows = [row async for row in on_demand.provision(self.graph, self.stack.meant, found)]
            return [_came_of(row) for row in rows]

        command = f"elium provision {shlex.quote(self.stack.meant.stack)} {shlex.quote(person)}"
        return Proposal(found.lines, found.checksum, is_needed=True, command=command, is_severe=False, carry_out=done)


DONE: Mapping[switching.Act, str] = {
    switching.Act.START: "Provisioning is started.",
    switching.Act.PAUSE: "Provisioning is paused.",
}


def _came_of(row: on_demand.ProvisionedRow) -> str:
    """Say what came of a call."""
    said = f"{row.name}: {row.outcome.value.replace('-', ' ')}{f' ({row.action})' if row.action else ''}"
    return ". ".join(filter(None, (said, row.meaning, f"To do: {row.what_to_do}" if row.what_to_do else "")))
