"""An emulator that runs: inside the program that uses it, or on a port of loopback, or until told to stop.

As a test fixture, without a socket::

    emulator = Emulator()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(emulator.app), base_url=emulator.origin) as http:
        ...

and with one::

    with Emulator().serve() as served:
        subprocess.run([...], env={**os.environ, **served.environment})
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.company import seed as seeds
from emulator.company.clock import RunningClock
from emulator.company.fleet import Company, FleetError, companies
from emulator.company.seed import SeedError
from emulator.premises import Premises, TrustError
from emulator.web.app import App
from emulator.web.environment import as_exports
from emulator.web.fleet import ServedFleet, serving_all
from emulator.web.server import Served, serving_in_thread
from emulator.web.tenants_file import NAME
from emulator.web.tls import StateFolder, is_host_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from emulator.identity.keys import SigningKey

__all__ = ["Emulator", "TrustError"]

SECONDS_TO_END = 10.0
"""How long an emulator may take to end whose program has ended."""

STANDARD_INPUT = Path("-")
"""What stands for standard input in place of a seed's file: then nothing of it lies on the disk."""


class Emulator(Premises):
    """A pretend Entra and a pretend Elium, in one, with the door that answers requests."""

    @cached_property
    def app(self) -> App:
        """The ASGI application of everything."""
        return App(self)

    @contextmanager
    def serve(
        self, *, host: str = "127.0.0.1", port: int = 0, state: Path | None = None, names: Sequence[str] = ()
    ) -> Iterator[Served]:
        """Serve on a port in a thread of its own until the block ends; port 0 takes any free one.

        Over TLS, with a certificate for loopback and for *names*, by an authority that is kept in the folder *state*;
        without one it is made for this run only.

        :raises RuntimeError: when the port cannot be opened, which its cause tells.
        """
        with (
            tempfile.TemporaryDirectory() as folder,
            serving_in_thread(self, StateFolder(state or Path(folder), tuple(names)), host=host, port=port) as served,
        ):
            yield served


def run(options: argparse.Namespace) -> int:
    """Do what ``python -m emulator`` does: serve until told to stop, and give the exit code.

    What is wrong is one sentence on standard error.
    """
    logging.basicConfig(level=logging.WARNING if options.quiet else logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    names = tuple(name.strip() for name in options.names.split(",") if name.strip())
    wrong = next((name for name in names if not is_host_name(name)), None)
    if wrong is not None:
        sys.stderr.write(f"--names: '{wrong}' is not a host name such as graph.microsoft.com.\n")
        return 2
    folder = StateFolder(options.state.resolve(), names)
    try:
        made = _companies(options)
        emulators = _emulators(made, folder, options)
    except (SeedError, FleetError, TrustError, OSError) as error:
        sys.stderr.write(_said(error, options))
        return 2
    try:
        asyncio.run(_serve(emulators, made, folder, options))
    except OSError as error:
        sys.stderr.write(f"{options.host}:{_ports(options)} cannot be served: {error.strerror}.\n")
        return 1
    return 0


def _said(error: Exception, options: argparse.Namespace) -> str:
    """Tell what is wrong with what was asked for, a line for each reason."""
    match error:
        case SeedError():
            return "".join(f"{reason}\n" for reason in error.reasons)
        case FleetError():
            return f"--tenants: {error}\n"
        case OSError():
            return f"{options.seed}: {error.strerror}.\n"
        case _:
            return f"--trust: {error}\n"


def _companies(options: argparse.Namespace) -> tuple[Company, ...]:
    """Give the company of the seed as it is; or, where many platforms are asked for, those that have them."""
    if options.seed == STANDARD_INPUT:
        seed = seeds.parse(seeds.written_in(sys.stdin.readline()))
    else:
        seed = seeds.read(options.seed)
    if options.tenants is None:
        return (Company(seed, ()),)
    return companies(options.tenants, entra_tenants=options.entra_tenants, number=options.tenants_seed, company=seed)


def _emulators(made: Sequence[Company], folder: StateFolder, options: argparse.Namespace) -> list[Emulator]:
    """Make an emulator for each company, each with a clock of its own; keys are shared."""
    key, control_key = _KeptKey(folder), _control_key(options)
    emulators = [Emulator(seed=each.seed, clock=RunningClock(), key=key, trust=options.trust) for each in made]
    for emulator in emulators:
        emulator.control_key = control_key
    return emulators


async def _serve(
    emulators: Sequence[Emulator], made: tuple[Company, ...], folder: StateFolder, options: argparse.Namespace
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    when_told_to_end(loop, stop.set)
    if options.attached:
        threading.Thread(target=_wait_for_the_end, args=(loop, stop), name="attached", daemon=True).start()
    async with serving_all(emulators, made, folder, host=options.host, port=options.port) as fleet:
        exports = as_exports(fleet.environment)
        files = {folder.environment_file: exports, folder.path / NAME: fleet.tenants}
        written = {file: text.encode() for file, text in files.items() if text}
        for file, content in written.items():
            folder.write_private(file, content)
        try:
            sys.stdout.write(exports if options.print_env else f"{_ready(fleet, folder)}\n")
            sys.stdout.flush()
            await stop.wait()
        finally:
            for file, content in written.items():
                folder.withdraw(file, content)


def when_told_to_end(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Stop at Ctrl-C and when asked to end, in the loop's own turn."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            # On Windows a loop hears of no signals (Python: asyncio-platforms); the process does.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _ports(options: argparse.Namespace) -> str:
    """Name the ports that are to be had."""
    last = options.port + options.entra_tenants - 1
    return f"{options.port}" if last <= options.port or not options.port else f"{options.port}-{last}"


def _wait_for_the_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stop when standard input ends, as it does when the program at its other end is no more, however that went."""
    # Past Python's own buffer, whose lock would be held for ever at the end.
    while os.read(sys.stdin.fileno(), 1):
        pass
    with suppress(RuntimeError):
        # It may have stopped already, for another reason.
        loop.call_soon_threadsafe(stop.set)
    threading.Event().wait(SECONDS_TO_END)
    # A cycle of ten thousand people lets nobody else have a turn for minutes, and nobody is left to see it end.
    os._exit(0)


def _control_key(options: argparse.Namespace) -> str | None:
    return secrets.token_urlsafe(24) if options.key else None


def _ready(fleet: ServedFleet, folder: StateFolder) -> str:
    """Tell where it answers; the secrets are in the environment file and not here."""
    origin, *others = [each.origin for each in fleet.served]
    return json.dumps(
        {
            "url": origin,
            "graph": f"{origin}/v1.0",
            "control": f"{origin}/_emulator",
            "ca": str(folder.ca_file),
            "environment": str(folder.environment_file),
            **({"tenants": str(folder.path / NAME)} if fleet.tenants else {}),
            **({"others": others} if others else {}),
        }
    )


class _KeptKey:
    """Gives the key that is kept in the state folder, read or made when the first token is signed."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder

    @cached_property
    def _key(self) -> SigningKey:
        return self._folder.signing_key()

    def __call__(self) -> SigningKey:
        return self._key
