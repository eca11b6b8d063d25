from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import PRINCIPAL, a_declaration, a_declared_schema
from provisioning.operations.update import Outdated, Part, update
from recording import RecordingService

from provisioning.errors import CredentialsRejectedError
from provisioning.language import Expression
from provisioning.model.identifiers import JobAddress, JobId, TemplateId
from provisioning.model.mapping import DeclaredMapping, ObjectKind

if TYPE_CHECKING:
    from provisioning.model.declaration import Declaration

ADDRESS = JobAddress(PRINCIPAL, JobId("elium.7a1d5f0c"))
TEMPLATE = TemplateId("elium")
JOB = Outdated(ADDRESS, TEMPLATE)
TITLE = DeclaredMapping("title", {"source": Expression.parse("[mail]")})
A_MAPPING = a_declaration(schema=a_declared_schema(mappings={ObjectKind.USERS: {"title": TITLE}}))


async def asked(declaration: Declaration, *changed: Part, due: bool = False) -> list[str]:
    service = RecordingService()
    await update(service, Outdated(ADDRESS, TEMPLATE, restart_is_due=due), declaration, frozenset(changed))
    return service.asked


async def test_a_changed_mapping_takes_two_calls() -> None:
    assert await asked(A_MAPPING, Part.SCHEMA) == ["schema", "save schema"]


async def test_a_mapping_that_is_there_already_is_only_read() -> None:
    service = RecordingService()
    for _ in range(2):
        await update(service, JOB, A_MAPPING, {Part.SCHEMA})

    assert service.asked == ["schema", "save schema", "schema"]


async def test_a_new_token_is_tested_before_it_is_saved() -> None:
    calls = await asked(a_declaration(), Part.CREDENTIALS)

    assert calls == ["validate https://acme.elium.com/scim/v2", "secrets", "save secrets"]


async def test_a_rejected_token_changes_nothing() -> None:
    service = RecordingService(refusing={"validate": CredentialsRejectedError("no")})

    with pytest.raises(CredentialsRejectedError):
        await update(service, JOB, a_declaration(), {Part.CREDENTIALS, Part.SCHEMA})

    assert len(service.asked) == 1


async def test_a_new_scope_restarts_because_entra_needs_it() -> None:
    assert await asked(a_declaration(), Part.SCOPE) == ["secrets", "save secrets", "restart Watermark"]


async def test_a_job_that_is_off_is_not_restarted_and_the_restart_stays_due() -> None:
    updated = await update(RecordingService(), JOB, a_declaration(on=False), {Part.SCOPE})

    assert updated.restart_is_due


async def test_a_restart_that_is_due_comes_when_the_job_is_switched_on() -> None:
    assert await asked(a_declaration(), Part.SWITCH, due=True) == ["restart Watermark"]


async def test_a_job_is_paused_before_anything_else_is_changed() -> None:
    off = a_declaration(on=False, schema=A_MAPPING.schema)

    assert await asked(off, Part.SWITCH, Part.SCHEMA) == ["schema", "pause", "save schema"]


async def test_switching_on_starts() -> None:
    assert await asked(a_declaration(), Part.SWITCH) == ["start"]
