"""The plugin is asked for before the program's own imports, and only where an engine is running the program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, resource_pb2_grpc

from provisioning.components import early
from provisioning.provider.version import READY

ASKED = """
import sys
import pulumi.runtime.settings as settings
settings.get_monitor = lambda: print({"pulumi_azuread", "pydantic", "provisioning.settings.stack"} & sys.modules.keys())
import provisioning.components
"""


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """An engine that writes down which functions are called."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def Invoke(self, request: Any, context: object) -> provider_pb2.InvokeResponse:  # noqa: N802 - the interface's name
        del context
        self.called.append(request.tok)
        return provider_pb2.InvokeResponse()


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    monitor, server = Monitor(), grpc.server(ThreadPoolExecutor(1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        monkeypatch.setattr(early, "get_monitor", lambda: resource_pb2_grpc.ResourceMonitorStub(channel))
        monkeypatch.setattr(early, "get_root_resource", lambda: "a stack")
        early.start_plugin.cache_clear()
        yield monitor
    early.start_plugin.cache_clear()
    server.stop(None)


def test_the_plugin_is_asked_for_before_anything_else_is_imported() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout == "set()\n"


def test_the_engine_is_asked_once_and_nobody_waits_for_the_answer(monitor: Monitor) -> None:
    asked = early.start_plugin()

    assert asked is not None
    asked.result()
    assert early.start_plugin() is asked
    assert monitor.called == [READY]


def test_the_plugin_does_not_ask_for_itself_where_it_makes_a_component(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early, "get_root_resource", lambda: None)

    assert early.start_plugin() is None
    assert monitor.called == []


def test_without_an_engine_nothing_is_asked() -> None:
    early.start_plugin.cache_clear()

    assert early.start_plugin() is None
