from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from unit.tools.stage import Machine, fails, says

from tools.errors import StackError
from tools.places import this_clone
from tools.stack import EXAMPLE, PARTS, Project, Verb, demand_stack, demand_surroundings, main, must_be_made

if TYPE_CHECKING:
    from pathlib import Path


def a_project(root: Path, *, declared: tuple[str, ...] = (), existing: tuple[str, ...] = ()) -> Project:
    for name in declared:
        (root / f"Pulumi.{name}.yaml").touch()
    listed = json.dumps([{"name": name, "current": False} for name in existing])
    return Project(root, Machine({"pulumi stack ls": says(listed)}), {})


@pytest.mark.parametrize("verb", list(Verb))
def test_a_stack_that_exists_needs_no_making(tmp_path: Path, verb: Verb) -> None:
    project = a_project(tmp_path, declared=("prod",), existing=("prod",))

    assert not must_be_made(verb, "prod", project)


@pytest.mark.parametrize("verb", [Verb.PREVIEW, Verb.REFRESH, Verb.DESTROY])
def test_only_up_makes_a_stack(tmp_path: Path, verb: Verb) -> None:
    project = a_project(tmp_path, declared=("prod", "pord"), existing=("prod",))

    assert must_be_made(Verb.UP, "pord", project)
    with pytest.raises(StackError) as refused:
        must_be_made(verb, "pord", project)
    assert str(refused.value) == (
        "The stack pord does not exist; did you mean prod? "
        "To make it: `pulumi stack init pord`, or `make up STACK=pord`."
    )


def test_without_any_stack_nothing_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"The stack prod does not exist\. To make it"):
        must_be_made(Verb.PREVIEW, "prod", a_project(tmp_path, declared=("prod",)))


@pytest.mark.parametrize("verb", list(Verb))
def test_a_part_of_the_file_that_pulumi_does_not_read_is_told(tmp_path: Path, verb: Verb) -> None:
    project = a_project(tmp_path, declared=("prod",), existing=("prod",))
    (tmp_path / "Pulumi.prod.yaml").write_text("# a: comment\nconfig:\n  a: b\nconfg:\n  c: d\n", encoding="utf-8")

    with pytest.raises(StackError) as refused:
        must_be_made(verb, "prod", project)

    assert str(refused.value) == "Pulumi.prod.yaml: Pulumi reads nothing that stands under confg:; did you mean config?"


def test_what_pulumi_reads_of_the_file_is_what_editors_are_told() -> None:
    schema = json.loads((this_clone().root / "schemas" / "stack.schema.json").read_text(encoding="utf-8"))

    assert set(PARTS) == schema["properties"].keys()


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.prod.yaml.example"])
def test_the_files_of_the_project_have_only_parts_that_pulumi_reads(tmp_path: Path, name: str) -> None:
    text = (this_clone().root / name).read_text(encoding="utf-8")
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")

    assert must_be_made(Verb.UP, "prod", Project(tmp_path, Machine({"pulumi stack ls": says("[]")}), {}))


@pytest.mark.parametrize("verb", list(Verb))
def test_a_stack_without_a_file_is_refused_with_the_file_to_copy(tmp_path: Path, verb: Verb) -> None:
    with pytest.raises(StackError) as refused:
        must_be_made(verb, "pord", a_project(tmp_path, declared=("prod",), existing=("prod",)))

    assert str(refused.value) == (
        "There is no Pulumi.pord.yaml, which would declare the stack pord; did you mean prod? "
        "To declare it: `cp Pulumi.prod.yaml.example Pulumi.pord.yaml`, and fill it in."
    )


def test_the_file_to_copy_is_there() -> None:
    assert (this_clone().root / EXAMPLE).is_file()


def test_a_stack_of_an_organization_is_known_by_its_last_name(tmp_path: Path) -> None:
    project = a_project(tmp_path, declared=("prod",), existing=("acme/prod",))

    assert not must_be_made(Verb.PREVIEW, "acme/elium-provisioning/prod", project)


def test_a_backend_that_does_not_answer_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").touch()
    project = Project(tmp_path, Machine({"pulumi stack ls": fails("error: not logged in")}), {})

    with pytest.raises(StackError, match="error: not logged in"):
        must_be_made(Verb.UP, "prod", project)


@pytest.mark.parametrize("user", [{"ELIUM_EMULATOR_URL": "x"}, {"PULUMI_CONFIG_PASSPHRASE_FILE": "x"}])
def test_the_made_up_company_needs_its_environment(user: dict[str, str]) -> None:
    demand_surroundings("dev", user)
    demand_surroundings("prod", {})

    with pytest.raises(StackError, match="run `make demo KEEP=1`"):
        demand_surroundings("dev", {})


@pytest.mark.parametrize("verb", list(Verb))
def test_a_stack_without_a_name_is_refused(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, ""]) == 2
    assert capsys.readouterr().err == "STACK is empty: name the stack that is meant, such as STACK=dev.\n"


@pytest.mark.parametrize(
    ("stack", "reason"),
    [
        ("pord", r"The stack pord does not exist; did you mean prod\?"),
        ("test", r"There is no Pulumi\.test\.yaml, which would declare the stack test"),
        ("", "STACK is empty"),
        ("dev", "The stack dev is the made-up company"),
    ],
)
def test_what_only_up_could_begin_with_is_refused(tmp_path: Path, stack: str, reason: str) -> None:
    project = a_project(tmp_path, declared=("dev", "prod", "pord"), existing=("dev", "prod"))

    demand_stack("prod", {}, project)
    with pytest.raises(StackError, match=reason):
        demand_stack(stack, {}, project)


def test_a_stack_that_is_not_the_right_one_is_a_sentence_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ELIUM_EMULATOR_URL", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)

    assert main(["preview", "dev"]) == 2
    assert capsys.readouterr().err.startswith("The stack dev is the made-up company")


def test_every_verb_has_a_target_that_makes_nothing_by_itself() -> None:
    makefile = (this_clone().root / "Makefile").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\(ON_STACK\) (\w+) ", makefile)) == set(Verb)
    assert "--create" not in makefile
