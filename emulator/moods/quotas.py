"""Quotas of Graph's identity and access service (Learn: throttling-limits#identity-and-access-service-limits).

Requests cost resource units from a bucket that fills again by itself, writes cost from a second one, reports have their
own. Refused requests count too. Synchronization is not among the limited resources. It is off until it is switched on,
because a made-up company should not make its tests wait.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.company.numbers import whole_number
from emulator.company.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SMALL_PAGE = 20
_TOLD_FROM = 0.8
_TELL_AT_MOST = 1.8
_SMALL_TENANT, _MEDIUM_TENANT = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How much an application may ask for in a tenant."""

    units: int | None = None
    """Resource units in :attr:`units_window`; ``None`` goes by the size of the tenant: 3,500, 5,000 or 8,000."""
    units_window: float = 10
    writes: int = 3_000
    writes_window: float = 150
    reports: int = 5
    reports_window: float = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """What the quotas need to know of a request."""

    cost: int
    """In resource units, as :func:`cost_of` tells it."""
    method: str
    path: str
    """After the version, such as ``/users``."""
    app_id: str
    tenant_id: str
    now: float
    """Seconds, of the clock on the wall."""
    people: Callable[[], int]
    """Counts the users of the tenant; asked when a bucket is made."""
    is_metered: bool = True
    """Whether the quotas count it."""


@dataclass(slots=True)
class _Bucket:
    capacity: float
    window: float
    level: float
    at: float

    def take(self, cost: float, now: float) -> float:
        """Take *cost*, and tell how many seconds are missing until it would have been there."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.capacity / self.window) - cost
        self.level = max(self.level, -self.capacity)
        self.at = now
        return max(0.0, -self.level * self.window / self.capacity)

    @property
    def used(self) -> float:
        """The share that was taken; above one when more was asked for than there is."""
        return 1 - self.level / self.capacity


@dataclass(slots=True)
class Throttle:
    """Counts what applications ask for, and says when it is too much."""

    quotas: Quotas | None = None
    """``None`` switches it off."""
    _buckets: dict[tuple[str, str, str], _Bucket] = field(default_factory=dict)

    def set(self, quotas: Quotas | None) -> None:
        """Start to count anew, or stop."""
        self.quotas = quotas
        self._buckets.clear()

    def admit(self, request: Metered) -> Mapping[str, str]:
        """Count a request and give the headers that tell about it. :raises Refusal: 429 when it is too much."""
        if self.quotas is None or not request.is_metered:
            return {}
        units = self._bucket(request, "ResourceUnit")
        missing, limit = units.take(request.cost, request.now), "ResourceUnitLimitExceeded"
        if request.method != "GET":
            writes = self._bucket(request, "Write").take(1, request.now)
            missing, limit = (writes, "WriteLimitExceeded") if writes > missing else (missing, limit)
        if request.path.lower().startswith("/auditlogs"):
            missing = max(missing, self._bucket(request, "Reports").take(1, request.now))
        headers = {"x-ms-resource-unit": str(request.cost)}
        if units.used >= _TOLD_FROM:
            headers["x-ms-throttle-limit-percentage"] = f"{min(units.used, _TELL_AT_MOST):.1f}"
        if missing > 0:
            scope = f"Tenant_Application/ReadWrite/{request.app_id}/{request.tenant_id}"
            headers |= {"x-ms-throttle-scope": scope, "x-ms-throttle-information": limit}
            message = "Too many requests. Wait as long as the Retry-After header says."
            raise Refusal(429, "TooManyRequests", message, retry_after=math.ceil(missing), headers=headers)
        return headers

    def _bucket(self, request: Metered, kind: str) -> _Bucket:
        key = (kind, request.app_id, request.tenant_id)
        if key not in self._buckets:
            capacity, window = self._size(request, kind)
            self._buckets[key] = _Bucket(capacity, window, capacity, request.now)
        return self._buckets[key]

    def _size(self, request: Metered, kind: str) -> tuple[float, float]:
        quotas = self.quotas or Quotas()
        match kind:
            case "Write":
                return quotas.writes, quotas.writes_window
            case "Reports":
                return quotas.reports, quotas.reports_window
            case _:
                return quotas.units or units_for(request.people()), quotas.units_window


def cost_of(options: Mapping[str, str], base: int) -> int:
    """Tell what a request costs: less with ``$select`` or a small page, more with ``$expand``, one at least.

    *options* are without the dollar sign; *base* is what the route costs without any.
    """
    top = options.get("top", "")
    cost = base - ("select" in options) + ("expand" in options)
    cost -= (whole_number(top) or _SMALL_PAGE) < _SMALL_PAGE
    return max(1, cost)


def units_for(people: int) -> int:
    """Tell the quota of resource units of a tenant with so many users."""
    if people < _SMALL_TENANT:
        return 3_500
    return 5_000 if people <= _MEDIUM_TENANT else 8_000
