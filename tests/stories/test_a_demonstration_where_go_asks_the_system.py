"""Where Go does not read ``SSL_CERT_FILE``, the demonstration needs neither that variable nor the official plugin."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console
from unit.tools.stage import a_program

from emulator import Emulator
from scripts.demo.stack import PASSPHRASE, DemoStack
from tools.environment import environment as pulumi_environment
from tools.places import this_clone
from tools.setup.azuread_plugin import PLUGIN
from tools.versions import locked_version


@pytest.mark.engine
def test_it_is_played_by_the_stand_in_which_either_variable_tells_whom_to_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    clone = this_clone()
    home, memory = tmp_path / "pulumi-home", tmp_path / "stacks"
    memory.mkdir()
    official = home / "plugins" / f"resource-azuread-v{locked_version('pulumi-azuread', lock=clone.root / 'uv.lock')}"
    a_program(official / PLUGIN, "#!/bin/sh\necho 'x509: certificate signed by unknown authority' >&2\nexit 1\n")

    with Emulator().serve() as served:
        told = {name: value for name, value in served.environment.items() if name != "SSL_CERT_FILE"}
        environment = {
            **pulumi_environment(clone, {**os.environ, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}),
            **told,
            "PULUMI_BACKEND_URL": memory.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_HOME": str(home),
        }
        stack = DemoStack(clone.root, tmp_path / "project", environment, Console(file=io.StringIO()), system="darwin")
        stack.pulumi("stack", "init")
        stack.pulumi("up", "--yes", "--skip-preview")
        served.run_due()

        accounts = {user["userName"] for user in served.emulator.elium.tenant("contoso").users}
        assert "ada.byron@contoso.com" in accounts
