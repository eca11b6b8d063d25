"""What stands below the fields of a class in the source: Python itself does not keep it."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise


def below_fields(of: type) -> dict[str, str]:
    """Give the docstrings below the fields of a class, each in one line, by field; a field without one is left out."""
    (tree,) = ast.parse(inspect.getsource(of)).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - it is the source of a class
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def in_markdown(text: str) -> str:
    """Write a docstring as Markdown: code between single backticks, and references as code."""
    return re.sub(r":\w+:(?=`)", "", text.replace("``", "`"))
