"""``python -m bench`` takes every measurement, one after the other, or those that are named."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bench import connections, engine, expressions, fleet, graph, impact, panel, plugin, report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

MEASUREMENTS: Sequence[ModuleType] = (expressions, impact, report, graph, engine, connections, plugin, panel, fleet)
"""In the order in which they are taken: the short ones first."""


def main(arguments: Sequence[str]) -> int:
    """Take the measurements that are asked for, up to the first that fails, and return the exit code."""
    asked = _parser().parse_args(arguments).what
    return next((code for module in MEASUREMENTS if _name(module) in asked and (code := module.main())), 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure what has to be fast. Without a name everything is measured, which takes some minutes.",
        epilog="\n".join(f"{_name(module):<12} {_first_line(module)}" for module in MEASUREMENTS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [_name(module) for module in MEASUREMENTS]
    every = "one or more of those below; all of them when none is named"
    parser.add_argument("what", nargs="*", choices=names, default=names, metavar="what", help=every)
    return parser


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _first_line(module: ModuleType) -> str:
    return (module.__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
