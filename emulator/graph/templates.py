"""The application gallery: what can be had, and making an application from it (graph: applicationtemplate)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company.instances import application_of, service_principal_of
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import collections, writing
from emulator.graph.access import ANY_TOKEN, OWNED_BY, needs
from emulator.graph.declared import GALLERY
from emulator.graph.exchange import Answer, Call, context
from emulator.graph.routing import Route
from emulator.graph.showing import shown

if TYPE_CHECKING:
    from emulator.company.store import JsonObject

_LONGEST_NAME = 256
_TIP = "Use $select to choose only the properties your app needs, as this can lead to performance improvements."


def list_templates(call: Call) -> Answer:
    """List the gallery."""
    found = [_open(template) for template in call.entra.world.gallery.values()]
    answer = collections.plain_objects(call, found, GALLERY, "applicationTemplates")
    if isinstance(answer.body, dict):
        answer.body["@microsoft.graph.tips"] = _TIP
    return answer


def count_templates(call: Call) -> Answer:
    """Count the gallery."""
    return collections.plain_objects(call, map(_open, call.entra.world.gallery.values()), GALLERY, "", total=True)


def get_template(call: Call) -> Answer:
    """Show one entry of the gallery."""
    return collections.plain_object(call, _open(_template(call)), GALLERY, "applicationTemplates")


def instantiate(call: Call) -> Answer:
    """Make an application and its service principal. Calling twice makes two: names can be reused.

    Gallery instances require assignment and carry the template's roles (graph: applicationtemplate-instantiate).
    """
    template = _template(call)
    name = call.json.get("displayName")
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        raise Refusal.bad_request("Invalid value specified for property 'displayName' of resource 'Application'.")
    new_id = call.entra.world.id
    made = application_of(template, name, new_id(), call.tenant.domain, new_id)
    reference = call.json.get("serviceManagementReference")
    application = writing.add(call, Kind.APPLICATION, {**made, "serviceManagementReference": reference})
    principal = writing.add(call, Kind.SERVICE_PRINCIPAL, service_principal_of(application, call.tenant.id))
    if call.entra.graph_knobs.caller_owns_instance:
        call.directory.add_owner(application.id, call.caller.object_id)
        call.directory.add_owner(principal.id, call.caller.object_id)
    body: JsonObject = {
        "@odata.context": context(call, "microsoft.graph.applicationServicePrincipal"),
        "application": shown(application, call.version),
        "servicePrincipal": shown(principal, call.version),
    }
    return Answer(201, body)


def _template(call: Call) -> JsonObject:
    template = call.entra.world.gallery.get(call.ids["id"].lower())
    if template is None:
        raise Refusal.not_found(call.ids["id"])
    return template


def _open(template: JsonObject) -> JsonObject:
    return {name: value for name, value in template.items() if not name.startswith("_")}


_CREATE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED_BY)

ROUTES = (
    Route("GET", "/applicationTemplates", list_templates, ANY_TOKEN, "list the gallery, filtered by name"),
    Route("GET", "/applicationTemplates/$count", count_templates, ANY_TOKEN, "count the gallery"),
    Route("GET", "/applicationTemplates/{id}", get_template, ANY_TOKEN, "show one gallery entry"),
    Route("POST", "/applicationTemplates/{id}/instantiate", instantiate, _CREATE, "make an application from it"),
)
