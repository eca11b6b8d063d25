"""With the real ``pulumi`` command: our resources in a TypeScript program, beside those of azuread's own SDK."""

from __future__ import annotations

import pytest
from languages.conftest import MakeProject

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
