"""Settings are laid into a stack's file, and nothing that stands there is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioning.errors import ConfigurationError
from provisioning.operations.adopting.settings_file import SettingsFile, settings_in, with_settings, with_value

SETTINGS: dict[str, Any] = {
    "status": "off",
    "deleteThreshold": 5,
    "notifyOnFailure": False,
    "groups": ["Staff", "yes", "A: b", "[mail]", "[Guests"],
    "mappings": {"users": {"nickName": None, "title": "[mail]", "userName": {"source": "[mail]", "match": 1}}},
    "filters": {"users": ["department EQUALS Sales"]},
    "objects": {"groups": {"enabled": False}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Pulumi.dev.yaml"


def laid(path: Path, text: str = "", **settings: Any) -> SettingsFile:
    if text:
        path.write_text(text, encoding="utf-8")
    return with_settings(path, settings, namespace="elium")


def test_every_reader_of_yaml_finds_what_was_meant(path: Path) -> None:
    file = laid(path, **SETTINGS)

    texts = {"deleteThreshold": "5", "notifyOnFailure": "false"}
    assert yaml.safe_load(file.after)["config"] == {f"elium:{key}": value for key, value in (SETTINGS | texts).items()}
    assert file.values == yaml.safe_load(file.after)["config"]
    assert file.diff.startswith("--- /dev/null\n+++ Pulumi.dev.yaml\n")


def test_what_is_written_is_not_written_again(path: Path) -> None:
    laid(path, **SETTINGS).write()
    again = laid(path, **SETTINGS)
    again.write()

    assert (again.diff, again.after) == ("", path.read_text(encoding="utf-8"))
    assert [each.name for each in path.parent.iterdir()] == ["Pulumi.dev.yaml"]


COMMENTED = """\
# Ours.
config:
  azuread:tenantId: x # theirs
  elium:secretToken:
    secure: v1:abc
  elium:groups:
    - Staff # everybody
  elium:mappings:
    users:
      title: '[jobTitle]'
encryptionsalt: v1:x
"""


def test_a_file_keeps_its_comments_its_secrets_and_what_it_says_otherwise(path: Path) -> None:
    users = {"title": "[mail]", "nickName": "[surname]"}

    file = laid(path, COMMENTED, groups=["staff", "Guests"], mappings={"users": users})

    assert [line for line in file.diff.splitlines()[2:] if line[0] in "+-"] == [
        "+    - Guests",
        '+      nickName: "[surname]"',
    ]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("Staff", ["Staff", "Guests"]),
        ("'[\"Staff\"]'", ["Staff", "Guests"]),
        ("'[Guests'", ["[Guests", "Guests"]),
        ("[Guests]", ["Guests"]),
    ],
)
def test_a_list_of_names_gets_those_that_it_lacks(path: Path, held: str, expected: list[str]) -> None:
    names = [name for name in expected if name != "[Guests"]
    file = laid(path, f"config:\n  elium:groups: {held}\n", groups=names)

    assert file.values["elium:groups"] == expected


def test_a_list_that_has_all_stays_as_it_was_written(path: Path) -> None:
    assert laid(path, "config: {elium:groups: Staff}\n", groups=["Staff"]).diff == ""
    assert laid(path, "config: {elium:groups: '[\"Staff\"]'}\n", groups=["Staff"]).diff == ""


def test_a_filter_that_the_file_has_is_not_added_to(path: Path) -> None:
    text = "config:\n  elium:filters:\n    users:\n      - mail IS NOT NULL\n"

    assert laid(path, text, filters={"users": ["department EQUALS Sales"]}).diff == ""


def test_a_file_without_settings_gets_them(path: Path) -> None:
    assert laid(path, "encryptionsalt: v1:x\n", status="on").values == {"elium:status": "on"}


@pytest.mark.parametrize("text", ["config: [1\n", "config: 1\n", "- 1\n"])
def test_what_is_not_a_stacks_file_is_refused(path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Pulumi\.dev\.yaml"):
        laid(path, text, status="on")


def test_a_file_that_cannot_be_read_or_written_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        laid(path, status="on")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        SettingsFile(path, "", "config: {}\n").write()


WRITTEN = """# ours
config:
  elium:mappings:
    users:
      # by hand
      userName: {source: "[mail]", match: 1}
      title: "[jobTitle]"
  elium:filters: '{"users": ["department EQUALS Sales"]}'
"""


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (("mappings", "users", "title"), "[department]", '      title: "[department]"'),
        (
            ("mappings", "users", "userName"),
            "[userPrincipalName]",
            '      userName: {source: "[userPrincipalName]", match: 1}',
        ),
        (("mappings", "users", "city"), "[city]", '      city: "[city]"'),
        (("filters", "users"), None, "    users: null"),
        (("filters", "users"), ["city EQUALS Ghent"], "      - city EQUALS Ghent"),
        (("objects", "groups"), "off", '    groups: "off"'),
    ],
)
def test_one_value_takes_the_place_of_another_and_all_else_stays(
    tmp_path: Path, place: tuple[str, ...], value: Any, line: str
) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(WRITTEN, encoding="utf-8")

    with_value(file, place, value, namespace="elium").write()

    lines = file.read_text(encoding="utf-8").splitlines()
    assert line in lines
    assert {"# ours", "      # by hand"} <= set(lines)
    assert settings_in(file).keys() >= {"elium:mappings", "elium:filters"}


def test_a_value_that_stands_there_already_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(WRITTEN, encoding="utf-8")

    assert with_value(file, ("mappings", "users", "title"), "[jobTitle]", namespace="elium").diff == ""


def test_where_there_is_no_file_nothing_is_set(tmp_path: Path) -> None:
    assert settings_in(tmp_path / "Pulumi.dev.yaml") == {}
