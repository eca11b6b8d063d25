"""Reports as values, with names that mean something elsewhere, for tests of pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from provisioning.model.assignment import PrincipalKind
from provisioning.operations.reporting.fleet import FleetReport, TenantReport, fleet_report
from provisioning.operations.reporting.gathering import Setting, StackReport
from provisioning.operations.reporting.history import COUNTED, CycleTally, causes_of
from provisioning.operations.reporting.waits import Entering
from provisioning.operations.standing import PersonStanding, Standing
from provisioning.operations.status import State, StatusReport
from provisioning.operations.teardown.leaver import Evidence, Source, Way
from provisioning.operations.teardown.plan import Accounts, Step
from provisioning.operations.teardown.report import PersonReport, StepReport, TeardownReport
from provisioning.operations.teardown.report import State as TeardownState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

HOSTILE = '</script><img src=x onerror="alert(1)">'
FROM_RIGHT = "שרה כהן"
CHINESE = "田中太郎"
LONG = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenanspruch" * 2
NAMES = (HOSTILE, FROM_RIGHT, CHINESE, LONG, "a | b `c` *d* @e #1", "half \ud83d", "Ada \u202elive")

OFTEN = (*[Standing.PROVISIONED] * 16, Standing.FAILING, Standing.WAITING, Standing.LEAVING, Standing.LEFT)
CODES = ("DuplicateTargetEntries", "EntryNotFound", "Unheard" * 9)


def a_person(number: int) -> PersonStanding:
    """Make up a person; of twenty one fails, waits, leaves and has left, each."""
    name = NAMES[number] if number < len(NAMES) else f"Person {number:06}"
    standing = OFTEN[number % len(OFTEN)]
    code = CODES[number // len(OFTEN) % len(CODES)] if standing is Standing.FAILING else ""
    shown = f"{name} (p{number}@contoso.com)"
    return PersonStanding(
        f"id-{number}", shown, standing, "create", NOON - number % 999 * MINUTE, code, code, f"{number}"
    )


def a_status(stack: str = "dev") -> StatusReport:
    """Make up how a job is doing: it runs."""
    nothing = (None, None, None, None)
    held = (State.RUNNING, "Provisioning runs.", "")
    return StatusReport(stack, "principal", "job", *held, *nothing, {"user to User": 3}, "assigned", 0, "", ())


def a_stack(people: int = 60, stack: str = "dev") -> StackReport:
    """Make up a stack of so many people, that has had two hundred cycles."""
    listed = tuple(map(a_person, range(people)))
    counts = Counter(one.standing for one in listed)
    entering = Entering({f"{each}": NOON for each in range(people)}, NOON - timedelta(days=30))
    entering.themselves.extend(number % 90 * MINUTE for number in range(people // 2))
    entering.otherwise.extend(number % 900 * MINUTE for number in range(people // 3))
    return StackReport(
        stack=stack,
        at=NOON,
        since=NOON - timedelta(days=30),
        status=a_status(stack),
        settings=(Setting("baseAddress", "https://acme.elium.com/scim/v2"), Setting("notification", HOSTILE)),
        assigned=(f"group {FROM_RIGHT}", f"user {HOSTILE}"),
        mappings=(Setting(f"users.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:{'x' * 60}", "[mail]"),),
        people=listed,
        counts={each.value: counts[each] for each in Standing if counts[each]},
        cycles=tuple(map(a_cycle, range(200))),
        causes=causes_of(listed),
        waits=entering.waits,
        drift=(f"{HOSTILE} is assigned besides", "users.title is [department], and was [jobTitle]"),
    )


def a_cycle(number: int) -> CycleTally:
    """Make up one of two hundred."""
    counts = {what: (number * (place + 3)) % 17 for place, what in enumerate(COUNTED)}
    return CycleTally(f"{number}", NOON + (number - 200) * 40 * MINUTE, counts, 1_000 + number)


def a_fleet(tenants: int = 3, people: int = 60) -> FleetReport:
    """Make up a fleet; the last of its tenants could not be asked."""
    rows = [
        TenantReport(f"tenant-{each:03}", "unchanged", stack=a_stack(people, f"tenant-{each:03}"))
        for each in range(tenants - 1)
    ]
    rows.append(TenantReport("unasked", "failed", f"{HOSTILE}\nis not set.", "Set it."))
    return fleet_report(
        [replace(rows[0], verdict="changes", changes=1, plan=f"+ {HOSTILE}"), *rows[1:]],
        at=NOON,
        since=NOON - timedelta(days=30),
    )


def a_proof(people: int = 60) -> TeardownReport:
    """Make up a teardown that is on its way; of ten accounts one is still open, and there is a group."""
    listed = tuple(_leaver(each) for each in range(people))
    group = PersonReport("g", FROM_RIGHT, PrincipalKind.GROUP, Way.ON_DEMAND, "", "", is_closed=True, evidence=())
    return TeardownReport(
        stack="dev",
        service_principal_id="principal",
        job_id="job",
        state=TeardownState.UNFINISHED,
        checksum="1a2b3c4d",
        accounts=Accounts.DISABLE,
        force_deletes=False,
        purge=False,
        assignments=(f"group {HOSTILE}",),
        people=(*listed, group),
        obstacles=(),
        notes=(f"{HOSTILE} was seen.",),
        takes_at_least=MINUTE,
        takes_at_most=MINUTE,
        began=NOON,
        finished=None,
        steps=(StepReport(Step.UNASSIGN, NOON), StepReport(Step.DELETE, None)),
    )


def _leaver(number: int) -> PersonReport:
    name = NAMES[number] if number < len(NAMES) else f"Person {number:06}"
    said = (
        Evidence(Source.TARGET, "active is false", NOON + number * MINUTE, f"account-{number}"),
        Evidence(Source.LOG, "disable", NOON + number % 7 * MINUTE, f"change-{number}"),
    )
    is_closed = number % 10 != 9
    evidence = said if is_closed else ()
    return PersonReport(f"{number}", name, PrincipalKind.USER, Way.ON_DEMAND, "", f"{number}", is_closed, evidence)
