"""The resource ``ProvisioningPlan``: judges everything that an app's provisioning is to become, before it is touched.

The engine asks it after the app is there and before anybody is assigned, because assignments depend on it. So what it
refuses is refused before a person gains or loses anything, with ``--skip-preview`` as well. It changes nothing at the
service; what it keeps in the state is a digest of the declaration, who is assigned, and the role's id.
"""

from __future__ import annotations

from collections.abc import Iterator

from provisioning.errors import ConfigurationError, NotFoundError, UnsafeChangeError
from provisioning.model.assignment import AppRole, Assignment
from provisioning.model.declaration import OnDestroy
from provisioning.model.identifiers import JobAddress, ServicePrincipalId, TemplateId
from provisioning.model.observed import Observed
from provisioning.operations.apps import refuse_a_second_app
from provisioning.operations.assigned import assigned, not_assigned, refuse_what_was_unassigned
from provisioning.operations.jobs import provisioned
from provisioning.operations.judge import Judging, judged_plan, test_credentials
from provisioning.operations.kept_token import refuse_to_save_without_the_token
from provisioning.operations.observe import app_is_gone, observe
from provisioning.operations.roles import role_id
from provisioning.planning.changes import RemoveAssignment
from provisioning.planning.plan import Circumstances, Plan
from provisioning.planning.rules import Acceptance
from provisioning.planning.wording import THE_APP
from provisioning.provider.known import checked
from provisioning.provider.pending import (
    PENDING,
    declared_before,
    known,
    listed,
    noted,
    pending_of,
    undone,
    without_what_is_gone,
)
from provisioning.provider.process import OUTSIDE_THE_DECLARATION, Process, declaration_in, digest_of, show
from provisioning.provider.properties import UNKNOWN, Plain, differences, has_unknown
from provisioning.provider.turn import Differences, ReadBack, Turn
from provisioning.settings.mistakes import parsed
from provisioning.settings.plan import PlanInputs

EACH_FOR_ITSELF = (
    "Each job disables whom it does not have in scope any more, also who is still in scope of the other one: give both "
    "groups to one component."
)
"""Of two jobs at one target (operating facts: each keeps its own links)."""


class PlanCallbacks:
    """What Pulumi asks of the resource."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def check(self, before: Plain, written: Plain, *, salt: bytes) -> Plain:
        """Check what was written, keep the declaration in this process, and give its digest in its place.

        :raises ConfigurationError: with every mistake and its place.
        """
        inputs, unknown = checked(PlanInputs, written)
        canonical = inputs.canonical()
        declaration = {name: value for name, value in declaration_in(canonical).items() if name not in unknown}
        token = self._process.tokens.fingerprint(canonical["secretToken"], before=before.get("secretToken"), salt=salt)
        kept = {name: value for name, value in canonical.items() if name not in declaration_in(canonical)}
        digest = digest_of(declaration)
        self._process.declared[digest] = {**declaration, "secretToken": token}
        marks = {name: UNKNOWN for name in unknown if name in OUTSIDE_THE_DECLARATION}
        marks |= {"declaration": UNKNOWN} if unknown - OUTSIDE_THE_DECLARATION else {}
        fingerprint = {} if "secretToken" in unknown else {"secretToken": token}
        return {**kept, **fingerprint, "declaration": digest, **marks}

    async def diff(self, turn: Turn) -> Differences:
        """Tell where the declaration differs from the one that was judged last."""
        principal = _principal(turn.after)
        if principal is not None and principal == _principal(turn.before):
            self._process.may_have_a_job.add(principal)
            self._process.app_names[principal] = str(turn.after.get("displayName") or THE_APP)
        found = differences(*turn.lasting())
        return Differences(found, is_unfinished=not found and await self._is_unfinished(turn))

    async def create(self, turn: Turn) -> tuple[str, Plain]:
        """Judge a first deployment, or one that an earlier release of ours made.

        :raises UnsafeChangeError: when it is refused; then nothing was touched.
        """
        return "plan", await self._judged(turn)

    async def update(self, turn: Turn) -> Plain:
        """Judge a change.

        :raises UnsafeChangeError: when it is refused; then nothing was touched.
        """
        return await self._judged(turn)

    async def read(self, turn: Turn) -> ReadBack | None:
        """See who of those that were declared is still assigned; ``None`` when the app is gone."""
        principal = _principal(turn.before)
        if principal is None:
            return None
        try:
            held = await self._process.look_up_assigned(principal, known(turn.state, turn.before))
        except NotFoundError:
            return None
        inputs = without_what_is_gone(turn.before, held)
        state = {name: value for name, value in turn.state.items() if name != PENDING}
        # Whoever is not listed today and is tomorrow is still ours: without this, taking it out would count nobody.
        open_ends = (*undone(turn.state, turn.before, held), *not_assigned(listed(turn.before), held))
        return ReadBack(turn.id, state | inputs | noted(open_ends), inputs)

    async def delete(self, turn: Turn) -> None:
        """Forget it; there is nothing at the service."""

    async def _is_unfinished(self, turn: Turn) -> bool:
        """Ask whether what the last plan was to change is still undone; a plan that changed nobody asks nothing."""
        principal = _principal(turn.before)
        if principal is None or not turn.state.get(PENDING):
            return False
        try:
            # The list alone: where nothing is to change, nobody is asked for one by one.
            held = await assigned(await self._process.connect(), principal)
        except NotFoundError:
            return False
        return bool(undone(turn.state, turn.before, held))

    async def _judged(self, turn: Turn) -> Plain:
        written = self._process.declared.get(str(turn.after["declaration"]))
        if written is None or has_unknown(turn.after.get("assignments")):
            await turn.warn("What is declared depends on what only the update will know, so nobody can be counted yet.")
            return turn.after | {"plan": UNKNOWN, "roleId": self._known_role(turn) or UNKNOWN}
        known = {name: value for name, value in turn.after.items() if name != "declaration" and not has_unknown(value)}
        declared = parsed(PlanInputs, written | known, place="")
        principal, earlier = _principal(turn.after), _principal(turn.before)
        if earlier is not None and earlier != principal:
            await self._refuse_orphans(earlier, turn.state.get("templateId") or declared.template_id, declared)
        if other := self._process.beside(turn.urn, declared.base_address):
            await turn.warn(f"{other} of this program is of a job at the same address. {EACH_FOR_ITSELF}")
        if principal is None:
            return await self._foreseen(turn, declared, earlier)
        return await self._judged_app(turn, principal, declared)

    async def _foreseen(self, turn: Turn, declared: PlanInputs, earlier: ServicePrincipalId | None) -> Plain:
        """Judge an app that is not there yet: what is declared, and the people whom it names."""
        self._process.refuse_a_twin(turn.urn, declared.gallery_template_id, declared.display_name)
        graph, observed = await self._process.connect(), Observed()
        await refuse_a_second_app(graph, declared.gallery_template_id, declared.display_name, principal=earlier)
        declaration = declared.declaration(None)
        circumstances = self._circumstances(turn, declared, observed)
        plan = await judged_plan(graph, None, observed, declaration, circumstances, self._judging(turn, declared))
        await self._pass(turn, plan, "")
        return turn.after | dict.fromkeys(("plan", "roleId"), UNKNOWN)

    async def _judged_app(self, turn: Turn, principal: ServicePrincipalId, declared: PlanInputs) -> Plain:
        self._process.refuse_a_twin(turn.urn, declared.gallery_template_id, declared.display_name)
        graph = await self._process.connect()
        role = await self._role(turn, principal, declared)
        is_ours = bool(turn.state) and _principal(turn.before) == principal
        made_from = declared.template_id or (turn.state.get("templateId") if is_ours else None)
        observed = await observe(
            graph,
            principal,
            template=TemplateId(made_from) if made_from else None,
            known=known(turn.state, turn.before) if is_ours else (),
            waits=None if turn.state else turn.inform,
        )
        if observed.job is not None:
            self._process.jobs[JobAddress(principal, observed.job.id)] = observed.job, observed.beside
        if observed.job is None and not turn.state:
            await refuse_a_second_app(graph, declared.gallery_template_id, declared.display_name, principal=principal)
        token = None if turn.is_preview else self._process.tokens.token(turn.after["secretToken"])
        declaration = declared.declaration(token, role)
        circumstances = self._circumstances(turn, declared, observed)
        if observed.has_run:
            # Before that nobody can lose anything, and lists of what was just made lag.
            refuse_what_was_unassigned(circumstances.declared_before or (), observed.assignments)
        judging = self._judging(turn, declared)
        plan = await judged_plan(graph, principal, observed, declaration, circumstances, judging)
        for sentence in _perhaps_by_hand(plan):
            await turn.warn(sentence)
        await self._pass(turn, plan, principal)
        if not turn.is_preview:
            await test_credentials(graph, principal, plan)
        template = {"templateId": observed.template.id} if observed.template else {}
        return turn.after | {"plan": plan.digest} | pending_of(plan) | template | ({"roleId": role} if role else {})

    async def _pass(self, turn: Turn, plan: Plan, principal: str) -> None:
        """Tell of the plan, refuse it where it is to be refused, and hand it to the job."""
        # Before it may be refused: a refused plan is shown too, and the job that gets it would refuse it again.
        self._process.plans[(principal, str(turn.after["declaration"]))] = plan
        await show(plan, turn.say)
        plan.refuse_unless_accepted()
        if self._process.tokens.is_kept(turn.after["secretToken"]):
            refuse_to_save_without_the_token(plan)

    async def _role(self, turn: Turn, principal: ServicePrincipalId, declared: PlanInputs) -> str:
        """Find the role's id, unless the last run did."""
        if not declared.role:
            return ""
        if self._known_role(turn):
            return self._known_role(turn)
        graph = await self._process.connect()
        try:
            roles = await graph.app_roles(principal, may_be_new=False)
        except NotFoundError:
            await turn.inform(f"Waiting up to two minutes for the service principal {principal} to appear.")
            roles = await self._roles_of_new(principal)
        return role_id(roles, declared.role)

    def _known_role(self, turn: Turn) -> str:
        """Give the role's id as the last run found it; empty when role or app are others now."""
        sides = ((side.get("role"), _principal(side)) for side in (turn.before, turn.after))
        return str(turn.state.get("roleId") or "") if len(set(sides)) == 1 else ""

    async def _roles_of_new(self, principal: ServicePrincipalId) -> tuple[AppRole, ...]:
        try:
            return await (await self._process.connect()).app_roles(principal)
        except NotFoundError as error:
            raise app_is_gone(principal, error) from error

    async def _refuse_orphans(self, earlier: ServicePrincipalId, template: str | None, declared: PlanInputs) -> None:
        """Refuse to replace an app while its job provisions people: the new one does not know their accounts' links."""
        if declared.on_destroy is OnDestroy.RETAIN:
            return
        graph = await self._process.connect()
        try:
            made_from = TemplateId(template) if template else None
            observed = await observe(graph, earlier, template=made_from)
        except (NotFoundError, ConfigurationError):
            return
        if not observed.has_run:
            return
        found = await provisioned(graph, observed, Judging(declared.impact_limit, now=self._process.now))
        if found.is_nobody:
            return
        raise UnsafeChangeError(
            f"The application would be replaced, and its job deleted with it. {found}; nobody could disable their "
            "accounts then.",
            hint="Keep the application, or take the groups and users out first, or set onDestroy: retain, run "
            "`pulumi up`, and replace it then.",
        )

    def _circumstances(self, turn: Turn, declared: PlanInputs, observed: Observed) -> Circumstances:
        is_unfinished = bool(undone(turn.state, turn.before, observed.assignments))
        return Circumstances(
            declared_before=_assigned_before(turn, observed),
            token_is_new=bool(turn.state) and turn.before.get("secretToken") != turn.after.get("secretToken"),
            is_adopted=not turn.state and observed.job is not None,
            acceptance=Acceptance(
                declared.accept_leavers, declared.accept_entrants, frozenset() if is_unfinished else turn.spent
            ),
            app=declared.display_name or THE_APP,
        )

    def _judging(self, turn: Turn, declared: PlanInputs) -> Judging:
        return Judging(declared.impact_limit, shows_values=turn.is_preview, now=self._process.now)


def _principal(inputs: Plain) -> ServicePrincipalId | None:
    """Find the app; ``None`` while only the update will know it."""
    known = inputs.get("servicePrincipalId")
    return ServicePrincipalId(known) if isinstance(known, str) else None


def _assigned_before(turn: Turn, observed: Observed) -> tuple[Assignment, ...] | None:
    """Give the assignments of the last run; ``None`` when there was none, or it was of another app."""
    if not turn.state or _principal(turn.before) != _principal(turn.after):
        return None
    return declared_before(turn.state, turn.before, observed.assignments)


def _perhaps_by_hand(plan: Plan) -> Iterator[str]:
    """Say of assignments that nobody here declared before why they are counted as leaving."""
    if plan.circumstances.declared_before is None and plan.has_run:
        names = [change.assignment.name for change in plan.changes if isinstance(change, RemoveAssignment)]
        if names:
            yield (
                f"Assigned and not declared: {', '.join(names)}. What this stack declared before is not known yet, so "
                "they are counted as leaving; an assignment that was made by hand stays."
            )
