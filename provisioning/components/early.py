"""What the engine waits for and need not: our plugin's start while Python imports the program, and Python's tidying up.

The engine starts a plugin when it is asked for something of its package. Left to the program's order, that is when the
plan is registered: after every import, after azuread's plugin has started, and after the look-ups.
"""

from __future__ import annotations

import atexit
import functools
import gc

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import get_monitor, get_root_resource

from provisioning.provider.version import READY


@functools.cache
def start_plugin() -> grpc.Future[provider_pb2.InvokeResponse] | None:
    """Ask the plugin for nothing, and do not wait for the answer; outside a running program do nothing.

    The plugin itself is outside: when it makes a component it has a monitor, and no stack (pulumi: Construct). It would
    make the engine start a second one, as a default provider that nobody has asked for.

    The call is kept, since grpc cancels one that nobody holds. It does not go through ``pulumi.runtime.invoke``, which
    sends nothing before the program waits for something.
    """
    monitor = get_monitor()
    if get_root_resource() is None or not isinstance(monitor, resource_pb2_grpc.ResourceMonitorStub):
        return None
    return monitor.Invoke.future(resource_pb2.ResourceInvokeRequest(tok=READY))


def end_soon() -> None:
    """Let this process end without Python looking for garbage among all that was imported."""
    atexit.register(gc.freeze)
