"""Application registrations (graph: application)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.company import recycle_bin, values
from emulator.company.refusal import Refusal
from emulator.company.shapes import APPLICATION
from emulator.company.store import Kind
from emulator.graph import collections, lookup, owners, passwords, writing
from emulator.graph.access import OWNED_BY, needs
from emulator.graph.exchange import NO_CONTENT, Answer, Call
from emulator.graph.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.company.store import DirectoryObject, JsonObject

_READ_ONLY = frozenset({"appId", "applicationTemplateId", "publisherDomain", "passwordCredentials"})


def list_applications(call: Call) -> Answer:
    """List applications."""
    return collections.directory_objects(call, call.directory.all(Kind.APPLICATION), Kind.APPLICATION)


def count_applications(call: Call) -> Answer:
    """Count applications."""
    return collections.directory_objects(call, call.directory.all(Kind.APPLICATION), Kind.APPLICATION, total=True)


def get_application(call: Call) -> Answer:
    """Show one application."""
    return writing.entity(call, lookup.application(call), collections.selected(call))


def create_application(call: Call) -> Answer:
    """Register an application; it has no service principal yet."""
    if not call.json.get("displayName"):
        raise Refusal.bad_request("A value is required for property 'displayName' of resource 'Application'.")
    owned_by = owners.named_in(call)
    asked = call.json.get("passwordCredentials") or []
    if not isinstance(asked, list):
        raise Refusal.bad_request("Invalid value specified for property 'passwordCredentials'.")
    held = [passwords.made(call, one) for one in asked]
    properties = writing.written(call, APPLICATION, read_only=_READ_ONLY)
    _check_addresses(call, properties, None)
    _with_origin(properties, ())
    application = writing.add(
        call,
        Kind.APPLICATION,
        {"appId": call.entra.world.id(), "publisherDomain": call.tenant.domain, **_completed(properties)},
    )
    for owner in owned_by:
        call.directory.add_owner(application.id, owner.id)
    if not owned_by and OWNED_BY in call.caller.roles:
        call.directory.add_owner(application.id, call.caller.object_id)
    for credential, value in held:
        passwords.remember(call, application, credential, value)
    return _with_secrets(writing.created(call, application), held)


def _with_secrets(answer: Answer, made: list[tuple[JsonObject, str]]) -> Answer:
    """Show the secrets that were asked for with the creation, this once (graph: application-addpassword)."""
    if not made or not isinstance(answer.body, dict):
        return answer
    shown = [{**credential, "secretText": value} for credential, value in made]
    return Answer(answer.status, {**answer.body, "passwordCredentials": shown}, answer.headers)


def change_application(call: Call) -> Answer:
    """Change an application, and what its service principal inherits."""
    application = lookup.application(call)
    changes = writing.written(call, APPLICATION, read_only=_READ_ONLY)
    values.check_kept(("displayName",), changes, "Application")
    _check_addresses(call, changes, application)
    _with_origin(changes, application.properties.get("appRoles") or ())
    changes = writing.merged(application, changes)
    _check_entitlements(application, changes)
    call.directory.change(application.id, changes)
    for principal in recycle_bin.principals_of(call.directory.all(Kind.SERVICE_PRINCIPAL), application):
        call.directory.change(principal.id, inherited(application, principal, changes))
    return NO_CONTENT


def delete_application(call: Call) -> Answer:
    """Move an application and its service principal to the recycle bin."""
    recycle_bin.delete(call.directory, lookup.application(call))
    return NO_CONTENT


def set_logo(call: Call) -> Answer:
    """Take a logo; only that there is one is kept."""
    application = lookup.application(call)
    if not call.body:
        raise Refusal.bad_request("The logo is empty.")
    info = {**APPLICATION.defaults["info"], **(application.properties.get("info") or {})}
    info["logoUrl"] = f"{call.origin}/logos/{application.id}"
    call.directory.change(application.id, {"info": info})
    return NO_CONTENT


def inherited(application: DirectoryObject, principal: DirectoryObject, changes: JsonObject) -> JsonObject:
    """Say what a service principal takes over from its application; tags are the union of both (graph: application)."""
    of = application.properties
    passed: JsonObject = {}
    if "displayName" in changes:
        passed |= {"displayName": of["displayName"], "appDisplayName": of["displayName"]}
    if "appRoles" in changes:
        passed["appRoles"] = of["appRoles"]
    if "api" in changes:
        passed["oauth2PermissionScopes"] = of["api"].get("oauth2PermissionScopes") or []
    if "web" in changes:
        passed["homepage"] = of["web"].get("homePageUrl")
        passed["logoutUrl"] = of["web"].get("logoutUrl")
        passed["replyUrls"] = of["web"].get("redirectUris") or []
    if "identifierUris" in changes:
        passed["servicePrincipalNames"] = [of["appId"], *(of["identifierUris"] or ())]
    if "tags" in changes:
        passed["tags"] = list(dict.fromkeys([*(principal.properties.get("tags") or ()), *(of["tags"] or ())]))
    return passed


def _completed(properties: JsonObject) -> JsonObject:
    """Fill groups of properties up to what Graph shows of them."""
    result = dict(properties)
    for name, value in properties.items():
        default = APPLICATION.properties("beta").get(name)
        if isinstance(default, dict):
            given = {key: item for key, item in (value or {}).items() if item is not None}
            result[name] = {**default, **given}
    return result


def _with_origin(properties: JsonObject, before: Iterable[JsonObject]) -> None:
    """Say where roles come from; clients must not (graph: approle)."""
    known = {role["id"]: role for role in before}
    if properties.get("appRoles"):
        properties["appRoles"] = [
            {"origin": "Application", "isEnabled": True, "value": None, **known.get(role.get("id"), {}), **role}
            for role in properties["appRoles"]
        ]


def _check_addresses(call: Call, properties: JsonObject, owner: DirectoryObject | None) -> None:
    """Refuse identifier URIs that another application has, also one in the recycle bin (Learn: delete-recover-faq)."""
    wanted = set(properties.get("identifierUris") or ())
    others = [*call.directory.all(Kind.APPLICATION), *call.directory.deleted.values()]
    if any(wanted & set(other.properties.get("identifierUris") or ()) for other in others if other is not owner):
        raise Refusal.bad_request("Another object with the same value for property identifierUris already exists.")


def _check_entitlements(application: DirectoryObject, changes: JsonObject) -> None:
    """Refuse to drop a role or scope that is still enabled: it takes two steps (Learn: howto-remove-app-roles)."""
    pairs = []
    if "appRoles" in changes:
        pairs.append((application.properties.get("appRoles") or (), changes["appRoles"] or ()))
    if "api" in changes:
        before = (application.properties.get("api") or {}).get("oauth2PermissionScopes") or ()
        pairs.append((before, changes["api"].get("oauth2PermissionScopes") or ()))
    for before, after in pairs:
        kept = {entry.get("id") for entry in after}
        if any(entry["id"] not in kept and entry.get("isEnabled") for entry in before):
            raise Refusal(
                400,
                "CannotDeleteOrUpdateEnabledEntitlement",
                "Permission (scope or role) cannot be deleted or updated unless disabled first.",
            )


_READ = needs("Application.Read.All", "Directory.Read.All", OWNED_BY)
_CREATE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED_BY)
_WRITE = needs("Application.ReadWrite.All", "Directory.ReadWrite.All", owned=True)
_ONE = lookup.application

ROUTES = (
    Route("GET", "/applications", list_applications, _READ, "list and filter applications", cost=2),
    Route("GET", "/applications/$count", count_applications, _READ, "count applications"),
    Route("POST", "/applications", create_application, _CREATE, "register an application"),
    Route("GET", "/applications/{id}", get_application, _READ, "show an application"),
    Route("PATCH", "/applications/{id}", change_application, _WRITE, "change an application"),
    Route("DELETE", "/applications/{id}", delete_application, _WRITE, "delete it and its service principal, softly"),
    Route("PUT", "/applications/{id}/logo", set_logo, _WRITE, "set the logo", any_media=True),
    Route("POST", "/applications/{id}/addPassword", passwords.add_to(_ONE), _WRITE, "add a client secret"),
    Route("POST", "/applications/{id}/removePassword", passwords.remove_from(_ONE), _WRITE, "remove a client secret"),
    Route("GET", "/applications/{id}/owners", owners.list_of(_ONE), _READ, "list owners"),
    Route("POST", "/applications/{id}/owners/$ref", owners.add_to(_ONE), _WRITE, "add an owner"),
    Route("DELETE", "/applications/{id}/owners/{owner}/$ref", owners.remove_from(_ONE), _WRITE, "remove an owner"),
)
