"""What is remembered of a client secret: which one, until when, and of its value only the hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.company.store import JsonObject


def remembered(key_id: object, secret: str, ends: object) -> JsonObject:
    """Make what an application or a service principal keeps under ``_secrets``."""
    return {"keyId": key_id, "sha256": secret_hash(secret), "endDateTime": ends}


def secret_hash(secret: str) -> str:
    """Say what is remembered of a client secret instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
