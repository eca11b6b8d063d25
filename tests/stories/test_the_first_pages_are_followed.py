"""With the real ``pulumi`` command: what the manual shows for a first environment, line by line in a copy of the clone.

Left out is what the machine must have before: ``make setup`` prepares nothing here, because it has run. The tenant is
the emulator's, so who signs in is said by the environment, as a pipeline says it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from pulumi_stack import COMPILED_ONCE, ROOT

from emulator import Emulator
from tools.places import Clone, this_clone
from tools.setup.azuread_plugin import put_stand_in

if TYPE_CHECKING:
    from emulator.web.server import Served

pytestmark = pytest.mark.engine

BASH = shutil.which("bash") or "bash"
SECONDS_AT_MOST = 300
NOT_HERS = ("PULUMI_", "ELIUM_", "MAKE", "MFLAGS", "ARGS", "STACK")
"""What the shell that runs the tests may have, such as a make around them, and that of whoever begins has not."""
CYCLE = timedelta(minutes=40)
PEOPLE = 10
"""Those of the group that the example assigns who are active and have a department."""
EXAMPLE = "Pulumi.prod.yaml.example"
NEEDED = ("Makefile", "Pulumi.yaml", "__main__.py", "plugin", "provisioning", "tools", EXAMPLE)
PAGES = [
    pytest.param("README.md", "## A real tenant", "prod", id="README"),
    pytest.param("docs/how-to/add-an-environment.md", "# Add an environment", "acme", id="add-an-environment"),
]


def shell_of(page: str, heading: str) -> str:
    """Give every shell command below a heading, in its order."""
    text = (ROOT / page).read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    chapter = re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^ *```shell\n(.*?)^ *```", chapter, re.MULTILINE | re.DOTALL)
    return "".join(map(dedent, blocks))


def a_copy(folder: Path) -> Path:
    """Copy the program and its tools, and lend them the Python and the engine that are set up here."""
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    here, copied = this_clone(), Clone(folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    copied.state.mkdir()
    shutil.copy(here.toolchain_record, copied.toolchain_record)
    plugin = copied.pulumi_home / "plugins" / f"resource-azuread-v{version('pulumi-azuread')}"
    put_stand_in(plugin, Path(sys.executable))
    return folder


def follow(script: str, folder: Path, served: Served, token: str) -> str:
    """Run what is shown in one shell, giving the token where it is asked for, and yes where that is."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(NOT_HERS)}
    theirs = {name: value for name, value in served.environment.items() if not name.startswith("ELIUM_")}
    answers = {"PULUMI_SKIP_CONFIRMATIONS": "true", "PYTHON": "true"}
    ended = subprocess.run(  # noqa: S603 - the commands are those of the manual
        [BASH, "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**ours, **theirs, **answers, **COMPILED_ONCE},
        input=f"{token}\n",
        text=True,
        capture_output=True,
        check=False,
        timeout=SECONDS_AT_MOST,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    return said


@pytest.mark.parametrize(("page", "heading", "stack"), PAGES)
def test_whoever_follows_the_page_has_people_in_elium(page: str, heading: str, stack: str, tmp_path: Path) -> None:
    if not this_clone().toolchain_record.exists():
        pytest.skip("There is no Pulumi for this clone yet: run `make setup` first.")
    folder = a_copy(tmp_path)
    with Emulator().serve() as served:
        token, url = served.environment["ELIUM_SECRET_TOKEN"], served.environment["ELIUM_TENANT_URL"]
        example = folder / EXAMPLE
        example.write_text(example.read_text(encoding="utf-8").replace("https://acme.elium.com", url), encoding="utf-8")
        shutil.copy(example, folder / f"Pulumi.{stack}.yaml")

        said = follow(shell_of(page, heading), folder, served, token)
        served.advance(CYCLE)

        users = served.emulator.elium.tenant(served.emulator.seed.elium[0].name).users
        accounts = {user["userName"]: user["active"] for user in users}
        written = (folder / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
        assert len(accounts) == PEOPLE
        assert "secure: v1:" in written
        assert token not in said + written
