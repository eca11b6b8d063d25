"""Everything that Entra needs in order to provision people into Elium, in the order of Microsoft's tutorial."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from provisioning.apps import ELIUM
from provisioning.components.args import AppArgs, EliumProvisioningArgs
from provisioning.components.gallery_app import GalleryAppProvisioning
from provisioning.components.late_settings import LateSettings
from provisioning.settings.gallery_app import GalleryAppSettings
from provisioning.settings.stack import Settings


class EliumProvisioning(GalleryAppProvisioning):
    """Elium's app, who is assigned to it, and its synchronization job.

    It is a :class:`GalleryAppProvisioning` that knows Elium's name in the gallery and the path at which it answers.
    """

    TYPE: ClassVar[str] = ELIUM.type
    SETTINGS: ClassVar[type[GalleryAppSettings]] = Settings

    def __init__(
        self,
        name: str,
        settings: Settings | EliumProvisioningArgs | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare all of it. *settings* are those of a stack, or a table of them by the names that they have there."""
        super().__init__(name, settings, opts)

    def _late(self, settings: GalleryAppSettings | AppArgs | Mapping[str, Any]) -> LateSettings:
        """Take address and token from the environment where a table says neither, as for a stack."""
        if isinstance(settings, Mapping):
            settings = {**self.SETTINGS.underneath(os.environ), **settings}
        return super()._late(settings)
