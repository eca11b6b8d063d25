"""An app of the gallery as an adoption finds it: its job has run, and what is not said is usual."""

from __future__ import annotations

from builders import a_closing_schema, a_job

from provisioning.graph.apps import AppFound
from provisioning.model.assignment import AppRole, Assignment, PrincipalKind
from provisioning.model.connection import Connection
from provisioning.model.identifiers import ServicePrincipalId, TemplateId
from provisioning.model.job import SynchronizationTemplate
from provisioning.model.observed import Observed
from provisioning.operations.adopting.finding import Found
from provisioning.operations.adopting.naming import Names

USER, ADMIN = AppRole("role-user", "User"), AppRole("role-admin", "Admin", "admin")
ADDRESS = "https://acme.elium.com/scim/v2"


def found(*assigned: Assignment, roles: tuple[AppRole, ...] = (USER, ADMIN), **held: str) -> Found:
    app = AppFound(ServicePrincipalId("sp"), "app-id", "Elium", roles, "gallery")
    template = SynchronizationTemplate(TemplateId("elium"), schema=a_closing_schema())
    connection = Connection({"BaseAddress": ADDRESS, "SecretToken": "*", **held})
    job = a_job(on=True, status="Active")
    observed = Observed(job, template, connection=connection, schema=a_closing_schema(), assignments=assigned)
    names = Names({each.principal: each.name for each in assigned})
    return Found(app, "application", observed, names, template, is_default_template=True)


def group(name: str, role: AppRole = USER) -> Assignment:
    return Assignment(name.lower(), PrincipalKind.GROUP, name, role.id, f"{name}-{role.name}")
