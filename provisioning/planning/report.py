"""A plan for machines: what is changed, what comes of it, and whom it touches, in values that JSON has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.planning.plan import Plan
from provisioning.planning.rules import Finding, Weight
from provisioning.planning.steps import describe_step
from provisioning.planning.touched import Group, Impact
from provisioning.planning.wording import describe, place_of


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """One difference."""

    place: str
    """Where it would be written in a configuration."""
    text: str
    """In one line, with what was and what will be."""


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """What a rule found."""

    weight: Weight
    text: str
    place: str
    """Empty when it is about the whole plan."""
    number: int | None
    """How many people it is about, where it can be accepted by that."""
    accepted_by: str
    """The setting that accepts it by its number; empty where none does."""


@dataclass(frozen=True, slots=True)
class ReportedGroup:
    """How many people, and the first of them by name."""

    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportedPeople:
    """Whom a plan touches."""

    judged: int
    is_complete: bool
    """Whether everybody was judged; if not, it was the first ones."""
    in_scope_before: int
    in_scope_after: int
    leaving: ReportedGroup
    entering: ReportedGroup
    in_between: ReportedGroup
    """In scope neither before nor afterwards, and yet while the change is carried out."""
    changed: ReportedGroup
    failing: ReportedGroup
    """For whom an expression has no result, and had one."""
    still_failing: ReportedGroup
    recovering: ReportedGroup
    unmatched: ReportedGroup
    """Without a value to match by."""
    colliding: ReportedGroup
    """Matched by the same value as somebody else."""
    rematched: ReportedGroup
    """Matched by another value."""
    attributes: Mapping[str, int]
    """How many would get another value, by attribute of the target."""
    unreadable: tuple[str, ...]
    """Attributes that Graph does not give."""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan."""

    digest: str
    """The word that `pulumi preview` and `pulumi up` print for the same plan."""
    checksum: str
    """What is done to whom: changes, calls, people, and what becomes of the app where that is looked at."""
    has_changes: bool
    is_partial: bool
    """Whether the app's own schema is not known yet, so that only what is declared was compared."""
    changes: tuple[ReportedChange, ...]
    calls: tuple[str, ...]
    """What is asked of Graph, in order."""
    findings: tuple[ReportedFinding, ...]
    """The heaviest first."""
    people: ReportedPeople | None
    """Null when nobody was judged."""
    why_uncounted: str
    """Why nobody could be judged, where somebody should have been."""
    refusal: str
    """Why it is refused; empty when it may pass."""
    accept_leavers: int | None
    accept_entrants: int | None


def report_of(plan: Plan) -> PlanReport:
    """Give a plan for machines."""
    refusal = plan.refusal if plan else None
    return PlanReport(
        digest=plan.digest,
        checksum=plan.checksum,
        has_changes=bool(plan),
        is_partial=plan.is_partial,
        changes=tuple(ReportedChange(place_of(change), describe(change)) for change in plan.changes),
        calls=tuple(map(describe_step, plan.steps)),
        findings=tuple(map(_finding, plan.findings)),
        people=_people(plan.impact) if plan.impact else None,
        why_uncounted=plan.why_uncounted,
        refusal=refusal.message if refusal else "",
        accept_leavers=plan.circumstances.acceptance.leavers,
        accept_entrants=plan.circumstances.acceptance.entrants,
    )


def _finding(finding: Finding) -> ReportedFinding:
    accepted_by = finding.accepts.value if finding.weight is Weight.ACCEPTABLE else ""
    return ReportedFinding(finding.weight, str(finding), finding.place, finding.number, accepted_by)


def _people(impact: Impact) -> ReportedPeople:
    return ReportedPeople(
        judged=impact.judged,
        is_complete=impact.is_complete,
        in_scope_before=impact.in_scope_before,
        in_scope_after=impact.in_scope_after,
        leaving=_group(impact.leaving),
        entering=_group(impact.entering),
        in_between=_group(impact.in_between),
        changed=_group(impact.changed),
        failing=_group(impact.failing),
        still_failing=_group(impact.still_failing),
        recovering=_group(impact.recovering),
        unmatched=_group(impact.unmatched),
        colliding=_group(impact.colliding),
        rematched=_group(impact.rematched),
        attributes={attribute.target: attribute.people.count for attribute in impact.attributes},
        unreadable=impact.unreadable,
    )


def _group(group: Group) -> ReportedGroup:
    return ReportedGroup(group.count, group.names)
