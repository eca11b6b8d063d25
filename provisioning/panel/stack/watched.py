"""What is known of a stack, kept by whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from provisioning.errors import ProvisioningError
from provisioning.model.synchronization_status import Cycle
from provisioning.operations.status import StatusReport, status_of
from provisioning.operations.watching import StackJob, Switched

if TYPE_CHECKING:
    from provisioning.graph.patience import Clock


@dataclass(slots=True)
class Heard:
    """What was heard last, and when."""

    status: StatusReport | None = None
    """``None`` before the first answer."""
    at: datetime | None = None
    """When Graph last answered, in UTC."""
    trouble: ProvisioningError | None = None
    """Why it did not since; ``None`` when it did."""


@dataclass(slots=True)
class WatchedStack:
    """One stack, and how to ask about it."""

    meant: StackJob
    graph: Switched
    clock: Clock
    heard: Heard = field(default_factory=Heard)

    @property
    def declared_of_it(self) -> tuple[object, ...]:
        """Give of what was heard whatever a stack's file may declare otherwise; nothing before the first answer."""
        if (status := self.heard.status) is None:
            return ()
        return (status.state, status.scope, status.delete_threshold, status.notification_email)

    @property
    def last_cycle(self) -> Cycle | None:
        """Give the last cycle that was heard of."""
        return self.heard.status.last_cycle if self.heard.status else None

    async def look(self) -> bool:
        """Ask how it goes, and tell whether anything but the time is new."""
        now = self.clock.now()
        before = (self.heard.status, str(self.heard.trouble or ""))
        try:
            self.heard.status, self.heard.at = await status_of(self.graph, self.meant, now=now), now
            self.heard.trouble = None
        except ProvisioningError as error:
            # Shown, and asked again: a page that is watched outlives an outage.
            self.heard.trouble = error
        return before != (self.heard.status, str(self.heard.trouble or ""))
