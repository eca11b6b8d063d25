"""The executable, as the engine sees it: its port, and its end."""

from __future__ import annotations

import signal
import subprocess
import sys

NO_ENGINE = "127.0.0.1:1"
"""Before it is asked anything, the plugin tells its engine nothing."""


def test_it_ends_at_once_and_without_a_word_when_the_engine_says_so() -> None:
    command = [sys.executable, "-m", "provisioning.plugin", NO_ENGINE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as plugin:  # noqa: S603
        assert plugin.stdout is not None
        assert plugin.stdout.readline().strip().isdigit()
        plugin.send_signal(signal.SIGINT)
        _, said = plugin.communicate()

    assert (plugin.returncode, said) == (-signal.SIGINT, "")


def test_who_starts_it_by_hand_is_told_what_it_is() -> None:
    started = subprocess.run([sys.executable, "-m", "provisioning.plugin"], capture_output=True, text=True, check=False)

    assert "is a Pulumi plugin: the engine starts it. Run `pulumi up` instead." in started.stderr
