"""The files in ``pipelines/``, step by step, with the emulator in Graph's place: for each platform the same story.

Every job runs in a clone of its own, signs in with a token of the platform for its identity, and finds Elium's tokens
in the vault. What the platforms themselves do is pretended: pipeline_runs.py, pretend_forge.py.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from operating import asked
from pipeline_runs import BY_HAND, NIGHT, PLATFORMS, PULL_REQUEST, PUSH, Ended, Runner
from pretend_forge import TOKEN, Forge, put_on_path
from pulumi_stack import Stack

from emulator import Emulator
from emulator.company import seed as seeds
from emulator.company.clock import StandingClock
from emulator.company.seed_parts import ClientSeed, EliumSeed, FederationSeed, Seed
from emulator.company.store import Kind
from emulator.web.server import Served
from provisioning.commands.exit_codes import ExitCode

pytestmark = pytest.mark.engine

ISSUER = "https://platform.example"

READS = (
    "Application.Read.All",
    "GroupMember.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.Read.All",
    "User.Read.All",
)
"""docs/reference/permissions.md: an identity that only reads."""

WRITES = (
    "Application.Read.All",
    "Application.ReadWrite.OwnedBy",
    "AppRoleAssignment.ReadWrite.All",
    "GroupMember.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.ReadWrite.All",
    "User.Read.All",
)
"""docs/reference/permissions.md: one that makes the app and assigns people, and takes down."""

READER, WRITER = "e11ed000-0000-4000-8000-00000000000a", "e11ed000-0000-4000-8000-00000000000b"

CLIENTS = {
    "fleet-plan": READER,
    "elium-fleet-read": READER,
    "fleet": WRITER,
    "elium-fleet-write": WRITER,
    "fleet-teardown": WRITER,
    "elium-fleet-teardown": WRITER,
}
"""Whose token the platform gives, by environment or service connection."""

GROUP, PEOPLE = "Elium users", 10
SMALL_GROUP, FEW = "Elium administrators", 2


class Told:
    """The story: a company, a forge, and the tenants that are declared."""

    def __init__(self, platform: str, folder: Path, served: Served, key: rsa.RSAPrivateKey) -> None:
        self.served, self.key = served, key
        self.rows: list[dict[str, Any]] = []
        self.defaults: dict[str, Any] = {"groups": [GROUP]}
        self.forge = Forge(folder / "forge")
        self.forge.folder.mkdir()
        put_on_path(folder / "bin")
        stack = Stack.of_this_project(folder, {})
        not_ours = ("ARM_", "AZURE_", "ELIUM_", "PULUMI_")
        surroundings = {name: value for name, value in stack.variables.items() if not name.startswith(not_ours)}
        address = {name: value for name, value in served.environment.items() if not name.startswith("ELIUM_")}
        for name in ("CLIENT_ID", "CLIENT_SECRET", "TENANT_ID"):
            address.pop(f"ARM_{name}"), address.pop(f"AZURE_{name}")
        surroundings |= {
            **address,
            "PATH": f"{folder / 'bin'}:{surroundings['PATH']}",
            "PRETEND_FORGE": str(self.forge.folder),
        }
        given = {
            "ARM_TENANT_ID": served.environment["ARM_TENANT_ID"],
            "AZURE_STORAGE_ACCOUNT": "contosofleet",
            "PULUMI_BACKEND_URL": stack.variables["PULUMI_BACKEND_URL"],
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
        }
        self.runner: Runner = PLATFORMS[platform](
            folder, self.forge, surroundings, given, self._signed_in, self._declared
        )

    def _signed_in(self, identity: str) -> Mapping[str, str]:
        """Give the token that the platform gives to a job of this identity."""
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
        claims = {"iss": ISSUER, "sub": identity, "aud": "api://AzureADTokenExchange", "exp": ends}
        token = jwt.encode(claims, self.key, algorithm="RS256")
        return {"ARM_CLIENT_ID": CLIENTS[identity], "ARM_OIDC_TOKEN": token}

    def _declared(self) -> str:
        return yaml.safe_dump({"defaults": self.defaults, "tenants": self.rows}, sort_keys=False)

    def add_row(self, name: str, **written: Any) -> None:
        """Declare one more tenant, whose token lies in the vault."""
        origin = self.served.origin
        row = {"name": name, "tenantUrl": f"{origin}/elium/{name}", "displayName": f"Elium {name}"}
        self.rows.append({**row, "secretToken": f"keyvault:{origin}/secrets/{name}", **written})

    def reviewed(self) -> Ended:
        """Let the pull request's run show its plan."""
        return self.runner.run(PULL_REQUEST, "fleet", "plan")

    def merged(self, commit: str) -> Ended:
        """Merge the pull request, and approve."""
        (self.forge.folder / "merged").write_text(commit, encoding="utf-8")
        fetched = self.runner.run(PUSH, "fleet", self.fetching)
        assert fetched.code == ExitCode.OK, fetched.said
        return self.runner.run(PUSH, "fleet", "apply")

    @property
    def fetching(self) -> str:
        return "reviewed" if "gitlab" in type(self.runner).__name__.lower() else "plan"

    def comment(self) -> str:
        """Give the only comment below the pull request."""
        (text,) = self.forge.comments.values()
        return text

    def active(self, name: str) -> int:
        """Count the active accounts at one Elium."""
        return sum(1 for user in self.served.emulator.elium.tenant(name).users if user["active"])

    @property
    def world(self) -> Any:
        return self.served.emulator.world.tenant(self.served.environment["ARM_TENANT_ID"])

    def apps(self, name: str) -> list[Any]:
        every = self.world.directory.all(Kind.SERVICE_PRINCIPAL)
        return [one for one in every if one.properties["displayName"] == f"Elium {name}"]

    def pause(self, name: str) -> None:
        """Switch a tenant's job off, in the portal."""
        (app,) = self.apps(name)
        (job,) = self.world.synchronization_of(app.id).jobs
        asked(self.served, "POST", f"/servicePrincipals/{app.id}/synchronization/jobs/{job}/pause")


def company(key: rsa.RSAPrivateKey) -> Seed:
    """Make a company with two Elium platforms, and two identities that trust the platform."""
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def client(app_id: str, roles: tuple[str, ...]) -> ClientSeed:
        subjects = [name for name, whose in CLIENTS.items() if whose == app_id]
        trusted = [FederationSeed(issuer=ISSUER, subject=name, key=public.decode()) for name in subjects]
        return ClientSeed(display_name=app_id, app_id=app_id, roles=list(roles), federated=trusted)

    seed = seeds.read(None)
    platforms = [EliumSeed(name=name, token=f"token-of-{name}-0123456789") for name in ("acme", "bolt")]
    clients = [*seed.clients, client(READER, READS), client(WRITER, WRITES)]
    return seed.model_copy(update={"elium": platforms, "clients": clients})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_tenants_come_are_kept_and_go(platform: str, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    # The commands are processes, by the machine's clock: a company of last winter would be one whose cycles are due.
    with Emulator(seed=company(key), clock=StandingClock(dt.datetime.now(dt.UTC))).serve() as served:
        for name in ("acme", "bolt"):
            served.emulator.vault.put(name, f"token-of-{name}-0123456789")
        told = Told(platform, tmp_path, served, key)

        # A pull request that adds two rows: one comment, which the next push replaces. Nothing is done.
        told.add_row("acme")
        assert told.reviewed().code == ExitCode.OK
        assert "| acme | changes |" in told.comment()
        told.add_row("bolt", groups=[SMALL_GROUP])
        assert told.reviewed().code == ExitCode.OK
        assert "| bolt | changes |" in told.comment()
        assert not told.apps("acme")

        # It is merged and approved: exactly that is done.
        ended = told.merged("first")
        assert ended.code == ExitCode.OK, ended.said
        assert (told.active("acme"), told.active("bolt")) == (PEOPLE, FEW)

        # The next one is approved too, but somebody changed one tenant meanwhile: that one is left alone.
        told.defaults["mappings"] = {"users": {"title": "[department]"}}
        assert told.reviewed().code == ExitCode.OK
        told.pause("bolt")
        ended = told.merged("second")
        assert ended.code == ExitCode.REFUSED, ended.said
        assert "| acme | done |" in ended.page("up")
        assert "| bolt | moved |" in ended.page("up")

        # A plan by hand shows what there is to do now, and that is applied after the approval.
        assert told.runner.run(BY_HAND, "fleet", "plan").code == ExitCode.OK
        ended = told.runner.run(BY_HAND, "fleet", "apply")
        assert ended.code == ExitCode.OK, ended.said
        assert "| bolt | done |" in ended.page("up")

        # At night it is seen who was changed by hand.
        assert told.runner.run(NIGHT, "drift", "drift").code == ExitCode.OK
        told.pause("acme")
        ended = told.runner.run(NIGHT, "drift", "drift")
        assert ended.code == ExitCode.CHANGES, ended.said
        assert "| acme | changes |" in ended.page("drift")

        # One tenant is taken down after it was looked at and approved; the other is not touched.
        shown = told.runner.run(BY_HAND, "teardown", "look", "bolt")
        assert shown.code == ExitCode.OK, shown.said
        assert told.active("bolt") == FEW
        ended = told.runner.run(BY_HAND, "teardown", "teardown", "bolt")
        assert ended.code == ExitCode.OK, ended.said
        assert (told.active("acme"), told.active("bolt"), told.apps("bolt")) == (PEOPLE, 0, [])
        journal = json.loads((ended.results / "journals" / "bolt" / "bolt.json").read_text(encoding="utf-8"))
        assert journal["plan"]["stack"] == "bolt"
        assert "grace.hopper@contoso.com" in (ended.results / "proofs" / "bolt.html").read_text(encoding="utf-8")

        # The same job once more, on another runner: its journal says that it is done.
        ended = told.runner.run(BY_HAND, "teardown", "teardown", "bolt")
        assert ended.code == ExitCode.OK, ended.said
        assert "| bolt | done |" in ended.page("teardown")
        assert_nobody_could_read_a_secret(told)


def assert_nobody_could_read_a_secret(told: Told) -> None:
    """No token stands on a command line, nor Elium's in anything that a pipeline keeps."""
    assert not [call for call in told.forge.calls if TOKEN in " ".join(call["words"])]
    kept = [file for file in told.runner.folder.rglob("*") if file.is_file() and file.suffix != ".pem"]
    for file in kept:
        with suppress(UnicodeDecodeError):
            text = file.read_text(encoding="utf-8")
            assert "token-of-acme" not in text, file
            assert "token-of-bolt" not in text, file
