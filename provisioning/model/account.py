"""An account at the target, as SCIM tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the target."""

    id: str
    user_name: str
    is_active: bool
    values: Mapping[str, str] = field(default_factory=dict)
    """By target attribute, what people may be matched by; only where it was asked for."""
