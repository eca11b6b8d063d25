"""The calls of a plan, for everything that they follow from."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from builders import a_job, a_schema

from provisioning.model.connection import Connection
from provisioning.model.identifiers import TemplateId
from provisioning.planning.steps import (
    CreateJob,
    Needs,
    Pause,
    Restart,
    SaveConnection,
    SaveSchema,
    Start,
    Step,
    describe_step,
    steps_of,
)

ON, OFF = a_job(on=True), a_job()
SCHEMA, CONNECTION = a_schema(), Connection({"SyncAll": "true"})
CREATE, PAUSE, START, RESTART = CreateJob(TemplateId("elium")), Pause(), Start(), Restart()
SCHEMA_SAVED, CONNECTION_SAVED = SaveSchema(SCHEMA), SaveConnection(CONNECTION)


def needing(**differences: Any) -> Needs:
    """Say what is needed of a job that runs and goes on running."""
    usual: dict[str, Any] = {"job": ON, "template": TemplateId("elium"), "is_on": True, "stays_on": True}
    return Needs(**(usual | {"schema": None, "connection": None, "restart_is_due": False} | differences))


@pytest.mark.parametrize(
    ("needs", "steps"),
    [
        (needing(), []),
        (needing(schema=SCHEMA), [SCHEMA_SAVED]),
        (needing(schema=SCHEMA, connection=CONNECTION), [SCHEMA_SAVED, CONNECTION_SAVED]),
        (needing(connection=CONNECTION, restart_is_due=True), [CONNECTION_SAVED, RESTART]),
        (needing(restart_is_due=True), [RESTART]),
        (needing(stays_on=False), [PAUSE]),
        (needing(stays_on=False, schema=SCHEMA, restart_is_due=True), [PAUSE, SCHEMA_SAVED]),
        (needing(is_on=False), [START]),
        (needing(is_on=False, schema=SCHEMA), [SCHEMA_SAVED, START]),
        (needing(is_on=False, restart_is_due=True), [RESTART]),
        (needing(is_on=False, stays_on=False, connection=CONNECTION), [CONNECTION_SAVED]),
        (needing(is_adopted=True), []),
        (needing(is_adopted=True, schema=SCHEMA), [SCHEMA_SAVED]),
        (
            needing(is_adopted=True, connection=CONNECTION, restart_is_due=True),
            [PAUSE, CONNECTION_SAVED, RESTART],
        ),
        (needing(is_adopted=True, is_on=False, restart_is_due=True), [RESTART]),
        (needing(job=None, is_on=False), [CREATE, START]),
        (
            needing(job=None, is_on=False, schema=SCHEMA, connection=CONNECTION),
            [CREATE, CONNECTION_SAVED, SCHEMA_SAVED, START],
        ),
        (needing(job=None, is_on=False, stays_on=False, connection=CONNECTION), [CREATE, CONNECTION_SAVED]),
    ],
)
def test_the_calls_stand_in_the_one_right_order(needs: Needs, steps: list[Step]) -> None:
    assert list(steps_of(needs)) == steps


EVERY = [
    needing(
        job=job,
        is_on=is_on and job is not None,
        stays_on=stays,
        schema=schema,
        connection=connection,
        restart_is_due=due,
        is_adopted=adopted and job is not None,
    )
    for job, is_on, stays, schema, connection, due, adopted in product(
        (None, ON), (True, False), (True, False), (None, SCHEMA), (None, CONNECTION), (True, False), (True, False)
    )
]


def kinds(needs: Needs) -> list[type[Step]]:
    return [type(step) for step in steps_of(needs)]


def test_nothing_is_switched_on_that_is_to_be_off_and_everything_is_that_is_to_be_on() -> None:
    for needs in EVERY:
        is_on = needs.is_on
        for step in steps_of(needs):
            is_on = {Pause: False, Start: True, Restart: True}.get(type(step), is_on)
        assert is_on is needs.stays_on, needs


def test_what_switches_on_is_last_and_what_switches_off_is_first() -> None:
    for needs in EVERY:
        steps = kinds(needs)
        assert not set(steps[:-1]) & {Start, Restart}, needs
        assert not set(steps[1:]) & {Pause, CreateJob}, needs


def test_no_step_is_taken_twice() -> None:
    for needs in EVERY:
        assert len(set(kinds(needs))) == len(kinds(needs)), needs


def test_what_is_to_be_saved_is_saved() -> None:
    for needs in EVERY:
        assert (SaveSchema in kinds(needs), SaveConnection in kinds(needs)) == (
            bool(needs.schema),
            bool(needs.connection),
        )


def test_a_restart_that_is_due_of_a_job_that_is_there_comes_whenever_the_job_is_to_run() -> None:
    for needs in EVERY:
        assert (Restart in kinds(needs)) is (needs.restart_is_due and needs.stays_on and needs.job is not None), needs


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (CREATE, "create the job from template elium, switched off"),
        (CreateJob(TemplateId("")), "create the job, switched off"),
        (PAUSE, "pause the job"),
        (SCHEMA_SAVED, "save the schema"),
        (CONNECTION_SAVED, "save address, token and settings"),
        (START, "start the job"),
        (RESTART, "restart the job, forgetting Watermark"),
        (Restart(("Escrows", "Full")), "restart the job, forgetting Escrows, Full"),
    ],
)
def test_each_call_is_said_in_a_few_words(step: Step, words: str) -> None:
    assert describe_step(step) == words
