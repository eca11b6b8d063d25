"""An error as it was raised, where Pulumi's SDK puts another one in its place.

From 3.260 on, its servicer catches whatever a provider raises and raises an ``Exception`` with the traceback as text
(pulumi: provider/experimental/server.py, ``_raise_with_traceback``). What was raised is that one's context.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

Answer = TypeVar("Answer")


async def as_raised(answer: Awaitable[Answer]) -> Answer:
    """Wait for an answer; what fails, fails with the error that was raised."""
    try:
        return await answer
    except Exception as error:
        if type(error) is Exception and error.__context__ is not None:
            raise error.__context__ from None
        raise
