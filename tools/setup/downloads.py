"""Whether Pulumi's download site can be had at all, asked once and answered within seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.setup.commands import Command
    from tools.setup.context import Context

SITE = "https://get.pulumi.com/install.sh"

# Apart, because the look-up of a name knows no time limit. A refusal by the site itself is an answer, too.
ASK = """
import sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(sys.argv[1], timeout=4).close()
except urllib.error.HTTPError:
    pass
"""
AT_MOST = 5.0


def is_reachable(context: Context) -> bool:
    """Tell whether the site that both the engine and its plugins come from answers."""
    ask: Command = [context.clone.python, "-c", ASK, SITE]
    return context.run(ask, within=AT_MOST, environment=context.environment).succeeded
