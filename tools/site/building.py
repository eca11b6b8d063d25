"""One build of the site: lay out, let Zensical write the pages, read them, and put them in the place of the last ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.setup.context import Context
from tools.site.checking import mistakes
from tools.site.staging import lay_out

AT_MOST = 300.0
"""Seconds that a build may take; it takes about five."""


def build(context: Context, commands: Path) -> list[str]:
    """Build the site with the programs in the folder *commands*, and tell what is wrong, a sentence each.

    The last site stays when something is.
    """
    clone = context.clone
    listed = context.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        within=AT_MOST,
        environment=context.environment,
        where=clone.root,
    )
    if not listed.succeeded:
        return [f"git does not say which files belong to the clone: {listed.last_line}"]
    files = [path for path in listed.output.splitlines() if (clone.root / path).is_file()]
    lay_out(clone.root, files, clone.staged_site)
    built = context.run(
        [commands / "zensical", "build", "--clean", "--strict"],
        within=AT_MOST,
        environment=context.environment,
        where=clone.staged_site,
    )
    if not built.succeeded:
        return [f"Zensical did not build the manual:\n{built.output.strip()}"]
    pages = clone.staged_site / "site"
    wrong = mistakes(pages)
    if not wrong:
        shutil.rmtree(clone.site, ignore_errors=True)
        pages.rename(clone.site)
    return wrong
