"""What a Pulumi program is made of: settings at the door, one component, errors as sentences."""

from provisioning.components.elium import EliumProvisioning
from provisioning.components.stack import settings_of_stack, told_by_pulumi

__all__ = ["EliumProvisioning", "settings_of_stack", "told_by_pulumi"]
