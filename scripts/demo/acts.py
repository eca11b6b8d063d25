"""The story, act by act: a function each, on what the acts before it left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.demo.processes import DemoError
from scripts.demo.screen import show_accounts, show_act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from scripts.demo.company import Account, Company
    from scripts.demo.stack import DemoStack

GROUP = "Elium users"
LEAVER = "alan.turing@contoso.com"
UNTIL_THE_NEXT_CYCLE = "PT40M"
NEW_TITLE = 'Join(", ", [jobTitle], [department])'


@dataclass(frozen=True, slots=True)
class Stage:
    """What the acts play on."""

    console: Console
    company: Company
    stack: DemoStack


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
    show_act(stage.console, 4, f"{LEAVER} leaves the group; forty minutes pass; the incremental cycle runs")
    before = stage.company.accounts()
    stage.company.take_out_of(GROUP, LEAVER)
    stage.company.let_pass(UNTIL_THE_NEXT_CYCLE)
    after = stage.company.accounts()
    show_accounts(stage.console, after, changed={account for account in after if account not in before})
    demand_disabled(after, LEAVER)
    stage.console.print(f"The account of {LEAVER} is disabled, not deleted.")


def one_mapping_changes(stage: Stage) -> None:
    """Preview another mapping, and take it back."""
    show_act(stage.console, 5, "One mapping is changed in the configuration; this is what would happen")
    before = stage.stack.map_user("title", NEW_TITLE)
    stage.console.print(f"title: {before}  becomes  {NEW_TITLE}")
    stage.stack.pulumi("preview", "--diff")
    stage.stack.map_user("title", before)


def everybody_leaves(stage: Stage) -> None:
    """Take the group out, which the guard lets through by its number only, and see every account disabled."""
    show_act(stage.console, 6, "The group is taken out, so that nobody keeps an account; the next cycle runs")
    accounts = stage.company.accounts()
    leaving, no_limit = sum(account.is_active for account in accounts), len(accounts) + 1
    stage.console.print(f"elium:groups: []  and  elium:acceptLeavers: {leaving}, which is how many lose access;")
    stage.console.print(f"elium:deleteThreshold: {no_limit}, or Entra itself would hold so many back")
    # More than there are accounts: whether it holds back at the number or above it, Microsoft's pages contradict.
    stage.stack.declare(groups=[], acceptLeavers=leaving, deleteThreshold=no_limit)
    stage.stack.pulumi("up", "--yes")
    stage.company.let_pass(UNTIL_THE_NEXT_CYCLE)
    after = stage.company.accounts()
    show_accounts(stage.console, after)
    demand_disabled(after, *(account.user_name for account in after))
    stage.console.print(f"All {len(after)} accounts are disabled; none was left behind.")


def take_down(stage: Stage) -> None:
    """Delete everything; nobody is active any more, so nothing speaks against it."""
    show_act(stage.console, 7, "Everything is taken down again")
    stage.stack.pulumi("destroy", "--yes")


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
