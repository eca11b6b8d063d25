"""How far waiting is: a bar on a terminal, lines in a pipeline; on stderr in both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from provisioning.commands.screen import Screen
from provisioning.commands.wording import progress_in_words, span
from provisioning.model.synchronization_status import SynchronizationStatus

if TYPE_CHECKING:
    from rich.progress import Progress


@dataclass(slots=True)
class Watching:
    """Shows how a job that is waited for goes."""

    screen: Screen
    within: timedelta
    _bar: Progress | None = field(default=None)

    def __enter__(self) -> Self:
        if self.screen.has_terminal:
            from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
            from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415 - the same

            console = Console(file=self.screen.stderr)
            self._bar = Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True)
            self._bar.add_task("looking …", total=None)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def tell(self, status: SynchronizationStatus, waited: timedelta) -> None:
        """Show the status that was seen after having waited so long."""
        text = in_words(status, waited)
        if self._bar is None:
            self.screen.tell(text)
            return
        done, total = (status.progress.done, status.progress.total) if status.progress else (None, None)
        self._bar.update(self._bar.task_ids[0], description=text, completed=done, total=total)


def in_words(status: SynchronizationStatus, waited: timedelta) -> str:
    """Tell how long has been waited, how far the cycle is, and, as an estimate, how long cycles of this job take."""
    told = [f"waited {span(waited)}"]
    if status.progress:
        told.append(progress_in_words(status.progress))
    elif status.last is None:
        told.append("the first cycle runs: 20 minutes to hours")
    if status.last and status.last.length is not None:
        told.append(f"the last cycle took {span(status.last.length)}")
    return ", ".join(told)
