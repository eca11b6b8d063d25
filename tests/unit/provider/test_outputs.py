"""The outputs of a job are listed where each list is needed, and the lists agree."""

from __future__ import annotations

from provisioning import resources
from provisioning.provider import outputs, package
from provisioning.provider.version import JOB

DESCRIBED = package.package_schema()["resources"][JOB]["properties"].keys()


def test_the_typed_resource_has_every_output_that_the_package_describes() -> None:
    assert set(resources.OUTPUTS) <= DESCRIBED
    assert set(resources.OUTPUTS) == {*package.OUTPUTS, "jobStatus"}


def test_what_a_creation_only_knows_once_it_is_done_are_outputs() -> None:
    assert set(outputs.OUTPUTS) == set(resources.OUTPUTS) - {"portalUrl", "replacedSchemaVersion"}
