"""What a served emulator holds of connections that ask nothing, and whether it gives that back.

``python -m bench.connections`` prints it. The emulator is a process of its own, and its memory is what the system says
that it holds; waiting here is waiting for the system.
"""

from __future__ import annotations

import asyncio
import json
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CROWD, ROUNDS = 10_000, 3
AT_ONCE = 200
NEAR = 50
"""Megabytes above the beginning at which what was held counts as given back."""
PATIENCE = 30.0


def main() -> int:
    """Open many connections and close them, several times, and tell whether memory fell back."""
    _allow_many_files()
    with tempfile.TemporaryDirectory() as state:
        command = [sys.executable, "-m", "emulator", "--port", "0", "--state", state, "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:  # noqa: S603 - this very package
            try:
                return _measure(emulator, Path(state))
            finally:
                emulator.terminate()


def _measure(emulator: subprocess.Popen[str], state: Path) -> int:
    port = int(json.loads((emulator.stdout or sys.stdin).readline())["url"].rpartition(":")[2])
    context = ssl.create_default_context(cafile=state / "ca.pem")
    # Once before: what the first connection makes it load is not what is measured.
    asyncio.run(_crowd(port, context, AT_ONCE, emulator.pid))
    begin = left = _held(emulator.pid)
    sys.stdout.write(f"$ python -m bench.connections\n\nbefore: {begin:.0f} MB\n")
    for _ in range(ROUNDS):
        most = asyncio.run(_crowd(port, context, CROWD, emulator.pid))
        left = _settled(emulator.pid, begin + NEAR)
        sys.stdout.write(f"{CROWD:,} idle TLS connections: {most:.0f} MB, after they left: {left:.0f} MB\n")
        sys.stdout.flush()
    return 0 if left <= begin + NEAR else 1


async def _crowd(port: int, context: ssl.SSLContext, size: int, pid: int) -> float:
    """Open connections, tell what the emulator holds then, and close them."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def come() -> asyncio.StreamWriter:
        async with turns:
            return (await asyncio.open_connection("127.0.0.1", port, ssl=context))[1]

    writers = await asyncio.gather(*(come() for _ in range(size)))
    most = _held(pid)
    for writer in writers:
        writer.transport.abort()
    return most


def _settled(pid: int, enough: float) -> float:
    """Tell what it holds once that is little enough, or when patience ends."""
    end = time.monotonic() + PATIENCE
    while _held(pid) > enough and time.monotonic() < end:
        time.sleep(0.2)
    return _held(pid)


def _held(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _allow_many_files() -> None:
    # Its child inherits it.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
