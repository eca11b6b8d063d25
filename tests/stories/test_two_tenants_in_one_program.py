"""With the real ``pulumi`` command: one program for two Entra tenants, each with its own identity."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pulumi_stack import Stack

from emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.web.server import Served

pytestmark = pytest.mark.engine

PROGRAM = """\
import os

import pulumi
import pulumi_azuread as azuread

from provisioning.components import EliumProvisioning, errors_as_sentences
from provisioning.resources import Provider, ProviderArgs

GROUPS = {"CONTOSO": "Elium users", "FABRIKAM": "Platform team"}

with errors_as_sentences():
    for name, group in GROUPS.items():
        said = {key: os.environ[f"{name}_{key}"] for key in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "HOST")}
        identity = {"tenant_id": said["TENANT_ID"], "client_id": said["CLIENT_ID"]}
        identity |= {"client_secret": said["CLIENT_SECRET"], "metadata_host": said["HOST"]}
        theirs = [Provider(f"{name}-sync", ProviderArgs(**identity)), azuread.Provider(f"{name}-ad", **identity)]
        settings = {
            "tenantUrl": os.environ[f"{name}_ELIUM"],
            "secretToken": f"env:{name}_TOKEN",
            "groups": [group],
        }
        EliumProvisioning(name.lower(), settings, pulumi.ResourceOptions(providers=theirs))
"""


def _variables(name: str, served: Served) -> Mapping[str, str]:
    told = served.environment
    return {
        f"{name}_TENANT_ID": told["ARM_TENANT_ID"],
        f"{name}_CLIENT_ID": told["ARM_CLIENT_ID"],
        f"{name}_CLIENT_SECRET": told["ARM_CLIENT_SECRET"],
        f"{name}_HOST": told["ARM_METADATA_HOSTNAME"],
        f"{name}_ELIUM": told["ELIUM_TENANT_URL"],
        f"{name}_TOKEN": told["ELIUM_SECRET_TOKEN"],
    }


def _accounts(served: Served) -> int:
    served.advance(timedelta(minutes=40))
    return len(served.emulator.elium.tenant(served.emulator.seed.elium[0].name).users)


def test_the_people_of_each_tenant_arrive_at_its_own_elium(tmp_path: Path) -> None:
    with Emulator().serve() as contoso, Emulator().serve() as fabrikam:
        both = tmp_path / "both.pem"
        both.write_text("".join(Path(each.ca_file).read_text() for each in (contoso, fabrikam)))
        trust = {"SSL_CERT_FILE": str(both), "REQUESTS_CA_BUNDLE": str(both), "NO_PROXY": "127.0.0.1"}
        folder = tmp_path / "stack"
        folder.mkdir()
        named = {**_variables("CONTOSO", contoso), **_variables("FABRIKAM", fabrikam)}
        stack = Stack.of_this_project(folder, {**named, **trust})
        (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")

        stack.up()

        assert (_accounts(contoso), _accounts(fabrikam)) == (10, 3)
        assert "unchanged" in stack.up()
