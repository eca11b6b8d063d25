"""What every description of settings stands on: how names are written, and numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

LARGEST = 2**31 - 1
"""What Graph's numbers hold (graph: attributemapping, ``matchingPriority`` is an Int32); assumed of the others."""


class SettingsModel(BaseModel):
    """What people write: camel case, nothing unknown, and nothing of it in an error's text."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


def _number(written: object) -> object:
    """Refuse a truth value, which Python takes for 1 or 0."""
    if isinstance(written, bool):
        raise PydanticCustomError("int_type", "must be a whole number")
    return written


Count = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_number)]
"""A whole number from 0."""
