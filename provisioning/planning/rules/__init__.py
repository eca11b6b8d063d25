"""What is wrong with a change, what is risky about it, and what comes of it: one list of rules, weighed."""

from __future__ import annotations

from provisioning.planning.rules.acceptance import Acceptance, refusal_of
from provisioning.planning.rules.case import Case
from provisioning.planning.rules.finding import AcceptingSetting, Finding, Weight
from provisioning.planning.rules.judging import RULES, findings_of, refuse
from provisioning.planning.rules.leaving import closes_what_was_kept, why_left_open
from provisioning.planning.rules.reach import may_bring_in, may_make_leave, removed_principals

__all__ = [
    "RULES",
    "Acceptance",
    "AcceptingSetting",
    "Case",
    "Finding",
    "Weight",
    "closes_what_was_kept",
    "findings_of",
    "may_bring_in",
    "may_make_leave",
    "refusal_of",
    "refuse",
    "removed_principals",
    "why_left_open",
]
