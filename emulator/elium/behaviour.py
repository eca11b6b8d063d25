"""How a target behaves: lasting habits, and faults that strike when told to. Both are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.company.refusal import Refusal
from emulator.moods.conformity import made_of
from emulator.moods.faults import GREATEST_STATUS, LEAST_STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The habits of a target."""

    understands_entra: bool = True
    """Whether it takes Entra's own ways: a manager as a text, a filter by ``manager``, a filtered path without a match,
    members removed by value, attributes that it does not know."""

    refuses_pathless: bool = False
    """Whether a PATCH operation without a path is refused, as targets do that were built for the legacy dialect."""

    lowers_user_names: bool = False
    """Whether it keeps ``Ada@contoso.com`` as ``ada@contoso.com``."""

    hides_manager: bool = False
    """Whether it never tells a manager (azure-docs#11784)."""

    tells_members_always: bool = False
    """Whether it tells the members of a group although they were excluded."""

    answers_patch_with_body: bool = False
    """Whether a PATCH is answered with 200 and the resource, instead of 204."""

    plain_json: bool = False
    """Whether it answers as ``application/json`` instead of ``application/scim+json``."""


TOLERANT = Behaviour()
"""Takes all that Entra sends."""

STRICT = Behaviour(understands_entra=False)
"""Takes what the RFCs allow and nothing else."""

QUIRKY = Behaviour(
    lowers_user_names=True,
    hides_manager=True,
    tells_members_always=True,
    answers_patch_with_body=True,
    plain_json=True,
)
"""Correct enough to be in the gallery, and full of surprises."""

LEGACY = Behaviour(refuses_pathless=True)
"""Built for the dialect without the flag."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong, for which requests, and how often."""

    status: int
    """What is answered instead, such as 429; 200 with a *body* is an answer that is not SCIM."""
    method: str | None = None
    """Only requests with this method."""
    path: str | None = None
    """Only requests whose path and query contain this, such as ``filter=``."""
    times: int | None = 1
    """How often it strikes; ``None`` never ends."""
    after: int = 0
    """How many fitting requests pass before it strikes."""
    retry_after: str | None = None
    """Value of a ``Retry-After`` header: seconds, or a date."""
    body: str | None = None
    """What is answered; a SCIM error when not given."""
    content_type: str | None = None
    committed: bool = False
    """Whether the request is carried out before the fault is answered."""
    delay: float = 0
    """Seconds that pass before the answer, in the time of the one who waits."""

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Fault:
        """Read a fault. :raises Refusal: 400 when it has no status, an unknown name or a value that does not fit."""
        # Seconds may be told as a number; a header is a text.
        given = told.get("retry_after")
        if isinstance(given, int) and not isinstance(given, bool):
            told = {**told, "retry_after": str(given)}
        made = made_of(cls, told, "A fault at Elium")
        if not LEAST_STATUS <= made.status <= GREATEST_STATUS:
            raise Refusal.bad_request(f"A fault's status is between {LEAST_STATUS} and {GREATEST_STATUS}.")
        for header in (made.retry_after, made.content_type):
            if header is not None and not (header.isascii() and header.isprintable()):
                raise Refusal.bad_request(f"'{header}' cannot stand in a header.")
        return made

    def strikes(self, method: str, target: str) -> bool:
        """Tell whether it strikes this request, and count."""
        if self.times == 0 or self.method not in {None, method} or (self.path or "") not in target:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True
