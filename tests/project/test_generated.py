"""What a program writes into the manual is what it would write today."""

from __future__ import annotations

from tools.manual.generated import COMMAND, stale
from tools.places import this_clone


def test_no_generated_page_is_stale() -> None:
    root = this_clone().root

    assert [f"{file.relative_to(root)} is stale: run `{COMMAND}`." for file, _ in stale(root)] == []
