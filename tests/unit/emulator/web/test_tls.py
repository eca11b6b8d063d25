from __future__ import annotations

import re
import socket
import ssl
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from emulator import Emulator
from emulator.company.seed import read
from emulator.web import tls
from emulator.web.environment import environment_of
from emulator.web.tls import StateFolder


def test_the_authority_is_kept_from_start_to_start(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.server_context()
    first = folder.ca_file.read_bytes()
    StateFolder(tmp_path / "state").server_context()

    assert first == folder.ca_file.read_bytes()


def test_an_authority_that_ends_soon_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = StateFolder(tmp_path)
    folder.server_context()
    first = folder.ca_file.read_bytes()
    monkeypatch.setattr(tls, "_LEFT", timedelta(days=730_000))
    folder.server_context()

    assert first != folder.ca_file.read_bytes()


def test_an_authority_that_was_half_written_is_replaced(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.server_context()
    folder.ca_file.write_bytes(folder.ca_file.read_bytes()[:100])

    folder.server_context()

    assert folder.ca_file.read_text().endswith("-----END CERTIFICATE-----\n")


def test_nobody_else_can_read_the_folder_or_what_is_in_it(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.server_context()
    folder.signing_key()
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.path.iterdir()}

    assert ({0o600}, 0o700) == (modes, stat.S_IMODE(folder.path.stat().st_mode))


def test_only_what_is_still_ones_own_is_withdrawn(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.write_private(folder.environment_file, b"theirs")
    folder.withdraw(folder.environment_file, b"mine")
    assert folder.environment_file.exists()
    folder.withdraw(folder.environment_file, b"theirs")

    assert not folder.environment_file.exists()


def test_the_signing_key_is_kept(tmp_path: Path) -> None:
    assert StateFolder(tmp_path).signing_key().id == StateFolder(tmp_path).signing_key().id


def test_the_certificate_carries_the_names_that_were_asked_for(tmp_path: Path) -> None:
    with (
        Emulator().serve(state=tmp_path, names=["graph.microsoft.com"]) as served,
        socket.create_connection(("127.0.0.1", int(served.origin.rpartition(":")[2]))) as connection,
        ssl.create_default_context(cafile=served.ca_file).wrap_socket(
            connection, server_hostname="graph.microsoft.com"
        ) as secured,
    ):
        assert secured.version() is not None


def test_java_finds_the_authority_in_a_trust_store_of_its_own(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.server_context()

    told = environment_of(read(), "https://localhost", str(folder.ca_file))["JAVA_TOOL_OPTIONS"]
    file, password = re.findall(r"-Djavax\.net\.ssl\.trustStore(?:Password)?=(\S+)", told)
    held = pkcs12.load_pkcs12(Path(file.strip("'")).read_bytes(), password.encode())

    authority = x509.load_pem_x509_certificate(folder.ca_file.read_bytes())
    assert [one.certificate for one in held.additional_certs] == [authority]


@pytest.mark.parametrize("name", ["", "graph microsoft", "-x.com", "x..com", "https://x.com", "x" * 254, "*"])
def test_what_is_not_a_host_name_is_told(name: str) -> None:
    assert not tls.is_host_name(name)
