"""What an evaluation may need besides the attributes: the time, chance, the tenant, and the decided choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from provisioning.errors import EvaluationError
from provisioning.language.choices import BY_THE_REFERENCE, Choices


class Chance(Protocol):
    """A source of random bits, such as ``random.Random(7)`` or ``random.SystemRandom()``."""

    def getrandbits(self, k: int, /) -> int:
        """Answer *k* random bits."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around one evaluation that is not the person."""

    now: datetime | None = None
    random: Chance | None = None
    default_domain: str | None = None
    choices: Choices = BY_THE_REFERENCE

    def moment(self, function: str) -> datetime:
        """Answer the present moment in UTC. One without a time zone is taken as UTC."""
        if self.now is None:
            raise EvaluationError(f"{function} needs to know the present moment.", hint="Pass it: now=…")
        return self.now.replace(tzinfo=UTC) if self.now.tzinfo is None else self.now.astimezone(UTC)

    def below(self, limit: int, function: str) -> int:
        """Answer a random number from 0 up to, not including, *limit*."""
        if self.random is None:
            raise EvaluationError(f"{function} needs a source of chance.", hint="Pass one: random=…")
        bits = (limit - 1).bit_length()
        while (number := self.random.getrandbits(bits)) >= limit:
            pass
        return number


ALONE = Surroundings()
"""No time, no chance, no tenant: enough for nearly every function."""
