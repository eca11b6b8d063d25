"""``python -m scripts.teardown STACK …``: ``elium teardown`` with this clone's Pulumi, state and passphrase."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from provisioning.commands.elium import run
from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from provisioning.graph.patience import Clock
from tools.environment import environment
from tools.errors import SetUpError
from tools.places import this_clone


def main(words: Sequence[str], clock: Clock | None = None) -> int:
    """Take the words of a command line as they are, and give the exit code of ``elium``; *clock* in place of time."""
    clone = this_clone()
    try:
        ours = environment(clone, os.environ, keep_backend=True)
    except SetUpError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Of this process, since the engine is a child of it.
    os.environ.update(ours)
    return run(["teardown", *words], Surroundings(os.environ, clone.root, Screen.real(os.environ), clock))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
