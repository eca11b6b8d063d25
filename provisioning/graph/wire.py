"""Graph's JSON and our values. Camel case lives here and nowhere above."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from provisioning.model.identifiers import JobId, TemplateId
from provisioning.model.job import Job, Quarantine, SynchronizationTemplate
from provisioning.model.schema import SynchronizationSchema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioning.model.credentials import Credentials

_FIRST_REAL_YEAR = 1970


def job_of(node: Mapping[str, Any]) -> Job:
    """Read a synchronizationJob."""
    status = node.get("status") or {}
    return Job(
        id=JobId(node["id"]),
        template=TemplateId(node.get("templateId") or ""),
        is_on=(node.get("schedule") or {}).get("state") == "Active",
        status=str(status.get("code") or ""),
        quarantine=_quarantine_of(status.get("quarantine")),
        last_began=moment_of((status.get("lastExecution") or {}).get("timeBegan")),
    )


def template_of(node: Mapping[str, Any]) -> SynchronizationTemplate:
    """Read a synchronizationTemplate. A list embeds the schema; where it does not, there is none (graph 5.1)."""
    shown = node.get("schema") or {}
    schema = SynchronizationSchema(shown) if shown.get("synchronizationRules") else None
    return SynchronizationTemplate(TemplateId(node["id"]), is_default=bool(node.get("default")), schema=schema)


def secrets_of(node: Mapping[str, Any]) -> dict[str, str]:
    """Read the list of synchronization secrets."""
    return {pair["key"]: str(pair.get("value") or "") for pair in node.get("value") or []}


def secrets_node(secrets: Mapping[str, str]) -> dict[str, Any]:
    """Write the list of synchronization secrets. Its property is ``value``, whatever the page's table says."""
    return {"value": [{"key": key, "value": value} for key, value in secrets.items()]}


def credentials_node(template: TemplateId, credentials: Credentials) -> dict[str, Any]:
    """Write the body of validateCredentials."""
    pairs = {"BaseAddress": credentials.base_address, "SecretToken": credentials.token.reveal()}
    return {
        "templateId": template,
        "useSavedCredentials": False,
        "credentials": secrets_node(pairs)["value"],
    }


def moment_of(text: str | None) -> datetime | None:
    """Read a moment; ``0001-01-01T00:00:00Z`` is Graph's way to say never (graph 5.2)."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if moment.year >= _FIRST_REAL_YEAR else None


def _quarantine_of(node: Mapping[str, Any] | None) -> Quarantine | None:
    if not node:
        return None
    return Quarantine(
        reason=str(node.get("reason") or "Unknown"),
        began=moment_of(node.get("seriesBegan") or node.get("currentBegan")),
        message=str((node.get("error") or {}).get("message") or ""),
    )
