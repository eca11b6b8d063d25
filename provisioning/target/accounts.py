"""Whether somebody has an account at the target, and whether it is active (RFC 7644, 3.4).

About one account only questions are asked that Entra asks as well, so that any target answers them: an account by its
id, and accounts by one value of the matching attribute. Filters such as ``active eq true`` need not work. The list of
all accounts is read in pages, and given up where it is not whole.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import httpx2

from provisioning.errors import CredentialsRejectedError, ThrottledError, UnavailableError
from provisioning.graph.patience import Clock, Patience
from provisioning.graph.transport import UNREADABLE, NetworkError, cause_of
from provisioning.model.account import Account
from provisioning.model.credentials import Credentials

_Read = TypeVar("_Read")

WITHIN = timedelta(minutes=2)
"""How long passing trouble is sat out."""

EACH = 100
"""How many accounts a page may have; a target may give fewer (RFC 7644, 3.4.2.4)."""

NOT_FOUND, THROTTLED = 404, 429
REFUSED = frozenset({401, 403})


class Accounts:
    """Reads accounts, one or two requests each, or all of them, a request for a hundred."""

    def __init__(self, http: httpx2.AsyncClient, credentials: Credentials, clock: Clock) -> None:
        self._http = http
        self._token = credentials.token
        self._clock = clock
        # Flags behind the address, such as ?aadOptscim062020, are for Entra.
        scheme, netloc, path, _, _ = urlsplit(credentials.base_address)
        self._root = urlunsplit((scheme, netloc, path.rstrip("/"), "", ""))

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def account(self, target_id: str, match: tuple[str, str] | None) -> Account | None:
        """Find an account by its id, or else by attribute and value that it is matched by; ``None`` when it is gone.

        :raises LookupError: when neither is known, so that nothing can be asked.
        :raises CredentialsRejectedError: when the target does not take the token.
        :raises UnavailableError: when it does not answer, or not with SCIM.
        """
        if target_id:
            found = await self._asked(f"/Users/{quote(target_id, safe='')}", account_of)
            if found is not None or match is None:
                return found
        if match is None:
            raise LookupError("neither id nor matching value")
        attribute, value = match
        query = urlencode({"filter": f'{attribute} eq "{_escaped(value)}"'})
        return await self._asked(f"/Users?{query}", _first)

    async def each(self, attributes: Collection[str]) -> AsyncIterator[Account]:
        """Give every account once, with its values of some *attributes*.

        :raises UnavailableError: at the end, when fewer were given than there are: by such a list nobody can be judged.
        """
        seen: set[str] = set()
        start, total = 1, 1
        while start <= total:
            query = urlencode({"startIndex": start, "count": EACH})
            page = await self._asked(f"/Users?{query}", lambda node: _page(node, attributes))
            total, accounts = page or (0, [])
            new = [account for account in accounts if account.id not in seen]
            for account in new:
                seen.add(account.id)
                yield account
            if not new:
                break
            start += len(accounts)
        if len(seen) < total:
            raise UnavailableError(
                f"The target's list of accounts is not whole: it has {total:,}, and gave {len(seen):,}.",
                status=0,
                asked="GET /Users",
                hint="Try again when no cycle runs; or leave the target's token out, and Entra alone is asked.",
            )

    async def delete(self, target_id: str) -> None:
        """Delete an account (RFC 7644, 3.6); one that is gone already is deleted.

        :raises UnavailableError: when the target does not do that.
        """
        await self._asked(f"/Users/{quote(target_id, safe='')}", lambda _: None, method="DELETE")

    async def _asked(self, path: str, read: Callable[[dict[str, Any]], _Read], *, method: str = "GET") -> _Read | None:
        patience = Patience(self._clock, within=WITHIN)
        return await patience.until_it_works(
            lambda: self._once(method, path, read), unless=(UnavailableError, ThrottledError)
        )

    async def _once(self, method: str, path: str, read: Callable[[dict[str, Any]], _Read]) -> _Read | None:
        asked = f"{method} {path.partition('?')[0]}"
        headers = {"Authorization": f"Bearer {self._token.reveal()}", "Accept": "application/scim+json"}
        try:
            answer = await self._http.request(method, f"{self._root}{path}", headers=headers)
        except NetworkError as error:
            cause = cause_of(error)
            raise UnavailableError(
                f"The target gave no answer to {asked}: {cause.sentence}.", status=0, asked=asked, hint=cause.hint
            ) from error
        if answer.status_code == NOT_FOUND:
            return None
        self._refuse(answer, asked)
        try:
            return read(answer.json() if answer.content else {})
        except UNREADABLE as error:
            raise _not_scim(answer.status_code, asked) from error

    def _refuse(self, answer: httpx2.Response, asked: str) -> None:
        if answer.status_code in REFUSED:
            raise CredentialsRejectedError(
                f"The target did not accept the token that was given to look at its accounts ({answer.status_code}).",
                hint="Give the token that the target's administrator sees, or leave it out: the log is proof as well.",
            )
        if answer.status_code == THROTTLED:
            raise ThrottledError(
                f"The target asks to slow down at {asked}.", status=THROTTLED, asked=asked, hint="Try again later."
            )
        if not answer.is_success:
            raise _not_scim(answer.status_code, asked)


def account_of(node: Mapping[str, Any]) -> Account:
    """Read a SCIM user. One that does not say so is active (RFC 7643, 4.1.1 leaves it to the target)."""
    active = node.get("active", True)
    return Account(str(node["id"]), str(node.get("userName") or ""), str(active).lower() != "false")


def _page(node: Mapping[str, Any], attributes: Collection[str]) -> tuple[int, list[Account]]:
    """Read a page of a list: how many accounts there are, and those of the page with their values."""
    found = []
    for one in node.get("Resources") or ():
        values = {each: value for each in attributes if (value := value_at(one, each))}
        found.append(replace(account_of(one), values=values))
    return int(node["totalResults"]), found


_PATH = re.compile(r"(?P<name>[A-Za-z][\w$-]*)(?:\[(?P<by>\w+) eq \"(?P<value>[^\"]*)\"\])?(?:\.(?P<rest>\w+))?")


def value_at(node: Mapping[str, Any], attribute: str) -> str:
    """Read what a target attribute of a mapping names, such as ``userName`` or ``emails[type eq "work"].value``.

    Empty when it is not there, or not a text.
    """
    schema, _, path = attribute.rpartition(":")
    match = _PATH.fullmatch(path)
    if not match:
        return ""
    found = _part(_part(node, schema) if schema else node, match["name"])
    if match["by"]:
        several = found if isinstance(found, list) else []
        found = next((one for one in several if str(_part(one, match["by"])).lower() == match["value"].lower()), None)
    if match["rest"]:
        found = _part(found, match["rest"])
    return found if isinstance(found, str) else ""


def _part(node: object, name: str) -> object:
    """Read an attribute, whose name has no case (RFC 7643, 2.1)."""
    if not isinstance(node, Mapping):
        return None
    return next((value for key, value in node.items() if str(key).lower() == name.lower()), None)


def _first(node: Mapping[str, Any]) -> Account | None:
    """Read a list; of several accounts an active one, since that is what would be left behind."""
    found = [account_of(one) for one in node.get("Resources") or ()]
    return max(found, key=lambda account: account.is_active, default=None)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _not_scim(status: int, asked: str) -> UnavailableError:
    return UnavailableError(
        f"The target's answer to {asked} cannot be read as SCIM ({status}).",
        status=status,
        asked=asked,
        hint="Look whether its address is the right one, and try again.",
    )
