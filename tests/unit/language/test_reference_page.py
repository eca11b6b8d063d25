from __future__ import annotations

from provisioning.language.functions.table import FUNCTIONS
from provisioning.language.operators import OPERATORS
from tools.expressions import PAGE, main, page


def test_the_page_on_expressions_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert main(["--check"]) == 0


def test_every_function_and_operator_is_on_the_page() -> None:
    missing = [f"`{name}" for name in (*FUNCTIONS, *OPERATORS) if f"`{name}" not in page()]

    assert missing == []
