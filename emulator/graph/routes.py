"""The table of everything that Graph answers here. It dispatches, it documents, and it is what is counted."""

from __future__ import annotations

from emulator.graph import (
    absent,
    applications,
    assignments,
    audit_logs,
    batch,
    directory_objects,
    extension_properties,
    federation,
    groups,
    licences,
    member_checks,
    object_connections,
    schema_tools,
    service_principals,
    synchronization,
    templates,
    users,
)

ROUTES = (
    *templates.ROUTES,
    *applications.ROUTES,
    *federation.ROUTES,
    *extension_properties.ROUTES,
    *service_principals.ROUTES,
    *assignments.ROUTES,
    *synchronization.ROUTES,
    *schema_tools.ROUTES,
    *object_connections.ROUTES,
    *users.ROUTES,
    *groups.ROUTES,
    *directory_objects.ROUTES,
    *audit_logs.ROUTES,
    *member_checks.ROUTES,
    *licences.ROUTES,
    *batch.ROUTES,
    *absent.ROUTES,
)
