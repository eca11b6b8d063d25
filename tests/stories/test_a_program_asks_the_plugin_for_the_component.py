"""With the real ``pulumi`` command: a program that has none of our classes asks the plugin for both components."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pulumi_stack import Stack

from emulator import Emulator
from emulator.elium.server import EliumTenant
from emulator.web.server import Served

pytestmark = pytest.mark.engine

PROGRAM = """\
import os

import pulumi
import pulumi_azuread as azuread


class Remote(pulumi.ComponentResource):
    def __init__(self, kind, name, inputs, told, opts=None):
        super().__init__(f"entrasync:index:{kind}", name, {**inputs, **dict.fromkeys(told)}, opts, remote=True)


told = ("jobId", "portalUrl")
elium = Remote(
    "EliumProvisioning",
    "elium",
    {
        "tenantUrl": os.environ["ELIUM_TENANT_URL"],
        "secretToken": pulumi.Output.secret(os.environ["ELIUM_SECRET_TOKEN"]),
        "groups": ["Elium users"],
        "mappings": {"users": {"title": os.environ["TITLE"], "nickName": {"remove": True}}},
    },
    told,
)
team = azuread.Group("team", display_name="Made by the program", security_enabled=True)
own = Remote(
    "GalleryAppProvisioning",
    "own",
    {
        "galleryApp": "Azure Databricks SCIM Provisioning Connector",
        "displayName": "A server of our own",
        "tenantUrl": os.environ["OTHER_URL"],
        "secretToken": "env:OTHER_TOKEN",
        "groups": [team.object_id],
    },
    told,
)
pulumi.export("jobId", elium.jobId)
"""

REWRITTEN = (
    PROGRAM[: PROGRAM.index("told = ")]
    + """\
told = ("jobId",)
settings = {
    "tenantUrl": os.environ["ELIUM_TENANT_URL"],
    "secretToken": "env:ELIUM_SECRET_TOKEN",
    "groups": ["Elium users"],
}
Remote("EliumProvisioning", "elium", settings, told)
"""
)

MOVED = REWRITTEN.replace(
    'Remote("EliumProvisioning", "elium", settings, told)\n',
    """\
workplace = pulumi.ComponentResource("acme:index:Workplace", "workplace")
moved = pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)
options = pulumi.ResourceOptions(parent=workplace, aliases=[moved], retain_on_delete=True)
Remote("EliumProvisioning", "elium", settings, told, options)
""",
)


def _world(folder: Path, served: Served) -> Stack:
    """Give a stack of the program, whose second app is provisioned into the emulator's second SCIM server."""
    named = {
        "OTHER_URL": f"{served.origin}/elium/fabrikam/scim/v2",
        "OTHER_TOKEN": _site(served, "fabrikam").tokens.make()[1],
        "TITLE": "[department]",
    }
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    stack = Stack.of_this_project(folder, {**served.environment, **named})
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return stack


def _token(served: Served) -> str:
    return served.environment["ELIUM_SECRET_TOKEN"]


def _site(served: Served, name: str) -> EliumTenant:
    return served.emulator.elium.tenant(name)


def test_two_components_are_brought_about_changed_and_taken_down(tmp_path: Path) -> None:
    with Emulator().serve() as served:
        stack = _world(tmp_path, served)

        stack.up()
        served.advance(timedelta(minutes=40))

        assert len(_site(served, "contoso").users) == 10
        assert stack.outputs()["jobId"].startswith("elium.")
        assert "12 unchanged" in stack.run("preview", "--expect-no-changes")
        assert not any(token in str(stack.state()) for token in (_token(served), stack.variables["OTHER_TOKEN"]))

        changed = replace(stack, variables={**stack.variables, "TITLE": "[jobTitle]"})
        told = changed.run("preview", "--diff")
        assert "users.title: [department] → [jobTitle]" in told
        assert "Ada Byron" in told

        refused = stack.run("destroy", "--yes", succeeds=False)
        assert "Up to 10 people are provisioned by this job" in refused


def test_a_python_program_that_is_rewritten_for_the_plugin_keeps_its_resources(tmp_path: Path) -> None:
    with Emulator().serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment, groups=["Elium users"])
        stack.up()

        (tmp_path / "__main__.py").write_text(REWRITTEN, encoding="utf-8")
        stack.run("preview", "--expect-no-changes")

        assert "6 unchanged" in stack.up()
        assert "entrasync:index:EliumProvisioning$entrasync:index:SynchronizationJob::elium-job" in str(stack.state())


def test_a_component_that_moves_below_another_keeps_its_resources_and_is_retained_where_it_says_so(
    tmp_path: Path,
) -> None:
    with Emulator().serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment)
        (tmp_path / "__main__.py").write_text(REWRITTEN, encoding="utf-8")
        stack.up()
        (tmp_path / "__main__.py").write_text(MOVED, encoding="utf-8")

        told = stack.up()
        stack.run("destroy", "--yes")

        assert ("1 created" in told, "6 unchanged" in told) == (True, True)
        tenant = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"])
        assert [len(each.jobs) for each in tenant.synchronization.values()] == [1]


def test_what_the_plugin_cannot_find_is_told_in_a_sentence_without_a_traceback(tmp_path: Path) -> None:
    with Emulator().serve() as served:
        stack = Stack.of_this_project(tmp_path, served.environment)
        (tmp_path / "__main__.py").write_text(REWRITTEN.replace("Elium users", "Nobody here"), encoding="utf-8")

        told = stack.run("preview", succeeds=False)

        assert "resource 'elium' has a problem: groups.0: 'Nobody here' does not exist." in told
        assert "provisioning/components" not in told
