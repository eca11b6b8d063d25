"""What idle connections cost."""

from __future__ import annotations

import ctypes
import socket
import ssl
from asyncio import sslproto
from typing import TYPE_CHECKING

import pytest

from emulator import Emulator
from emulator.web import frugality, server
from emulator.web.frugality import CROWD, RECORD, Tally

if TYPE_CHECKING:
    import pytest


def test_memory_is_given_back_when_a_crowd_has_left_and_at_every_half() -> None:
    told: list[int] = []
    tally = Tally(lambda: told.append(tally.open))
    for _ in range(CROWD * 4):
        tally.came()
    for _ in range(CROWD * 4):
        tally.went()

    assert told == [CROWD * 2, CROWD, CROWD // 2]


def test_a_few_connections_are_no_crowd() -> None:
    told: list[int] = []
    tally = Tally(lambda: told.append(1))
    for _ in range(CROWD - 1):
        tally.came()
    for _ in range(CROWD - 1):
        tally.went()

    assert told == []


@pytest.mark.parametrize("system", ["posix", "nt"])
def test_giving_back_is_harmless(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    if system == "nt":
        # So it is there: None names no library.
        monkeypatch.setattr(ctypes, "CDLL", int)

    frugality.give_back(system)


def test_a_connection_that_never_asks_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "KEPT_ALIVE", 0)
    with Emulator().serve() as served:
        port = int(served.origin.rpartition(":")[2])
        trust = ssl.create_default_context(cafile=served.ca_file)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
            trust.wrap_socket(connection, server_hostname="127.0.0.1") as secured,
        ):
            assert secured.recv(1) == b""


def test_a_connection_reads_one_record_at_a_time() -> None:
    with Emulator().serve():
        assert sslproto.SSLProtocol.max_size == RECORD
