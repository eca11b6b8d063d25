"""``python -m emulator``: serve the pretend Entra and Elium until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.clock import RunningClock
from emulator.environment import as_exports
from emulator.running import Emulator
from emulator.seed import SeedError
from emulator.web.server import serving
from emulator.web.tls import StateFolder

if TYPE_CHECKING:
    from emulator.identity.keys import SigningKey


def main(arguments: list[str] | None = None) -> int:
    """Serve, and tell on standard output when ready."""
    options = _options(arguments)
    logging.basicConfig(level=logging.WARNING if options.quiet else logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    folder = StateFolder(options.state.resolve())
    try:
        emulator = Emulator(seed=options.seed, clock=RunningClock(), key=_KeptKey(folder))
    except SeedError as error:
        sys.stderr.write("".join(f"{reason}\n" for reason in error.reasons))
        return 2
    except OSError as error:
        sys.stderr.write(f"{options.seed}: {error.strerror}.\n")
        return 2
    try:
        asyncio.run(_serve(emulator, folder, options))
    except OSError as error:
        sys.stderr.write(f"{options.host}:{options.port} cannot be served: {error.strerror}.\n")
        return 1
    return 0


async def _serve(emulator: Emulator, folder: StateFolder, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(emulator, folder, host=options.host, port=options.port) as served:
        exports = as_exports(served.environment)
        folder.write_private(folder.environment_file, exports.encode())
        try:
            sys.stdout.write(exports if options.print_env else f"{_ready(served.origin, folder)}\n")
            sys.stdout.flush()
            await stop.wait()
        finally:
            folder.withdraw(folder.environment_file, exports.encode())


def _ready(origin: str, folder: StateFolder) -> str:
    """Tell where it answers; the secret is in the environment file and not here."""
    return json.dumps(
        {
            "url": origin,
            "graph": f"{origin}/v1.0",
            "control": f"{origin}/_emulator",
            "ca": str(folder.ca_file),
            "environment": str(folder.environment_file),
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


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m emulator", description="A pretend Entra and Elium on loopback.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8443, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument(
        "--state", type=Path, default=Path(".state/emulator"), help="folder for the authority and the environment"
    )
    parser.add_argument("--seed", type=Path, help="a made-up company of your own (default: Contoso)")
    parser.add_argument("--quiet", action="store_true", help="log warnings only")
    parser.add_argument("--print-env", action="store_true", help="print export lines when ready, secrets included")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
