"""One build of the site: lay out what it is made from, let Zensical write the pages, and read what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tools.setup.commands import Command
from tools.setup.context import Context
from tools.site.checking import mistakes
from tools.site.staging import lay_out

AT_MOST = 300.0
"""Seconds that a build may take; it takes about five."""

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
"""Zensical's complaints are coloured wherever they go (seen with 0.0.73, NO_COLOR set)."""

PAGES = "site"
"""The folder below that of a build with the pages."""


def build(context: Context, commands: Path, folder: Path) -> list[str]:
    """Build the site of all that belongs to the clone, committed or not; see :func:`build_of`."""
    root = context.clone.root
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = context.run(listing, within=AT_MOST, environment=context.environment, where=root)
    if not listed.succeeded:
        return [f"git does not say which files belong to the clone: {listed.last_line}"]
    return build_of(context, commands, folder, [path for path in listed.output.splitlines() if (root / path).is_file()])


def build_of(context: Context, commands: Path, folder: Path, files: Sequence[str]) -> list[str]:
    """Build the site in *folder* with the programs in the folder *commands*, and tell what is wrong, a sentence each.

    *files* are those of the clone, by their path in it. The same files give the same bytes, in any folder and on any
    day.
    """
    lay_out(context.clone.root, files, folder)
    zensical: Command = [commands / "zensical", "build", "--clean", "--strict"]
    built = context.run(zensical, within=AT_MOST, environment=context.environment, where=folder)
    if not built.succeeded:
        # It tells first what is wrong, and then where in its own code that was noticed.
        told = _COLOUR.sub("", built.output.partition("Traceback (most recent call last)")[0]).strip()
        return [f"Zensical did not build the manual: {built.last_line}\n{told}".rstrip()]
    return mistakes(folder / PAGES)
