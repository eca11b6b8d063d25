"""The manual keeps its word: what it names exists, what exists is named, and what it shows runs."""

from __future__ import annotations

import pydoc
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

from provisioning import errors
from provisioning.errors import ProvisioningError
from provisioning.operations.recovery.commands import commands
from provisioning.operations.recovery.finding import Finding
from provisioning.operations.recovery.wanted import Wanted
from provisioning.operations.resource_names import APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE
from provisioning.settings.stack import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
STACKS = sorted(ROOT.glob("Pulumi.*.yaml*"))
LEAST = {"tenantUrl": "https://acme.elium.com", "secretToken": "canary"}
FIRST_SCREEN = 40
"""Lines that a reader sees without scrolling."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def settings() -> set[str]:
    return {field.alias or name for name, field in Settings.model_fields.items()}


def error_classes() -> dict[str, type[ProvisioningError]]:
    found = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    return {name: value for name, value in found.items() if issubclass(value, ProvisioningError)}


def parent_of(error: type[ProvisioningError]) -> str:
    names = [parent.__name__ for parent in error.__mro__[1:]]
    return names[0] if names[0] in error_classes() else ""


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def fenced(page: Path, language: str) -> list[str]:
    pattern = rf"^( *)```{language}\n(.*?)^\1```"
    return [match[2] for match in re.finditer(pattern, page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)]


def code_of(page: Path) -> str:
    """Give what a page shows as code, in lines and in blocks."""
    text = page.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *fenced(page, "(?:shell|yaml|text|console)?")])


def code_of_python(page: Path) -> str:
    """Give what a page shows as Python."""
    return "\n".join(fenced(page, "python"))


def prose_of(page: Path) -> str:
    """Give a page without its blocks of code and its code in lines."""
    text = re.sub(r"^( *)```.*?^\1```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`", "", text)


def anchors_of(page: Path) -> set[str]:
    """Give the names of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_of(page: Path) -> Iterator[tuple[Path, str]]:
    """Give every relative link of a page: the file, and the anchor in it, which may be empty."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


def configurations(page: Path) -> Iterator[dict[str, Any]]:
    """Give the ``elium:`` settings of every stack's configuration that a page shows."""
    for block in fenced(page, "yaml"):
        lines = [re.sub(r"secure: v1:….*", "secure: v1", line) for line in block.splitlines()]
        shown = yaml.safe_load("\n".join(lines))
        # What has a runtime is a project's file, or a program in YAML, and its configuration is its own.
        if isinstance(shown, dict) and "config" in shown and "runtime" not in shown:
            yield {name.removeprefix("elium:"): value for name, value in shown["config"].items()}


@each_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    lost = [path for path, anchor in links_of(page) if not path.exists() or (anchor and anchor not in anchors_of(path))]

    assert lost == []


@each_page
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"\belium:([a-z]\w*)(?!\w*:)", code_of(page)))

    assert named - settings() <= {"mappigs"}, "the tutorial misspells one on purpose"


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_the_settings_of_the_stacks_are_understood(stack: Path) -> None:
    written = yaml.safe_load(stack.read_text(encoding="utf-8"))["config"]

    Settings.parse(LEAST | {name.removeprefix("elium:"): value for name, value in written.items()}, {})


@each_page
def test_every_configuration_that_is_shown_is_understood(page: Path) -> None:
    for written in configurations(page):
        token = {"secretToken": "canary"} if isinstance(written.get("secretToken"), dict) else {}
        Settings.parse(LEAST | written | token, {})


def test_every_setting_is_documented_with_an_example() -> None:
    page = ROOT / "docs/reference/settings.md"

    assert settings() <= set(re.findall(r"^### `elium:(\w+)`", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert settings() <= {name for written in configurations(page) for name in written}


@each_page
def test_every_error_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"`(\w+Error)`", page.read_text(encoding="utf-8")))

    assert named <= error_classes().keys() | {"TypeError", "ValueError", "AssertionError"}


def test_every_error_is_documented_with_its_exit_code_and_parent() -> None:
    text = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \| (\d+) \|(?: `(\w+)`)? \|", text, re.MULTILINE)

    told = {name: (int(code), parent) for name, code, parent in rows}
    assert told == {name: (kind.exit_code, parent_of(kind)) for name, kind in error_classes().items()}


def test_every_error_says_when_and_what_to_do() -> None:
    text = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    chapters = re.findall(r"^## `(\w+)`\n\n\*\*When:\*\* .+\n\*\*Do:\*\* .+$", text, re.MULTILINE)

    assert list(error_classes()) == chapters


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^|[\n`;&] *|run: )make ([a-z]+)", code_of(page)))

    assert named <= targets()


def test_every_make_target_is_documented() -> None:
    page = (ROOT / "docs/reference/make.md").read_text(encoding="utf-8")

    assert targets() == set(re.findall(r"^\| `make ([a-z]+)", page, re.MULTILINE))


@each_page
def test_every_block_of_python_runs(page: Path) -> None:
    document = Sybil([PythonCodeBlockParser(), SkipParser()]).parse(page)

    for example in document.examples():
        example.evaluate()


def public() -> set[str]:
    """Name what the reference of Python shows, such as ``provisioning.components``."""
    pages = [ROOT / "docs/reference/python.md", ROOT / "docs/reference/python-emulator.md"]
    return {name for page in pages for name in re.findall(r"^::: (\S+)$", page.read_text("utf-8"), re.MULTILINE)}


@each_page
def test_what_a_page_imports_is_what_a_program_may_import(page: Path) -> None:
    shown = public()
    last_words = {name.rpartition(".")[2] for name in shown}
    lines = re.findall(r"^ *from ((?:provisioning|emulator)[\w.]*) import (.+)$", code_of_python(page), re.MULTILINE)

    imported = {(module, name) for module, names in lines for name in names.split(", ")}
    assert {each for each in imported if each[0] not in shown and each[1] not in last_words} == set()


def test_what_a_program_may_import_is_there() -> None:
    assert [name for name in sorted(public()) if pydoc.locate(name) is None and not name.endswith(".REMOVED")] == []


def test_the_first_two_commands_of_the_readme_are_the_demo_and_the_tests() -> None:
    first_screen = "\n".join(README.read_text(encoding="utf-8").splitlines()[:FIRST_SCREEN])

    assert re.findall(r"\bmake ([a-z]+)", first_screen)[:2] == ["demo", "test"]


def test_every_page_of_the_manual_is_in_its_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {path for path, _ in links_of(index)}

    assert [page.name for page in PAGES if page.is_relative_to(index.parent) and page not in {index, *linked}] == []


def test_the_page_on_cut_runs_knows_what_recovering_imports_and_how() -> None:
    page = code_of(ROOT / "docs/how-to/when-a-run-was-cut.md")
    wanted = Wanted("urn::elium-app", APP_TYPE, {}, "urn::elium", was_begun=True)
    lines = commands([Finding(wanted, "", import_id="id")], "prod", was_cut=True)
    flags = {word for line in lines for word in line if word.startswith("--")}

    assert [part for part in (APP_TYPE, ASSIGNMENT_TYPE, JOB_TYPE, *sorted(flags)) if part not in page] == []


def test_every_word_of_the_glossary_has_one_line() -> None:
    rows = re.findall(r"^\| (\*\*.+?) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = [word for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row)]

    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_decisions_have_one_form() -> None:
    form = ["Context", "Decision", "Why", "What it costs", "When to look again"]
    odd = [
        page.name
        for page in sorted((ROOT / "docs/decisions").glob("*.md"))
        if re.findall(r"^\*\*(.+)\.\*\*$", page.read_text(encoding="utf-8"), re.MULTILINE) != form
    ]

    assert odd == []
