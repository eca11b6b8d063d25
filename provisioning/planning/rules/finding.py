"""One thing that is to be said of a change, with what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from provisioning.errors import ExpressionError


class Weight(Enum):
    """What follows from a finding, the heaviest first."""

    REFUSED = "refused"
    """The declaration is wrong: nothing is done until it is written otherwise."""
    ACCEPTABLE = "acceptable"
    """People would lose or get access: nothing is done until somebody accepts it by a number."""
    WARNING = "warning"
    """It may not be meant, and the change goes on."""
    NOTE = "note"
    """It is good to know."""


class AcceptingSetting(Enum):
    """The input that accepts a change by repeating a number of people."""

    LEAVERS = "acceptLeavers"
    ENTRANTS = "acceptEntrants"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an administrator reads."""

    weight: Weight
    sentence: str
    place: str = ""
    """Where it was written, such as ``mappings.users.title.source``; empty when it is not about a written place."""
    hint: str = ""
    """What to write instead, as one imperative sentence."""
    picture: str = ""
    """The expression with a caret under the character that is meant; may be empty."""
    number: int | None = None
    """How many people an ``ACCEPTABLE`` one is about; ``None`` when nobody knows, and any number that somebody stands
    for accepts it."""
    accepts: AcceptingSetting = AcceptingSetting.LEAVERS
    """Which input accepts an ``ACCEPTABLE`` one."""

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        said = " ".join(filter(None, (f"{place}{self.sentence}", self.hint)))
        return "\n".join(filter(None, (said, self.picture)))


def picture_of(text: str, position: int) -> str:
    """Show *text* with a caret under the character at *position*."""
    return str(ExpressionError("", text=text, position=position)).removeprefix("\n")
