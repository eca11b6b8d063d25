"""Whether everything is in place, before the first ``up`` and afterwards: each check, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from operating import READER, Operator, Ran, operating

from provisioning.commands.exit_codes import ExitCode
from provisioning.model.credentials import Fingerprint, SecretToken

READS = (
    "Application.Read.All",
    "GroupMember.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.Read.All",
    "User.Read.All",
)
"""What the manual gives an identity that only reads."""

SECOND_TENANT = "5e5e5e5e-0000-4000-8000-000000000001"
NOT_DEPLOYED = {"template", "role", "target-by-entra", "target-as-saved", "job", "other-jobs", "groups", "drift"}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with operating(roles=READS) as operator:
        yield in_a_folder(operator, tmp_path)


def in_a_folder(operator: Operator, folder: Path) -> Operator:
    """Give the operator a project with a stack, and a state as the last ``up`` left it."""
    operator.folder = folder
    write(operator)
    group = operator.ask("GET", f"/servicePrincipals/{operator.principal}/appRoleAssignedTo")["value"][0]
    operator.inputs = {
        "servicePrincipalId": operator.principal,
        "baseAddress": address(operator),
        "secretToken": str(Fingerprint.of(SecretToken(operator.elium_site.tokens.first), salt=b"12345678")),
        "mappings": {"users": {"title": {"source": "[jobTitle]"}}},
        "assignments": [{"principalId": group["principalId"], "kind": "group", "name": "Elium users"}],
    }
    return operator


def write(operator: Operator, **settings: Any) -> None:
    """Write the stack's file."""
    written = {"elium:groups": ["Elium users"], **{f"elium:{name}": value for name, value in settings.items()}}
    text = yaml.safe_dump({"config": {key.replace("__", ":"): value for key, value in written.items()}})
    (operator.folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")


def at_another_elium(operator: Operator, stack: str) -> None:
    """Declare a stack that was never deployed, for an Elium into which nobody is provisioned."""
    operator.is_deployed = False
    site = operator.served.emulator.elium.tenant("fabrikam")
    operator.environment["ELIUM_SECRET_TOKEN"] = site.tokens.first
    url = f"{operator.served.origin}/elium/fabrikam"
    text = yaml.safe_dump({"config": {"elium:displayName": "Elium (new)", "elium:tenantUrl": url}})
    (operator.folder / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")


def address(operator: Operator) -> str:
    return f"{operator.environment['ELIUM_TENANT_URL']}/scim/v2"


def verdicts(ran: Ran) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for check in ran.document["checks"]:
        told.setdefault(check["verdict"], set()).add(check["check"])
    return told


def sentence(ran: Ran, name: str) -> str:
    return next(
        f"{check['verdict']}: {check['sentence']} {check['whatToDo']}".rstrip()
        for check in ran.document["checks"]
        if check["check"] == name
    )


def test_a_stack_in_order_has_nothing_wrong_and_nothing_unknown(operator: Operator) -> None:
    ran = operator.elium("doctor", "dev", "--json")

    assert verdicts(ran).keys() == {"ok", "hint"}
    assert verdicts(ran)["hint"] == {"threshold", "notification"}
    assert (ran.code, ran.document["verdict"], len(ran.calls)) == (0, "hint", 19)


def test_it_changes_nothing(operator: Operator) -> None:
    before = operator.served.snapshot()
    operator.elium("doctor", "dev")

    assert operator.served.snapshot()["tenants"] == before["tenants"]


def test_an_identity_that_only_reads_is_told_what_it_cannot_look_at(operator: Operator) -> None:
    ran = operator.elium("doctor", "dev", "--json", client=READER)

    assert verdicts(ran)["unknown"] == {"licence", "token", "target-by-entra", "target-as-saved"}
    assert "wrong" not in verdicts(ran)
    assert ran.code == 0
    assert sentence(ran, "licence").endswith("Grant it the application permission LicenseAssignment.Read.All.")
    assert sentence(ran, "token").endswith("AuditLog.Read.All together with Directory.Read.All.")
    assert not [call for call in ran.calls if call.startswith("POST")]


@pytest.mark.parametrize("lacking", [one for one in READS if one != "ProvisioningLog.Read.All"])
def test_the_least_that_is_missing_for_reading_is_named(lacking: str, tmp_path: Path) -> None:
    with operating(roles=[one for one in READS if one != lacking]) as operator:
        ran = in_a_folder(operator, tmp_path).elium("doctor", "dev", "--json", client=READER)

    assert sentence(ran, "may-read").endswith(f"Grant {lacking}.")
    assert ran.code == ExitCode.SIGN_IN
    assert len(ran.document["checks"]) == 26


def test_what_else_an_identity_may_not_is_a_hint_with_what_it_is_for(operator: Operator) -> None:
    ran = operator.elium("doctor", "dev", "--json", client=READER)

    assert verdicts(ran)["hint"] >= {"may-provision", "may-make-app", "may-assign"}
    assert sentence(ran, "may-assign") == (
        "hint: May not assign groups and users (up, where groups or users change). "
        "For that, grant AppRoleAssignment.ReadWrite.All."
    )


def test_nobody_who_can_sign_in_leaves_what_needs_nobody(operator: Operator) -> None:
    operator.environment["ARM_CLIENT_SECRET"] = "wrong-secret"
    ran = operator.elium("doctor", "dev", "--json")

    assert "AADSTS7000215" in sentence(ran, "sign-in")
    assert verdicts(ran)["ok"] == {"stack", "configuration", "versions", "target"}
    assert verdicts(ran)["wrong"] == {"sign-in"}
    assert (ran.code, "wrong-secret" in ran.out + ran.err) == (ExitCode.SIGN_IN, False)


def test_a_cloud_that_cannot_be_asked_is_told_at_the_sign_in(operator: Operator) -> None:
    operator.environment["ARM_METADATA_HOSTNAME"] = "localhost:9"
    ran = operator.elium("doctor", "dev", "--json")

    assert "could not be asked for its cloud" in sentence(ran, "sign-in")
    assert verdicts(ran)["wrong"] == {"sign-in"}


def test_another_tenant_than_configured_is_wrong(operator: Operator) -> None:
    text = (operator.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    (operator.folder / "Pulumi.dev.yaml").write_text(f"{text}  azuread:tenantId: {SECOND_TENANT}\n", encoding="utf-8")
    ran = operator.elium("doctor", "dev", "--json")

    assert f"and configured is {SECOND_TENANT}." in sentence(ran, "tenant")
    assert ran.code == ExitCode.CONFIGURATION


def test_before_the_first_up_all_is_looked_at_that_is_there(operator: Operator) -> None:
    at_another_elium(operator, "dev")
    ran = operator.elium("doctor", "dev", "--json")

    assert sentence(ran, "stack") == "hint: Not deployed yet. When nothing is wrong here: pulumi up --stack dev"
    assert verdicts(ran)["unknown"] == NOT_DEPLOYED | {"token", "threshold", "notification"}
    assert verdicts(ran)["ok"] >= {"sign-in", "tenant", "may-read", "licence", "gallery", "target", "clock"}
    assert ran.code == 0


def test_an_app_that_the_first_up_would_stop_at_is_told_before(operator: Operator) -> None:
    operator.is_deployed = False
    ran = operator.elium("doctor", "dev", "--json")

    assert "is of this gallery entry, and the stack does not know it: the first up stops at it." in sentence(
        ran, "apps"
    )


def test_a_stack_s_file_is_enough(operator: Operator) -> None:
    """Before ``pulumi stack init``: the engine knows of no such stack."""
    at_another_elium(operator, "test")
    ran = operator.elium("doctor", "test", "--json")

    assert sentence(ran, "stack").startswith("hint: Not deployed yet.")
    assert "wrong" not in verdicts(ran)


def test_a_machine_without_pulumi_is_told_and_the_rest_is_looked_at(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(command: object, folder: object) -> Any:
        raise FileNotFoundError(command, folder)

    monkeypatch.setattr(operator, "pulumi", nothing)
    ran = operator.elium("doctor", "dev", "--json")

    assert verdicts(ran)["wrong"] == {"versions"}
    assert sentence(ran, "stack").startswith("unknown: There is no pulumi on the PATH")
    assert sentence(ran, "target").startswith("ok")


def test_mistakes_of_the_configuration_are_told_all_at_once(operator: Operator) -> None:
    write(operator, scope="somebody", groupz=["x"])
    ran = operator.elium("doctor", "dev", "--json")

    assert "elium:scope" in sentence(ran, "configuration")
    assert "elium:groupz" in sentence(ran, "configuration")
    assert sentence(ran, "target") == "unknown: The configuration has mistakes. Correct them first."
    assert ran.code == ExitCode.CONFIGURATION


def test_an_encrypted_token_is_opened_by_pulumi_and_shown_nowhere(operator: Operator) -> None:
    write(operator, secretToken={"secure": "v1:abc:def"})
    del operator.environment["ELIUM_SECRET_TOKEN"]
    operator.secret = operator.elium_site.tokens.first
    ran = operator.elium("doctor", "dev", "--json")

    assert sentence(ran, "target").startswith("ok")
    assert operator.secret not in ran.out + ran.err
    assert not [one for command in operator.asked_of_pulumi for one in command if operator.secret in one]


def test_an_encrypted_token_that_cannot_be_opened_is_told_with_the_reason(operator: Operator) -> None:
    write(operator, secretToken={"secure": "v1:abc:def"})
    ran = operator.elium("doctor", "dev", "--json")

    assert sentence(ran, "target").startswith(
        "unknown: The token is not known here: The encrypted elium:secretToken cannot be opened: incorrect passphrase."
    )


def test_a_token_that_elium_does_not_take_is_wrong_from_here_and_from_entra(operator: Operator) -> None:
    operator.environment["ELIUM_SECRET_TOKEN"] = wrong = "wrong-token-0123456789"
    ran = operator.elium("doctor", "dev", "--json")

    assert verdicts(ran)["wrong"] == {"target", "target-by-entra"}
    assert sentence(ran, "token").startswith("hint: The configuration has another token than the last up saved.")
    assert (ran.code, wrong in ran.out + ran.err) == (ExitCode.GRAPH, False)


def test_a_saved_token_that_was_revoked_is_wrong_though_the_configuration_is_right(operator: Operator) -> None:
    operator.save(SecretToken="revoked-token-0123456789")
    operator.cycle()
    ran = operator.elium("doctor", "dev", "--json")

    assert verdicts(ran)["wrong"] == {"target-as-saved", "job"}
    assert "What to do" not in sentence(ran, "job")
    assert sentence(ran, "target-as-saved").endswith("elium rotate-token dev")


def test_a_quarantine_ends_with_its_exit_code(operator: Operator) -> None:
    operator.hold_back()
    ran = operator.elium("doctor", "dev", "--json")

    assert sentence(ran, "job").startswith("wrong: The job is in quarantine: more people would be disabled")
    assert ran.code == ExitCode.QUARANTINE


def test_what_was_changed_elsewhere_is_told_setting_by_setting(operator: Operator) -> None:
    operator.save(SyncAll="true")
    operator.assign(operator.id_of("grace.hopper@contoso.com"))
    ran = operator.elium("doctor", "dev", "--json")

    assert "scope is all, and was assigned; Grace Hopper is assigned besides." in sentence(ran, "drift")


def test_another_app_that_provisions_the_same_target_is_wrong(operator: Operator) -> None:
    gallery = operator.ask("GET", "/applicationTemplates?$filter=displayName eq 'Elium'")["value"][0]["id"]
    ids = []
    for name in ("Elium by hand", "Elium left over"):
        made = operator.ask("POST", f"/applicationTemplates/{gallery}/instantiate", {"displayName": name})
        ids.append(made["servicePrincipal"]["id"])
    at = f"/servicePrincipals/{ids[0]}/synchronization"
    job = operator.ask("POST", f"{at}/jobs", {"templateId": "elium"})["id"]
    pairs = {"BaseAddress": address(operator), "SecretToken": operator.elium_site.tokens.first}
    operator.ask("PUT", f"{at}/secrets", {"value": [{"key": key, "value": value} for key, value in pairs.items()]})
    operator.ask("POST", f"{at}/jobs/{job}/start")
    ran = operator.elium("doctor", "dev", "--json")

    assert f"Elium left over ({ids[1]}, no job)" in sentence(ran, "apps")
    assert "Elium by hand provisions the same target as this stack" in sentence(ran, "apps")
    assert ran.code == ExitCode.OTHER


def test_groups_that_bring_nobody_are_named(operator: Operator) -> None:
    inner = operator.make_group("Inner", operator.id_of("grace.hopper@contoso.com"))
    operator.assign(operator.make_group("Outer", inner))
    operator.assign(operator.make_group("Empty"))
    ran = operator.elium("doctor", "dev", "--json")

    assert "The group Outer holds nobody but other groups" in sentence(ran, "groups")
    assert "The group Empty is empty, so it brings nobody" in sentence(ran, "groups")


def test_a_job_that_was_deleted_by_hand_is_wrong(operator: Operator) -> None:
    operator.ask("DELETE", f"/servicePrincipals/{operator.principal}/synchronization/jobs/{operator.job}")
    ran = operator.elium("doctor", "dev", "--json")

    assert "no longer exists" in sentence(ran, "job")
    assert ran.code == ExitCode.OTHER


def test_a_stack_of_which_there_is_nothing_ends_at_once(operator: Operator) -> None:
    ran = operator.elium("doctor", "prod", "--json")

    assert (ran.code, ran.calls) == (ExitCode.CONFIGURATION, [])
    assert json.loads(ran.out)["error"]["kind"] == "ConfigurationError"


def test_a_table_names_each_check_and_what_to_do(operator: Operator) -> None:
    told = operator.elium("doctor", "dev").out.splitlines()

    assert told[0].split()[:3] == ["ok", "stack", "Deployed;"]
    assert told[-1] == "dev: 24 ok, 2 hint"
    assert told[told.index(next(line for line in told if "threshold" in line)) + 1].strip() == (
        "Set elium:deleteThreshold."
    )
