"""``python -m scripts.demo``: the story in seven acts, each on real parts. ``make demo`` runs it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx2
import typer

from provisioning.errors import ProvisioningError
from scripts.demo.acts import (
    Stage,
    configure,
    first_cycle,
    one_leaves,
    one_mapping_changes,
    raise_the_threshold,
    take_down,
)
from scripts.demo.cast import Cast, cast_of
from scripts.demo.company import Company
from scripts.demo.processes import RunningEmulator, emulator, panel
from scripts.demo.screen import new_console, show_act, show_failure
from scripts.demo.stack import PASSPHRASE, DemoStack
from tools.environment import environment as pulumi_environment
from tools.places import this_clone

if TYPE_CHECKING:
    from collections.abc import Mapping

console = new_console()


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything up, and tell how to go on by hand.")] = False,
    twin: Annotated[
        Path | None, typer.Option("--twin", metavar="FILE", help="Play with the people of a twin, in Contoso's place.")
    ] = None,
) -> None:
    """Provision a made-up company from a pretend Entra into a pretend Elium, with the real Pulumi."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _play(this_clone().state / "demo", keep=keep, twin=twin)
    except KeyboardInterrupt:
        console.print("\nInterrupted. Emulator and panel were stopped; nothing stays running.")
        raise typer.Exit(130) from None
    except httpx2.HTTPError as error:
        show_failure(console, f"The emulator did not answer as it should: {error}")
        raise typer.Exit(1) from None
    except ProvisioningError as error:
        show_failure(console, error.message, error.hint)
        raise typer.Exit(error.exit_code) from None


def _play(folder: Path, *, keep: bool, twin: Path | None) -> None:
    show_act(console, 1, "A pretend Entra and a pretend Elium start on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    run_folder = _new_run(folder)
    cast = cast_of(twin, run_folder) if twin else Cast()
    with emulator(folder, keep=keep, seed=cast.seed) as running:
        console.print(f"They answer at {running.environment['ELIUM_EMULATOR_URL']}.")
        environment = _environment(run_folder, running)
        company = Company(running.environment, running.control)
        stack = DemoStack(this_clone().root, run_folder / "project", environment, console)
        stack.declare(groups=list(cast.groups))
        stage = Stage(console, company, stack, cast)
        configure(stage)
        # What is kept is gone on with in the clone, where `make up` reads the file.
        where = this_clone().root if keep else stack.folder
        with panel(folder, where, stack.environment_by_hand(), keep=keep) as watched:
            console.print("Watch it go from the company over the wire to Elium, and play along:")
            console.print(watched.address, style="bold", soft_wrap=True)
            for act in (first_cycle, one_leaves, one_mapping_changes):
                act(stage)
            if keep:
                _tell_how_to_go_on(folder, stack.environment_by_hand(), watched.address)
                return
            raise_the_threshold(stage)
            take_down(stage)
    console.print("\nDone. Nothing stays running.", style="bold green")


def _environment(folder: Path, running: RunningEmulator) -> dict[str, str]:
    """Give what Pulumi runs in: the emulator's addresses, and a memory that belongs to this one demonstration."""
    memory = folder / "stacks"
    memory.mkdir()
    os.environ.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
    return {
        **pulumi_environment(this_clone(), {**os.environ, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}),
        **running.environment,
        "PULUMI_BACKEND_URL": memory.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
    }


def _new_run(folder: Path) -> Path:
    """Make a folder for this demonstration; an earlier one's is of no use to a new company.

    Each has its own, since a Pulumi whose demonstration was killed may still be at work in the earlier one's.
    """
    for earlier in folder.glob("run-*"):
        shutil.rmtree(earlier, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="run-", dir=folder))


def _tell_how_to_go_on(folder: Path, environment: Mapping[str, str], address: str) -> None:
    file = folder / "by-hand"
    file.touch(mode=0o600)
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(environment.items())]
    file.write_text("".join(lines), encoding="utf-8")
    show_act(console, 6, "Everything is left up. In a browser:")
    console.print(f"  {address}", soft_wrap=True)
    console.print("Let people join, move and leave, let time pass, change a mapping, break things. In another shell:")
    pids = " ".join((folder / f"{name}.pid").read_text(encoding="utf-8") for name in ("panel", "emulator"))
    console.print(
        f'  eval "$(cat {shlex.quote(str(file))})"\n'
        "  make preview        and make up; it is Pulumi.dev.yaml that you change\n"
        f"  curl -s --cacert $SSL_CERT_FILE $ELIUM_EMULATOR_URL/_emulator/state\n"
        "  make teardown       shows what taking it down does, and what is in the way\n"
        f"  kill {pids}     stops panel and emulator, and so does make demo"
    )


if __name__ == "__main__":
    typer.run(demo)
