"""``elium status``: how provisioning goes."""

from __future__ import annotations

from typing import Annotated

import typer

from provisioning.commands.asking import Asked, ask
from provisioning.commands.exit_codes import ExitCode
from provisioning.commands.options import Cwd, Json, Stack
from provisioning.commands.wording import lines_of_status
from provisioning.operations.status import State, StatusReport, status_of
from provisioning.operations.waiting import SECONDS_BETWEEN


def status(
    context: typer.Context,
    stack: Stack,
    *,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Look once a minute, and tell what changes.")] = False,
    json: Json = False,
    cwd: Cwd = None,
) -> None:
    """Say how provisioning goes."""
    ask(context, stack, cwd, lambda asked: _watched(asked, is_json=json) if watch else _once(asked, is_json=json))


async def _once(asked: Asked, *, is_json: bool) -> None:
    report = await status_of(asked.graph, asked.meant, now=asked.clock.now())
    _show(asked, report, is_json=is_json)
    if report.state in (State.QUARANTINE, State.GIVEN_UP):
        raise typer.Exit(ExitCode.QUARANTINE)


async def _watched(asked: Asked, *, is_json: bool) -> None:
    shown: StatusReport | None = None
    while True:
        report = await status_of(asked.graph, asked.meant, now=asked.clock.now())
        if report != shown:
            _show(asked, report, is_json=is_json, is_line=True)
            shown = report
        await asked.clock.sleep(SECONDS_BETWEEN)


def _show(asked: Asked, report: StatusReport, *, is_json: bool, is_line: bool = False) -> None:
    if is_json:
        asked.screen.document(report, is_line=is_line)
        return
    for line in lines_of_status(report):
        asked.screen.show(line)
