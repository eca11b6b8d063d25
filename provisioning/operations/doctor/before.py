"""What must be in place in Entra before anything is provisioned."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from provisioning.errors import (
    ConfigurationError,
    CredentialsRejectedError,
    GraphError,
    MissingPermissionError,
    ProvisioningError,
    SignInError,
)
from provisioning.model.connection import Connection
from provisioning.model.identifiers import TemplateId
from provisioning.model.provisioning_log import LogQuestion
from provisioning.operations.doctor.chart import Chart, Examined
from provisioning.operations.doctor.checkup import CannotBeMadeError, Failure, Result, hint, ok, wrong
from provisioning.operations.doctor.needs import (
    LOG,
    OWNED,
    PROVISIONING,
    READING,
    SYNC_READ,
    SYNC_WRITE,
    Need,
    covers,
    missing,
)
from provisioning.operations.logs import is_object_id
from provisioning.operations.observe import chosen_template
from provisioning.operations.roles import role_id
from provisioning.operations.status import UNNOTICED
from provisioning.words import counted

PREMIUM = frozenset({"AAD_PREMIUM", "AAD_PREMIUM_P2"})
"""The plans that are Entra ID P1 and P2 (Learn: licensing-service-plan-reference)."""

TENANT = "ARM_TENANT_ID"

TOLERATED = timedelta(minutes=5)
"""By how much a clock may be off; from then on, Entra refuses what is signed here (AADSTS700024)."""


async def sign_in(chart: Chart) -> Result:
    """Whether somebody can sign in."""
    try:
        somebody = await chart.signed_in()
    except ConfigurationError as error:
        return wrong(error.message, error.hint, Failure.CONFIGURATION)
    except ProvisioningError as error:
        return wrong(error.message, error.hint, Failure.SIGN_IN)
    if somebody is None:
        return ok("Signed in; as whom, the token does not tell.")
    if somebody.is_person and not covers(somebody.permissions, SYNC_READ):
        return hint(
            f"A person signed in, with {somebody.app_id}, which has no scope for provisioning: expect the job's part "
            "of Graph to be refused.",
            "Sign in as a workload, or with az login --service-principal.",
        )
    return ok(f"Signed in as {'a person, with ' if somebody.is_person else ''}the application {somebody.app_id}.")


async def tenant(chart: Chart) -> Result:
    """Whether that is the tenant that is configured."""
    await chart.asked()
    somebody = await chart.signed_in()
    if somebody is None:
        raise CannotBeMadeError("The token does not tell its tenant.")
    configured = chart.environment.get(TENANT, "")
    azureads = str(chart.file.values.get("azuread:tenantId") or "") if chart.file else ""
    others = {each for each in (configured, azureads) if is_object_id(each) and each.lower() != somebody.tenant.lower()}
    if others:
        return wrong(
            f"Signed in to the tenant {somebody.tenant}, and configured is {', '.join(sorted(others))}.",
            f"Make {TENANT}, and azuread:tenantId where it is set, the same.",
            Failure.CONFIGURATION,
        )
    if not configured:
        return hint(f"Signed in to the tenant {somebody.tenant}; none is configured.", f"Set {TENANT}.")
    return ok(f"The tenant is {somebody.tenant}.")


def may(need: Need) -> Callable[[Chart], Awaitable[Result]]:
    """Make the check whether an identity may do some work, by what its token says."""

    async def check(chart: Chart) -> Result:
        held = await chart.permissions()
        if held is None:
            raise CannotBeMadeError("The token does not tell its permissions.")
        lacks = missing(need, held)
        if not lacks:
            return ok(f"May {need.work} ({need.used_by}).")
        owned = " An owner of the app's service principal may, too." if need is PROVISIONING and OWNED in held else ""
        return hint(f"May not {need.work} ({need.used_by}).{owned}", f"For that, grant {_listed(lacks)}.")

    return check


async def may_read(chart: Chart) -> Result:
    """Whether provisioning may be read: by what the token says, and by one question in each area.

    A right can be taken away after the token was made, and a token need not tell.
    """
    held = await chart.permissions()
    lacks = missing(READING, held) if held is not None else ()
    refused = [error for ask in await _areas(chart) if (error := await _refusal_of(ask))]
    if lacks:
        return wrong(f"May not {READING.work} ({READING.used_by}).", f"Grant {_listed(lacks)}.", Failure.SIGN_IN)
    if refused:
        told = " ".join(dict.fromkeys(error.hint for error in refused))
        return wrong(f"May not {READING.work}: {refused[0].message}", told, Failure.SIGN_IN)
    return ok(f"May {READING.work} ({READING.used_by}).")


async def _areas(chart: Chart) -> list[Callable[[], Awaitable[object]]]:
    """Give a question for each area; the app and its jobs are asked for by other checks as well, and once."""
    graph = await chart.asked()
    people = [partial(graph.peek, "users"), partial(graph.peek, "groups")]
    if chart.deployed is None:
        return [*people]
    return [*people, partial(chart.app_facts, chart.principal), partial(chart.statuses, chart.principal)]


async def _refusal_of(ask: Callable[[], Awaitable[object]]) -> MissingPermissionError | SignInError | None:
    """Ask, and give the refusal; whatever else goes wrong is for the check whose question it is."""
    try:
        await ask()
    except (MissingPermissionError, SignInError) as error:
        return error
    except GraphError:
        return None
    return None


async def may_read_log(chart: Chart) -> Result:
    """Whether the provisioning log may be read; where there is a job, by reading it."""
    if chart.deployed is not None:
        graph = await chart.asked()
        try:
            await graph.log_page(LogQuestion(chart.address.job), at_most=1)
        except MissingPermissionError as error:
            return hint(f"May not {LOG.work} ({LOG.used_by}).", error.hint)
        return ok(f"May {LOG.work} ({LOG.used_by}).")
    return await may(LOG)(chart)


async def licence(chart: Chart) -> Result:
    """Whether there is a premium plan."""
    graph = await chart.asked()
    usable = [one for one in await graph.licences() if one.is_usable]
    found = sorted(one.name for one in usable if one.plans & PREMIUM)
    if found:
        return ok(f"Entra ID P1 or P2 is there: {', '.join(found)}.")
    return hint(
        "No licence with Entra ID P1 is seen: groups could not be assigned, and the provisioning log not be read.",
        "Assign users one by one, or get Entra ID P1.",
    )


async def gallery(chart: Chart) -> Result:
    """Whether the app is in the gallery, with a connector."""
    name, found = chart.settings().gallery_app, await chart.gallery_apps()
    if len(found) != 1:
        problem = (
            f"{counted(len(found), 'app')} of the gallery are called {name!r}."
            if found
            else f"No app is called {name!r}."
        )
        return wrong(f"{problem} It is looked for in the gallery.", "Correct elium:galleryApp.", Failure.CONFIGURATION)
    if not found[0].provisioning_types:
        return wrong(f"{name} has no connector, so that Entra cannot provision into it.", "Correct elium:galleryApp.")
    return ok(f"{name} is in the gallery, with a connector.")


async def template(chart: Chart) -> Result:
    """Whether the app offers a synchronization template."""
    graph, principal = await chart.asked(), chart.principal
    written = chart.settings().template_id if chart.file else None
    wanted = TemplateId(written) if written else None
    try:
        chosen = chosen_template(await graph.templates(principal), principal, wanted)
    except ConfigurationError as error:
        return wrong(error.message, error.hint, Failure.CONFIGURATION)
    return ok(f"The app offers the synchronization template {chosen.id}.")


async def role(chart: Chart) -> Result:
    """Whether the app has the role that people are assigned."""
    facts, wanted = await chart.app_facts(chart.principal), chart.settings().role
    try:
        role_id(facts.roles, wanted)
    except ConfigurationError as error:
        return wrong(error.message, error.hint, Failure.CONFIGURATION)
    return ok(f"The app has the role {wanted}.")


async def by_entra(chart: Chart) -> Result:
    """Whether the target takes, from Entra, the token that the next ``up`` would save."""
    graph = await _allowed_to_test(chart)
    credentials, principal = chart.credentials(), chart.principal
    job = next((one.job for one in await chart.statuses(principal) if one.job.id == chart.address.job), None)
    if job is None:
        raise CannotBeMadeError("The job is gone.")
    try:
        await graph.validate_credentials(principal, job.template, credentials)
    except CredentialsRejectedError as error:
        return wrong(error.message, error.hint, Failure.TARGET)
    return ok("Entra reaches the target with the token of the configuration.")


async def by_entra_as_saved(chart: Chart) -> Result:
    """Whether the target takes, from Entra, the token that Entra has saved."""
    graph = await _allowed_to_test(chart)
    connection = Connection(await chart.secrets(chart.principal))
    if not connection.has_token:
        return wrong("Entra has no token saved, so that no cycle can run.", "Run `pulumi up`.", Failure.TARGET)
    try:
        await graph.validate_saved(chart.address, connection.address)
    except CredentialsRejectedError as error:
        return wrong(error.message, f"elium rotate-token {chart.stack}", Failure.TARGET)
    return ok("Entra reaches the target with the token that it has saved.")


async def clock(chart: Chart) -> Result:
    """Whether the clock of this machine is right, as far as Graph's answers tell."""
    graph = await chart.asked()
    if graph.graphs_time is None:
        raise CannotBeMadeError("Graph's answers do not tell the time.")
    off = chart.wall() - graph.graphs_time
    told = f"{abs(off).total_seconds():.0f} s {'ahead of' if off > timedelta() else 'behind'} Graph's"
    if abs(off) >= TOLERATED:
        return wrong(f"The clock is {told}: what is signed here is refused.", "Set it, by NTP.", Failure.SIGN_IN)
    if abs(off) >= UNNOTICED:
        return hint(f"The clock is {told}.", "Set it, by NTP.")
    return ok("The clock agrees with Graph's.")


async def _allowed_to_test(chart: Chart) -> Examined:
    """Give Graph, where a token may be tested, which it counts as a write; nothing is knocked at in vain."""
    graph, held = await chart.asked(), await chart.permissions()
    if held is not None and not covers(held, SYNC_WRITE) and not covers(held, OWNED):
        raise CannotBeMadeError(
            "This identity may not let Entra test a token, which Graph counts as a write.",
            f"For that, grant {SYNC_WRITE}.",
        )
    return graph


def _listed(permissions: list[str] | tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(permissions[:-1]), permissions[-1])))
