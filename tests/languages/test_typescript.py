"""With the real ``pulumi`` command: the program in TypeScript that the manual shows, from nothing to nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from language_programs import shown
from languages.conftest import PLATFORMS, MakeProject

from emulator.elium.server import EliumTenant
from emulator.web.server import Served

pytestmark = pytest.mark.engine

NULL_AND_TYPOS = """\
import * as entrasync from "entrasync";

const least = { tenantUrl: "https://acme.elium.com", secretToken: "env:TOKEN" };

new entrasync.EliumProvisioning("names", { ...least, scope: "assigned", onDestroy: entrasync.OnDestroy.Retain });
new entrasync.EliumProvisioning("table", { ...least, mappings: { users: { title: { remove: true } } } });
new entrasync.EliumProvisioning("lists", { ...least, filters: { users: [["a EQUALS b"], ["c EQUALS d"]] } });
new entrasync.GalleryAppProvisioning("other", { ...least, galleryApp: "Own" }).jobId.apply(id => id.length);

// @ts-expect-error null takes no mapping away here
new entrasync.EliumProvisioning("null", { ...least, mappings: { users: { title: null } } });
// @ts-expect-error it is "on" or "off"
new entrasync.EliumProvisioning("status", { ...least, status: "onn" });
// @ts-expect-error there is no such setting
new entrasync.EliumProvisioning("setting", { ...least, tennantUrl: "https://acme.elium.com" });
// @ts-expect-error a mapping has no such part
new entrasync.EliumProvisioning("part", { ...least, mappings: { users: { title: { sauce: "[jobTitle]" } } } });
// @ts-expect-error a token is needed
new entrasync.EliumProvisioning("token", { tenantUrl: "https://acme.elium.com" });
// @ts-expect-error an app of the gallery has a name
new entrasync.GalleryAppProvisioning("app", least);
"""


def test_the_compiler_takes_what_can_be_meant_and_refuses_what_cannot(project: MakeProject) -> None:
    assert project(NULL_AND_TYPOS).complaints() == []


def test_two_platforms_are_brought_about_changed_and_taken_down(project: MakeProject, served: Served) -> None:
    program = shown("typescript", having='["acme", "bolt"]')
    mine = project(program)
    tokens = {f"{each.name.upper()}_TOKEN": each.token or "" for each in served.emulator.seed.elium}
    stack = mine.stack({**served.environment, **tokens})
    for name in PLATFORMS:
        stack.run("config", "set", f"{name}Url", f"{served.origin}/elium/{name}")

    stack.up()

    served.advance(timedelta(minutes=40))
    assert {name: len(served.emulator.elium.tenant(name).users) for name in PLATFORMS} == {"acme": 10, "bolt": 10}
    assert not any("nickName" in user for user in served.emulator.elium.tenant("acme").users)
    assert set(stack.outputs()["portals"]) == set(PLATFORMS)
    stack.run("preview", "--expect-no-changes")

    changed = program.replace('"[department]"', '"[jobTitle]"').replace("mappings,", 'mappings, onDestroy: "retain",')
    mine.write(changed)
    assert mine.complaints() == []
    said = stack.run("preview", "--diff")

    assert said.count('~ source: "[department]" => "[jobTitle]"') == len(PLATFORMS)
    assert 'Ada Byron (ada.byron@contoso.com): "Knowledge" → "Knowledge Manager"' in said
    stack.up()

    stack.run("destroy", "--yes", "--skip-preview")

    held = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"]).synchronization
    assert [each.jobs for each in held.values()] == [{}, {}]


def test_elium_and_another_app_are_brought_about_changed_and_taken_down(project: MakeProject, served: Served) -> None:
    program = shown("typescript", having="GalleryAppProvisioning")
    mine = project(program)
    elium, databricks = (served.emulator.elium.tenant(name) for name in PLATFORMS)
    first, second = (each.token or "" for each in served.emulator.seed.elium)
    stack = mine.stack({**served.environment, "ELIUM_TOKEN": first, "DATABRICKS_TOKEN": second})
    stack.run("config", "set", "eliumUrl", f"{served.origin}/elium/acme")
    stack.run("config", "set", "databricksUrl", f"{served.origin}/elium/bolt/scim/v2")

    stack.up()

    served.advance(timedelta(minutes=40))
    assert [len(each.users) for each in (elium, databricks)] == [10, 10]
    assert _title_of_ada(databricks) == "Knowledge"
    assert {name: job.partition(".")[0] for name, job in stack.outputs()["jobs"].items()} == {
        "elium": "elium",
        "databricks": "dataBricks",
    }
    stack.run("preview", "--expect-no-changes")

    mine.write(program.replace('"[department]"', '"[jobTitle]"'))
    assert mine.complaints() == []
    said = stack.run("preview", "--diff")

    assert said.count("for Azure Databricks SCIM Provisioning Connector (where") == 1
    assert "for Elium (where" not in said
    assert 'Ada Byron (ada.byron@contoso.com): "Knowledge" → "Knowledge Manager"' in said
    stack.up()
    served.advance(timedelta(minutes=40))
    assert _title_of_ada(databricks) == "Knowledge Manager"

    said = stack.run("destroy", "--yes", "--skip-preview", succeeds=False)

    assert said.count("set onDestroy: retain, run `pulumi up`, and destroy.") == len(PLATFORMS)

    mine.write(program.replace("groups:", 'onDestroy: "retain",\n    groups:'))
    assert mine.complaints() == []
    stack.up()
    stack.run("destroy", "--yes", "--skip-preview")

    held = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"]).synchronization
    assert [each.jobs for each in held.values()] == [{}, {}]


def test_an_sdk_of_a_later_release_takes_over_what_an_earlier_one_made(project: MakeProject, served: Served) -> None:
    mine = project(shown("typescript", having="GalleryAppProvisioning"))
    first, second = (each.token or "" for each in served.emulator.seed.elium)
    stack = mine.stack({**served.environment, "ELIUM_TOKEN": first, "DATABRICKS_TOKEN": second})
    stack.run("config", "set", "eliumUrl", f"{served.origin}/elium/acme")
    stack.run("config", "set", "databricksUrl", f"{served.origin}/elium/bolt/scim/v2")
    stack.up()
    before = stack.outputs()["jobs"]

    (package,) = mine.folder.glob("node_modules/*/package.json")
    told = json.loads(package.read_text(encoding="utf-8"))
    told |= {"version": "99.0.0", "pulumi": {**told["pulumi"], "version": "99.0.0"}}
    package.write_text(json.dumps(told), encoding="utf-8")

    stack.run("preview", "--expect-no-changes")
    assert "11 unchanged" in stack.up()
    assert stack.outputs()["jobs"] == before
    assert "99_0_0" in stack.run("stack", "export")


def _title_of_ada(target: EliumTenant) -> str:
    return next(str(user["title"]) for user in target.users if user["userName"] == "ada.byron@contoso.com")
