"""A job that is there, and whose configuration stopped half-way."""

from __future__ import annotations

from provisioning.errors import ProvisioningError
from provisioning.provider.properties import Plain


class UnfinishedError(ProvisioningError):
    """The job is there, but not all of its plan was carried out. The state must keep its id, and what is due."""

    def __init__(self, identifier: str, properties: Plain, cause: ProvisioningError) -> None:
        super().__init__(
            f"The job {identifier.rpartition('/')[2]} exists, but its configuration stopped half-way: {cause.message}",
            hint=cause.hint or "Run `pulumi up` again to finish.",
        )
        self.id = identifier
        self.properties = properties
