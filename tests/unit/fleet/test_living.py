"""Workers of one machine: names are unique among the living, and come again after a death."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fleets import assert_only_one_is_at_a_tenant

from provisioning.fleet.living import OnThisMachine

OTHER = "import sys; from pathlib import Path; from provisioning.fleet.living import OnThisMachine; \
living = OnThisMachine(Path(sys.argv[1])); print(living.name, flush=True); sys.stdin.read()"


def test_names_are_unique_among_the_living_and_come_again(tmp_path: Path) -> None:
    first, second = OnThisMachine(tmp_path), OnThisMachine(tmp_path)
    assert (first.name, second.name) == ("worker-0", "worker-1")
    assert not first.is_dead(second.name)

    second.close()

    assert first.is_dead(second.name)
    third = OnThisMachine(tmp_path)
    assert third.name == second.name
    assert not first.is_dead(third.name)
    first.close()
    third.close()


def test_nobody_takes_itself_for_dead_and_who_never_was_is(tmp_path: Path) -> None:
    living = OnThisMachine(tmp_path)

    assert not living.is_dead(living.name)
    assert living.is_dead("worker-7")
    living.close()


def test_looking_whether_somebody_lives_leaves_the_name_to_be_taken(tmp_path: Path) -> None:
    first, second = OnThisMachine(tmp_path), OnThisMachine(tmp_path)
    second.close()

    assert all(first.is_dead(second.name) for _ in range(3))
    again = OnThisMachine(tmp_path)
    assert again.name == second.name
    first.close()
    again.close()


def test_a_worker_that_is_killed_is_dead(tmp_path: Path) -> None:
    living = OnThisMachine(tmp_path)
    command = [sys.executable, "-c", OTHER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not living.is_dead(name)

        process.kill()
        process.wait()

        assert living.is_dead(name)
    living.close()


def test_only_who_owns_the_folder_can_look_into_it(tmp_path: Path) -> None:
    living = OnThisMachine(tmp_path / "workers")

    assert (tmp_path / "workers").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "workers" / living.name).stat().st_mode & 0o777 == 0o600
    living.close()


def test_only_one_worker_is_at_a_tenant(tmp_path: Path) -> None:
    first, second = OnThisMachine(tmp_path), OnThisMachine(tmp_path)

    assert_only_one_is_at_a_tenant(first, second)
    assert_only_one_is_at_a_tenant(first, first)

    first.close()
    second.close()
