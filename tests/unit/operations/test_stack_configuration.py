"""What a stack's file says, before there is a stack; and where its token lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from provisioning.errors import ConfigurationError
from provisioning.operations.deployed import Ended
from provisioning.operations.stack_configuration import STAND_IN, StackFile, stack_file

TOKEN = "s3cret-token-0123456789"


def written(folder: Path, config: str, stack: str = "dev") -> StackFile:
    (folder / "Pulumi.yaml").write_text("name: ours\n", encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text(config, encoding="utf-8")
    file = stack_file(stack, folder)
    assert file is not None
    return file


def token_of(file: StackFile, environment: Mapping[str, str], ended: Ended | None = None) -> str:
    return file.token(environment, lambda command, folder: ended or Ended(1, "", f"{command} {folder}")).reveal()


def test_values_are_as_the_engine_hands_them_to_a_program(tmp_path: Path) -> None:
    file = written(tmp_path, "config:\n  elium:status: on\n  elium:deleteThreshold: 5\n  elium:groups: [A]\n")

    assert file.values == {"elium:status": "true", "elium:deleteThreshold": "5", "elium:groups": ["A"]}
    assert file.project == "ours"


def test_a_stack_is_found_by_its_whole_name(tmp_path: Path) -> None:
    assert written(tmp_path, "config: {}", "acme/ours/dev").name == "Pulumi.dev.yaml"


def test_what_is_encrypted_is_not_read(tmp_path: Path) -> None:
    file = written(tmp_path, "config: {elium:secretToken: {secure: v1:x}, entrasync:clientSecret: {secure: v1:y}}")

    assert file.values == dict.fromkeys(("elium:secretToken", "entrasync:clientSecret"), STAND_IN)
    assert file.identity == {}


def test_the_identity_of_the_plugin_is_read(tmp_path: Path) -> None:
    assert written(tmp_path, "config: {entrasync:tenantId: t, entrasync:x: y}").identity == {"tenantId": "t"}


@pytest.mark.parametrize("text", ["config: [", "config: elium", "\x00"])
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^Pulumi\.dev\.yaml"):
        written(tmp_path, text)


def test_there_may_be_no_file(tmp_path: Path) -> None:
    assert stack_file("dev", tmp_path) is None


@pytest.mark.parametrize(
    ("config", "environment"),
    [
        ("config: {}", {"ELIUM_SECRET_TOKEN": TOKEN}),
        ("config: {elium:secretToken: 'env:OURS'}", {"OURS": TOKEN, "ELIUM_SECRET_TOKEN": "another-one-012345"}),
        (f"config: {{elium:secretToken: {TOKEN}}}", {}),
    ],
)
def test_the_token_is_found_where_the_next_up_finds_it(
    tmp_path: Path, config: str, environment: Mapping[str, str]
) -> None:
    assert token_of(written(tmp_path, config), environment) == TOKEN


def test_a_token_in_a_file_is_read_there(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")

    file = written(tmp_path, f"config: {{elium:secretToken: 'file:{tmp_path / 'token'}'}}")

    assert token_of(file, {}) == TOKEN


def test_an_encrypted_token_is_opened_by_pulumi(tmp_path: Path) -> None:
    assert (
        token_of(written(tmp_path, "config: {elium:secretToken: {secure: v1:x}}"), {}, Ended(0, f"{TOKEN}\n", ""))
        == TOKEN
    )


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("config: {}", "Pulumi.dev.yaml has no elium:secretToken, and ELIUM_SECRET_TOKEN is not set."),
        ("config: {elium:secretToken: 'env:OURS'}", "the variable OURS is not set."),
        ("config: {elium:secretToken: {secure: v1:x}}", "cannot be opened: passphrase must be set"),
    ],
)
def test_a_token_that_cannot_be_had_is_told_with_the_reason(tmp_path: Path, config: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        token_of(written(tmp_path, config), {}, Ended(255, "", "error: passphrase must be set\nmore"))

    assert said in told.value.message
