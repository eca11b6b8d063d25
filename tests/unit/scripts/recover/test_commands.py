from __future__ import annotations

import subprocess

from provisioning.operations.recovery.commands import commands
from provisioning.operations.recovery.finding import Finding
from provisioning.operations.recovery.wanted import Wanted
from provisioning.operations.resource_names import APP_TYPE
from scripts.recover.commands import ENTER, script

PARENT = "urn:pulumi:prod::elium-provisioning::elium:index:EliumProvisioning::elium"
ID = "/applicationTemplates/t/instantiate/a/s"


def an_app(*, is_sure: bool = True, is_open: bool = False) -> Finding:
    wanted = Wanted(f"{PARENT}$x::elium-app", APP_TYPE, {"displayName": "Elium's"}, PARENT, was_begun=is_sure)
    return Finding(wanted, "Entra has it.", import_id="" if is_open else ID, is_sure=is_sure, is_open=is_open)


def test_the_script_is_one_that_a_shell_can_read() -> None:
    found = [an_app()]

    text = script(found, commands(found, "prod", was_cut=True), "prod", yes=False)

    assert subprocess.run(["bash", "-n", "-c", text], check=False).returncode == 0  # noqa: S603, S607 - a dry run
    assert text.splitlines() == [
        "# elium-app: Entra has it.",
        ENTER,
        (
            "pulumi import --stack prod --skip-preview --yes --generate-code=false --protect=false "
            f"--parent elium={PARENT} {APP_TYPE} elium-app {ID}"
        ),
        "pulumi refresh --stack prod --skip-preview --yes --clear-pending-creates",
        "# To do all of this: make recover STACK=prod ARGS=--yes",
    ]


def test_what_may_be_somebody_elses_is_a_comment_that_nobody_runs_by_accident() -> None:
    found = [an_app(is_sure=False)]

    text = script(found, commands(found, "prod", was_cut=False), "prod", yes=True)

    assert [line for line in text.splitlines() if not line.startswith("#")] == []
    assert "#   If it is yours: pulumi import --stack prod --skip-preview" in text


def test_where_there_is_nothing_to_do_it_says_so() -> None:
    assert script([], [], "prod", yes=False) == "# There is nothing to be imported or cleared.\n"


def test_nothing_is_forgotten_as_long_as_a_person_has_to_look() -> None:
    assert commands([an_app(is_open=True)], "prod", was_cut=True) == []
