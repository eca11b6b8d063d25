from __future__ import annotations

from provisioning.language.functions.table import FUNCTIONS
from provisioning.language.operators import OPERATORS
from tools.manual.expressions import page


def test_every_function_and_operator_is_on_the_page() -> None:
    missing = [f"`{name}" for name in (*FUNCTIONS, *OPERATORS) if f"`{name}" not in page()]

    assert missing == []
