"""Drawing: from values to HTML, in which every name of a person is escaped."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from provisioning.words import counted

STATIC = {
    "panel.css": "text/css",
    "panel.js": "text/javascript",
    "panel.svg": "image/svg+xml",
    "company.css": "text/css",
}
"""What pages load, and as what."""


def drawn(template: str, **values: Any) -> str:  # noqa: ANN401 - a template takes any value
    """Fill in a template, such as ``stack/state``. :raises UndefinedError: when it asks for what is not given."""
    return _environment().get_template(f"{template}.html.jinja").render(**values)


def static(name: str) -> bytes:
    """Read a file that pages load, one of :data:`STATIC`."""
    return files("provisioning.panel").joinpath("static", name).read_bytes()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("provisioning.panel"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": _moment, "machine": _machine, "count": _count, "counted": counted}
    return made


def _moment(at: datetime, *, seconds: bool = False) -> str:
    """Write a moment for people, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if seconds else f"{at:%Y-%m-%d %H:%M}"


def _machine(at: datetime) -> str:
    """Write a moment for the attribute ``datetime``."""
    return at.isoformat(timespec="seconds")


def _count(number: int) -> str:
    return f"{number:,}"
