"""One thing that is wrong, or may be, with the place where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from provisioning.errors import ExpressionError


class Severity(Enum):
    """What follows from a finding."""

    ERROR = "error"
    """The change is refused."""
    WARNING = "warning"
    """It is shown, and the change goes on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an administrator reads."""

    severity: Severity
    place: str
    """Where it was written, such as ``mappings.users.title.source``."""
    sentence: str
    hint: str = ""
    """What to write instead, as one imperative sentence."""
    picture: str = ""
    """The expression with a caret under the character that is meant; may be empty."""
    is_acceptable: bool = False
    """Whether it is left to the guard, which counts people and takes a number that accepts it by name."""

    @property
    def refuses(self) -> bool:
        """Tell whether the change is refused for this alone."""
        return self.severity is Severity.ERROR and not self.is_acceptable

    def __str__(self) -> str:
        said = " ".join(filter(None, (f"{self.place}: {self.sentence}", self.hint)))
        return "\n".join(filter(None, (said, self.picture)))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the people and groups in scope, where somebody read them."""

    nested_groups: tuple[str, ...] = ()
    """Names of the assigned groups that hold other groups."""
    managers_out_of_scope: tuple[str, ...] = ()
    """Names of the managers of people in scope who are not in scope themselves."""


def picture_of(text: str, position: int) -> str:
    """Show *text* with a caret under the character at *position*."""
    return str(ExpressionError("", text=text, position=position)).removeprefix("\n")
