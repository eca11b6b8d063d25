"""Whoever counts people must know when they cannot be counted, and whom the count does not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import PRINCIPAL, a_closing_schema, a_job, a_schema, an_assignment, edited, some_people
from carrying_out import judging
from recording import RecordingService

from provisioning.errors import UnsafeChangeError
from provisioning.language import ScopingFilter
from provisioning.model.identifiers import JobAddress
from provisioning.model.mapping import ObjectKind
from provisioning.model.person import People
from provisioning.operations.jobs import Leaving, remove


async def test_a_job_is_not_destroyed_while_its_filter_asks_for_what_graph_does_not_give() -> None:
    scoping = ScopingFilter.parse(["costCenter EQUALS 7"])
    service = RecordingService(
        held=a_job(on=True, status="Active"),
        assignments_held=(an_assignment(),),
        people_held=People(some_people(3), unreadable=frozenset({"costCenter"})),
        schema_held=edited(a_schema(), ObjectKind.USERS, lambda users: users.with_filter(scoping)),
    )

    with pytest.raises(UnsafeChangeError, match="cannot be judged without costCenter, which Graph does not give"):
        await remove(service, JobAddress(PRINCIPAL, a_job().id), Leaving(), judging())

    assert service.writes == []


async def test_a_job_that_provisions_nobody_any_more_tells_when_its_last_cycle_began() -> None:
    began = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    job = replace(a_job(on=True, status="Active"), last_began=began)
    service = RecordingService(held=job, schema_held=a_closing_schema())

    told = await remove(service, JobAddress(PRINCIPAL, a_job().id), Leaving(app="Elium"), judging())

    assert "Whoever left after its last cycle began, at 2026-01-15 09:30 UTC, still has an active account" in told.text
