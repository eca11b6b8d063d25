"""The plan: what turns the observed into the desired, what comes of it, and whom it touches. A value.

It is made in two steps, because reading people takes time and permissions. :func:`plan_of` says what changes and
whether it is worth looking at people; :meth:`Plan.judged` adds whom it touches, :meth:`Plan.uncounted` why nobody
knows. Then :meth:`Plan.refuse_unless_accepted` refuses or lets pass.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from provisioning.errors import ExpressionError, UnsafeChangeError
from provisioning.model.declaration import DeclaredSchema
from provisioning.planning.active import ACTIVE, COMPUTED
from provisioning.planning.changes import applied, changes_between
from provisioning.planning.configuration import Configuration, Desired
from provisioning.planning.impact import changed_targets, impact_of, is_matching_changed
from provisioning.planning.rules import (
    Acceptance,
    Case,
    Finding,
    findings_of,
    may_make_leave,
    refusal_of,
    refuse,
)
from provisioning.planning.wording import PlannedChange, SwitchScope, describe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from provisioning.model.person import People
    from provisioning.model.secrets import Scope
    from provisioning.planning.configuration import Rules
    from provisioning.planning.touched import Impact

DIGEST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done."""

    before: Configuration
    after: Configuration
    changes: tuple[PlannedChange, ...]
    """What differs, in a stable order; empty when there is nothing to do."""
    declared: DeclaredSchema = field(default_factory=DeclaredSchema)
    acceptance: Acceptance = field(default_factory=Acceptance)
    app: str = "the app"
    """What the app is called in a sentence."""
    impact: Impact | None = None
    """Whom it touches; ``None`` when nobody was judged."""
    why_uncounted: str = ""
    """Why nobody could be judged, where somebody should have been."""
    people: People | None = None
    """Those who were judged."""
    has_run: bool = True
    """False while the job has provisioned nobody yet."""
    is_partial: bool = False
    """Whether the app's own schema is not known yet."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def digest(self) -> str:
        """Tell two plans apart by what they change, so that an applied plan can be shown to be the reviewed one.

        It depends on what is there and what is wanted, not on people, who come and go meanwhile.
        """
        text = "\n".join(map(describe, self.changes))
        return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def changes_schema(self) -> bool:
        """Tell whether a schema must be saved."""
        return any(not isinstance(change, SwitchScope) for change in self.changes)

    @property
    def touches_people(self) -> bool:
        """Tell whether it is worth judging people at all."""
        return self._rules is None or self._rules[0] != self._rules[1]

    @property
    def may_make_leave(self) -> bool:
        """Tell whether somebody may leave, be disabled, or be taken for somebody else."""
        return may_make_leave(self.before, self.after)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """List what is to be said of it, the heaviest first."""
        return findings_of(
            Case(
                self.before,
                self.after,
                self.changes,
                self.declared,
                self.impact,
                self.people,
                self.why_uncounted,
                self.has_run,
                self.is_partial,
                self.app,
            )
        )

    @property
    def refusal(self) -> UnsafeChangeError | None:
        """Say why it may not be carried out; ``None`` when it may."""
        return refusal_of(self.findings, self.acceptance)

    def refuse_unless_accepted(self) -> None:
        """Let it pass.

        :raises UnsafeChangeError: with the numbers, the limit and the words that accept it.
        """
        refusal = self.refusal
        if refusal:
            raise refusal

    @property
    def scopes(self) -> frozenset[Scope]:
        """Who must be read: those who are assigned, and everybody when everybody is in scope on either side."""
        return frozenset({self.before.scope, self.after.scope})

    @property
    def attributes(self) -> frozenset[str]:
        """The source attributes that decide; what is computed among them too."""
        return frozenset(self._deciding()) | frozenset(self._flowing())

    def judged(self, people: People, *, now: datetime) -> Plan:
        """Give the plan with whom it touches; without, when an attribute that decides could not be read."""
        if self._rules is None:
            return self.uncounted("The scoping filter that the service holds cannot be read.")
        missing = sorted(people.unreadable & frozenset(self._deciding()))
        if missing:
            return self.uncounted(f"People cannot be judged without {', '.join(missing)}, which Graph does not give.")
        before, after = self._rules
        if is_matching_changed(before, after):
            for mapping in (*before.matching, *after.matching):
                if mapping.unread:
                    return self.uncounted(
                        f"People cannot be judged: {mapping.target} is {mapping.unread}, not understood."
                    )
        return replace(self, impact=impact_of(before, after, people, now=now), people=people)

    def uncounted(self, reason: str) -> Plan:
        """Give the plan with the reason why nobody was judged."""
        return replace(self, why_uncounted=reason)

    @property
    def _rules(self) -> tuple[Rules, Rules] | None:
        try:
            return self.before.rules, self.after.rules
        except ExpressionError:
            return None

    def _deciding(self) -> Iterator[str]:
        """List the attributes that decide who is in scope, disabled, or matched."""
        for before, after in (self._rules,) if self._rules else ():
            for rules in (before, after):
                yield from rules.filter.attributes if rules.filter else ()
                mappings = [*rules.matching] if is_matching_changed(before, after) else []
                if before.mappings.get(ACTIVE) != after.mappings.get(ACTIVE) and ACTIVE in rules.mappings:
                    mappings.append(rules.mappings[ACTIVE])
                for mapping in mappings:
                    yield from (mapping.source.attributes if mapping.source else frozenset()) - COMPUTED

    def _flowing(self) -> Iterator[str]:
        """List the attributes that the changed mappings read."""
        for before, after in (self._rules,) if self._rules else ():
            targets = changed_targets(before, after)
            for rules in (before, after):
                for mapping in (rules.mappings[target] for target in targets if target in rules.mappings):
                    yield from mapping.source.attributes if mapping.source else ()


def plan_of(observed: Configuration, desired: Desired, *, app: str = "the app") -> Plan:
    """Plan what turns the *observed* into the *desired*.

    :raises ConfigurationError: when something is declared that cannot be, every instance at once.
    """
    of_schema = changes_between(observed.schema, desired.schema)
    changes: list[PlannedChange] = [*of_schema]
    after = Configuration(
        schema=applied(of_schema, observed.schema),
        scope=observed.scope if desired.scope is None else desired.scope,
        keeps_leavers=observed.keeps_leavers if desired.keeps_leavers is None else desired.keeps_leavers,
        is_on=observed.is_on if desired.is_on is None else desired.is_on,
        delete_threshold=observed.delete_threshold if desired.delete_threshold is None else desired.delete_threshold,
    )
    if after.scope is not observed.scope:
        changes.append(SwitchScope(observed.scope, after.scope))
    acceptance = Acceptance(desired.accepted_leavers)
    plan = Plan(observed, after, tuple(changes), desired.schema, acceptance, app)
    refuse(plan.findings)
    return plan
