"""What one reader looks at: a search, a page of each list, and somebody who is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from provisioning.errors import ProvisioningError
from provisioning.panel.company.directory import People, Person
from provisioning.panel.company.emulated import Account, Accounts
from provisioning.panel.company.requests import WireRequest
from provisioning.panel.view import asked, is_number

PATH = "/company"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader's address asks for."""

    who: str = ""
    """The sign-in name of somebody who is lit wherever they are."""
    q: str = ""
    """What people and accounts are searched for."""
    people: str = ""
    """What Graph calls the page of people; the first, when empty."""
    accounts: str = ""
    """How many accounts are passed over."""
    before: str = ""
    """The number of the request before which the wire is shown; the newest, when empty."""

    @classmethod
    def of_the_reader(cls) -> Wish:
        """Read the parameters of the address that a part is drawn for."""
        skipped, before = asked("accounts"), asked("before")
        return cls(
            asked("who"),
            asked("q"),
            asked("people"),
            skipped if is_number(skipped) else "",
            before if is_number(before) else "",
        )

    @property
    def query(self) -> str:
        """Write it as an address has it, with the question mark; empty when nothing is asked."""
        said = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return f"?{urlencode(said)}" if said else ""

    def at(self, **changes: str) -> str:
        """Give the address of the same page with something else asked."""
        return f"{PATH}{replace(self, **changes).query}"

    def action(self, path: str) -> str:
        """Give the address that a form is sent to, which comes back to what is looked at."""
        return f"{PATH}/{path}{self.query}"


@dataclass(slots=True)
class View:
    """What was seen of it."""

    wish: Wish
    people: People = field(default_factory=People)
    changed: tuple[Person, ...] = ()
    """Who changed last, newest first; on the first page of all people only."""
    chosen: Person | None = None
    accounts: Accounts = field(default_factory=Accounts)
    account: Account | None = None
    """That of the one who is chosen."""
    requests: tuple[WireRequest, ...] = ()
    trouble: ProvisioningError | None = None
    """Why Graph did not tell of people just now."""
    is_fresh: bool = False
    """Whether it is as the last look found it."""

    @property
    def rows(self) -> tuple[Person, ...]:
        """List people as they are shown: who is chosen and who changed last, then all by name."""
        first = [*((self.chosen,) if self.chosen else ()), *self.changed]
        return tuple({person.id: person for person in (*first, *self.people.rows)}.values())

    @property
    def shown_accounts(self) -> tuple[Account, ...]:
        """List accounts as they are shown: that of the one who is chosen, then all, the one changed last first."""
        first = (self.account,) if self.account else ()
        return tuple({each.id: each for each in (*first, *self.accounts.rows)}.values())

    def is_lit(self, name: str) -> bool:
        """Tell whether a name is that of the one who is chosen."""
        who = self.wish.who.casefold()
        if not who or not name:
            return False
        return name.casefold() == who or (self.chosen is not None and self.chosen.is_called(name))
