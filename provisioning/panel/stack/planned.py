"""What a run would change now: worked out anew whenever the stack's file is written, or the job is another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.errors import ProvisioningError
from provisioning.panel.aside import Aside
from provisioning.panel.files import written
from provisioning.provider.preview import Preview, PreviewReport, report_of_preview

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock


@dataclass(frozen=True, slots=True)
class Declared:
    """Where a stack says what should be, and how to find out what that would change."""

    stack: str
    file: Path
    """Which is watched, such as ``Pulumi.dev.yaml``; it may not be there."""
    plan: Callable[[], Preview]
    """Works it out, in whichever thread; it may take seconds.

    :raises ProvisioningError: when it cannot be worked out."""
    command: str
    """What carries it out, such as ``pulumi up --stack dev``."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out last."""

    report: PreviewReport | None = None
    text: str = ""
    """The same as ``pulumi preview`` prints it."""
    at: datetime | None = None
    """When; ``None`` before the first time."""
    trouble: ProvisioningError | None = None
    """Why it could not be."""
    is_under_way: bool = True
    """Whether it is being worked out anew."""


class WatchedPlan:
    """The plan of what a file would change now."""

    def __init__(self, declared: Declared, clock: Clock, aside: Aside, changed: Callable[[], None]) -> None:
        """Know nothing yet; *changed* is called when there is something else to show."""
        self.declared = declared
        self.worked = Worked()
        self._clock = clock
        self._aside = aside
        self._changed = changed
        self._wanted = asyncio.Event()

    def work_out(self) -> None:
        """Have it worked out anew."""
        self._wanted.set()

    async def watch(self) -> None:
        """Work it out, whenever somebody wants that or the file is written, until cancelled."""
        self.work_out()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_file())
            tasks.create_task(self._work())

    async def _watch_file(self) -> None:
        async for _ in written(self.declared.file):
            self.work_out()

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            before = self.worked
            self.worked = Worked(before.report, before.text, before.at, before.trouble)
            self._changed()
            try:
                found = await self._aside.do(self.declared.plan)
            except ProvisioningError as error:
                self.worked = Worked(at=self._clock.now(), trouble=error, is_under_way=False)
            else:
                report = report_of_preview(self.declared.stack, found)
                self.worked = Worked(report, found.text, self._clock.now(), is_under_way=False)
            self._changed()
