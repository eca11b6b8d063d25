"""What is said of each member of a class below it, in the source: Python itself does not keep it."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise


def below_members(of: type) -> dict[str, str]:
    """Give what stands below the members of a class, each in one line, by name; a member without it is left out."""
    (tree,) = ast.parse(inspect.getsource(of)).body
    return {
        name: " ".join(str(text.value.value).split())
        for member, text in pairwise(getattr(tree, "body", ()))
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        for name in _names(member)
    }


def in_markdown(text: str) -> str:
    """Write a docstring as Markdown: code between single backticks, and references as code."""
    return re.sub(r":\w+:(?=`)", "", text.replace("``", "`"))


def _names(member: ast.stmt) -> list[str]:
    targets = member.targets if isinstance(member, ast.Assign) else [getattr(member, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
