"""``python -m emulator.azuread [<engine address>]``: run as the plugin ``pulumi-resource-azuread``."""

from __future__ import annotations

import asyncio
import signal
import sys

from emulator.azuread.faults import PluginError
from emulator.azuread.provider import Azuread
from emulator.azuread.serving import serve, serve_whoever_attaches


def main() -> None:
    """Serve the plugin to the engine whose address is the first argument that is not an option.

    Without one, it serves whoever attaches, as the official plugin does.
    """
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    # The engine ends its plugins by this, and waits for each while Python would tidy up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if not addresses:
        sys.stderr.write("This is a plugin of Pulumi: PULUMI_DEBUG_PROVIDERS=azuread:PORT lets an engine attach.\n")
        asyncio.run(serve_whoever_attaches(Azuread()))
        return
    try:
        asyncio.run(serve(addresses[0], Azuread()))
    except PluginError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
