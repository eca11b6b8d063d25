"""The package's name and version, which the engine asks for first."""

from __future__ import annotations

from importlib.metadata import version

PACKAGE = "entrasync"
VERSION = version("elium-provisioning")
JOB = f"{PACKAGE}:index:SynchronizationJob"
PLAN = f"{PACKAGE}:index:ProvisioningPlan"
