from __future__ import annotations

import json
import signal
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from fleets import tenants_in

from emulator.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run ``python -m emulator`` on any free port."""
    command = [sys.executable, "-m", "emulator", "--port", "0", "--state", str(tmp_path / "state"), "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        yield running
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_keeps_its_secrets_and_ends_cleanly(
    process: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    environment = Path(ready["environment"])
    secrets, mode = environment.read_text(), stat.S_IMODE(environment.stat().st_mode)
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)

    assert (process.returncode, output, errors) == (0, "", "")
    assert ("export ARM_CLIENT_SECRET=" in secrets, 0o600) == (True, mode)
    assert not environment.exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["--port", str(port), "--state", str(tmp_path)]) == 1
    assert f"127.0.0.1:{port} cannot be served: Address already in use." in capsys.readouterr().err


def test_a_wrong_seed_is_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("tenant: {id: x, displayName: X, domain: x.example}\n")

    assert main(["--seed", str(seed), "--state", str(tmp_path)]) == 2
    assert "tenant.id: " in capsys.readouterr().err


def test_a_seed_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", str(tmp_path / "none.yaml"), "--state", str(tmp_path)]) == 2
    assert "none.yaml: No such file or directory." in capsys.readouterr().err


def test_a_name_that_cannot_be_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--names", "graph.microsoft.com,https://x", "--state", str(tmp_path)]) == 2
    assert "--names: 'https://x' is not a host name" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_trusted_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "other.pem"
    if content is not None:
        file.write_text(content)

    assert main(["--trust", str(file), "--state", str(tmp_path)]) == 2
    assert "other.pem holds no certificate in PEM that can be read" in capsys.readouterr().err


def test_the_first_line_is_written_before_anything_heavy_is_loaded() -> None:
    told = "import emulator.__main__, sys; print(sorted({'starlette', 'uvicorn', 'lark'} & sys.modules.keys()))"

    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert loaded.stdout == "[]\n"


def test_a_key_is_made_and_asked_for(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "emulator", "--port", "0", "--state", str(tmp_path), "--quiet", "--key"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        ready = json.loads(running.stdout.readline())
        secrets = Path(ready["environment"]).read_text()
        key = secrets.partition("ELIUM_EMULATOR_KEY=")[2].splitlines()[0]
        trust = ssl.create_default_context(cafile=ready["ca"])
        with httpx2.Client(verify=trust, trust_env=False) as http:
            answers = [
                http.get(f"{ready['control']}/state", headers=headers).status_code
                for headers in ({}, {"authorization": f"Bearer {key}"})
            ]
        running.kill()

    assert answers == [401, 200]


def test_many_platforms_are_served_with_a_file_of_them_and_both_files_go_at_the_end(tmp_path: Path) -> None:
    words = ["--tenants", "12", "--entra-tenants", "3", "--port", "0", "--state", str(tmp_path), "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-m", "emulator", *words], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        ready = json.loads(running.stdout.readline())
        environment, tenants = Path(ready["environment"]), Path(ready["tenants"])
        modes = [stat.S_IMODE(file.stat().st_mode) for file in (environment, tenants)]
        declared, secrets = tenants_in(tenants.read_text()), environment.read_text()
        running.terminate()
        running.wait(20)

    hosts = {tenant.entra["metadataHost"] for tenant in declared}
    assert (len(declared), modes) == (12, [0o600, 0o600])
    assert hosts == {origin.removeprefix("https://") for origin in (ready["url"], *ready["others"])}
    assert (secrets.count("_ELIUM_TOKEN="), secrets.count("export ENTRA_")) == (12, 3)
    assert (running.returncode, environment.exists(), tenants.exists()) == (0, False, False)


def test_ports_of_which_one_is_taken_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--tenants", "2", "--entra-tenants", "2", "--state", str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main([*words, "--port", str(port - 1)]) == 1
    assert f"127.0.0.1:{port - 1}-{port} cannot be served: Address already in use." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--entra-tenants", "2"], "--entra-tenants: say with --tenants how many"),
        (["--tenants", "9", "--entra-tenants", "9", "--port", "65530"], "--port: 65530 leaves no port for each"),
        (["--tenants", "few"], "--tenants: invalid int value: 'few'"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert (ended.value.code, sentence in capsys.readouterr().err) == (2, True)


def test_more_platforms_than_there_are_names_for_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tenants", "5000", "--state", str(tmp_path)]) == 2
    assert "--tenants: 5000 platforms cannot be made; there are names for 1 to 1,080." in capsys.readouterr().err
