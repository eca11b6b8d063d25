"""The typed resources say what the plugin reads and gives: every input, every output, nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.rpc import serialize_properties

from provisioning import resources
from provisioning.graph.identity import FIELDS
from provisioning.provider import outputs, package
from provisioning.provider.version import JOB
from provisioning.settings.job import AssignmentSettings, JobInputs, NotificationSettings
from provisioning.settings.mappings import MappingSettings
from provisioning.settings.plan import PlanInputs

if TYPE_CHECKING:
    from provisioning.settings.base import SettingsModel

DESCRIBED = package.package_schema()["resources"][JOB]["properties"].keys()


def said_by(args: type[Any]) -> set[str]:
    """Give what a class of arguments can say, in the plugin's words."""
    filled = args(**{field.name: field.name for field in fields(args)})
    return set(filled.inputs())


@pytest.mark.parametrize(
    ("args", "model"),
    [
        (resources.SynchronizationJobArgs, JobInputs),
        (resources.ProvisioningPlanArgs, PlanInputs),
        (resources.MappingArgs, MappingSettings),
        (resources.NotificationArgs, NotificationSettings),
        (resources.AssignmentArgs, AssignmentSettings),
    ],
)
def test_typed_arguments_can_say_whatever_the_plugin_reads(args: type[Any], model: type[SettingsModel]) -> None:
    assert said_by(args) == {field.alias or name for name, field in model.model_fields.items()}


def test_a_typed_provider_can_say_whatever_an_identity_needs() -> None:
    assert said_by(resources.ProviderArgs) == FIELDS.keys()


def test_what_is_secret_of_an_identity_is_one_in_the_state() -> None:
    secret = {name for name, field in FIELDS.items() if field.is_secret}

    assert secret == resources.SECRETS


async def test_what_is_removed_reaches_the_plugin_as_null() -> None:
    args = resources.SynchronizationJobArgs(
        base_address="https://acme.elium.com/scim/v2",
        secret_token="env:TOKEN",
        service_principal_id="id",
        mappings={"users": {"nickName": resources.REMOVED, "title": resources.MappingArgs(source="[mail]")}},
        filters={"groups": resources.REMOVED},
    )

    sent = MessageToDict(await serialize_properties(args.inputs(), {}))

    assert sent["mappings"] == {"users": {"nickName": None, "title": {"source": "[mail]"}}}
    assert sent["filters"] == {"groups": None}


def test_the_typed_resource_has_every_output_that_the_package_describes() -> None:
    assert set(resources.OUTPUTS) <= DESCRIBED
    assert set(resources.OUTPUTS) == {*package.OUTPUTS, "jobStatus"}


def test_what_a_creation_only_knows_once_it_is_done_are_outputs() -> None:
    assert set(outputs.OUTPUTS) == set(resources.OUTPUTS) - {"portalUrl", "replacedSchemaVersion"}
