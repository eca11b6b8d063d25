"""``python -m scripts.teardown STACK …``: ``elium teardown`` with this clone's Pulumi, state and passphrase."""

from __future__ import annotations

import os
import sys

from provisioning.commands.elium import run
from provisioning.commands.screen import Screen
from provisioning.commands.surroundings import Surroundings
from tools.environment import environment
from tools.errors import SetUpError
from tools.places import this_clone


def main() -> int:
    """Take the words of the command line as they are, and give the exit code of ``elium``."""
    clone = this_clone()
    try:
        ours = environment(clone, os.environ, keep_backend=True)
    except SetUpError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Of this process, since the engine is a child of it.
    os.environ.update(ours)
    return run(["teardown", *sys.argv[1:]], Surroundings(os.environ, clone.root, Screen.real(os.environ)))


if __name__ == "__main__":
    sys.exit(main())
