"""The package's name and version, which the engine asks for first, and what there is in it."""

from __future__ import annotations

from importlib.metadata import version

PACKAGE = "entrasync"
DISTRIBUTION = "elium-provisioning"
"""What the Python package is called that has it."""
VERSION = version(DISTRIBUTION)
JOB = f"{PACKAGE}:index:SynchronizationJob"
PLAN = f"{PACKAGE}:index:ProvisioningPlan"
READY = f"{PACKAGE}:index:ready"
"""A function that answers nothing: who calls it wants the plugin to be there."""
