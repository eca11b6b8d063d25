"""What may go wrong, in the words of the official plugin.

::

    PluginError            anything the person at the engine must read
    ├── MissingError       what was looked up does not exist
    └── GraphError         Graph said no: status, code, message
    NotFinishedError       it was created, but not finished: the engine keeps its id
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi.provider.experimental.property_value import PropertyValue


REASONS = {status.value: status.phrase for status in HTTPStatus}


class PluginError(Exception):
    """Something that the person at the engine must read; the message is what they see."""


class MissingError(PluginError):
    """What was looked up does not exist."""


class GraphError(PluginError):
    """Graph refused a request. The text is that of the official plugin (go-azure-sdk: sdk/client/client.go)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        reason = REASONS.get(status, "")
        said = f" with error: {code}: {message}" if code or message else ""
        super().__init__(f"unexpected status {status} ({status} {reason}){said}")
        self.status = status
        """HTTP status, such as 404."""
        self.code = code
        """Graph's own code, such as ``Request_ResourceNotFound``."""
        self.message = message

    @property
    def is_not_found(self) -> bool:
        """Whether Graph does not know what was asked for."""
        return self.status == HTTPStatus.NOT_FOUND


class NotFinishedError(Exception):
    """A resource exists since this call, but could not be brought to what was asked for."""

    def __init__(
        self, identifier: str, state: dict[str, PropertyValue], inputs: dict[str, PropertyValue], reason: str
    ) -> None:
        super().__init__(reason)
        self.identifier = identifier
        self.state = state
        """What is known of it."""
        self.inputs = inputs
        self.reason = reason


@contextmanager
def explaining(summary: str) -> Iterator[None]:
    """Say before Graph's reason what was being done: ``Creating group "Staff": unexpected status 403 …``."""
    try:
        yield
    except GraphError as error:
        raise PluginError(f"{summary}: {error}") from error


def quoted(text: str) -> str:
    """Write *text* as Go's ``%q`` does, which is how the official messages show a value."""
    return json.dumps(text, ensure_ascii=False)
