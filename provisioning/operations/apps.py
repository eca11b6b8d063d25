"""Keep an app from being made a second time beside one that Pulumi does not know."""

from __future__ import annotations

from provisioning.errors import ConfigurationError
from provisioning.model.identifiers import ServicePrincipalId
from provisioning.operations.port import Graph


async def refuse_a_second_app(
    graph: Graph, template: str | None, display_name: str | None, *, principal: ServicePrincipalId | None
) -> None:
    """Refuse a first deployment while an app of this gallery template and name is there that is not *principal*.

    It was made by hand, by another stack, or by a run that was cut after it was made; its people would be provisioned
    twice to one target.

    :raises ConfigurationError: with the two ways on.
    """
    if not template or not display_name:
        return
    found = [app for app in await graph.apps_of(template, display_name) if app.service_principal != principal]
    if found:
        others = ", ".join(app.service_principal for app in found)
        # An update without a preview has made the app by the time that anybody is asked.
        undo = f" The empty one of this stack, {principal}, goes with `pulumi destroy`." if principal else ""
        raise ConfigurationError(
            f"displayName: an application {display_name!r} of this gallery app exists already, which this stack does "
            f"not know (service principal {others}).",
            hint="Adopt it with `elium adopt` (docs/how-to/adopt-from-the-portal.md; after a run that was cut, "
            f"docs/how-to/when-a-run-was-cut.md), or set another displayName.{undo}",
        )
