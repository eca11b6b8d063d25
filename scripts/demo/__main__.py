"""``python -m scripts.demo``: the story in six acts, each on real parts. ``make demo`` runs it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from provisioning.errors import ProvisioningError
from scripts.demo.company import Company
from scripts.demo.processes import DemoError, emulator, run
from tools.environment import environment as pulumi_environment
from tools.places import this_clone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.demo.company import Account

GROUP = "Elium users"
LEAVER = "alan.turing@contoso.com"
STACK = "dev"
STACK_FILE = Path("Pulumi.dev.yaml")
PASSPHRASE = "contoso"  # noqa: S105 - the public passphrase of a made-up company's stack
MAPPING_BEFORE = 'title: "[jobTitle]"'
MAPPING_AFTER = """title: 'Join(", ", [jobTitle], [department])'"""

console = Console(width=None if sys.stdout.isatty() else 100)


def demo(
    *, keep: Annotated[bool, typer.Option("--keep", help="Leave everything up, and tell how to go on by hand.")] = False
) -> None:
    """Provision a made-up company from a pretend Entra into a pretend Elium, with the real Pulumi."""
    folder = Path(".state/demo").resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _play(folder, keep=keep)
    except KeyboardInterrupt:
        console.print("\nInterrupted. The emulator was stopped; nothing stays running.")
        raise typer.Exit(130) from None
    except httpx2.HTTPError as error:
        console.print(f"[red]The emulator did not answer as it should: {error}", highlight=False)
        raise typer.Exit(1) from None
    except ProvisioningError as error:
        console.print(f"[red]{error.message}", highlight=False)
        console.print(error.hint, highlight=False)
        raise typer.Exit(error.exit_code) from None


def _play(folder: Path, *, keep: bool) -> None:
    _act(1, "A pretend Entra and a pretend Elium start on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    with emulator(folder, keep=keep) as running:
        memory = _empty(folder / "stacks")
        environment = {
            **pulumi_environment(this_clone(), {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, **os.environ}),
            **running.environment,
            "PULUMI_BACKEND_URL": memory.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        }
        environment.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        os.environ.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        console.print(f"They answer at {running.environment['ELIUM_EMULATOR_URL']}.", highlight=False)
        company = Company(running.environment, running.control)

        _act(2, "Pulumi adds the gallery app, assigns a group, and configures provisioning")
        run(["pulumi", "stack", "select", "--create", STACK], environment, console)
        run(["pulumi", "up", "--yes", "--stack", STACK], environment, console)

        _act(3, "The initial cycle runs; these accounts are now at Elium, read over SCIM")
        company.run_due_cycles()
        before = company.accounts()
        console.print(_table(before))

        _act(4, f"{LEAVER} leaves the group; forty minutes pass; the incremental cycle runs")
        company.take_out_of(GROUP, LEAVER)
        company.let_pass("PT40M")
        after = company.accounts()
        console.print(_table(after, changed={account for account in after if account not in before}))
        console.print(_verdict_on_leaver(after), highlight=False)

        _act(5, "One mapping is changed in the configuration; this is what would happen")
        changed = _with_changed_mapping(folder)
        run(["pulumi", "preview", "--diff", "--stack", STACK, "--config-file", str(changed)], environment, console)

        if keep:
            _tell_how_to_go_on(folder, environment)
            return
        _act(6, "Everything is taken down again")
        run(["pulumi", "destroy", "--yes", "--stack", STACK], environment, console)
    console.print("\nDone. Nothing stays running.", style="bold green")


def _act(number: int, title: str) -> None:
    console.print()
    console.rule(f"{number} · {title}", align="left")


def _table(accounts: list[Account], changed: set[Account] | frozenset[Account] = frozenset()) -> Table:
    table = Table("userName", "displayName", "title", "active")
    for account in accounts:
        style = "bold yellow" if account in changed else ""
        table.add_row(account.user_name, account.name, account.title, str(account.is_active).lower(), style=style)
    return table


def _verdict_on_leaver(accounts: list[Account]) -> str:
    """Say what became of the leaver's account. :raises DemoError: when it is not what was promised."""
    left = next((account for account in accounts if account.user_name == LEAVER), None)
    if left is None or left.is_active:
        was = "deleted" if left is None else "still active"
        raise DemoError(f"The account of {LEAVER} is {was}; it should be disabled.", hint="That is a fault: report it.")
    return f"The account of {LEAVER} is disabled, not deleted."


def _empty(folder: Path) -> Path:
    """Make an empty folder for Pulumi's memory; an earlier demonstration's is of no use to a new company."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _with_changed_mapping(folder: Path) -> Path:
    """Write a copy of the stack's file in which one mapping differs."""
    changed = folder / STACK_FILE.name
    text = STACK_FILE.read_text(encoding="utf-8")
    if MAPPING_BEFORE not in text:
        raise ProvisioningError(
            f"{STACK_FILE} no longer has the line `{MAPPING_BEFORE}`, which the demonstration changes.",
            hint=f"Put it back under elium:mappings, or run `git checkout {STACK_FILE}`.",
        )
    changed.write_text(text.replace(MAPPING_BEFORE, MAPPING_AFTER), encoding="utf-8")
    console.print(f"{STACK_FILE}: {MAPPING_BEFORE}  becomes  {MAPPING_AFTER}", highlight=False, markup=False)
    return changed


def _tell_how_to_go_on(folder: Path, environment: Mapping[str, str]) -> None:
    file = folder / "by-hand"
    file.touch(mode=0o600)
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(environment.items())]
    file.write_text("".join(lines), encoding="utf-8")
    _act(6, "Everything is left up. In another shell:")
    pid = (folder / "emulator.pid").read_text(encoding="utf-8")
    console.print(
        f'  eval "$(cat {file})"\n'
        "  make preview        and make up, make destroy\n"
        f"  curl -s --cacert $SSL_CERT_FILE $ELIUM_EMULATOR_URL/_emulator/state\n"
        f"  kill {pid}          stops the emulator",
        highlight=False,
        markup=False,
    )


if __name__ == "__main__":
    typer.run(demo)
