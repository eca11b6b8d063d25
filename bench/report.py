"""How long a report on 100,000 people takes to write, and how large it is: what was asked of Entra lies there already.

``python -m bench.report`` prints it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from provisioning.commands.pages.blocks import Page
from provisioning.commands.pages.html import html_of
from provisioning.commands.pages.markdown import markdown_of
from provisioning.commands.pages.stack import page_of_stack
from provisioning.operations.rehearsal.made_up_names import MadeUpNames
from provisioning.operations.reporting.gathering import StackReport, renamed
from provisioning.operations.reporting.history import COUNTED, CycleTally, causes_of
from provisioning.operations.reporting.waits import Entering
from provisioning.operations.standing import PersonStanding, Standing
from provisioning.operations.status import State, StatusReport

PEOPLE = 100_000
AT_MOST, MEGABYTES = 10.0, 20.0
"""Seconds, and the size of a page."""

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
SCRIPTS = ("Ada Byron", "Søren Kjær", "田中太郎", "שרה כהן", "Анна Иванова", "محمد الخوارزمي")
CODES = ("DuplicateTargetEntries", "EntryConflict", "InvalidDomain", "SystemForCrossDomainIdentityManagementBadRequest")
STATUS = StatusReport(
    stack="dev",
    service_principal_id="principal",
    job_id="job",
    state=State.RUNNING,
    sentence="Provisioning runs.",
    what_to_do="",
    quarantine=None,
    last_cycle=None,
    next_cycle=None,
    progress=None,
    counts={"user to User": PEOPLE},
    scope="assigned",
    delete_threshold=0,
    notification_email="",
    other_jobs=(),
)


def main() -> int:
    """Write each form once, and return 1 when the page is too slow or too large."""
    report = a_report()
    sys.stdout.write(f"$ python -m bench.report   # {PEOPLE:,} people\n\n")
    took, size = _taken("page", lambda: html_of(_page(report)))
    _taken("page for paper", lambda: html_of(_page(report), on_paper=True))
    _taken("Markdown", lambda: markdown_of(_page(report)))
    _taken("page with made-up names", lambda: html_of(_page(renamed(report, MadeUpNames(b"key")), is_made_up=True)))
    return 0 if took < AT_MOST and size < MEGABYTES else 1


def a_report() -> StackReport:
    """Make up a stack; of ten people one fails, and ids are as hard to pack as real ones."""
    people = tuple(sorted(map(_a_person, range(PEOPLE)), key=lambda one: one.person))
    counts = Counter(one.standing for one in people)
    entering = Entering({one.person_id: NOW for one in people}, NOW)
    entering.otherwise.extend(timedelta(minutes=number % 999) for number in range(PEOPLE))
    cycles = tuple(CycleTally(f"{each}", NOW, dict.fromkeys(COUNTED, each), PEOPLE) for each in range(1_000))
    known = {each.value: counts[each] for each in Standing if counts[each]}
    nothing = ((), (), ())
    return StackReport("dev", NOW, NOW, STATUS, *nothing, people, known, cycles, causes_of(people), entering.waits, ())


def _a_person(number: int) -> PersonStanding:
    name = f"{SCRIPTS[number % len(SCRIPTS)]} {number} ({number}@contoso.com)"
    standing = Standing.FAILING if number % 10 == 0 else Standing.PROVISIONED
    code = CODES[number // 10 % len(CODES)] if standing is Standing.FAILING else ""
    at = NOW - timedelta(seconds=number * 7919 % 2_592_000)
    identifier = str(UUID(int=number * 0x9E3779B97F4A7C15 % 2**128))
    return PersonStanding(identifier, name, standing, "create", at, code, code, identifier)


def _page(report: StackReport, *, is_made_up: bool = False) -> Page:
    return page_of_stack(report, plan="", why_no_plan="", is_made_up=is_made_up)


def _taken(what: str, write: Callable[[], str]) -> tuple[float, float]:
    began = time.perf_counter()
    size = len(write().encode()) / 1e6
    took = time.perf_counter() - began
    sys.stdout.write(f"{took:6.2f} s {size:6.2f} MB   {what}\n")
    return took, size


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m bench.report", description=__doc__).parse_args()
    sys.exit(main())
