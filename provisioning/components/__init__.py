"""What a Pulumi program is made of: settings at the door, one component, errors as sentences."""

from provisioning.components.elium import EliumProvisioning
from provisioning.components.stack import errors_as_sentences, settings_of_stack

__all__ = ["EliumProvisioning", "errors_as_sentences", "settings_of_stack"]
