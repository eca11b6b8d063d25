"""``python -m tools.site``: build the manual as a site. ``make site`` runs it; ``make browser`` looks at the pages."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from tools.errors import SetUpError
from tools.places import this_clone, user_cache
from tools.setup.commands import run
from tools.setup.context import Context
from tools.setup.progress import Progress
from tools.setup.python_environment import environment_beside
from tools.site.building import PAGES, build

DESCRIPTION = "Build the manual as a site in site/. A link that leads nowhere fails the build."


def main(arguments: list[str]) -> int:
    """Build the site, say where it is or what is wrong, and return the exit code."""
    argparse.ArgumentParser(prog="python -m tools.site", description=DESCRIPTION).parse_args(arguments)
    environment = dict(os.environ)
    context = Context(this_clone(), user_cache(environment), environment, run, Progress(sys.stderr))
    try:
        wrong = build(context, environment_beside(context, "site", alone=True), context.clone.staged_site)
    except SetUpError as reason:
        wrong = [str(reason)]
    if wrong:
        sys.stderr.writelines(f"{sentence}\n" for sentence in wrong)
        return 1
    # Only now: the pages that were built last stay where these are wrong.
    shutil.rmtree(context.clone.site, ignore_errors=True)
    (context.clone.staged_site / PAGES).rename(context.clone.site)
    server = f"{os.path.relpath(sys.executable)} -m http.server --bind 127.0.0.1 --directory site"
    sys.stdout.write(f"The manual is in site/. Search needs a server: {server}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
