from __future__ import annotations

import pytest

from provisioning.errors import ConfigurationError
from provisioning.model.token_source import SourceKind, TokenSource, resolve, sealed_with

FROM_VARIABLE = TokenSource(SourceKind.ENVIRONMENT, "ELIUM_SECRET_TOKEN")
FROM_FILE = TokenSource(SourceKind.FILE, "/run/secrets/elium")

PAD = bytes(range(1, 7))
SEALED = sealed_with(PAD, b"canary", "/run/pads/elium")


def unread(path: str) -> str:
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("env:ELIUM_SECRET_TOKEN", FROM_VARIABLE),
        ("ENV:ELIUM_SECRET_TOKEN", FROM_VARIABLE),
        ("file:/run/secrets/elium", FROM_FILE),
        ("file:///run/secrets/elium", FROM_FILE),
        (r"file:C:\secrets\elium", TokenSource(SourceKind.FILE, r"C:\secrets\elium")),
        ("canary", None),
        ("environment", None),
        ("vault:elium", None),
    ],
)
def test_a_source_is_written_with_its_kind(text: str, source: TokenSource | None) -> None:
    assert TokenSource.parse(text) == source


@pytest.mark.parametrize("source", [FROM_VARIABLE, FROM_FILE, SEALED])
def test_a_source_survives_being_written_down(source: TokenSource) -> None:
    assert TokenSource.parse(str(source)) == source


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("env:", "names a variable that cannot be."),
        ("env:canary token", "names a variable that cannot be."),
        ("env:1", "names a variable that cannot be."),
        ("file:", "names a file without its whole path"),
        ("file:canary", "names a file without its whole path"),
        ("file:~/canary", "names a file without its whole path"),
        ("file:/canary\n", "names a file without its whole path"),
        ("sealed:canary", "is sealed by nobody here."),
        ("sealed:00ff:canary", "names a file without its whole path"),
    ],
)
def test_a_source_that_names_nothing_is_refused_and_not_repeated(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        TokenSource.parse(text)

    assert refusal.value.message.startswith(problem)
    assert "canary" not in f"{refusal.value.message} {refusal.value.hint}"


def test_a_token_is_read_from_a_variable() -> None:
    assert resolve(FROM_VARIABLE, {"ELIUM_SECRET_TOKEN": "canary"}, unread).reveal() == "canary"


def test_the_line_break_that_ends_a_file_is_not_the_tokens() -> None:
    assert resolve(FROM_FILE, {}, {"/run/secrets/elium": "canary\r\n"}.__getitem__).reveal() == "canary"


def test_a_sealed_token_is_opened_by_its_pad_alone() -> None:
    assert "canary" not in str(SEALED)
    assert b"canary".hex() not in str(SEALED)
    assert resolve(SEALED, {}, {"/run/pads/elium": PAD.hex()}.__getitem__).reveal() == "canary"


@pytest.mark.parametrize("pad", ["", "01", "canary"])
def test_another_pad_opens_nothing_and_is_not_repeated(pad: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        resolve(SEALED, {}, {"/run/pads/elium": pad}.__getitem__)

    assert refusal.value.message == "the file /run/pads/elium is not a text."
    assert refusal.value.__cause__ is None or "canary" not in str(refusal.value.__cause__)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "the variable ELIUM_SECRET_TOKEN is not set."),
        ({"ELIUM_SECRET_TOKEN": ""}, "the variable ELIUM_SECRET_TOKEN is empty."),
        ({"ELIUM_SECRET_TOKEN": "Bearer canary"}, "the variable ELIUM_SECRET_TOKEN begins with a word that Entra"),
    ],
)
def test_a_variable_without_a_token_is_told_by_its_name(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        resolve(FROM_VARIABLE, environment, unread)

    assert refusal.value.message.startswith(sentence)
    assert refusal.value.hint
    assert "canary" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (FileNotFoundError(2, "No such file or directory"), "cannot be read: No such file or directory."),
        (PermissionError(), "cannot be read: PermissionError."),
        (UnicodeDecodeError("utf-8", b"canary\xff", 6, 7, "invalid start byte"), "is not a text."),
        ("\n", "is empty."),
        ("canary\ncanary\n", "holds a line break or another control character."),
    ],
)
def test_a_file_without_a_token_is_told_by_its_path(content: str | Exception, sentence: str) -> None:
    def read(_: str) -> str:
        if isinstance(content, Exception):
            raise content
        return content

    with pytest.raises(ConfigurationError) as refusal:
        resolve(FROM_FILE, {}, read)

    assert refusal.value.message == f"the file /run/secrets/elium {sentence}"
    assert "canary" not in f"{refusal.value} {refusal.value.hint} {refusal.value.__cause__}"
