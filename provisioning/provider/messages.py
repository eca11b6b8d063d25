"""What is printed under a resource: warnings and information."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Message:
    """Something to print."""

    text: str
    is_warning: bool = True


Say: TypeAlias = Callable[[Message], Awaitable[None]]


async def say_nothing(message: Message) -> None:
    """Let a message go unheard."""
    del message
