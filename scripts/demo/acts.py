"""The story, act by act: a function each, on what the acts before it left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.words import counted
from scripts.demo.processes import DemoError
from scripts.demo.screen import show_accounts, show_act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from scripts.demo.cast import Cast
    from scripts.demo.company import Account, Company
    from scripts.demo.stack import DemoStack

UNTIL_THE_NEXT_CYCLE = "PT40M"
NEW_TITLE = 'Join(", ", [jobTitle], [department])'


@dataclass(frozen=True, slots=True)
class Stage:
    """What the acts play on."""

    console: Console
    company: Company
    stack: DemoStack
    cast: Cast


def configure(stage: Stage) -> None:
    """Bring the declaration about."""
    show_act(stage.console, 2, "Pulumi adds the gallery app, assigns a group, and configures provisioning")
    stage.stack.pulumi("stack", "init")
    stage.stack.pulumi("up", "--yes")


def first_cycle(stage: Stage) -> None:
    """Let the initial cycle run, and look at Elium."""
    show_act(stage.console, 3, "The initial cycle runs; these accounts are now at Elium, read over SCIM")
    stage.company.run_due_cycles()
    show_accounts(stage.console, stage.company.accounts())


def one_leaves(stage: Stage) -> None:
    """Take one person out of the group in Entra."""
    leaver = stage.cast.leaver
    show_act(stage.console, 4, f"{leaver} leaves the group; forty minutes pass; the incremental cycle runs")
    before = stage.company.accounts()
    stage.company.take_out_of(stage.cast.group, leaver)
    stage.company.let_pass(UNTIL_THE_NEXT_CYCLE)
    after = stage.company.accounts()
    show_accounts(stage.console, after, changed={account for account in after if account not in before})
    demand_disabled(after, leaver)
    stage.console.print(f"The account of {leaver} is disabled, not deleted.")


def one_mapping_changes(stage: Stage) -> None:
    """Preview another mapping, and take it back."""
    show_act(stage.console, 5, "One mapping is changed in the configuration; this is what would happen")
    before = stage.stack.map_user("title", NEW_TITLE)
    stage.console.print(f"title: {before}  becomes  {NEW_TITLE}")
    stage.stack.pulumi("preview", "--diff")
    stage.stack.map_user("title", before)


def raise_the_threshold(stage: Stage) -> None:
    """Let everybody leave in one cycle: Entra would hold so many back."""
    show_act(stage.console, 6, "It is to be taken down; the deletion threshold would hold so many people back")
    # More than there are accounts: whether it holds back at the number or above it, Microsoft's pages contradict.
    no_limit = len(stage.company.accounts()) + 2
    stage.console.print(f"elium:deleteThreshold: {no_limit}, more than there are accounts and groups")
    stage.stack.declare(deleteThreshold=no_limit)
    stage.stack.pulumi("up", "--yes", "--skip-preview")


def take_down(stage: Stage) -> None:
    """Close every account, let Elium itself prove it, and delete everything."""
    show_act(stage.console, 7, "Every account is closed, and proven to be; then everything is taken down")
    told = stage.stack.elium("teardown")
    checksum = told.rstrip().rpartition(" ")[2]
    stage.stack.elium("teardown", "--target-token", "env:ELIUM_SECRET_TOKEN", "--doit", checksum)
    accounts = stage.company.accounts()
    show_accounts(stage.console, accounts)
    demand_disabled(accounts, *(account.user_name for account in accounts))
    stage.console.print(f"0 of {counted(len(accounts), 'account is', 'accounts are')} active; none was left behind.")


def demand_disabled(accounts: Sequence[Account], *user_names: str) -> None:
    """Hold the accounts against what was promised.

    :raises DemoError: when one of them is active or gone.
    """
    found = {account.user_name: "still active" for account in accounts if account.is_active}
    known = {account.user_name for account in accounts}
    for name in user_names:
        was = found.get(name) if name in known else "deleted"
        if was is not None:
            raise DemoError(
                f"The account of {name} is {was}; it should be disabled.", hint="That is a fault: report it."
            )
