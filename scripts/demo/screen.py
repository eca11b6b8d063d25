"""What the demonstration shows. Nothing that others wrote is taken for markup: ``[jobTitle]`` is not a colour."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from scripts.demo.company import Account


def new_console() -> Console:
    """Give the console: as wide as the terminal, or of one width where there is none."""
    return Console(width=None if sys.stdout.isatty() else 100, markup=False, highlight=False)


def show_act(console: Console, number: int, title: str) -> None:
    """Begin an act."""
    console.print()
    console.rule(Text(f"{number} · {title}"), align="left")


def show_accounts(console: Console, accounts: Collection[Account], changed: Collection[Account] = ()) -> None:
    """Show a table of accounts, those that *changed* in another colour."""
    table = Table("userName", "displayName", "title", "active")
    for account in accounts:
        style = "bold yellow" if account in changed else ""
        cells = (account.user_name, account.name, account.title, str(account.is_active).lower())
        table.add_row(*map(Text, cells), style=style)
    console.print(table)


def show_failure(console: Console, message: str, hint: str = "") -> None:
    """Show what went wrong, and what to do."""
    console.print(Text(message, style="red"))
    if hint:
        console.print(hint)
