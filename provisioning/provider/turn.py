"""One question of the engine about one resource, over plain values, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioning.provider.messages import Message, Say, say_nothing
from provisioning.provider.properties import Difference, Plain

SAID_ONCE = ("acceptLeavers", "acceptEntrants", "impactLimit")
"""Inputs that speak of one run: a change of theirs alone is not a change of provisioning."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The state and inputs of the last run, and the inputs of this one."""

    id: str = ""
    """Empty before the resource is there."""
    state: Plain = field(default_factory=dict)
    before: Plain = field(default_factory=dict)
    after: Plain = field(default_factory=dict)
    is_preview: bool = False
    say: Say = say_nothing
    urn: str = ""
    """By which the engine knows the resource; empty where no engine asks."""

    async def warn(self, text: str) -> None:
        """Print a warning under the resource."""
        await self.say(Message(text))

    async def inform(self, text: str) -> None:
        """Print something good to know under the resource."""
        await self.say(Message(text, is_warning=False))

    def lasting(self) -> tuple[Plain, Plain]:
        """Give the inputs of both runs without those that speak of one run."""
        before, after = (
            {name: value for name, value in side.items() if name not in SAID_ONCE} for side in (self.before, self.after)
        )
        return before, after

    @property
    def spent(self) -> frozenset[str]:
        """The acceptances that stood there when the last change was made: they were for that one."""
        return frozenset(
            name for name in SAID_ONCE if self.after.get(name) is not None and self.before.get(name) == self.after[name]
        )


@dataclass(frozen=True, slots=True)
class Differences:
    """How the inputs of two runs differ."""

    places: Mapping[str, Difference] = field(default_factory=dict)
    """By place, in Pulumi's notation."""
    replaces: tuple[str, ...] = ()
    is_unfinished: bool = False
    """Whether something is due, though nothing differs."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the service holds of a resource."""

    id: str
    properties: Plain
    inputs: Plain
