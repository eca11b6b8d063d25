"""``python -m tools.manual``: write every generated page anew. ``make docs`` runs it."""

from __future__ import annotations

import argparse
import sys

from tools.manual.generated import COMMAND, stale, write
from tools.manual.parity import problems, witnesses
from tools.places import this_clone


def main(arguments: list[str]) -> int:
    """Write the stale files, or with ``--check`` only tell of them, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.manual", description="Write every generated page anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    root = this_clone().root
    if parser.parse_args(arguments).check:
        wrong = [f"{file.relative_to(root)} is stale: run `{COMMAND}`." for file, _ in stale(root)]
    else:
        sys.stdout.writelines(f"{file.relative_to(root)}: written anew\n" for file in write(root))
        wrong = []
    wrong += problems(witnesses())
    sys.stderr.writelines(f"{sentence}\n" for sentence in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
