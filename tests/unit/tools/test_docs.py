from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tools import docs

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "reference/settings.md"


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = copytree(docs.DOCS, tmp_path / "docs")
    monkeypatch.setattr(docs, "DOCS", copy)
    docs.main([])
    return copy


def test_a_page_that_was_edited_in_a_generated_part_is_old(manual: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = manual / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("elium:tenantUrl", "elium:where"), encoding="utf-8")

    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == f"docs/{PAGE} is old: run `.venv/bin/python -m tools.docs`.\n"


def test_an_old_page_is_written_anew(manual: Path) -> None:
    page = manual / PAGE
    before = page.read_text(encoding="utf-8")
    page.write_text(before.replace("### `elium:role`", "### `elium:rule`"), encoding="utf-8")

    assert (docs.main([]), docs.main(["--check"])) == (0, 0)
    assert page.read_text(encoding="utf-8") == before


def test_what_is_written_by_hand_stays(manual: Path) -> None:
    page = manual / PAGE
    page.write_text(f"{page.read_text(encoding='utf-8')}By hand.\n", encoding="utf-8")

    assert docs.main(["--check"]) == 0


def test_a_page_that_lost_its_place_for_a_generated_part_is_a_bug(manual: Path) -> None:
    page = manual / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("generated: sign-in", "sign-in"), encoding="utf-8")

    with pytest.raises(ValueError, match="'sign-in' is there 0 times"):
        docs.main([])


def test_a_choice_of_several_reads_like_a_sentence() -> None:
    rows = [line for line in docs.mapping_fields() if line.startswith("| `flowBehavior` |")]

    assert rows == [
        "| `flowBehavior` | Whether an unchanged value is written again. | `FlowWhenChanged` or `FlowAlways` |"
    ]


def test_the_token_is_described_and_never_shown() -> None:
    text = "\n".join(docs.settings())

    assert "elium:secretToken:\n    secure: v1:…" in text


def test_a_setting_without_an_example_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "STEPS", {})

    with pytest.raises(LookupError, match=r"elium:tenantUrl has no row in STEPS"):
        list(docs.settings())
