"""Provisioning on demand as Graph's JSON: a pair of texts that hold JSON themselves, in three published shapes.

Of the three, the key says the result, or names a type and leaves that to the value; the value is an object, a list with
one, or an empty object (graph: synchronizationjob-provisionondemand, graph-docs samples).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provisioning.model.on_demand import OnDemandAnswer, Result, Subject

_RESULTS = {**{result.value: result for result in Result}, "warning": Result.SUCCESS}


def on_demand_node(rule: str, subject: Subject) -> dict[str, Any]:
    """Write what is asked; a call takes one subject. Names of kinds are capitalised, as Graph's samples have them."""
    node: dict[str, Any] = {"objectId": subject.id, "objectTypeName": subject.kind.value.capitalize()}
    if subject.members:
        node["links"] = {"members": [{"objectId": one, "objectTypeName": "User"} for one in subject.members]}
    return {"parameters": [{"ruleId": rule, "subjects": [node]}]}


def on_demand_answer_of(node: Mapping[str, Any]) -> OnDemandAnswer:
    """Read the answer.

    :raises ValueError: when it tells no result that is known.
    """
    told = _told(str(node["value"]))
    info = told.get("statusInfo") or {}
    said = _said(str(node["key"])) or {"result": info.get("status"), "details": info}
    details = said.get("details") or {}
    result = _RESULTS.get(str(said.get("result")).lower())
    if result is None:
        raise ValueError("result")
    return OnDemandAnswer(
        result,
        action=str(told.get("action") or "").lower(),
        code=str(details.get("errorCode") or ""),
        reason=str(details.get("errorMessage") or details.get("reason") or ""),
        change_id=str(told.get("changeId") or ""),
        target_id=str((told.get("targetIdentity") or {}).get("id") or ""),
    )


def _said(key: str) -> dict[str, Any]:
    """Read the key; nothing where it names a type."""
    said: dict[str, Any] = json.loads(key) if key.startswith("{") else {}
    return said


def _told(value: str) -> dict[str, Any]:
    told: Any = json.loads(value)
    found: dict[str, Any] = told[0] if isinstance(told, list) else told
    return found
