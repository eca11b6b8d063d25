"""Who is in scope: active, assigned, with a role, and let through by the filter, in this order.

(Learn: how-provisioning-works#scoping; define-conditional-rules-for-provisioning-user-accounts;
application-provisioning-config-problem-no-users-provisioned.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.company.store import Kind
from emulator.engine.attributes import is_default_access

if TYPE_CHECKING:
    from datetime import datetime

    from emulator.company.store import Assignment, Directory, DirectoryObject
    from emulator.moods.knobs import Knobs
    from provisioning.language import Verdict as Filtered
    from provisioning.language.clauses import Clause


@dataclass(frozen=True, slots=True)
class Verdict:
    """What each test of the scope said about one object."""

    active: bool = True
    """Enabled, and not in the recycle bin."""
    assigned: bool = True
    """Holds a role of the application, itself or through a group it is a direct member of."""
    has_role: bool = True
    """One of the roles held counts."""
    passes_filter: bool = True
    sync_all: bool = False
    """Whether assignment was not asked for."""
    evaluation: tuple[tuple[str, bool], ...] = ()
    """What each clause of the filter said, by its text."""

    @property
    def in_scope(self) -> bool:
        """Whether all agree."""
        return self.active and self.assigned and self.has_role and self.passes_filter

    @property
    def is_entitled(self) -> bool:
        """Whether all but the filter agree; if not, the log says ``NotEffectivelyEntitled``."""
        return self.active and self.assigned and self.has_role

    @property
    def left_by_choice(self) -> bool:
        """Whether it is out by assignment, role or filter although it is active."""
        return self.active and not self.in_scope


IN_SCOPE = Verdict()
IN_SCOPE_OF_ALL = Verdict(sync_all=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of one job at one moment."""

    directory: Directory
    service_principal_id: str
    sync_all: bool
    knobs: Knobs
    now: datetime

    def verdict(self, source: DirectoryObject, filtered: Filtered | None) -> Verdict:
        """Judge an object, in the documented order; *filtered* is what the filter said, if there is one."""
        active = is_active(source)
        held = () if self.sync_all else self.roles_held(source)
        assigned = self.sync_all or bool(held)
        counts = self.sync_all or any(self._counts(assignment) for assignment in held)
        if filtered is not None:
            return Verdict(active, assigned, counts, filtered.admitted, self.sync_all, _evaluation(filtered))
        if active and assigned and counts:
            return IN_SCOPE_OF_ALL if self.sync_all else IN_SCOPE
        return Verdict(active, assigned, counts, sync_all=self.sync_all)

    def roles_held(self, source: DirectoryObject) -> list[Assignment]:
        """List the assignments that make an object belong to the application.

        A user's own, and those of the security groups it is a *direct* member of; a group's own. Nested membership
        never counts (Learn: how-provisioning-works#assignment-based-scoping).
        """
        held = self._own(source.id)
        if source.kind is Kind.USER:
            for group in self.directory.groups_of(source.id):
                if group.properties.get("securityEnabled", True):
                    held += self._own(group.id)
        return held

    def has_young_assignments(self, source: DirectoryObject) -> bool:
        """Tell whether an assignment exists that is not honoured yet."""
        if not self.knobs.assignment_lag:
            return False
        principals = [source.id, *(group.id for group in self.directory.groups_of(source.id))]
        honoured = self.now - self.knobs.assignment_lag
        return any(
            assignment.resource_id == self.service_principal_id and assignment.created > honoured
            for principal in principals
            for assignment in self.directory.assignments_of(principal)
        )

    def _own(self, principal_id: str) -> list[Assignment]:
        honoured = self.now - self.knobs.assignment_lag
        return [
            assignment
            for assignment in self.directory.assignments_of(principal_id)
            if assignment.resource_id == self.service_principal_id and assignment.created <= honoured
        ]

    def _counts(self, assignment: Assignment) -> bool:
        return not (self.knobs.exclude_default_access and is_default_access(assignment.app_role_id))


def _evaluation(filtered: Filtered) -> tuple[tuple[str, bool], ...]:
    """Word what decided, as the log does: ``Marketing only.department EQUALS 'Marketing'`` (documented)."""
    title = f"{filtered.group.name}." if filtered.group and filtered.group.name else ""
    return tuple((f"{title}{_clause(clause)}", filtered.admitted) for clause in filtered.clauses)


def _clause(clause: Clause) -> str:
    values = " ".join(f"'{value}'" for value in clause.values)
    return f"{clause.attribute} {clause.operator.name} {values}".rstrip()


def is_active(source: DirectoryObject) -> bool:
    """Tell whether an object is enabled and not in the recycle bin; a group has no switch of its own."""
    return source.deleted is None and bool(source.properties.get("accountEnabled", True))
