"""What a stack tells when it is up."""

from __future__ import annotations

import pulumi

from provisioning.components.gallery_app import GalleryAppProvisioning


def export_outputs(component: GalleryAppProvisioning) -> None:
    """Export the ids of app, service principal and job, how the job is, and where the portal shows it."""
    for name, value in component.outputs.items():
        pulumi.export(name, value)
