"""Nothing is changed before somebody has seen what it is and said yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import typer

from provisioning.commands.screen import Screen
from provisioning.errors import ConfigurationError, ProvisioningError, UnsafeChangeError

YES = frozenset({"y", "yes"})


class Proposal(Protocol):
    """What is going to be done."""

    @property
    def stack(self) -> str:
        """To which stack."""

    @property
    def lines(self) -> Sequence[str]:
        """What comes of it, a sentence each."""

    @property
    def is_severe(self) -> bool:
        """Whether it cannot be taken back."""

    @property
    def checksum(self) -> str:
        """What it is accepted by."""


def demand_consent(screen: Screen, proposal: Proposal, *, yes: bool, doit: str, is_json: bool) -> None:
    """Show what is going to be done, and go on only when that is accepted: by an answer, an option or its checksum.

    What cannot be taken back is accepted by the stack's name, typed, or by the checksum.

    :raises ConfigurationError: when nobody can be asked, and nothing on the command line accepts it.
    :raises UnsafeChangeError: when another checksum was accepted.
    :raises ProvisioningError: when the answer is no.
    """
    for line in proposal.lines:
        screen.tell(line)
    if doit:
        return _demand_same(proposal, doit)
    if yes and not proposal.is_severe:
        return None
    if screen.ask is None or is_json:
        raise _unasked(proposal)
    if proposal.is_severe:
        is_accepted = (
            screen.ask(f"This cannot be taken back. To do it, type the stack's name, {proposal.stack}: ")
            == proposal.stack
        )
    else:
        is_accepted = screen.ask("Do it? [y/N] ").lower() in YES
    if not is_accepted:
        raise ProvisioningError("Nothing was done.")
    return None


def consent_or_document(
    screen: Screen, proposal: Proposal, report: Callable[[], object], *, yes: bool, doit: str, is_json: bool
) -> None:
    """Demand consent, as :func:`demand_consent`. As JSON it is never asked about: *report* is the document then.

    :raises typer.Exit: when it is shown as a document and nothing accepted it.
    """
    try:
        demand_consent(screen, proposal, yes=yes, doit=doit, is_json=is_json)
    except ConfigurationError as error:
        if not is_json:
            raise
        screen.tell(f"{error.message} {error.hint}")
        screen.document(report())
        raise typer.Exit(error.exit_code) from None


def _demand_same(proposal: Proposal, doit: str) -> None:
    if doit != proposal.checksum:
        raise UnsafeChangeError(
            f"What would be done now has the checksum {proposal.checksum}, and {doit} was accepted. Nothing was done.",
            hint="Look at what it is now; then accept that: run the command without --doit.",
        )


def _unasked(proposal: Proposal) -> ConfigurationError:
    if proposal.is_severe:
        return ConfigurationError(
            f"Nothing was done: this cannot be taken back, and nobody can be asked. Its checksum is "
            f"{proposal.checksum}.",
            hint=f"To do exactly this: --doit {proposal.checksum}",
        )
    return ConfigurationError("Nothing was done: nobody can be asked.", hint="To do it: --yes")
