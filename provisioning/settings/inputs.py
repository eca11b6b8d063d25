"""What a stack's settings say as inputs of the two resources: the program hands them over, and a command plans by them.

A service principal or role may be a value that only the engine knows, such as an output of Pulumi's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioning.settings.gallery_app import GalleryAppSettings


def job_inputs(settings: GalleryAppSettings, service_principal_id: object) -> dict[str, Any]:
    """Write what both resources are told. What was not set is not mentioned."""
    inputs: dict[str, Any] = {
        "servicePrincipalId": service_principal_id,
        "baseAddress": settings.tenant_url,
        "secretToken": settings.secret_token,
    }
    if settings.notification_email:
        inputs["notification"] = {"email": settings.notification_email, "enabled": settings.notify_on_failure}
    return inputs | settings.shared_part


def inputs_of_plan(
    settings: GalleryAppSettings,
    declared: Mapping[str, Any],
    *,
    template_id: str,
    assigned: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Write the inputs of the plan: what both are told, which app it is, and who is to be assigned in which role."""
    app = {"galleryTemplateId": template_id, "displayName": settings.app_name}
    return {**declared, **app, "assignments": list(assigned), "role": settings.role}


def inputs_of_job(
    declared: Mapping[str, Any], *, assigned: Sequence[Mapping[str, Any]], role: object
) -> dict[str, Any]:
    """Write the inputs of the job: what both are told, and who is assigned, with the role's id."""
    return {**declared, "assignments": [{**each, "role": role} for each in assigned]}
