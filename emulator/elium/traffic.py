"""What a target received, exactly as it was sent; only the token is left out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote

from emulator.company.json_bodies import read_json

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import JsonObject

Act = Literal["test", "find", "read", "create", "change", "disable", "enable", "delete"]
"""What a request is for. ``test`` asks for somebody who cannot exist, as Entra does before each cycle."""

_ASKED_FOR = re.compile(r'([\w:.]+) eq "((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_NOBODY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

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
    number: int = 0
    """Its place among all that were received, from 1 on."""
    at: datetime | None = None
    """By the company's clock."""
    status: int = 0
    refusal: str = ""
    """What was answered beside a status that refuses."""

    @property
    def json(self) -> JsonObject:
        """The body as JSON; empty when there was none."""
        parsed: JsonObject = json.loads(self.body) if self.body else {}
        return parsed

    @property
    def act(self) -> Act:
        """Tell what it is for."""
        match self.method:
            case "POST":
                return "create"
            case "DELETE":
                return "delete"
            case "PATCH" | "PUT":
                active = _activity_in(told_in(self.body))
                return "change" if active is None else "enable" if active else "disable"
            case _:
                return self._question

    @property
    def _question(self) -> Act:
        asked = self._asked_for
        if asked is None:
            return "read"
        return "test" if _NOBODY.fullmatch(asked[1]) and asked[0] != "id" else "find"

    @property
    def about(self) -> tuple[str, str]:
        """Tell whom it is about: an id at the target, or a name; the other one is empty."""
        path = self.target.partition("?")[0].strip("/").split("/")
        if len(path) > 1:
            return unquote(path[1]), ""
        if self.method == "POST":
            told = told_in(self.body)
            return "", str(told.get("userName") or told.get("displayName") or "") if isinstance(told, dict) else ""
        name, value = self._asked_for or ("", "")
        return (value, "") if name == "id" else ("", value)

    @property
    def _asked_for(self) -> tuple[str, str] | None:
        """Give the attribute and the value of the first comparison of the filter; ``None`` without one."""
        found = _ASKED_FOR.search(parse_qs(self.target.partition("?")[2]).get("filter", [""])[0])
        return (found[1], re.sub(r"\\(.)", r"\1", found[2])) if found else None

    def as_json(self, name: str = "") -> JsonObject:
        """Show it in the control interface; *name* is what the target calls whom it is about."""
        told = told_in(self.body)
        body = self.body.decode(errors="replace") if told is None and self.body else told
        return {
            "number": self.number,
            "at": self.at.isoformat() if self.at else None,
            "tenant": self.tenant,
            "act": self.act,
            "about": {"id": self.about[0], "name": self.about[1] or name},
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "body": body,
            "status": self.status,
            "refusal": self.refusal,
        }


def _activity_in(told: Any) -> bool | None:  # noqa: ANN401 - any JSON value
    """Read what a body makes of ``active``, which Entra's older dialect writes as a text; ``None`` when nothing."""
    if not isinstance(told, dict):
        return None
    operations = told.get("Operations")
    parts = [told, *(one for one in operations if isinstance(one, dict))] if isinstance(operations, list) else [told]
    for part in parts:
        value = part.get("value")
        within = value if isinstance(value, dict) else part
        active = value if part.get("path") == "active" else within.get("active")
        if active is not None:
            return str(active).casefold() == "true"
    return None


def told_in(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read a body; ``None`` when there is none, or none that can be read."""
    try:
        return read_json(body) if body else None
    except ValueError:
        return None


def shown(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give the headers that may be shown."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    return {name: value for name, value in decoded if name not in _HIDDEN}
