"""The plan: everything that turns the observed into the declared, what comes of it, and whom it touches. A value.

It is made in two steps, because reading people takes time and permissions. :func:`plan_of` says what changes, in which
steps, and whether it is worth looking at people; :meth:`Plan.judged` adds whom it touches, :meth:`Plan.uncounted` why
nobody knows. Then :meth:`Plan.refuse_unless_accepted` refuses it or lets it pass. Preview, update, destroy and every
command ask this value; nobody else decides what changes or what comes of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from provisioning.errors import ConflictError, UnsafeChangeError
from provisioning.model.assignment import Assignment
from provisioning.model.connection import ADDRESS, Scope
from provisioning.model.declaration import Declaration
from provisioning.model.identifiers import TemplateId
from provisioning.model.observed import Observed
from provisioning.model.person import People
from provisioning.planning.changes import (
    Change,
    RemoveAssignment,
    RenewToken,
    SetConnection,
    SwitchScope,
    applied,
    is_of_assignments,
    is_of_connection,
    is_of_schema,
)
from provisioning.planning.comparing import changes_between
from provisioning.planning.configuration import (
    UNREADABLE_FILTER,
    Configuration,
    Rules,
    is_matching_changed,
    rules_of_both,
)
from provisioning.planning.impact import impact_of
from provisioning.planning.job_status import LOOK_AGAIN, holds_back
from provisioning.planning.needed import deciding, flowing, unread_matching, why_unjudged
from provisioning.planning.rules import (
    Acceptance,
    Case,
    Finding,
    closes_what_was_kept,
    findings_of,
    may_bring_in,
    may_make_leave,
    refusal_of,
    refuse,
    removed_principals,
)
from provisioning.planning.scope import SlowForSomebodyError
from provisioning.planning.steps import Needs, Step, describe_step, steps_of
from provisioning.planning.touched import Impact
from provisioning.planning.wording import THE_APP, describe

DIGEST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan follows from besides what is observed and declared: what happened before, and what is accepted."""

    declared_before: tuple[Assignment, ...] | None = None
    """The assignments that the program declared when it last ran; ``None`` when that is not known."""
    token_is_new: bool = False
    """Whether the declared token is another one than the service was last given."""
    token_is_unsure: bool = False
    """Whether nobody knows which token the service was last given: by hand, or by a run that did not finish."""
    restart_is_due: bool = False
    """Whether the scope changed before, without the restart that belongs to it."""
    had_a_job: bool = False
    """Whether the app may have had a job, where there is none."""
    is_adopted: bool = False
    """Whether the job was there before anything of ours remembers it."""
    schema_seen: str = ""
    """What the schema meant when it was last looked at or saved, see :attr:`SynchronizationSchema.meaning`; empty when
    nobody remembers."""
    acceptance: Acceptance = field(default_factory=Acceptance)
    app: str = THE_APP
    """What the target is called in sentences."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done."""

    observed: Observed
    declaration: Declaration
    circumstances: Circumstances
    before: Configuration
    after: Configuration
    changes: tuple[Change, ...]
    """What differs, in a stable order; empty when there is nothing to do."""
    steps: tuple[Step, ...]
    """The calls that carry it out, in order."""
    findings: tuple[Finding, ...] = ()
    """What comes of it and what may be wrong with it, the heaviest first."""
    impact: Impact | None = None
    """Whom it touches; ``None`` when nobody was judged."""
    why_uncounted: str = ""
    """Why nobody could be judged, where somebody should have been."""
    people: People | None = None
    """Those who were judged."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.steps)

    @property
    def digest(self) -> str:
        """Tell two plans apart by what they change, so that an applied plan can be shown to be the reviewed one.

        It depends on what is there and what is wanted, not on people, who come and go meanwhile.
        """
        text = "\n".join(map(describe, self.changes))
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def checksum(self) -> str:
        """Tell two plans apart by what is done to whom: changes, calls, and the people whom they touch.

        Not by when, nor in which order anything was read: a second look gives the same, and somebody else who would
        leave does not. Of people whose accounts stay as they are it says nothing.
        """
        calls = (describe_step(step) for step in self.steps)
        text = "\n".join((self.digest, *calls, *(self.impact.marks if self.impact else (self.why_uncounted,))))
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def has_run(self) -> bool:
        """Tell whether people may be provisioned already."""
        return self.observed.has_run

    @property
    def is_partial(self) -> bool:
        """Tell whether the app's own schema is not known, so that only what is declared was compared."""
        return self.observed.schema is None

    @property
    def changes_schema(self) -> bool:
        """Tell whether the job's schema must be saved."""
        return any(map(is_of_schema, self.changes))

    @property
    def takes_a_while(self) -> bool:
        """Tell whether so much happens between making and applying it that somebody else may change the schema."""
        return self.impact is not None or any(map(is_of_assignments, self.changes))

    @property
    def takes_out(self) -> bool:
        """Tell whether people leave by it, as far as that is known."""
        leaves = self.impact is not None and self.impact.leaving.count > 0
        return self.has_run and (leaves or any(isinstance(change, RemoveAssignment) for change in self.changes))

    @property
    def tests_credentials(self) -> bool:
        """Tell whether address or token are new, so that they are tested before anything is touched."""
        return any(
            isinstance(change, RenewToken) or (isinstance(change, SetConnection) and change.setting is ADDRESS)
            for change in self.changes
        )

    @property
    def changes_scope(self) -> bool:
        """Tell whether a job that is there considers others than before."""
        return self.observed.job is not None and any(isinstance(change, SwitchScope) for change in self.changes)

    @property
    def closes_what_was_kept(self) -> bool:
        """Tell whether accounts that may have stayed open when their people left are closed by it."""
        return self.has_run and closes_what_was_kept(self.before, self.after)

    @property
    def restart_is_due(self) -> bool:
        """Tell whether everybody must be looked at again, at once or when the job is switched on.

        A schema that is saved sees to that by itself, but not for what is saved after it: a new scope, and that people
        who leave are skipped no longer.
        An adopted job that has run and is off may have been left so by a run that was cut once the scope was saved.
        """
        was_cut = self.circumstances.is_adopted and self.has_run and not self.before.is_on
        is_closing = self.closes_what_was_kept and (self.before.keeps_leavers or not self.changes_schema)
        return self.changes_scope or self.circumstances.restart_is_due or was_cut or is_closing

    @property
    def touches_people(self) -> bool:
        """Tell whether it is worth judging people at all."""
        if not self.changes:
            return False
        if not self.has_run:
            return True
        return self._rules is None or self._rules[0] != self._rules[1] or self.may_move_people

    @property
    def may_move_people(self) -> bool:
        """Tell whether somebody may leave, enter, be disabled, or be taken for somebody else."""
        if not self.changes:
            return False
        return not self.has_run or may_make_leave(self.before, self.after) or may_bring_in(self.before, self.after)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Who must be read: those who are assigned, and everybody when everybody is in scope on either side."""
        return frozenset({self.before.scope, self.after.scope}) if self.has_run else frozenset({self.after.scope})

    @property
    def principals(self) -> tuple[Assignment, ...]:
        """The groups and users who are assigned before or afterwards, each once; those who come or go before others.

        Reading people ends at a limit, and those who are touched must be among them.
        """
        found = {each.principal: each for each in (*self.before.assignments, *self.after.assignments)}
        moved = removed_principals(self.before, self.after) | removed_principals(self.after, self.before)
        return tuple(sorted(found.values(), key=lambda each: each.principal not in moved))

    @property
    def attributes(self) -> frozenset[str]:
        """The source attributes that decide; what is computed among them too."""
        return self._deciding | frozenset(flowing(*self._rules)) if self._rules else frozenset()

    @property
    def changed_elsewhere(self) -> str:
        """Say that somebody else changed the schema since it was last looked at; empty when nobody did."""
        seen, now = self.circumstances.schema_seen, self.before.schema.meaning
        if not (self.changes_schema and seen and self.observed.job and seen not in (now, self.before.schema.version)):
            return ""
        return "Somebody else changed the schema of this job since it was last looked at."

    def judged(self, people: People, *, now: datetime) -> Plan:
        """Give the plan with whom it touches; without, when an attribute that decides could not be read.

        :raises ConfigurationError: when a regular expression takes too long for somebody.
        """
        if self._rules is None:
            return self.uncounted(UNREADABLE_FILTER)
        if why := why_unjudged(people, self._deciding):
            return self.uncounted(why)
        before, after = self._rules
        unread = unread_matching(before if self.has_run else after, after) if self._looks_for_pairs else None
        if unread:
            return self.uncounted(f"People cannot be judged: {unread.target} is {unread.unread}, not understood.")
        try:
            impact = impact_of(before, after, people, now=now, has_run=self.has_run)
        except SlowForSomebodyError as error:
            if _asks_for(after, error.pattern):
                raise
            # What the service holds is to be replaced, so it must not stand in the way of that.
            return self.uncounted(f"By the rules that the service holds nobody can be judged. {error.message}")
        return _with_findings(replace(self, impact=impact, people=people))

    def uncounted(self, reason: str) -> Plan:
        """Give the plan with the reason why nobody was judged."""
        return _with_findings(replace(self, why_uncounted=reason))

    def under(self, circumstances: Circumstances) -> Plan:
        """Give the same plan under other circumstances; whom it touches was judged and stays."""
        again = plan_of(self.observed, self.declaration, circumstances)
        judged = replace(again, impact=self.impact, people=self.people, why_uncounted=self.why_uncounted)
        return _with_findings(judged)

    @property
    def refusal(self) -> UnsafeChangeError | None:
        """Say why the plan is refused; ``None`` when it may pass."""
        return refusal_of(self.findings, self.circumstances.acceptance)

    def refuse_unless_accepted(self, *, though_changed_elsewhere: bool = False) -> None:
        """Let the plan pass. A preview may go on *though_changed_elsewhere*, and says so.

        :raises ConflictError: when somebody else changed what would be replaced.
        :raises UnsafeChangeError: with the numbers, the limit and the words that accept it.
        """
        if self.changed_elsewhere and not though_changed_elsewhere:
            raise ConflictError(
                f"{self.changed_elsewhere} Nothing was changed.",
                status=0,
                hint=LOOK_AGAIN,
            )
        if self.refusal:
            raise self.refusal

    @property
    def _looks_for_pairs(self) -> bool:
        """Tell whether accounts may be matched: somebody may be new, or matching itself changes."""
        return self._rules is None or not self.has_run or is_matching_changed(*self._rules)

    @property
    def _deciding(self) -> frozenset[str]:
        rules = self._rules
        return frozenset(deciding(*rules, with_matching=self._looks_for_pairs)) if rules else frozenset()

    @property
    def _rules(self) -> tuple[Rules, Rules] | None:
        return rules_of_both(self.before, self.after)


def plan_of(observed: Observed, declaration: Declaration, circumstances: Circumstances | None = None) -> Plan:
    """Plan what turns the *observed* into what is declared.

    :raises ConfigurationError: when something is declared that cannot be, every instance at once.
    """
    circumstances = circumstances or Circumstances()
    before = Configuration.of(observed)
    changes = changes_between(
        before,
        declaration,
        declared_before=circumstances.declared_before,
        token_is_new=circumstances.token_is_new,
        token_is_unsure=circumstances.token_is_unsure,
    )
    after = applied(changes, before, declaration)
    plan = _with_findings(Plan(observed, declaration, circumstances, before, after, changes, ()))
    refuse(plan.findings)
    return replace(plan, steps=_steps(plan))


def _asks_for(rules: Rules, pattern: str) -> bool:
    """Tell whether a regular expression is among the rules."""
    written = (mapping.written for mapping in rules.mappings.values())
    return any(pattern in text for text in (str(rules.filter), *written))


def _with_findings(plan: Plan) -> Plan:
    """Give the plan with what the rules say of it."""
    case = Case(
        before=plan.before,
        after=plan.after,
        changes=plan.changes,
        declared=plan.declaration.schema,
        impact=plan.impact,
        people=plan.people,
        why_uncounted=plan.why_uncounted,
        has_run=plan.has_run,
        may_have_lost_its_job=plan.observed.job is None and plan.circumstances.had_a_job,
        is_partial=plan.is_partial,
        holds_back=holds_back(plan.observed.job),
        is_in_quarantine=plan.observed.job is not None and plan.observed.job.quarantine is not None,
        app=plan.circumstances.app,
    )
    return replace(plan, findings=findings_of(case))


def _steps(plan: Plan) -> tuple[Step, ...]:
    observed, circumstances = plan.observed, plan.circumstances
    return steps_of(
        Needs(
            job=observed.job,
            template=observed.template.id if observed.template else TemplateId(""),
            is_on=plan.before.is_on,
            stays_on=plan.after.is_on,
            schema=plan.after.schema if plan.changes_schema else None,
            connection=plan.after.connection if any(map(is_of_connection, plan.changes)) else None,
            restart_is_due=plan.restart_is_due,
            is_adopted=circumstances.is_adopted,
        )
    )
