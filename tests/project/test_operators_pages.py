"""The operator's pages show what the command really says: each block is run, in order, against a served emulator.

A line of a block that begins with ``$`` is run; what it says follows, both streams together. ``…`` stands for anything,
and ``CHECKSUM`` in a command for the one that was shown last.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import dedent

import pytest
from adopting import adopting
from operating import Operator, Ran, operating
from portal import filtered, mapped

from provisioning.commands.verbs import VERBS

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
PAGES = sorted(page for page in HOW_TO.glob("*.md") if "$ elium " in page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_the_command_says(page: Path, tmp_path: Path) -> None:
    checksum = ""
    with standing_before(page) as operator:
        operator.environment["PULUMI_HOME"] = str(tmp_path)
        for line, shown in examples(page):
            program, *arguments = shlex.split(line.replace("CHECKSUM", checksum))
            assert program == "elium"
            said = as_read(operator.elium(*arguments))
            checksum = said.rstrip().rpartition("--doit ")[2]
            assert re.fullmatch(pattern_of(shown), said, re.DOTALL), f"$ {line}\n{said}"


def standing_before(page: Path) -> AbstractContextManager[Operator]:
    """Give the operator of a page: of most, a stack that is up; of one, what was made in the portal."""
    if page.stem == "adopt-from-the-portal":
        return adopting(edits=(mapped("title", "[department]"), filtered(("department", "EQUALS", "Sales"))))
    return operating()


def test_every_verb_is_shown_on_a_page() -> None:
    shown = {line.split()[1] for page in PAGES for line, _ in examples(page)}

    # Those over many tenants are shown, with the real engine, by the tutorial of ten.
    assert shown == {verb.partition(" ")[0] for verb in VERBS} - {"fleet"}


def examples(page: Path) -> Iterator[tuple[str, str]]:
    """Give each command of a page, and what it is shown to say."""
    for block in re.findall(r"^ *```console\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", dedent(block), flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            yield line, shown


def as_read(ran: Ran) -> str:
    """Take what a terminal shows, progress aside."""
    return "".join(line for line in ran.shown.splitlines(keepends=True) if not line.startswith("waited "))


def pattern_of(shown: str) -> str:
    return ".*".join(map(re.escape, shown.split("…")))
