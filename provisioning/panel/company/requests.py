"""What Elium was sent, as a sentence, as JSON and as HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

SENTENCES = {
    "test": "Elium is asked for somebody who cannot exist: does the token open it?",
    "find": "Elium is asked whether it knows {}.",
    "read": "Elium is asked what it has of {}.",
    "create": "{} is made at Elium.",
    "change": "{} gets other values at Elium: {values}.",
    "disable": "{} is disabled at Elium: closed, not deleted.",
    "enable": "{} is opened again at Elium.",
    "delete": "{} is deleted at Elium.",
}
"""By what a request is for; the braces stand for whom it is about."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One request that Elium was sent, and how it was answered."""

    number: int
    at: datetime
    """By the company's clock."""
    act: str
    about: str
    """The user name or the group's name; empty when nobody's."""
    method: str
    target: str
    headers: Mapping[str, str]
    body: Any
    status: int
    """0 while it is not answered yet."""
    refusal: str

    @property
    def words(self) -> tuple[str, str]:
        """Give the sentence, before and after the name."""
        before, _, after = SENTENCES.get(self.act, "Elium is sent something about {}.").partition("{}")
        return before, after.replace("{values}", ", ".join(dict.fromkeys(self._values)) or "none")

    @property
    def has_name(self) -> bool:
        """Tell whether the sentence is about somebody."""
        return "{}" in SENTENCES.get(self.act, "{}")

    @property
    def is_of_a_person(self) -> bool:
        """Tell whether it is about an account, and not about a group."""
        return self.target.startswith("/Users")

    @property
    def is_refused(self) -> bool:
        """Tell whether Elium did not do it."""
        return self.status >= HTTPStatus.BAD_REQUEST

    @property
    def is_write(self) -> bool:
        """Tell whether it is to change something."""
        return self.method != "GET"

    @property
    def phrase(self) -> str:
        """Give the status in HTTP's words, such as ``201 Created``."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status) if self.status else "…"

    @property
    def document(self) -> str:
        """Write the body for people; empty when there is none."""
        if self.body is None or isinstance(self.body, str):
            return self.body or ""
        return json.dumps(self.body, indent=2, ensure_ascii=False)

    @property
    def http(self) -> str:
        """Write it as it goes over the wire, without the token."""
        headers = "".join(f"\n{name}: {value}" for name, value in self.headers.items())
        return f"{self.method} /scim/v2{self.target} HTTP/1.1{headers}\nauthorization: Bearer (left out)"

    @property
    def _values(self) -> Iterator[str]:
        told = self.body if isinstance(self.body, Mapping) else {}
        operations = told.get("Operations")
        for each in operations if isinstance(operations, list) else ():
            value = each.get("value")
            if path := each.get("path"):
                yield str(path).rpartition(":")[2]
            elif isinstance(value, Mapping):
                yield from (str(name).rpartition(":")[2] for name in value)


def request_of(node: Mapping[str, Any]) -> WireRequest:
    """Read a request as the emulator's control interface shows it."""
    return WireRequest(
        number=int(node["number"]),
        at=datetime.fromisoformat(node["at"]),
        act=str(node["act"]),
        about=str(node["about"]["name"]),
        method=str(node["method"]),
        target=str(node["target"]),
        headers=node["headers"],
        body=node["body"],
        status=int(node["status"]),
        refusal=str(node["refusal"]),
    )
