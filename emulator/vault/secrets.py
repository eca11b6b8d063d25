"""What lies in the vault: secrets by name, each with its versions.

A version is never changed but for being switched off; another value is another version (Learn: about-secrets).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from emulator.company.clock import Clock
from emulator.company.refusal import Refusal

_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
"""Learn: about-keys-secrets-certificates, object identifiers and versioning. Case makes no other name."""


@dataclass(frozen=True, slots=True)
class Version:
    """One value that a secret had or has."""

    id: str
    """32 hexadecimal digits."""
    value: str = field(repr=False)
    enabled: bool
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Secret:
    """A name, and what it stood for, oldest first."""

    name: str
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """What is given to whoever names no version."""
        return self.versions[-1]


class Vault:
    """Secrets, and who gives moments and names to their versions."""

    def __init__(self, clock: Clock, new_id: Callable[[], uuid.UUID] = uuid.uuid4) -> None:
        """Be empty."""
        self._clock = clock
        self._new_id = new_id
        self._secrets: dict[str, Secret] = {}

    @property
    def secrets(self) -> list[Secret]:
        """Every secret, by name."""
        return [self._secrets[key] for key in sorted(self._secrets)]

    def put(self, name: str, value: str, *, enabled: bool = True) -> Version:
        """Make a secret, or a new version of it. :raises Refusal: 400 when it cannot be called so."""
        if not _NAME.fullmatch(name):
            raise Refusal(400, "BadParameter", f"The request URI contains an invalid name: {name}")
        now = self._clock.now()
        version = Version(self._new_id().hex, value, enabled, now, now)
        known = self._secrets.get(name.lower())
        self._keep(Secret(name, (version,)) if known is None else replace(known, versions=(*known.versions, version)))
        return version

    def switch(self, name: str, *, enabled: bool) -> Version:
        """Switch the newest version of a secret off, or on again. :raises Refusal: 404 when there is none."""
        known = self.named(name)
        switched = replace(known.newest, enabled=enabled, updated=self._clock.now())
        self._keep(replace(known, versions=(*known.versions[:-1], switched)))
        return switched

    def remove(self, name: str) -> None:
        """Remove a secret with all its versions. :raises Refusal: 404 when there is none."""
        del self._secrets[self.named(name).name.lower()]

    def clear(self) -> None:
        """Be empty again."""
        self._secrets.clear()

    def named(self, name: str) -> Secret:
        """Find a secret. :raises Refusal: 404 when there is none."""
        known = self._secrets.get(name.lower())
        if known is None:
            raise _not_found(name)
        return known

    def get(self, name: str, version: str = "") -> Version:
        """Give the newest version, or the one that is named.

        :raises Refusal: 404 when there is none, 403 when it is switched off; an older one does not stand in for it.
        """
        known = self.named(name)
        found = next((one for one in known.versions if one.id == version), None) if version else known.newest
        if found is None:
            raise _not_found(f"{name}/{version}")
        if not found.enabled:
            raise Refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.")
        return found

    def _keep(self, secret: Secret) -> None:
        self._secrets[secret.name.lower()] = secret


def _not_found(name: str) -> Refusal:
    return Refusal(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")
