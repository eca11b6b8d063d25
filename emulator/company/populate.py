"""From a seed to a world: every person, group, application and gallery entry becomes an object of the directory."""

from __future__ import annotations

import base64
import uuid
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from emulator.company import seed as seeds
from emulator.company.client_secrets import remembered
from emulator.company.clock import StandingClock, as_graph_writes
from emulator.company.entitlements import new_id
from emulator.company.instances import application_of, roles_of, service_principal_of
from emulator.company.permissions import GRAPH_APP_ID, ROLE_IDS, app_roles, scopes
from emulator.company.store import EXTENSION_PROPERTIES, Assignment, Kind, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.company.clock import Clock
    from emulator.company.seed_parts import (
        ApplicationSeed,
        ClientSeed,
        ExtensionSeed,
        FederationSeed,
        GallerySeed,
        GroupSeed,
        PersonSeed,
        Seed,
    )
    from emulator.company.store import DirectoryObject, JsonObject, Tenant

_NEVER_EXPIRES = "2299-12-31T00:00:00Z"


def load(path: Path | None = None, *, clock: Clock | None = None, new_id: Callable[[], UUID] = uuid.uuid4) -> World:
    """Read a seed file, or Contoso, and build its world. :raises SeedError: with every mistake of the file."""
    return populate(seeds.read(path), clock=clock or StandingClock(), new_id=new_id)


def populate(seed: Seed, *, clock: Clock, new_id: Callable[[], UUID] = uuid.uuid4) -> World:
    """Build the world of a seed."""
    world = World(clock, new_id)
    for entry in seed.gallery:
        world.gallery[entry.id] = _template(entry)
    tenant = world.add_tenant(seed.tenant.id, seed.tenant.display_name, seed.tenant.domain)
    builder = _Builder(seed, tenant, as_graph_writes(clock.now()))
    builder.people()
    builder.groups()
    builder.clients()
    builder.extensions()
    for application in seed.applications:
        builder.instance(application, world.gallery[application.gallery])
    return world


def renew_secret(world: World, seed: Seed, client: ClientSeed) -> None:
    """Let an application of a world that was made earlier sign in with the secret that its seed has now."""
    key_id = seed.id_of("secret", client.app_id)
    known = remembered(key_id, client.secret or "", _NEVER_EXPIRES)
    for tenant in world.tenants.values():
        application = tenant.directory.find(seed.id_of("application", client.app_id), Kind.APPLICATION)
        if application is not None:
            others = [held for held in application.properties.get("_secrets", ()) if held["keyId"] != key_id]
            application.properties["_secrets"] = [*others, known]


class _Builder:
    """Adds the objects of a tenant, in an order in which references can be kept."""

    def __init__(self, seed: Seed, tenant: Tenant, now: str) -> None:
        self._seed = seed
        self._tenant = tenant
        self._directory = tenant.directory
        self._now = now
        self._ids: dict[str, str] = {}

    def people(self) -> None:
        for person in self._seed.people:
            identifier = person.id or self._seed.id_of("user", person.user_principal_name)
            self._ids[person.user_principal_name.lower()] = identifier
            self._directory.add(Kind.USER, {"id": identifier, "createdDateTime": self._now, **_user(person)})
        for person in self._seed.people:
            if person.manager:
                self._directory.set_manager(self._id(person.user_principal_name), self._id(person.manager))

    def groups(self) -> None:
        for group in self._seed.groups:
            identifier = group.id or self._seed.id_of("group", group.name)
            self._ids[group.name] = identifier
            self._directory.add(Kind.GROUP, {"id": identifier, "createdDateTime": self._now, **_group(group)})
        for group in self._seed.groups:
            for member in group.members:
                self._directory.add_member(self._ids[group.name], self._id(member))
            for owner in group.owners:
                self._directory.add_owner(self._ids[group.name], self._id(owner))

    def clients(self) -> None:
        graph = self._principal("Microsoft Graph", GRAPH_APP_ID)
        graph.properties |= {"appRoles": app_roles(), "oauth2PermissionScopes": scopes()}
        for client in self._seed.clients:
            self._application(client)
            principal = self._principal(client.display_name, client.app_id)
            for role in client.roles:
                self._assign(principal.id, graph, ROLE_IDS[role])

    def extensions(self) -> None:
        """Register directory extensions, each with the application whose id its name has."""
        for name, several in groupby(self._seed.extensions, key=lambda one: one.name.split("_")[1]):
            app_id = str(UUID(name))
            self._directory.add(
                Kind.APPLICATION,
                {
                    "id": self._seed.id_of("application", app_id),
                    "appId": app_id,
                    "createdDateTime": self._now,
                    "displayName": "Extensions",
                    EXTENSION_PROPERTIES: [self._extension(one) for one in several],
                },
            )

    def instance(self, told: ApplicationSeed, template: JsonObject) -> None:
        """Add an application that was made from the gallery, its service principal, and who is assigned."""
        app_id = told.app_id or self._seed.id_of("app", told.display_name)
        scope = self._seed.id_of("scope", app_id)
        made = application_of(template, told.display_name, app_id, self._tenant.domain, lambda: scope)
        if told.app_roles is not None:
            made["appRoles"] = roles_of([role.model_dump(by_alias=True) for role in told.app_roles])
        identifier = told.id or self._seed.id_of("application", app_id)
        dated = {"createdDateTime": self._now}
        application = self._directory.add(Kind.APPLICATION, {"id": identifier, **dated, **made})
        identifier = told.service_principal_id or self._seed.id_of("servicePrincipal", app_id)
        shown = service_principal_of(application, self._tenant.id)
        principal = self._directory.add(Kind.SERVICE_PRINCIPAL, {"id": identifier, **dated, **shown})
        for held in told.assignments:
            self._assign(self._id(held.principal), principal, held.role)

    def _extension(self, told: ExtensionSeed) -> JsonObject:
        of = {"dataType": told.data_type, "isMultiValued": told.is_multi_valued, "isSyncedFromOnPremises": False}
        named = {"id": self._seed.id_of("extension", told.name), "name": told.name}
        return {**named, **of, "targetObjects": ["User", "Group"]}

    def _application(self, client: ClientSeed) -> None:
        identifier = self._seed.id_of("application", client.app_id)
        secret = client.secret or ""
        key_id = self._seed.id_of("secret", client.app_id)
        self._directory.add(
            Kind.APPLICATION,
            {
                "id": identifier,
                "appId": client.app_id,
                "createdDateTime": self._now,
                "displayName": client.display_name,
                "publisherDomain": self._tenant.domain,
                "keyCredentials": [_certificate(client.certificate, key_id)] if client.certificate else [],
                "passwordCredentials": [
                    {
                        "customKeyIdentifier": None,
                        "displayName": "seed",
                        "endDateTime": _NEVER_EXPIRES,
                        "hint": secret[:3],
                        "keyId": key_id,
                        "secretText": None,
                        "startDateTime": self._now,
                    }
                ],
                "_secrets": [remembered(key_id, secret, _NEVER_EXPIRES)],
                "_federated": [self._federation(trust) for trust in client.federated],
            },
        )

    def _federation(self, trust: FederationSeed) -> JsonObject:
        identifier = self._seed.id_of("federation", f"{trust.issuer} {trust.subject}")
        return {"id": identifier, "name": f"seed-{identifier[:8]}", "description": None, **trust.model_dump()}

    def _principal(self, name: str, app_id: str) -> DirectoryObject:
        return self._directory.add(
            Kind.SERVICE_PRINCIPAL,
            {
                "id": self._seed.id_of("servicePrincipal", app_id),
                "appId": app_id,
                "appDisplayName": name,
                "appOwnerOrganizationId": self._tenant.id,
                "createdDateTime": self._now,
                "displayName": name,
                "servicePrincipalNames": [app_id],
            },
        )

    def _assign(self, principal_id: str, resource: DirectoryObject, role_id: str) -> None:
        seeds = "grant" if resource.properties["appId"] == GRAPH_APP_ID else resource.id
        random = UUID(self._seed.id_of(seeds, f"{principal_id}:{role_id}"))
        self._directory.assign(
            Assignment(new_id(principal_id, random), principal_id, resource.id, role_id, self._directory.clock.now())
        )

    def _id(self, name: str) -> str:
        return self._ids.get(name.lower()) or self._ids[name]


def _user(person: PersonSeed) -> JsonObject:
    given, _, family = person.display_name.partition(" ")
    alias = person.user_principal_name.partition("@")[0]
    told = person.model_fields_set
    properties = person.model_dump(by_alias=True, exclude={"id", "manager", "properties"})
    properties["givenName"] = person.given_name if "given_name" in told else given
    properties["surname"] = person.surname if "surname" in told else family or None
    properties["mail"] = person.mail if "mail" in told else person.user_principal_name
    properties["mailNickname"] = person.mail_nickname or alias.replace("#EXT#", "_EXT_")
    properties["proxyAddresses"] = [f"SMTP:{properties['mail']}"] if properties["mail"] else []
    return {**properties, **person.properties}


def _group(group: GroupSeed) -> JsonObject:
    types = ["Unified"] if group.unified else []
    if group.membership_rule:
        types.append("DynamicMembership")
    return {
        "displayName": group.display_name,
        "description": group.description,
        "groupTypes": types,
        "mailEnabled": group.unified,
        "mailNickname": "".join(letter for letter in group.name if letter.isalnum()),
        "membershipRule": group.membership_rule,
        "membershipRuleProcessingState": "On" if group.membership_rule else None,
        "securityEnabled": not group.unified,
        **group.properties,
    }


def _template(entry: GallerySeed) -> JsonObject:
    return {
        "id": entry.id,
        "displayName": entry.display_name,
        "homePageUrl": entry.home_page_url,
        "supportedSingleSignOnModes": ["saml", "external"],
        "supportedProvisioningTypes": ["sync"] if entry.synchronization_templates else [],
        "logoUrl": f"{entry.home_page_url}/app-logo/{entry.key}_215.png",
        "categories": entry.categories,
        "publisher": entry.publisher,
        "description": entry.description,
        "_key": entry.key,
        "_synchronizationTemplate": entry.synchronization_templates,
        "_appRoles": roles_of([role.model_dump(by_alias=True) for role in entry.app_roles]),
    }


def _certificate(pem: str, key_id: str) -> JsonObject:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return {
        "customKeyIdentifier": None,
        "displayName": "seed",
        "endDateTime": as_graph_writes(certificate.not_valid_after_utc),
        "key": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        "keyId": key_id,
        "startDateTime": as_graph_writes(certificate.not_valid_before_utc),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }
