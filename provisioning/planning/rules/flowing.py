"""What becomes of values that accounts at the app hold already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioning.model.mapping import FlowType
from provisioning.planning.active import COMPUTED
from provisioning.planning.changes import AddMapping, AlterMapping, RemoveMapping
from provisioning.planning.rules.finding import Finding, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from provisioning.model.mapping import AttributeMapping
    from provisioning.planning.rules.case import Case


def removed_mappings(case: Case) -> Iterator[Finding]:
    """Find mappings that go: what they wrote stays (Learn: customize-application-attributes)."""
    targets = [change.mapping.target for change in case.changes if isinstance(change, RemoveMapping)]
    if targets and case.has_run:
        yield Finding(Weight.NOTE, f"{_listed(targets)} will no longer be written; what {case.app} holds stays.")


def changed_defaults(case: Case) -> Iterator[Finding]:
    """Find defaults that change, which are used at creation and never on update.

    Learn: customize-application-attributes.
    """
    targets = [after.target for before, after in _altered(case) if before.default != after.default]
    if targets:
        yield Finding(Weight.NOTE, f"The default of {_listed(targets)} counts for new accounts only.")


def written_once(case: Case) -> Iterator[Finding]:
    """Find values written *only during creation*, which touch no account that is there.

    Learn: customize-application-attributes.
    """
    for change in case.changes:
        match change:
            case AddMapping(_, after) if after.flow_type is FlowType.OBJECT_ADD_ONLY:
                yield Finding(Weight.NOTE, f"{after.target} is written at creation only.")
            case AlterMapping(_, before, after) if (
                after.flow_type is FlowType.OBJECT_ADD_ONLY and before.flow_type is not after.flow_type
            ):
                sentence = f"{after.target} is written at creation only; existing accounts keep what they have."
                yield Finding(Weight.NOTE, sentence)
            case _:
                pass


def empty_values(case: Case) -> Iterator[Finding]:
    """Find values that may become empty: null never flows (Learn: known-issues#null-values-cannot-be-provisioned)."""
    targets = [
        after.target for before, after in _altered(case) if before.source != after.source and _may_be_empty(after)
    ]
    if targets and case.has_run:
        sentence = (
            f"People without a value for {_listed(targets)} keep the old one at {case.app}: empty values are not sent."
        )
        yield Finding(Weight.NOTE, sentence)


def _may_be_empty(mapping: AttributeMapping) -> bool:
    """Tell whether a mapping that keeps writing reads what somebody may lack."""
    read = mapping.source.attributes - COMPUTED if mapping.source else frozenset()
    return bool(read) and mapping.flow_type is not FlowType.OBJECT_ADD_ONLY


def _altered(case: Case) -> list[tuple[AttributeMapping, AttributeMapping]]:
    return [(change.before, change.after) for change in case.changes if isinstance(change, AlterMapping)]


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
