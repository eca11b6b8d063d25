"""How a deployed stack is: what was changed elsewhere, what stands beside it, and what is about to hurt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.graph.apps import AppFound
from provisioning.model.base_address import shown_address
from provisioning.model.connection import Connection, Scope
from provisioning.model.credentials import Fingerprint
from provisioning.model.observed import Observed
from provisioning.operations.doctor.chart import Chart
from provisioning.operations.doctor.checkup import CannotBeMadeError, Failure, Result, hint, ok, wrong
from provisioning.operations.explanation import NO_ROLE
from provisioning.operations.status import State, status_and_others, status_of
from provisioning.planning.rules.assigning import shortcoming
from provisioning.words import counted

MOST_APPS = 5
"""How many other apps are looked into, with two calls each."""

OLD = 180
"""Days after which a token should be another one, where nobody has a rule of their own."""


async def job(chart: Chart) -> Result:
    """Whether the job runs."""
    address = chart.address
    await chart.asked()
    if not any(one.job.id == address.job for one in await chart.statuses(address.service_principal)):
        return wrong(
            f"The job {address.job} no longer exists, and nobody is provisioned.",
            "If it was deleted by hand, `pulumi refresh` tells what that means, and `pulumi up` makes a new one.",
        )
    meant = chart.deployed.meant if chart.deployed else None
    report = await status_of(chart, meant, now=chart.now()) if meant else None
    if report is None:
        raise CannotBeMadeError("There is no job.")
    if report.state in (State.QUARANTINE, State.GIVEN_UP):
        return wrong(report.sentence, report.what_to_do, Failure.QUARANTINE)
    if report.state is State.RUNNING:
        return ok(report.sentence)
    return hint(report.sentence, report.what_to_do)


async def other_jobs(chart: Chart) -> Result:
    """Whether the app has other jobs, which keep links of their own."""
    _, others = await status_and_others(chart, chart.address)
    if not others:
        return ok("The app has no other job.")
    told = ", ".join(f"{one.job.id} ({'on' if one.job.is_on else 'off'})" for one in others)
    return hint(
        f"The app has other jobs, each with links of its own: {told}.",
        "Delete in the portal what is not meant, once it provisions nobody.",
    )


async def drift(chart: Chart) -> Result:
    """Whether Entra is as the last ``up`` left it."""
    graph, address = await chart.asked(), chart.address
    declared = chart.deployed.job.get("inputs") if chart.deployed else None
    if not declared:
        raise CannotBeMadeError(*_NO_STATE)
    status, _ = await status_and_others(chart, address)
    observed = Observed(
        status.job,
        connection=Connection(await chart.secrets(address.service_principal)),
        schema=await graph.schema(address),
        assignments=await chart.assignments(),
    )
    found = chart.drift(address, observed, declared)
    if not found:
        return ok("Entra is as the last up left it.")
    return hint(
        f"Changed elsewhere since the last up: {'; '.join(found)}.",
        f"The next up undoes that. To see it: pulumi refresh --preview-only --stack {chart.stack}",
    )


async def token(chart: Chart) -> Result:
    """Whether the configuration has the token that was saved, and since when that is in use."""
    graph, age = await chart.asked(), ""
    saved = await graph.last_saved(chart.principal)
    if saved is not None:
        days = (chart.now() - saved).days
        age = f" Address, token or scope were saved last on {saved:%Y-%m-%d %H:%M} UTC, {counted(days, 'day')} ago."
    given = _fingerprint(chart)
    if given and not given.fits(chart.token()):
        return hint(f"The configuration has another token than the last up saved.{age}", "The next up saves it.")
    fits = "The configuration has the token that the last up saved." if given else ""
    if saved is None:
        raise CannotBeMadeError(f"{fits} The audit log does not tell when it was saved.".strip(), "")
    old = (chart.now() - saved).days >= OLD
    told = f"{fits}{age}".strip()
    return hint(told, f"elium rotate-token {chart.stack}") if old else ok(told)


async def threshold(chart: Chart) -> Result:
    """Whether something holds back a cycle that would close the accounts of many."""
    connection = Connection(await chart.secrets(chart.principal))
    if connection.keeps_leavers:
        return hint(
            "People who leave keep their accounts: SkipOutOfScopeDeletions is on.", "Switch it off if not meant."
        )
    if connection.delete_threshold:
        most = counted(connection.delete_threshold, "disable or deletion", "disables and deletions")
        return ok(f"A cycle with more than {most} is held back.")
    return hint(
        "No deletion threshold is set: whatever takes people out of scope closes their accounts at the next cycle.",
        "Set elium:deleteThreshold.",
    )


async def notification(chart: Chart) -> Result:
    """Whether somebody is told when provisioning fails."""
    told = Connection(await chart.secrets(chart.principal)).notification
    if told and told.enabled:
        return ok(f"{told.email} is told when provisioning fails.")
    return hint("Nobody is told when provisioning fails.", "Set elium:notificationEmail.")


async def groups(chart: Chart) -> Result:
    """Whether everybody who is assigned brings somebody."""
    graph, assignments = await chart.asked(), await chart.assignments()
    if Connection(await chart.secrets(chart.principal)).scope is Scope.ALL:
        return ok("Everybody is in scope, so that no assignment decides.")
    if not assignments:
        return wrong("Nobody is assigned, so that nobody is provisioned.", "Set elium:groups or elium:users.")
    useless = [f"{one.name} has Default Access, which provisions nobody" for one in assignments if one.role == NO_ROLE]
    people = await graph.people(assignments, attributes=(), everybody=False, at_most=1)
    found = list(filter(None, map(shortcoming, people.groups)))
    told = [*(sentence.rstrip(".") for sentence, _ in found), *useless]
    if not told:
        assigned = counted(len(assignments), "group or user is", "groups and users are")
        return ok(f"{assigned} assigned, and each brings somebody.")
    return hint(f"{'; '.join(told)}.", " ".join(dict.fromkeys(to_do for _, to_do in found)))


async def apps(chart: Chart) -> Result:
    """Whether there are other apps of the same gallery entry, orphaned or doubled."""
    graph = await chart.asked()
    ours = "" if chart.known.is_new else chart.principal
    gallery = await _gallery_template(chart)
    others = [app for app in await graph.apps_from(gallery) if app.service_principal != ours] if gallery else []
    if not others:
        return ok("There is no other app of this gallery entry.")
    taken = [app for app in others if not ours and app.name == chart.settings().display_name]
    if taken:
        return wrong(
            f"The app {taken[0].name} ({taken[0].service_principal}) is of this gallery entry, and the stack does not "
            "know it: the first up stops at it.",
            "Adopt it (docs/how-to/adopt-from-the-portal.md), or set another elium:displayName.",
        )
    looked_into = [await _looked_into(chart, app) for app in others[:MOST_APPS]]
    address = await _address(chart)
    doubled = [one for one in looked_into if one.is_on and address and one.address == address]
    more = f"; and {len(others) - MOST_APPS} more" if len(others) > MOST_APPS else ""
    told = f"Other apps of this gallery entry: {', '.join(map(str, looked_into))}{more}."
    if doubled:
        return wrong(
            f"{told} {', '.join(one.app.name for one in doubled)} provisions the same target as this stack, each "
            "with links of its own.",
            "Take the people out of the one that is not meant, let it have a cycle, and delete it then.",
        )
    if any(not one.is_on for one in looked_into):
        return hint(told, "Delete in the portal what nobody needs, once it provisions nobody.")
    return hint(told)


_NO_STATE = (
    "The job was named itself, so that nothing is known of what was declared.",
    "Name the stack in the project's folder.",
)


@dataclass(frozen=True, slots=True)
class _OtherApp:
    app: AppFound
    jobs: Sequence[bool]
    """Whether each is on."""
    address: str

    @property
    def is_on(self) -> bool:
        """Tell whether it provisions somebody."""
        return any(self.jobs)

    def __str__(self) -> str:
        state = "provisions" if self.is_on else "job is off" if self.jobs else "no job"
        where = f" {self.address}" if self.is_on and self.address else ""
        return f"{self.app.name} ({self.app.service_principal}, {state}{where})"


async def _looked_into(chart: Chart, app: AppFound) -> _OtherApp:
    statuses = await chart.statuses(app.service_principal)
    held = await chart.secrets(app.service_principal) if statuses else {}
    return _OtherApp(app, [one.job.is_on for one in statuses], shown_address(Connection(held).address))


async def _gallery_template(chart: Chart) -> str:
    """Give the gallery's template: the app's own, or before there is one, that of the name in the configuration."""
    if chart.deployed is not None:
        return (await chart.app_facts(chart.principal)).gallery_template
    found = await chart.gallery_apps()
    if len(found) != 1:
        raise CannotBeMadeError("Which gallery entry is meant is not known.")
    return found[0].template


async def _address(chart: Chart) -> str:
    if chart.deployed is not None:
        return shown_address(Connection(await chart.secrets(chart.principal)).address)
    return shown_address(chart.settings().tenant_url)


def _fingerprint(chart: Chart) -> Fingerprint | None:
    """Give the fingerprint that the state has of the token; ``None`` where it has none, or nobody knows the token."""
    written = chart.deployed.job.get("inputs", {}).get("secretToken") if chart.deployed else None
    if not isinstance(written, str) or chart.file is None:
        return None
    return Fingerprint.parse(written)
