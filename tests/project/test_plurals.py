"""A number that can be one is written with what fits it: ``1 call``, not ``1 calls``."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]

NOUNS = (
    "accounts apps applications assignments attributes calls changes characters checks clauses cycles days disables "
    "entries findings groups hours jobs lines locks members minutes objects people requests roles rows runs seconds "
    "stacks steps tenants times tokens users"
)

PLURAL = re.compile(rf" (of them |of the )?({'|'.join(NOUNS.split())})\b")

CONSTANT = re.compile(r"_?[A-Z][A-Z_]+")


def plurals_in(source: str) -> Iterator[str]:
    """Find what is put into a text before a plural, unless it is a constant or has chosen between the two."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, behind in zip(node.values, node.values[1:], strict=False):
            if not isinstance(value, ast.FormattedValue) or not isinstance(behind, ast.Constant):
                continue
            written = ast.unparse(value.value)
            if PLURAL.match(str(behind.value)) and not CONSTANT.fullmatch(written):
                yield f"{{{written}}}{str(behind.value)[:20]}"


@pytest.mark.parametrize("package", ["provisioning", "scripts"])
def test_no_number_stands_before_a_plural_that_is_fixed(package: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}: {text}"
        for file in sorted((ROOT / package).rglob("*.py"))
        for text in plurals_in(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_template_of_a_page_does_so() -> None:
    fixed = re.compile(rf"\}}\}}{PLURAL.pattern}")
    found = [
        f"{file.relative_to(ROOT)}: {text[0]}"
        for file in sorted((ROOT / "provisioning").rglob("*.jinja"))
        for text in fixed.finditer(file.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('f"{len(calls)} calls, which"', ["{len(calls)} calls, which"]),
        ('f"{count:,} people"', ["{count} people"]),
        ('f"at most {MOST} people"', []),
        ("f\"{counted(count, 'call')} of it\"", []),
    ],
)
def test_what_this_looks_for_is_found(source: str, found: list[str]) -> None:
    assert [*plurals_in(source)] == found
