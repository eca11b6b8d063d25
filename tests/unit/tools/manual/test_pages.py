from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tools.manual import pages
from tools.places import this_clone

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "reference/settings.md"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return copytree(this_clone().root / "docs", tmp_path / "docs")


def written(docs: Path) -> str:
    return dict(pages.pages(docs))[docs / PAGE]


def test_what_is_generated_is_written_anew_whatever_stands_there(docs: Path) -> None:
    before, page = written(docs), docs / PAGE
    page.write_text(before.replace("### `elium:role`", "### `elium:rule`"), encoding="utf-8")

    assert written(docs) == before


def test_what_is_written_by_hand_stays(docs: Path) -> None:
    page = docs / PAGE
    page.write_text(f"{page.read_text(encoding='utf-8')}By hand.\n", encoding="utf-8")

    assert written(docs).endswith("By hand.\n")


def test_a_page_that_lost_its_place_for_a_generated_part_is_a_bug(docs: Path) -> None:
    page = docs / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("generated: sign-in", "sign-in"), encoding="utf-8")

    with pytest.raises(ValueError, match="'sign-in' is there 0 times"):
        written(docs)


def test_a_choice_of_several_reads_like_a_sentence() -> None:
    rows = [line for line in pages.mapping_fields() if line.startswith("| `flowBehavior` |")]

    assert rows == [
        "| `flowBehavior` | Whether an unchanged value is written again. | `FlowWhenChanged` or `FlowAlways` |"
    ]


def test_the_token_is_described_and_never_shown() -> None:
    text = "\n".join(pages.settings())

    assert "elium:secretToken:\n    secure: v1:…" in text


def test_a_setting_without_an_example_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "STEPS", {})

    with pytest.raises(LookupError, match=r"elium:tenantUrl has no row in STEPS"):
        list(pages.settings())
