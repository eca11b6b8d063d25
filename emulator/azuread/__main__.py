"""``python -m emulator.azuread <engine address>``: run as the plugin ``pulumi-resource-azuread``."""

from __future__ import annotations

import asyncio
import signal
import sys

from emulator.azuread.faults import PluginError
from emulator.azuread.provider import Azuread
from emulator.azuread.serving import serve


def main() -> None:
    """Serve the plugin to the engine whose address is the first argument that is not an option."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if not addresses:
        sys.exit("This is a plugin of Pulumi: the engine starts it, and says its own address as the first argument.")
    # The engine ends its plugins by this, and waits for each while Python would tidy up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        asyncio.run(serve(addresses[0], Azuread()))
    except PluginError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
