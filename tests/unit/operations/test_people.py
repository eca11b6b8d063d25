"""Whoever counts people must know when they cannot be counted."""

from __future__ import annotations

import pytest
from builders import PRINCIPAL, a_job, a_schema, an_assignment, edited, some_people
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
