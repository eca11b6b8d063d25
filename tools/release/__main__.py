"""Build a release: ``python -m tools.release``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.errors import SetUpError
from tools.places import this_clone
from tools.release.building import release
from tools.setup.commands import run


def main(arguments: Sequence[str]) -> int:
    """Build everything into a folder, say what, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.release",
        description="Build what is committed, as a release: packages, plugin archives, checksums. A release of the "
        "same commit has the same bytes, wherever and whenever it is built.",
    )
    parser.add_argument("--into", type=Path, default=this_clone().root / "dist", help="folder (default: %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        built = release(this_clone(), asked.into.resolve(), run, os.environ, sys.stderr.write)
    except SetUpError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.writelines(f"{file}\n" for file in built)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
