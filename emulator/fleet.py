"""Many Elium platforms as a test wants them, each with its group of people, in one Entra tenant or in several.

::

    with Fleet(40).serve() as served:
        Path("tenants.yaml").write_text(served.tenants)
        subprocess.run(["elium", "fleet", "plan"], env={**os.environ, **served.environment})
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from emulator.company.clock import Clock, StandingClock
from emulator.company.fleet import companies
from emulator.company.seed import Seed
from emulator.running import Emulator
from emulator.web.fleet import ServedFleet


class Fleet:
    """Companies, each an emulator of its own."""

    def __init__(
        self,
        platforms: int,
        *,
        entra_tenants: int = 1,
        number: int = 1,
        company: Seed | None = None,
        clock: Callable[[], Clock] = StandingClock,
    ) -> None:
        """Make as many *platforms*, spread over *entra_tenants*, each company with a clock of its own.

        The same *number* makes the same names, ids and people every time. *company* is the first Entra tenant's;
        without it, it is Contoso. The others are made up.

        :raises FleetError: when so many cannot be made.
        """
        self.companies = companies(platforms, entra_tenants=entra_tenants, number=number, company=company)
        self.emulators = tuple(Emulator(seed=each.seed, clock=clock()) for each in self.companies)

    @contextmanager
    def serve(self) -> Iterator[ServedFleet]:
        """Serve each on a free port, in a thread of its own, until the block ends. All have one authority."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            served = [stack.enter_context(emulator.serve(state=folder)) for emulator in self.emulators]
            yield ServedFleet(self.companies, tuple(served))
