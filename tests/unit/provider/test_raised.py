"""What a provider raised is what ends a call, whatever the SDK makes of it."""

from __future__ import annotations

import traceback

import pytest

from provisioning.errors import ConfigurationError
from provisioning.provider.raised import as_raised


async def as_the_sdk(error: Exception) -> None:
    """Do what the servicer of 3.260 does."""
    try:
        await failing(error)
    except Exception as caught:  # noqa: BLE001 - as it stands there
        text = "".join(traceback.format_tb(caught.__traceback__))
        raise Exception(f"{caught}:\n{text}")  # noqa: B904, TRY002 - as it stands there


async def failing(error: Exception) -> None:
    raise error


async def answering() -> str:
    return "answered"


async def test_an_error_that_the_sdk_has_wrapped_is_the_one_that_was_raised() -> None:
    raised = ConfigurationError("This cannot be.")

    with pytest.raises(ConfigurationError) as told:
        await as_raised(as_the_sdk(raised))
    assert told.value is raised


@pytest.mark.parametrize("error", [ConfigurationError("This cannot be."), KeyError("a bug"), Exception("a plain one")])
async def test_an_error_that_nobody_has_wrapped_stays_itself(error: Exception) -> None:
    with pytest.raises(type(error)) as told:
        await as_raised(failing(error))
    assert told.value is error


async def test_an_answer_is_an_answer() -> None:
    assert await as_raised(answering()) == "answered"
