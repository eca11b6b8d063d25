"""The executable ``pulumi-resource-entrasync``: the engine starts it and talks to it over gRPC on loopback.

What is imported here is what answering needs; everything else is imported once it is needed, or while the engine is
busy with the program, so that the engine does not wait for it.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta

from provisioning.provider.constructing import Components
from provisioning.provider.engine import Engine
from provisioning.provider.plugin import Callbacks, Plugin
from provisioning.provider.properties import Plain
from provisioning.provider.serving import start

GONE_AFTER = timedelta(seconds=5)
"""An engine that does not answer for so long was killed."""

SOON = "provisioning.provider.entrasync"
"""What the first question will need: imported in the background, once the engine knows that we are there."""


def main() -> None:
    """Serve until the engine ends the process, or is gone itself."""
    engine = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")
    if not engine:
        sys.exit("pulumi-resource-entrasync is a Pulumi plugin: the engine starts it. Run `pulumi up` instead.")
    # The engine ends a plugin by this once nothing is under way, waits for it, and then ends the next one: Python's own
    # way of ending would make it wait a third of a second, for nothing.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(serve(engine))


async def serve(address: str) -> None:
    """Serve the plugin on a free port and print the port, which is what the engine waits for."""
    engine = Engine(address)
    server, port = await start(Plugin(callbacks, engine, components), address)
    print(port, flush=True)  # noqa: T201 - the protocol between engine and plugin
    early = asyncio.create_task(_import_early())
    await engine.until_it_is_gone(longer_than=GONE_AFTER)
    await server.stop(grace=None)
    await engine.close()
    await early


async def _import_early() -> None:
    """Import what the engine will ask for, while it is busy with the program; and then what Graph is asked with."""
    entrasync = await asyncio.to_thread(importlib.import_module, SOON)
    await asyncio.to_thread(entrasync.rehearse)
    from provisioning.graph.connect import warm  # noqa: PLC0415 - imported above, in a thread

    await warm(os.environ)


def callbacks(configuration: Plain) -> Mapping[str, Callbacks]:
    """Give the callbacks of both resources, for the identity that this provider instance is configured with."""
    from provisioning.provider.entrasync import callbacks_for  # noqa: PLC0415 - costs a third of a second

    return callbacks_for(configuration)


def components() -> Components:
    """Give whoever makes components, which most programs do themselves."""
    from provisioning.components import remote  # noqa: PLC0415 - azuread's classes cost a third of a second

    return remote


if __name__ == "__main__":
    main()
