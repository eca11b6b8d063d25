"""How long it is until a cycle, on a page: counted by a clock that can, and else the moment alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from reports import a_status

from provisioning.model.synchronization_status import Cycle
from provisioning.panel.fleet.watched import Row
from provisioning.panel.pages import drawn
from provisioning.panel.stack.watched import Heard

BEGAN = datetime(2026, 1, 15, 9, tzinfo=UTC)
NEXT = BEGAN + timedelta(minutes=40)
RUNS = replace(a_status(), last_cycle=Cycle(BEGAN, BEGAN + timedelta(minutes=2), "Succeeded"), next_cycle=NEXT)


def pages(now: datetime) -> list[str]:
    place = SimpleNamespace(path="/stacks/dev", switches=())
    return [
        drawn("stack/state", place=place, heard=Heard(RUNS), now=now),
        drawn("fleet/rows", found=[Row("acme", RUNS)], now=now),
    ]


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (BEGAN + timedelta(minutes=10), ["1800"]),
        (BEGAN + timedelta(minutes=45), ["0"]),
        (BEGAN - timedelta(days=3), []),
        (BEGAN + timedelta(days=300), []),
    ],
)
def test_time_is_counted_where_the_clocks_agree_and_the_moment_is_shown_where_not(
    now: datetime, seconds: list[str]
) -> None:
    for page in pages(now):
        assert re.findall(r'data-seconds="([^"]*)"', page) == seconds
        assert seconds or "2026-01-15 09:40" in page


def test_one_tenant_is_one() -> None:
    assert ">1 tenant</p>" in pages(BEGAN)[1]
