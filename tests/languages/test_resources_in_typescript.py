"""With the real ``pulumi`` command: our resources in a TypeScript program, beside those of azuread's own SDK."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from languages.conftest import MakeProject

from emulator import Emulator
from emulator.web.server import Served

pytestmark = pytest.mark.engine

PROGRAM = """\
import * as azuread from "@pulumi/azuread";
import * as entrasync from "entrasync";

const template = azuread.getApplicationTemplateOutput({ displayName: "Elium" });
const app = new azuread.ApplicationFromTemplate("app", { displayName: "Elium", templateId: template.templateId });
const job = new entrasync.SynchronizationJob("job", {
    servicePrincipalId: app.servicePrincipalObjectId,
    baseAddress: `${process.env.ELIUM_TENANT_URL}/scim/v2`,
    secretToken: "env:ELIUM_SECRET_TOKEN",
    mappings: { users: { title: "[department]" } },
});

export const jobId = job.jobId;
"""


def test_app_and_job_are_made_left_alone_and_taken_down(project: MakeProject, served: Served) -> None:
    stack = project(PROGRAM).stack(served.environment)

    stack.up()

    assert stack.outputs()["jobId"].startswith("elium.")
    assert "3 unchanged" in stack.run("preview")
    stack.run("destroy", "--yes", "--skip-preview")


TENANTS = """\
import * as azuread from "@pulumi/azuread";
import * as entrasync from "entrasync";

for (const [name, group] of [["CONTOSO", "Elium users"], ["FABRIKAM", "Platform team"]]) {
    const said = (variable: string) => process.env[`${name}_${variable}`]!;
    const identity = {
        tenantId: said("TENANT_ID"),
        clientId: said("CLIENT_ID"),
        clientSecret: said("CLIENT_SECRET"),
        metadataHost: said("HOST"),
    };
    const ours = new entrasync.Provider(`${name}-sync`, identity);
    const theirs = new azuread.Provider(`${name}-ad`, identity);
    const settings = { tenantUrl: said("ELIUM"), secretToken: `env:${name}_TOKEN`, groups: [group] };
    new entrasync.EliumProvisioning(name.toLowerCase(), settings, { providers: [ours, theirs] });
}
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


def test_each_component_signs_in_to_the_tenant_of_its_providers(project: MakeProject, tmp_path: Path) -> None:
    with Emulator().serve() as contoso, Emulator().serve() as fabrikam:
        both = tmp_path / "both.pem"
        both.write_text("".join(Path(each.ca_file).read_text() for each in (contoso, fabrikam)))
        trust = {"SSL_CERT_FILE": str(both), "REQUESTS_CA_BUNDLE": str(both), "NO_PROXY": "127.0.0.1"}
        named = {**_variables("CONTOSO", contoso), **_variables("FABRIKAM", fabrikam)}
        stack = project(TENANTS).stack({**named, **trust})

        stack.up()

        assert (_accounts(contoso), _accounts(fabrikam)) == (10, 3)
        assert {name for name in stack.state() if name.startswith("default")} == set()
        stack.run("preview", "--expect-no-changes")
