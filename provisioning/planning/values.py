"""Values that expressions give, made comparable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeAlias

from provisioning.language import Attributes, Chance, Role, Value
from provisioning.model.mapping import AttributeMapping

Settled: TypeAlias = "str | frozenset[str] | None"
"""One text, several without an order, or nothing."""

Evaluator: TypeAlias = "Callable[[Attributes], Value]"

Difference: TypeAlias = Literal["none", "case", "some"]

ANY_DOMAIN = "contoso.onmicrosoft.com"
"""What stands in for the tenant's first domain, which no estimate depends on: it is the same before and after."""


class NoChance(Chance):
    """Chance that always falls the same way, so that an estimate is the same when it is made again."""

    def getrandbits(self, k: int, /) -> int:
        """Answer no bits at all."""
        del k
        return 0


def evaluator_of(mapping: AttributeMapping | None, now: datetime) -> Evaluator:
    """Give what computes the value of a mapping; a mapping that is not there, or has no source, gives nothing."""
    if mapping is None or mapping.source is None:
        return _nothing
    evaluate = mapping.source.evaluate
    if mapping.source.needs:
        chance = NoChance()
        return lambda attributes: evaluate(attributes, now=now, random=chance, default_domain=ANY_DOMAIN)
    return evaluate


def settled(value: Value) -> Settled:
    """Make a value comparable. An empty text is nothing, as it is to the service (assumed); one of many is itself."""
    if not value:
        return None
    if isinstance(value, str):
        return value
    if len(value) == 1:
        return _text(value[0])
    return frozenset(map(_text, value))


def difference_between(before: Settled, after: Settled) -> Difference:
    """Tell whether two values differ, and whether in case alone."""
    if before == after:
        return "none"
    if isinstance(before, str) and isinstance(after, str) and before.casefold() == after.casefold():
        return "case"
    return "some"


def _text(item: str | Role) -> str:
    return item if isinstance(item, str) else item.get("value") or item.get("displayName") or item.get("id") or ""


def _nothing(attributes: Attributes) -> Value:
    del attributes
    return None
