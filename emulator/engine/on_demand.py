"""Provision on demand: one person, or one group with a few members, at once (Learn: provision-on-demand).

The answer is two JSON texts in an envelope, of which three shapes are published
(graph: synchronization-synchronizationjob-provisionondemand).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.engine.decision import Decision
from emulator.engine.entry import Outcome
from emulator.engine.references import Reach

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import JsonObject
    from emulator.engine.entry import Entry
    from emulator.engine.export import Case
    from emulator.engine.log import Journal
    from emulator.engine.visit import Look, Visit
    from emulator.moods.knobs import Knobs

_KINDS = {"user": "User", "group": "Group", "=User": "User", "=Group": "Group"}
"""Samples write ``User`` and ``user`` (graph: synchronizationjob-provisionondemand)."""
_STATUS_INFO = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
_SYNC_FABRIC = "https://syncfabric.windowsazure.com/$metadata#microsoft.graph.stringKeyStringValuePair"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to provision."""

    object_id: str
    kind: str
    members: tuple[str, ...] = ()
    """Of a group: the users to provision with it."""


@dataclass(slots=True)
class OnDemand:
    """Reads what is asked, keeps the limits, and words the answer."""

    knobs: Knobs
    _calls: list[datetime] = field(default_factory=list)

    def admit(self, now: datetime) -> None:
        """Count a call. :raises Refusal: 429 when there were too many within the window."""
        begins = now - self.knobs.on_demand_window
        self._calls = [call for call in self._calls if call > begins]
        if len(self._calls) >= self.knobs.on_demand_calls:
            seconds = max(1, round((self._calls[0] - begins).total_seconds()))
            raise Refusal(429, "TooManyRequests", "Too many requests.", retry_after=seconds)
        self._calls.append(now)

    def subject_in(self, parameters: Any, rule_id: str) -> Subject:  # noqa: ANN401 - whatever the body holds
        """Read the one subject that a call may name. :raises Refusal: 400 when it asks for anything else."""
        try:
            (parameter,) = parameters
            rule = parameter["ruleId"].partition("#")[0]
            (subject,) = parameter["subjects"]
            named_kind, object_id = str(subject["objectTypeName"]), str(subject["objectId"])
            kind = _KINDS.get(named_kind.lower() if self.knobs.on_demand_any_case else f"={named_kind}", "")
            named = (subject.get("links") or {}).get("members") or []
            members = tuple(str(member["objectId"]) for member in named)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Refusal.bad_request("Exactly one parameter with a ruleId and one subject is expected.") from None
        if rule != rule_id:
            raise Refusal.bad_request(f"There is no rule '{rule}'.")
        if not kind:
            raise Refusal.bad_request(f"The objectTypeName '{named_kind}' is neither User nor Group.")
        if len(members) > self.knobs.on_demand_members:
            raise Refusal.bad_request(f"At most {self.knobs.on_demand_members} members can be provisioned on demand.")
        return Subject(object_id, kind, members)

    def answer(self, case: Case, journal: Journal) -> JsonObject:
        """Word what happened, and what was read on both sides."""
        entry, told = case.entry, journal.on_demand(case)
        shape = self.knobs.on_demand_answer
        if shape == "v2023":
            return {"key": _STATUS_INFO, "value": _compact([told])}
        key = _compact(_result(entry, journal))
        if shape == "syncfabric":
            fine = entry.outcome in {Outcome.SUCCESS, Outcome.WARNING}
            value = "{}" if entry.kind == "Group" and fine else _compact(told)
            return {"@odata.context": _SYNC_FABRIC, "key": key, "value": value}
        return {"key": key, "value": _compact(told)}


async def provision(visit: Visit, subject: Subject) -> Case:
    """Provision a subject, its named members before it, and tell what became of it.

    Who is disabled or deleted in the directory is not disabled on demand; who lost the assignment is.
    """
    for member in subject.members:
        await _carry_out(visit, member, "User", members=())
    return await _carry_out(visit, subject.object_id, subject.kind, members=subject.members)


async def _carry_out(visit: Visit, object_id: str, kind: str, *, members: tuple[str, ...]) -> Case:
    look = visit.look(object_id, kind)
    if look is None:
        raise Refusal.bad_request(f"Objects of the type {kind} are not provisioned by this job.")
    case = await visit.carry_out(_supported(look))
    if case.entry.outcome is not Outcome.FAILURE and look.decision is Decision.PROVISION and case.plan.references:
        await visit.settle(case, Reach.CHANGED, members)
    visit.finish(case)
    return case


def _supported(look: Look) -> Look:
    if look.decision is not Decision.DISABLE or (look.verdict is not None and look.verdict.active):
        return look
    return type(look)(look.source_id, look.plan, look.source, look.verdict, Decision.OUT_OF_SCOPE)


def _compact(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, separators=(",", ":"))


def _result(entry: Entry, journal: Journal) -> dict[str, Any]:
    match entry.outcome:
        case Outcome.SUCCESS | Outcome.WARNING:
            return {"result": "Success", "details": {}}
        case Outcome.SKIPPED:
            details = {"errorCode": entry.skip, "errorMessage": entry.reason or journal.why_skipped(entry)}
            return {"result": "Skipped", "details": details}
        case Outcome.FAILURE:
            return {"result": "Failure", "details": {"errorCode": entry.code, "errorMessage": entry.reason}}
