"""How the program names its resources: what it makes and what is imported must be the same to the engine."""

from __future__ import annotations

from dataclasses import dataclass

APP_TYPE = "azuread:index/applicationFromTemplate:ApplicationFromTemplate"

ASSIGNMENT_TYPE = "azuread:index/appRoleAssignment:AppRoleAssignment"

PLAN_TYPE = "entrasync:index:ProvisioningPlan"

JOB_TYPE = "entrasync:index:SynchronizationJob"


@dataclass(frozen=True, slots=True)
class ResourceNames:
    """The names of a component's resources."""

    component: str
    """Such as ``elium``."""

    @property
    def app(self) -> str:
        """The application and its service principal."""
        return f"{self.component}-app"

    @property
    def plan(self) -> str:
        """The plan."""
        return f"{self.component}-plan"

    @property
    def job(self) -> str:
        """The job."""
        return f"{self.component}-job"

    def assignment(self, principal: str) -> str:
        """Name the assignment of a group or user, by its object id.

        Not by the name that somebody wrote: the engine takes another name for another assignment, so a group that is
        renamed, or written by its id one day, would be assigned once more, which Entra refuses, and the assignment
        that is there would be marked for deletion.
        """
        return f"{self.component}-assignment-{principal}"
