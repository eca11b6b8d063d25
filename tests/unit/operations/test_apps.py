from __future__ import annotations

import pytest
from builders import PRINCIPAL
from recording import RecordingService

from provisioning.errors import ConfigurationError
from provisioning.graph.apps import AppFound
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.operations.apps import refuse_a_second_app

OURS = AppFound(PRINCIPAL, "app-1", "Elium")
ANOTHER = AppFound(ServicePrincipalId("another"), "app-2", "Elium")


async def test_an_app_that_this_stack_does_not_know_stops_a_first_deployment_with_the_two_ways_on() -> None:
    service = RecordingService(apps_held=(ANOTHER,))

    with pytest.raises(
        ConfigurationError, match=r"'Elium' of this gallery app exists .*principal another\)"
    ) as refusal:
        await refuse_a_second_app(service, "template", "Elium", principal=None)

    assert "elium adopt" in refusal.value.hint
    assert "set another displayName" in refusal.value.hint


async def test_an_app_beside_the_one_that_was_just_made_stops_it_too() -> None:
    service = RecordingService(apps_held=(OURS, ANOTHER))

    with pytest.raises(ConfigurationError, match="another"):
        await refuse_a_second_app(service, "template", "Elium", principal=PRINCIPAL)


async def test_the_app_itself_does_not() -> None:
    service = RecordingService(apps_held=(OURS,))

    await refuse_a_second_app(service, "template", "Elium", principal=PRINCIPAL)

    assert service.asked == ["apps template Elium"]


@pytest.mark.parametrize(("template", "name"), [(None, "Elium"), ("template", None), ("", "Elium")])
async def test_without_a_template_or_a_name_nobody_is_asked(template: str | None, name: str | None) -> None:
    service = RecordingService(apps_held=(ANOTHER,))

    await refuse_a_second_app(service, template, name, principal=None)

    assert service.asked == []
