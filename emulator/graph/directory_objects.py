"""Objects of any kind, deleted objects, and the tenant itself.

graph: directoryobject, directory-deleteditems-list, organization, domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company import recycle_bin
from emulator.company.refusal import Refusal
from emulator.company.store import Kind
from emulator.graph import collections
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.declared import DOMAIN, ORGANIZATION
from emulator.graph.domains import domains_of
from emulator.graph.exchange import NO_CONTENT, Answer, Call, context
from emulator.graph.routing import Handler, Route
from emulator.graph.showing import typed

if TYPE_CHECKING:
    from emulator.company.store import DirectoryObject, JsonObject

_KINDS = {kind.value.lower(): kind for kind in Kind}
_MOST_IDS = 1000


def get_object(call: Call) -> Answer:
    """Show an object of whatever kind, with its type."""
    found = call.directory.get(call.ids["id"])
    call.entra.replication.read(found.id)
    return _entity(call, found)


def get_by_ids(call: Call) -> Answer:
    """Show those of the named objects that exist (graph: directoryobject-getbyids)."""
    ids = call.json.get("ids")
    if not isinstance(ids, list) or len(ids) > _MOST_IDS:
        raise Refusal.bad_request(f"The 'ids' parameter must be a list of at most {_MOST_IDS} ids.")
    types = call.json.get("types") or []
    if not isinstance(types, list) or not all(isinstance(name, str) for name in types):
        raise Refusal.bad_request("The 'types' parameter must be a list of type names.")
    kinds = [_KINDS[name.lower()] for name in types if name.lower() in _KINDS]
    # Of a type that nothing here is of, such as device, there is nothing.
    found = (call.directory.find(str(each), *kinds) for each in ids) if kinds or not types else ()
    value = [typed(each, call.version) for each in found if each]
    return Answer(200, {"@odata.context": context(call, "directoryObjects"), "value": value})


def list_deleted(kind: Kind) -> Handler:
    """Make the handler that lists the deleted objects of a kind."""

    def handler(call: Call) -> Answer:
        recycle_bin.expire(call.directory)
        found = [gone for gone in call.directory.deleted.values() if gone.kind is kind]
        return collections.directory_objects(call, found, kind)

    return handler


def get_deleted(call: Call) -> Answer:
    """Show a deleted object."""
    recycle_bin.expire(call.directory)
    gone = call.directory.deleted.get(call.ids["id"])
    if gone is None:
        raise Refusal.not_found(call.ids["id"])
    return _entity(call, gone)


def restore(call: Call) -> Answer:
    """Bring an object back."""
    recycle_bin.expire(call.directory)
    back = recycle_bin.restore(call.directory, call.ids["id"])
    return _entity(call, back)


def purge(call: Call) -> Answer:
    """Delete an object for good."""
    recycle_bin.expire(call.directory)
    recycle_bin.purge(call.directory, call.ids["id"])
    return NO_CONTENT


def list_domains(call: Call) -> Answer:
    """List the tenant's domains."""
    return collections.plain_objects(call, domains_of(call.tenant), DOMAIN, "domains")


def get_domain(call: Call) -> Answer:
    """Show one domain."""
    for domain in domains_of(call.tenant):
        if domain["id"] == call.ids["id"].lower():
            return collections.plain_object(call, domain, DOMAIN, "domains")
    raise Refusal.not_found(call.ids["id"])


def list_organizations(call: Call) -> Answer:
    """Show the tenant, as a list of one."""
    return collections.plain_objects(call, [_organization(call)], ORGANIZATION, "organization")


def get_organization(call: Call) -> Answer:
    """Show the tenant."""
    if call.ids["id"].lower() != call.tenant.id:
        raise Refusal.not_found(call.ids["id"])
    return collections.plain_object(call, _organization(call), ORGANIZATION, "organization")


def _entity(call: Call, thing: DirectoryObject) -> Answer:
    shown = typed(thing, call.version, collections.selected(call))
    return Answer(200, {"@odata.context": context(call, "directoryObjects/$entity"), **shown})


def _organization(call: Call) -> JsonObject:
    domains = domains_of(call.tenant)
    return {
        "id": call.tenant.id,
        "deletedDateTime": None,
        "displayName": call.tenant.display_name,
        "tenantType": "AAD",
        "countryLetterCode": "BE",
        "verifiedDomains": [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": domain["isDefault"],
                "isInitial": domain["isInitial"],
                "name": domain["id"],
                "type": "Managed",
            }
            for domain in domains
        ],
    }


_READ = needs("Directory.Read.All", "User.Read.All", "Group.Read.All", "Application.Read.All", OWNED_BY)
_BIN = needs("Directory.Read.All", "Application.Read.All", "User.Read.All", "Group.Read.All", OWNED_BY)
_REVIVE = needs(
    "Directory.ReadWrite.All", "Application.ReadWrite.All", "User.ReadWrite.All", "Group.ReadWrite.All", OWNED_BY
)
_DOMAINS = needs("Domain.Read.All", "Directory.Read.All")
_ORGANIZATION = needs("Organization.Read.All", "Directory.Read.All")
_DELETED = "/directory/deletedItems"

ROUTES = (
    Route("GET", "/directoryObjects/{id}", get_object, _READ, "show an object of any kind"),
    Route("POST", "/directoryObjects/getByIds", get_by_ids, _READ, "show several objects of any kind", cost=3),
    *(
        Route(
            "GET", f"{_DELETED}/microsoft.graph.{kind.value}", list_deleted(kind), _BIN, f"list deleted {kind.value}s"
        )
        for kind in Kind
    ),
    Route("GET", f"{_DELETED}/{{id}}", get_deleted, _BIN, "show a deleted object"),
    Route("POST", f"{_DELETED}/{{id}}/restore", restore, _REVIVE, "bring an object back"),
    Route("DELETE", f"{_DELETED}/{{id}}", purge, _REVIVE, "delete an object for good"),
    Route("GET", "/domains", list_domains, _DOMAINS, "list verified domains"),
    Route("GET", "/domains/{id}", get_domain, _DOMAINS, "show a domain"),
    Route("GET", "/organization", list_organizations, _ORGANIZATION, "show the tenant, as a list of one"),
    Route("GET", "/organization/{id}", get_organization, _ORGANIZATION, "show the tenant"),
)
