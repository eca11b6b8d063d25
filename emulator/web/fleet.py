"""Several companies served at once: an emulator and a port for each, one authority, one environment for all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from emulator.company.fleet import Company
from emulator.premises import Premises
from emulator.web import tenants_file
from emulator.web.server import Served, serving
from emulator.web.tls import StateFolder


@dataclass(frozen=True, slots=True)
class ServedFleet:
    """Companies that answer, each on a port of its own, in the order in which they were made."""

    companies: tuple[Company, ...]
    served: tuple[Served, ...]

    @property
    def environment(self) -> dict[str, str]:
        """What points clients at the first company, and the secrets that :attr:`tenants` names."""
        return self.served[0].environment | tenants_file.secrets_of(self.companies)

    @property
    def tenants(self) -> str:
        """The text of a ``tenants.yaml`` with a row for each platform; empty when none were asked for."""
        return tenants_file.tenants_file(self.companies, [each.origin for each in self.served])

    def advance(self, by: timedelta) -> int:
        """Let time pass for every company, from another thread, and tell how many cycles ran."""
        return sum(each.advance(by) for each in self.served)

    def run_due(self) -> int:
        """Run the cycles that are due now for every company, and tell how many ran."""
        return sum(each.run_due() for each in self.served)


@asynccontextmanager
async def serving_all(
    emulators: Sequence[Premises], companies: tuple[Company, ...], folder: StateFolder, *, host: str, port: int
) -> AsyncIterator[ServedFleet]:
    """Serve in the running event loop until the block ends: on *port* and those after it, or, for 0, on free ones."""
    async with AsyncExitStack() as stack:
        served = [
            await stack.enter_async_context(serving(emulator, folder, host=host, port=port and port + place))
            for place, emulator in enumerate(emulators)
        ]
        yield ServedFleet(companies, tuple(served))
