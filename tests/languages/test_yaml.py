"""With the real ``pulumi`` command: the program in YAML that the manual shows, from nothing to nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from language_programs import declare_yaml, shown, yaml_stack

from emulator.web.server import Served

pytestmark = pytest.mark.engine


def test_an_environment_is_brought_about_changed_and_taken_down(tmp_path: Path, served: Served) -> None:
    program = shown("yaml", having="resources:")
    stack = yaml_stack(tmp_path, program, served.environment)
    stack.run("config", "set", "tenantUrl", served.environment["ELIUM_TENANT_URL"])

    stack.up()

    served.advance(timedelta(minutes=40))
    users = served.emulator.elium.tenant("acme").users
    assert users
    assert {user["title"] for user in users} == {"Knowledge"}
    assert stack.outputs()["jobId"].startswith("elium.")
    stack.run("preview", "--expect-no-changes")

    declare_yaml(tmp_path, _changed(program))
    said = stack.run("preview", "--diff")

    assert '~ source: "[department]" => "[jobTitle]"' in said
    assert 'Ada Byron (ada.byron@contoso.com): "Knowledge" → "Knowledge Manager"' in said
    assert "7 would enter: Barbara Liskov" in said
    stack.up()

    stack.run("destroy", "--yes", "--skip-preview")


def _changed(program: str) -> str:
    """Give the program with another source of a mapping, without its filter, and with what that takes."""
    written = yaml.safe_load(program)
    properties = written["resources"]["elium"]["properties"]
    properties["mappings"]["users"]["title"] = "[jobTitle]"
    properties |= {"filters": {"users": []}, "acceptEntrants": 7, "onDestroy": "retain"}
    return yaml.safe_dump(written)


def test_what_it_names_and_nobody_knows_is_said_in_a_sentence(tmp_path: Path, served: Served) -> None:
    program = shown("yaml", having="resources:").replace("[Elium users]", "[Nobody here]")
    stack = yaml_stack(tmp_path, program, served.environment)
    stack.run("config", "set", "tenantUrl", served.environment["ELIUM_TENANT_URL"])

    said = stack.run("preview", succeeds=False)

    assert "groups.0: 'Nobody here' does not exist." in said
    assert "Traceback" not in said


APP_AND_JOB = """\
name: elium
runtime: yaml
resources:
  app:
    type: azuread:ApplicationFromTemplate
    properties:
      displayName: Elium
      templateId: ${template.templateId}
  job:
    type: entrasync:SynchronizationJob
    properties:
      servicePrincipalId: ${app.servicePrincipalObjectId}
      baseAddress: https://example.com/scim/v2
      secretToken: env:ELIUM_SECRET_TOKEN
variables:
  template:
    fn::invoke: {function: "azuread:getApplicationTemplate", arguments: {displayName: Elium}}
outputs:
  principal: ${app.servicePrincipalObjectId}
"""


def test_our_resource_stands_beside_those_of_azuread(tmp_path: Path, served: Served) -> None:
    program = APP_AND_JOB.replace("https://example.com", served.environment["ELIUM_TENANT_URL"])
    stack = yaml_stack(tmp_path, program, served.environment)

    stack.up()

    held = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"]).synchronization
    assert list(held) == [stack.outputs()["principal"]]
    stack.run("preview", "--expect-no-changes")
    stack.run("destroy", "--yes", "--skip-preview")


ANOTHER_APP = """\
name: desk
runtime: yaml
variables:
  ada:
    fn::invoke:
      function: azuread:getUser
      arguments: {userPrincipalName: ada.byron@contoso.com}
      return: objectId
resources:
  team:
    type: azuread:Group
    properties:
      displayName: Made by the program
      securityEnabled: true
      members: ["${ada}"]
  desk:
    type: entrasync:GalleryAppProvisioning
    properties:
      galleryApp: Azure Databricks SCIM Provisioning Connector
      tenantUrl: https://example.com/scim/v2
      secretToken: env:BOLT_TOKEN
      groups: ["${team.objectId}"]
      status: "on"
outputs:
  jobId: ${desk.jobId}
"""


def test_another_app_gets_the_people_of_a_group_that_the_program_makes(tmp_path: Path, served: Served) -> None:
    bolt = next(each for each in served.emulator.seed.elium if each.name == "bolt")
    program = ANOTHER_APP.replace("https://example.com", f"{served.origin}/elium/bolt")
    stack = yaml_stack(tmp_path, program, {**served.environment, "BOLT_TOKEN": bolt.token or ""})

    stack.up()

    served.advance(timedelta(minutes=40))
    assert [user["userName"] for user in served.emulator.elium.tenant("bolt").users] == ["ada.byron@contoso.com"]
    stack.run("preview", "--expect-no-changes")
