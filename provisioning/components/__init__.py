"""What a Pulumi program is made of: settings at the door, one component, errors as sentences."""

from provisioning.components.early import end_soon, start_plugin

# Before the other imports: they take as long as the plugin does, which starts meanwhile.
start_plugin()
end_soon()

from provisioning.components.args import EliumProvisioningArgs, GalleryAppProvisioningArgs  # noqa: E402 - see above
from provisioning.components.elium import EliumProvisioning  # noqa: E402 - see above
from provisioning.components.gallery_app import GalleryAppProvisioning  # noqa: E402 - see above
from provisioning.components.outputs import export_outputs  # noqa: E402 - see above
from provisioning.components.stack import errors_as_sentences, settings_of_stack  # noqa: E402 - see above

__all__ = [
    "EliumProvisioning",
    "EliumProvisioningArgs",
    "GalleryAppProvisioning",
    "GalleryAppProvisioningArgs",
    "errors_as_sentences",
    "export_outputs",
    "settings_of_stack",
]
