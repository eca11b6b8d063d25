"""Every file that is written rather than typed, with what should stand in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from provisioning.components import remote
from provisioning.provider.package import package_schema
from tools.manual import commands, expressions, knobs, pages, parity, settings_schema, tenants_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = "make docs"


def generated(root: Path) -> Iterator[tuple[Path, str]]:
    """Give every generated file below the clone's *root*, and what should stand in it."""
    docs = root / "docs"
    yield root / "schemas" / "stack.schema.json", settings_schema.text()
    yield root / "schemas" / "tenants.schema.json", tenants_schema.text()
    yield root / "schemas" / "entrasync.json", package_schema_text()
    yield docs / "parity.md", parity.page(parity.witnesses())
    for name, text in commands.schemas():
        yield root / "schemas" / name, text
    yield docs / "reference" / "commands.md", commands.page()
    yield docs / "reference" / "expressions.md", expressions.page()
    yield docs / "reference" / "knobs.md", knobs.page()
    yield from pages.pages(docs)


def package_schema_text() -> str:
    """Give the schema from which SDKs are written, as the plugin answers it."""
    return f"{json.dumps(package_schema(remote.described()), indent=2)}\n"


def stale(root: Path) -> Iterator[tuple[Path, str]]:
    """Give the generated files that do not say what they should."""
    for file, text in generated(root):
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield file, text


def write(root: Path) -> list[Path]:
    """Write what is stale, and give which files that were."""
    old = dict(stale(root))
    for file, text in old.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(old)
