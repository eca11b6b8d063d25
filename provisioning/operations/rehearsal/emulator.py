"""The emulator as a program: it is started, spoken to at its address, and stopped. Nothing of it is imported.

Its control interface and its environment are those of docs/reference/emulator.md.
"""

from __future__ import annotations

import json
import os
import shlex
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from provisioning.errors import ProvisioningError

PROGRAM = ("-P", "-m", "emulator")
"""How an interpreter is told to be the emulator; ``-P`` so that no folder named so in the project's is taken for it."""

SECONDS_TO_STOP = 20

HANDED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
"""What of our environment the emulator gets: nothing by which anybody signs in anywhere."""

NOT_THERE = "No module named"


class TwinError(ProvisioningError):
    """The emulator did not start, or did not do as it was told."""


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """An emulator that answers."""

    origin: str
    """Such as ``https://127.0.0.1:40123``."""
    environment: Mapping[str, str] = field(repr=False)
    """What points clients at it, secrets included."""


Starter = Callable[[Mapping[str, Any]], AbstractContextManager[RunningEmulator]]
"""Starts an emulator that begins with a seed, and stops it at the end. :raises TwinError: when it cannot."""


@contextmanager
def started(seed: Mapping[str, Any], program: Sequence[str] = (sys.executable, *PROGRAM)) -> Iterator[RunningEmulator]:
    """Run the emulator on a free port of loopback, in a folder of its own that only we can read, and stop it.

    It is attached to us: should we be killed, it ends by itself. The seed comes through its standard input, so that
    names of people never lie on the disk.

    :raises TwinError: when it is not there, or does not take the seed.
    """
    with tempfile.TemporaryDirectory(prefix="elium-rehearsal-") as name:
        folder = Path(name)
        options = ("--host", "127.0.0.1", "--port", "0", "--state", str(folder / "state"), "--seed", "-")
        with (folder / "log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, with arguments of our own
                [*program, *options, "--key", "--attached", "--quiet"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={name: os.environ[name] for name in HANDED_ON if name in os.environ},
                # Ctrl-C reaches us first, and then it is stopped as always.
                start_new_session=True,
            )
        try:
            _hand_over(process, seed)
            yield _when_ready(process, folder / "log")
        finally:
            _stop(process)


def _hand_over(process: subprocess.Popen[str], seed: Mapping[str, Any]) -> None:
    # One that has ended already says why in its log.
    with suppress(BrokenPipeError):
        if process.stdin:
            process.stdin.write(f"{json.dumps(seed)}\n")
            process.stdin.flush()


def _when_ready(process: subprocess.Popen[str], log: Path) -> RunningEmulator:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise _not_started(log.read_text(encoding="utf-8").strip().rpartition("\n")[2])
    ready = json.loads(line)
    words = [shlex.split(each) for each in Path(ready["environment"]).read_text(encoding="utf-8").splitlines()]
    return RunningEmulator(ready["url"], dict(word[1].split("=", 1) for word in words if word[:1] == ["export"]))


def _not_started(said: str) -> TwinError:
    if NOT_THERE in said:
        return TwinError(
            f"There is no emulator beside this command to rehearse in: {said.partition(': ')[2]}.",
            hint="Install it from the release that you have: pip install ./entra_emulator-<version>-py3-none-any.whl",
        )
    return TwinError(f"The emulator did not start: {said}", hint="That is a fault: report it.")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        # What was not taken of the seed would be written now, to nobody.
        with suppress(BrokenPipeError):
            if stream:
                stream.close()


@dataclass(frozen=True, slots=True)
class Control:
    """The control interface of an emulator."""

    http: httpx2.AsyncClient

    @classmethod
    def of(cls, running: RunningEmulator) -> Control:
        """Open it. No proxy is asked: it is on this machine."""
        key = running.environment.get("ELIUM_EMULATOR_KEY")
        return cls(
            httpx2.AsyncClient(
                base_url=f"{running.origin}/_emulator",
                verify=ssl.create_default_context(cafile=running.environment["SSL_CERT_FILE"]),
                headers={"Authorization": f"Bearer {key}"} if key else {},
                # A cycle of ten thousand people takes minutes, and nobody is answered before it has ended.
                timeout=None,
                trust_env=False,
            )
        )

    async def run_cycle(self, job: str) -> None:
        """Run a cycle of a job, due or not, on or off; one that runs already is waited for first."""
        await self.asked("POST", "/cycles/run", {"jobId": job})

    async def let_pass(self, duration: str) -> datetime:
        """Move the company's clock on, such as by ``PT1M``, and tell the time."""
        return datetime.fromisoformat((await self.asked("POST", "/clock/advance", {"by": duration}))["time"])

    async def new_token(self, site: str) -> str:
        """Make a token that opens a tenant of the target."""
        return str((await self.asked("POST", f"/elium/{site}/tokens"))["token"])

    async def forget_requests(self, site: str) -> None:
        """Forget what a tenant of the target was sent."""
        await self.asked("DELETE", f"/elium/{site}/requests")

    async def writes(self, site: str) -> list[dict[str, Any]]:
        """Give what a tenant of the target was sent that changes something, oldest first."""
        found = await self.asked("GET", f"/elium/{site}/requests?method=POST,PUT,PATCH,DELETE")
        return list(found["value"])

    async def asked(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask something, and give the answer's JSON; empty where it has none.

        :raises TwinError: when it is not done.
        """
        try:
            answer = await self.http.request(method, path, json=body)
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise TwinError(
                f"The emulator did not do {method} {path}: {error}", hint="That is a fault: report it."
            ) from error
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told


@dataclass(slots=True)
class TwinSignIn:
    """A token for the twin's Graph, by the secret that the emulator made for us."""

    http: httpx2.AsyncClient
    environment: Mapping[str, str] = field(repr=False)
    origin: str
    _token: str = field(default="", repr=False)

    async def token(self) -> str:
        """Give a token (Learn: v2-oauth2-client-creds-grant-flow)."""
        if not self._token:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.environment["ARM_CLIENT_ID"],
                "client_secret": self.environment["ARM_CLIENT_SECRET"],
                "scope": f"{self.origin}/.default",
            }
            answer = await self.http.post(
                f"{self.origin}/{self.environment['ARM_TENANT_ID']}/oauth2/v2.0/token", data=form
            )
            answer.raise_for_status()
            self._token = str(answer.json()["access_token"])
        return self._token

    def forget(self) -> None:
        """Drop the token, because Graph did not take it."""
        self._token = ""
