from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools.site.staging import description, in_markdown, lay_out

FILES = {
    "README.md": "# Elium\n\nProvision people. It is short.\n\nSee [the walk](tests/walk.py) and [all](tests).\n",
    "docs/README.md": "# The manual\n\n## To learn\n\n- [First steps](tutorial.md)\n",
    "docs/tutorial.md": "# First steps\n\nGo to [the start](../README.md).\n",
    "tests/walk.py": "WALK = 1\n",
    "tests/other.py": "",
    "provisioning/apps.py": '"""What :class:`~a.App` is."""\n',
    "zensical.toml": '# Here.\n[project]\nsite_name = "Elium"\n',
}


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / "clone" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "clone" / path).write_text(text, encoding="utf-8")
    lay_out(tmp_path / "clone", FILES, tmp_path / "build")
    return tmp_path / "build"


def test_pages_say_what_they_are_about_and_lead_to_one_another(laid_out: Path) -> None:
    assert (laid_out / "docs/tutorial.md").read_text("utf-8") == (
        '---\n{"description": "Go to the start."}\n---\n\n# First steps\n\nGo to [the start](index.md).\n'
    )


def test_a_file_that_is_linked_to_is_laid_beside_them_and_a_folder_by_the_names_in_it(laid_out: Path) -> None:
    found = {file.relative_to(laid_out / "docs").as_posix() for file in laid_out.rglob("docs/source/**/*.txt")}

    assert found == {"source/tests.txt", "source/tests/walk.py.txt"}
    assert (laid_out / "docs/source/tests/walk.py.txt").read_text("utf-8") == "WALK = 1\n"
    assert (laid_out / "docs/source/tests.txt").read_text("utf-8") == "tests/other.py\ntests/walk.py\n"


def test_the_configuration_is_the_clones_with_the_order_of_the_index(laid_out: Path) -> None:
    configuration = tomllib.loads((laid_out / "zensical.toml").read_text("utf-8"))

    assert configuration == {
        "project": {
            "nav": [{"Start": "index.md"}, "contents.md", {"To learn": ["tutorial.md"]}],
            "site_name": "Elium",
        }
    }


def test_what_lay_there_from_another_build_is_gone(tmp_path: Path, laid_out: Path) -> None:
    (laid_out / "docs" / "old.md").write_text("old", encoding="utf-8")

    lay_out(tmp_path / "clone", FILES, laid_out)

    assert not (laid_out / "docs" / "old.md").exists()


@pytest.mark.parametrize(
    ("written", "in_the_site"),
    [
        ('"""See :meth:`~a.b.C.d`."""', '"""See `a.b.C.d`."""'),
        (
            '    """Ask. :raises Refusal: 404 when it is not."""',
            '    """Ask.\n\n    :raises Refusal: 404 when it is not.\n    """',
        ),
        ('"""As here::\n\n    x\n"""', '"""As here:\n\n    x\n"""'),
        ("names[::2]", "names[::2]"),
    ],
)
def test_docstrings_are_written_as_markdown_has_it(written: str, in_the_site: str) -> None:
    assert in_markdown(written) == in_the_site


@pytest.mark.parametrize(
    ("page", "about"),
    [
        ("# A\n\n<!-- generated -->\n\n`elium` [asks](x.md) who. And more.\n", "elium asks who."),
        ("# A\n\n**Context.** It is so. And more.\n", "It is so."),
        ("# A\n\n```shell\nmake setup. Go.\n```\n\n| a. | b |\n\n- one.\n\nAt last!\n", "At last!"),
        ("# A\n", ""),
    ],
)
def test_a_page_is_about_what_its_first_sentence_says(page: str, about: str) -> None:
    assert description(page) == about


def test_a_picture_is_laid_beside_them_as_it_is(tmp_path: Path, laid_out: Path) -> None:
    clone, seen = tmp_path / "clone", b"\x89PNG"
    (clone / "docs/seen.png").write_bytes(seen)
    (clone / "README.md").write_text("# Elium\n\n![What is seen](docs/seen.png)\n", encoding="utf-8")

    lay_out(clone, [*FILES, "docs/seen.png"], laid_out)

    assert (laid_out / "docs/source/docs/seen.png").read_bytes() == seen
    assert "![What is seen](source/docs/seen.png)" in (laid_out / "docs/index.md").read_text("utf-8")
