"""What a target received, exactly as it was sent; only the token is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.store import JsonObject

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
        try:
            body = json.loads(self.body) if self.body else None
        except ValueError:
            body = self.body.decode(errors="replace")
        return {
            "tenant": self.tenant,
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "body": body,
            "status": self.status,
        }


def shown(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give the headers that may be shown."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    return {name: value for name, value in decoded if name not in _HIDDEN}
