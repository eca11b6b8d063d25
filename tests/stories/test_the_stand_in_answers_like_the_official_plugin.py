"""A small program with the official ``pulumi_azuread`` wheel lives its whole life against the emulator.

The real engine and the real language host run; only the plugin is ours. The story is told once, and each test reads
a fact off it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator import Emulator
from tools.environment import environment
from tools.errors import SetUpError
from tools.places import this_clone
from tools.setup.azuread_plugin import put_stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emulator.web.server import Served

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi_azuread as azuread

template = azuread.get_application_template(display_name="Elium")
application = azuread.ApplicationFromTemplate("elium", display_name="Elium", template_id=template.template_id)
principal = azuread.get_service_principal_output(object_id=application.service_principal_object_id)
role = principal.app_roles.apply(lambda roles: next(role.id for role in roles if role.display_name == "User"))
group = azuread.Group("newcomers", display_name="Newcomers", security_enabled=True)
user = azuread.User(
    "eve", display_name="Eve", user_principal_name="eve@contoso.com", password="Hush-hush-1", department="Knowledge"
)
azuread.GroupMember("eve-is-new", group_object_id=group.object_id, member_object_id=user.object_id)
azuread.AppRoleAssignment(
    "newcomers-use-elium",
    app_role_id=role,
    principal_object_id=group.object_id,
    resource_object_id=application.service_principal_object_id,
)
"""

IMPORTING = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")


@dataclass(frozen=True)
class Stack:
    """A stack of the program, in a folder of its own."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, *arguments: str, succeeds: bool = True) -> str:
        """Run ``pulumi`` and give all that it said."""
        ended = subprocess.run(  # noqa: S603 - the command is ours
            ["pulumi", *arguments, "--non-interactive", "--color=never"],  # noqa: S607 - from the PATH of the clone
            cwd=self.folder,
            env=dict(self.variables),
            text=True,
            capture_output=True,
            check=False,
            timeout=120,
        )
        said = ended.stdout + ended.stderr
        assert (ended.returncode == 0) is succeeds, said
        return said

    def state(self) -> dict[str, Any]:
        """Tell what the engine keeps, resource by resource, by name."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        return {resource["urn"].rpartition("::")[2]: resource for resource in deployment["resources"]}


@dataclass(frozen=True)
class Life:
    """What was seen while the stack lived."""

    created: str
    state: dict[str, Any]
    members: list[str]
    assigned: list[str]
    drift: str
    repaired: str
    imported: dict[str, Any]
    missing: str
    left: list[str]

    @property
    def group(self) -> str:
        """The object id of the group."""
        object_id: str = self.state["newcomers"]["outputs"]["objectId"]
        return object_id


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve a made-up company on loopback."""
    with Emulator().serve() as served:
        yield served


@pytest.fixture(scope="module")
def stack(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Write the program down, with the stand-in in a home of its own."""
    try:
        ours = environment(this_clone(), os.environ)
    except SetUpError as reason:
        pytest.skip(str(reason))
    folder, home = tmp_path_factory.mktemp("program"), tmp_path_factory.mktemp("home")
    put_stand_in(home / "plugins" / f"resource-azuread-v{version('pulumi-azuread')}", Path(sys.executable))
    (folder / "Pulumi.yaml").write_text("name: stand-in\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / "state").mkdir()
    own = {"PULUMI_HOME": str(home), "PULUMI_BACKEND_URL": (folder / "state").as_uri()}
    stack = Stack(folder, os.environ | ours | served.environment | own)
    stack.run("stack", "init", "dev")
    return stack


@pytest.fixture(scope="module")
def life(stack: Stack, served: Served) -> Life:
    """Live the whole life of the stack."""
    directory = served.emulator.world.tenant(served.environment["ARM_TENANT_ID"]).directory
    ada = next(found.id for found in directory.objects.values() if found.properties.get("displayName") == "Ada Byron")
    created, state = stack.run("up", "--yes"), stack.state()
    group = state["newcomers"]["outputs"]["objectId"]
    principal = state["elium"]["outputs"]["servicePrincipalObjectId"]
    members = [member.properties["displayName"] for member in directory.members_of(group)]
    assigned = [assignment.principal_id for assignment in directory.assigned_to(principal)]
    directory.change(group, {"displayName": "Renamed by hand"})
    drift = stack.run("refresh", "--yes", "--skip-preview", "--diff")
    repaired = stack.run("up", "--yes", "--skip-preview", "--diff")
    missing = stack.run("import", "azuread:index/group:Group", "x", f"/groups/{ada}", *IMPORTING, succeeds=False)
    stack.run("import", "azuread:index/user:User", "ada", f"/users/{ada}", *IMPORTING)
    imported = stack.state()["ada"]
    stack.run("destroy", "--yes", "--skip-preview")
    left = [identifier for identifier in (group, principal, ada) if identifier in directory.objects]
    return Life(created, state, members, assigned, drift, repaired, imported, missing, left)


def test_the_preview_foretells_what_will_be(life: Life) -> None:
    """The stack and five resources, though most of their properties are not known yet."""
    assert "+ 6 to create" in life.created


def test_what_was_declared_exists(life: Life) -> None:
    """Eve is in the group, and the group holds the role."""
    assert life.members == ["Eve"]
    assert life.assigned == [life.group]


def test_ids_are_those_of_the_official_plugin(life: Life) -> None:
    """So that they can be imported elsewhere."""
    application, principal, eve = (
        life.state[name]["outputs"][key]
        for name, key in (
            ("elium", "applicationObjectId"),
            ("elium", "servicePrincipalObjectId"),
            ("eve", "objectId"),
        )
    )
    template = life.state["elium"]["inputs"]["templateId"]

    assert life.state["elium"]["id"] == f"/applicationTemplates/{template}/instantiate/{application}/{principal}"
    assert life.state["newcomers"]["id"] == f"/groups/{life.group}"
    assert life.state["eve-is-new"]["id"] == f"{life.group}/member/{eve}"
    assert life.state["newcomers-use-elium"]["id"].startswith(f"/servicePrincipals/{principal}/appRoleAssignedTo/")


def test_a_password_is_a_secret_in_the_state(life: Life) -> None:
    """Neither inputs nor outputs show it."""
    assert "Hush-hush-1" not in json.dumps(life.state)
    assert "ciphertext" in life.state["eve"]["outputs"]["password"]


def test_a_change_by_hand_is_seen_and_undone_and_nothing_else(life: Life) -> None:
    """Nothing that Graph made of the declaration is taken for a change."""
    assert '~ displayName: "Newcomers" => "Renamed by hand"' in life.drift
    assert '~ displayName: "Renamed by hand" => "Newcomers"' in life.repaired
    assert "~ 1 updated\n    5 unchanged" in life.repaired


def test_somebody_who_exists_can_be_imported(life: Life) -> None:
    """The id is enough."""
    assert life.imported["outputs"]["userPrincipalName"] == "ada.byron@contoso.com"
    assert life.imported["inputs"]["department"] == "Knowledge"


def test_what_does_not_exist_cannot_be_imported(life: Life) -> None:
    """A user is not a group."""
    assert "does not exist" in life.missing


def test_nothing_is_left_when_it_is_destroyed(life: Life) -> None:
    """The application takes its service principal along."""
    assert life.left == []
