"""What a target received, exactly as it was sent; only the token is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

_HIDDEN = frozenset({"authorization", "proxy-authorization", "cookie"})


@dataclass(slots=True)
class Received:
    """One request and how it was answered."""

    tenant: str
    method: str
    target: str
    """Path and query below ``/scim/v2``, undecoded, such as ``/Users?filter=userName+eq+%22ada%22``."""
    headers: dict[str, str]
    """In lower case; without what authorizes."""
    body: bytes
    status: int = 0

    @property
    def json(self) -> JsonObject:
        """The body as JSON; empty when there was none."""
        parsed: JsonObject = json.loads(self.body) if self.body else {}
        return parsed

    def as_json(self) -> JsonObject:
        """Show it in the control interface."""
        told = read_json(self.body)
        body = self.body.decode(errors="replace") if told is None and self.body else told
        return {
            "tenant": self.tenant,
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "body": body,
            "status": self.status,
        }


def read_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read a body; ``None`` when there is none, or none that can be read."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def shown(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give the headers that may be shown."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    return {name: value for name, value in decoded if name not in _HIDDEN}
