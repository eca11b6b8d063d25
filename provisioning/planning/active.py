"""Whether the mapping of ``active`` disables those who leave, and only those."""

from __future__ import annotations

from provisioning.errors import EvaluationError
from provisioning.language import Expression
from provisioning.model.mapping import AttributeMapping, FlowType
from provisioning.model.sources import SOURCE_ATTRIBUTES

ACTIVE = "active"
"""The target attribute that disables people (Learn: customize-application-attributes#IsSoftDeleted)."""

COMPUTED = frozenset(each.name for each in SOURCE_ATTRIBUTES.values() if each.is_computed)
"""Source attributes that no directory holds: the service computes them."""

_UPDATES = frozenset({FlowType.ALWAYS})
"""Only what is always written disables an account that is there."""


def disables(mapping: AttributeMapping | None) -> bool:
    """Tell whether a mapping says False of those who left the scope, and something else of those who are in it.

    ``IsSoftDeleted`` is computed: True of whoever is unassigned, filtered out, disabled or deleted
    (Learn: customize-application-attributes). The default mapping turns it round with ``Switch``, some apps with
    ``Not`` (graph: synchronization-objectmapping).
    """
    if mapping is None or mapping.source is None or mapping.flow_type not in _UPDATES:
        return False
    left, stayed = (_value(mapping.source, computed) for computed in ("True", "False"))
    return left == "false" and stayed == "true"


def reads_account_alone(mapping: AttributeMapping | None) -> bool:
    """Tell whether a mapping follows ``accountEnabled`` and nothing else, of which it is not known what it disables."""
    return mapping is not None and mapping.source is not None and mapping.source.attributes == {"accountEnabled"}


def may_disable_within(mapping: AttributeMapping | None) -> bool:
    """Tell whether a mapping may say False of somebody who is in scope, and so keep an account disabled."""
    if mapping is None or (mapping.source is None and mapping.unread is None):
        return False
    known = COMPUTED | {"accountEnabled"}
    return mapping.source is None or not (disables(mapping) and mapping.source.attributes <= known)


def _value(source: Expression, is_soft_deleted: str) -> str:
    try:
        value = source.evaluate({"IsSoftDeleted": is_soft_deleted, "accountEnabled": "True"})
    except EvaluationError:
        return ""
    return value.casefold() if isinstance(value, str) else ""
