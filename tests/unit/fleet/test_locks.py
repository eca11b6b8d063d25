"""Whose lock it is, and whether that process can still be at work."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psutil

from provisioning.fleet.locks import Holder, holders_in, is_held_by

SAID = """\
error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock \
file with `pulumi cancel`.
  s3://state/.pulumi/locks/organization/elium-provisioning/acme/0a1b.json: \
created by ci@runner-17 (pid 4242) at 2026-11-25T05:00:00+01:00
  s3://state/.pulumi/locks/organization/elium-provisioning/acme/2c3d.json: \
created by ada@laptop.contoso.com (pid 7) at 2026-11-25T04:30:00Z
"""

CI = Holder("ci", "runner-17", 4242, datetime(2026, 11, 25, 4, tzinfo=UTC))
ADA = Holder("ada", "laptop.contoso.com", 7, datetime(2026, 11, 25, 4, 30, tzinfo=UTC))


def here(pid: int, since: datetime | None = None) -> Holder:
    return Holder("ci", socket.gethostname(), pid, since or datetime.now(UTC))


def began(pid: int) -> datetime:
    return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)


def test_what_the_engine_says_names_each_holder() -> None:
    assert holders_in(SAID) == (CI, ADA)
    assert holders_in("error: no stack named 'acme' found") == ()


def test_of_another_machine_nobody_here_knows() -> None:
    assert (CI.is_dead, CI.is_alive, CI.has_ended(timedelta())) == (False, False, False)


def test_a_process_of_this_machine_is_alive_while_it_runs() -> None:
    me = here(os.getpid())

    assert (me.is_dead, me.is_alive, me.has_ended(timedelta())) == (False, True, False)


def test_a_process_that_began_after_the_lock_was_made_is_another_one() -> None:
    before = here(os.getpid(), began(os.getpid()) - timedelta(minutes=1))

    assert (before.is_dead, before.is_alive) == (True, False)


def test_a_process_that_nobody_has_buried_yet_has_ended() -> None:
    with subprocess.Popen(["true"]) as process:  # noqa: S607 - on every machine
        holder = here(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        assert holder.is_dead


def test_somebody_who_ends_soon_is_waited_for() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:  # noqa: S607 - on every machine
        holder = here(process.pid)
        assert not holder.has_ended(timedelta())
        assert process.stdin is not None
        process.stdin.close()

        assert holder.has_ended(timedelta(minutes=1))


def test_a_holder_is_told_with_its_age_and_whether_it_can_be_at_work() -> None:
    now = datetime(2026, 11, 26, 7, 51, tzinfo=UTC)

    assert CI.standing(now) == (
        "ci@runner-17 (pid 4242, since 2026-11-25 04:00 UTC), for 27 h 51 min. "
        "Whether it is still at work, only runner-17 knows."
    )
    assert here(os.getpid(), now - timedelta(minutes=5)).standing(now).endswith("for 5 min. It has ended.")
    assert here(os.getpid(), began(os.getpid())).standing(began(os.getpid())).endswith("for 0 min. It is at work.")


def test_locks_are_the_same_in_whatever_order_they_are_told() -> None:
    assert is_held_by((CI, ADA), (ADA, CI))
    assert not is_held_by((CI,), (ADA, CI))
    assert not is_held_by((replace(CI, pid=4243),), (CI,))
    assert not is_held_by((), (CI,))
