"""What becomes of values that accounts at the app hold already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provisioning.model.mapping import FlowType
from provisioning.planning.active import COMPUTED
from provisioning.planning.changes import AddMapping, AlterMapping, RemoveMapping
from provisioning.planning.rules.case import Case
from provisioning.planning.rules.finding import Finding, Weight


def removed_mappings(case: Case) -> Iterator[Finding]:
    """Find mappings that go: what they wrote stays (Learn: customize-application-attributes)."""
    targets = [change.mapping.target for change in case.changes if isinstance(change, RemoveMapping)]
    if targets and case.has_run:
        yield Finding(Weight.NOTE, f"{_listed(targets)} will no longer be written; what {case.app} holds stays.")


def changed_defaults(case: Case) -> Iterator[Finding]:
    """Find defaults that change, which are used at creation and never on update.

    Learn: customize-application-attributes.
    """
    targets = [each.after.target for each in _altered(case) if each.before.default != each.after.default]
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
    targets = [change.after.target for change in _altered(case) if _may_become_empty(case, change)]
    if targets and case.has_run:
        sentence = (
            f"People without a value for {_listed(targets)} keep the old one at {case.app}: empty values are not sent."
        )
        yield Finding(Weight.NOTE, sentence)


def _may_become_empty(case: Case, change: AlterMapping) -> bool:
    """Tell whether a mapping that keeps writing gets a source that gives somebody nothing."""
    after = change.after
    if after.source is None or after.source == change.before.source or after.flow_type is FlowType.OBJECT_ADD_ONLY:
        return False
    # A constant is the same for everybody, and everybody has what is computed: nobody lacks either.
    return bool(after.source.attributes - COMPUTED) and after.source.may_be_empty(case.sure(change.kind))


def _altered(case: Case) -> list[AlterMapping]:
    return [change for change in case.changes if isinstance(change, AlterMapping)]


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
