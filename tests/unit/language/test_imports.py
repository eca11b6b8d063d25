"""What importing the language must not cost anybody who reads no expression."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("lark", "regex", "zoneinfo", "inspect", "asyncio", "provisioning.language.parsing")
"""``inspect`` stands for itself: dataclasses need it, so it is not in the list below."""


def imported_after(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    return set(done.stdout.split())


def test_importing_the_language_imports_no_parser_and_no_regular_expressions() -> None:
    assert imported_after("import provisioning.language").isdisjoint(set(HEAVY) - {"inspect"})


def test_a_filter_without_patterns_needs_neither() -> None:
    judged = "from provisioning.language import ScopingFilter; ScopingFilter.parse(['a EQUALS x']).admits({'a': 'x'})"

    assert imported_after(judged).isdisjoint({"lark", "regex"})


def test_the_first_expression_brings_the_parser() -> None:
    read = "from provisioning.language import Expression; Expression.parse('[a]')"

    assert "lark" in imported_after(read)
