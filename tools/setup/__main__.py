"""Run the set-up: ``python3 -m tools.setup``."""

import sys

# Any Python 3 must be able to read this file, so that an old one says its sentence instead of a SyntaxError.
if sys.version_info < (3, 11):  # noqa: UP036 - the system's Python may be older than the one we ask for
    sys.exit(
        "Python 3.11 or newer is needed, this is {}.{}: name another one, such as make setup PYTHON=python3.12.".format(
            *sys.version_info
        )
    )

from tools.setup.steps import main

sys.exit(main(sys.argv[1:]))
